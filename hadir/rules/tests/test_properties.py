"""What holds for any facts."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import TypeVar
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from hadir.rules.day import judge_day
from hadir.rules.facts import Calendar, DayFacts, PartDay, Provenance, Scan
from hadir.rules.pack import Pack
from hadir.rules.patterns import Shift
from hadir.rules.tests.packs import CONTOH, changed
from hadir.rules.verdict import DayVerdict, Source

T = TypeVar("T")
LENIENT = changed(
    ("terlambat_menit = 0", "terlambat_menit = 15"),
    ("bagian_hari = 0.5", "bagian_hari = 0.4"),
    ('kode = "TL4"\nbagian_hari = 0.5', 'kode = "TL4"\nbagian_hari = 0.6'),
)
PATTERNS = list(CONTOH.day_rules(date(2026, 9, 14)).patterns.values())
WEEK = [date(2026, 9, 14) + timedelta(days=number) for number in range(7)]
SHIFTS = [(pattern, day) for pattern in PATTERNS for day in WEEK if day.weekday() in pattern.hours]
ZONES = [ZoneInfo(name) for name in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")]
SECONDS = st.sampled_from([-1, 0, 0, 0, 1, 59])
MINUTES = st.integers(-6 * 60, 36 * 60)
PACKS = st.sampled_from([CONTOH, LENIENT])


@st.composite
def moments(draw: st.DrawFn, day: date, zone: ZoneInfo) -> datetime:
    """A moment around the day: often on a border of its hours, by the second."""
    border = st.sampled_from([330, 450, 480, 690, 720, 750, 780, 960, 1080, 1200, 1620, 1860])
    minute = draw(st.one_of(MINUTES, border))
    return datetime.combine(day, time(), zone) + timedelta(minutes=minute, seconds=draw(SECONDS))


@st.composite
def moments_inside(draw: st.DrawFn, facts: DayFacts) -> datetime:
    """A moment inside the scan window."""
    shift = shift_of(facts)
    first, last = shift.start - timedelta(hours=2), shift.end + timedelta(hours=4)
    return first + timedelta(seconds=draw(st.integers(0, (last - first) // timedelta(seconds=1))))


@st.composite
def working_days(draw: st.DrawFn) -> DayFacts:
    """A working day of somebody who was seen, heard to its end; nothing but evidence and part-days decides it."""
    pattern, day = draw(st.sampled_from(SHIFTS))
    zone = draw(st.sampled_from(ZONES))
    later = datetime.combine(day, time(), zone) + timedelta(days=3)
    facts = DayFacts(day=day, zone=zone, now=later, pattern=pattern, heard_until=later)
    around = st.builds(Scan, st.one_of(moments(day, zone), moments_inside(facts)))
    return replace(
        facts,
        scans=(Scan(draw(moments_inside(facts))), *draw(st.lists(around, max_size=3))),
        part_days=draw(part_days(day, zone, ["I", "DL"])),
        corrections=tuple(draw(st.lists(moments(day, zone), max_size=1))),
    )


@st.composite
def part_days(draw: st.DrawFn, day: date, zone: ZoneInfo, codes: list[str]) -> tuple[PartDay, ...]:
    """Some part-days, overlapping or not."""
    ends = st.tuples(st.sampled_from(codes), moments(day, zone), moments(day, zone))
    return tuple(PartDay(code, min(a, b), max(a, b)) for code, a, b in draw(st.lists(ends, max_size=3)) if a != b)


@st.composite
def any_days(draw: st.DrawFn) -> DayFacts:
    """Any facts that can be made, likely or not."""
    facts = draw(working_days())
    moment = moments(facts.day, facts.zone)
    scans = st.builds(Scan, moment, st.sampled_from(Provenance), st.booleans())
    return replace(
        facts,
        now=draw(st.one_of(st.just(facts.now), moment)),
        pattern=draw(st.sampled_from([facts.pattern, facts.pattern, *PATTERNS, None])),
        scans=(*facts.scans[: draw(st.integers(0, 2))], *draw(st.lists(scans, max_size=3))),
        part_days=draw(part_days(facts.day, facts.zone, ["I", "DL", "S", "??"])),
        full_days=tuple(draw(st.lists(st.sampled_from(["S", "I", "CT", "DL", "??"]), max_size=2))),
        technical=draw(st.integers(0, 3)) == 0,
        calendar=draw(st.sampled_from([frozenset(), frozenset(), *(frozenset({kind}) for kind in Calendar)])),
        heard_until=draw(st.one_of(st.none(), st.just(facts.heard_until), moment)),
        declared_complete=draw(st.booleans()),
        assigned=draw(st.integers(0, 5)) > 0,
        trial=draw(st.integers(0, 5)) == 0,
        known_to_devices=draw(st.booleans()),
    )


def minutes(verdict: DayVerdict) -> int:
    return verdict.late + verdict.early


def shift_of(facts: DayFacts) -> Shift:
    shift = facts.pattern.shift_on(facts.day, facts.zone) if facts.pattern else None
    assert shift is not None
    return shift


@given(any_days(), PACKS)
def test_every_day_has_a_verdict_and_its_reasons_can_be_read(facts: DayFacts, pack: Pack):
    verdict = judge_day(facts, pack.day_rules(facts.day))
    assert verdict.reasons
    assert all(one.text and one.rule for one in verdict.reasons)
    assert verdict.flags == tuple(sorted(verdict.flags))
    assert verdict.final == (verdict.cause is None)
    assert verdict.status != "T" or verdict.cause is not None
    assert verdict.status == "H" or (minutes(verdict) == 0 and verdict.codes == ())


@given(any_days(), PACKS)
def test_the_same_facts_give_the_same_verdict(facts: DayFacts, pack: Pack):
    assert judge_day(facts, pack.day_rules(facts.day)) == judge_day(facts, pack.day_rules(facts.day))


@given(any_days(), PACKS, st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(facts: DayFacts, pack: Pack, random: Random):

    def mixed(values: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(random.sample(values, len(values)))

    other = replace(
        facts,
        scans=mixed(facts.scans),
        full_days=mixed(facts.full_days),
        corrections=mixed(facts.corrections),
    )
    verdict = judge_day(facts, pack.day_rules(facts.day))
    assert judge_day(other, pack.day_rules(facts.day)) == verdict
    # The codes of part-days come in the order given; nothing else depends on it.
    turned = judge_day(replace(other, part_days=mixed(facts.part_days)), pack.day_rules(facts.day))
    assert sorted(turned.codes) == sorted(verdict.codes)
    assert set(turned.reasons) == set(verdict.reasons)
    assert replace(turned, codes=(), reasons=()) == replace(verdict, codes=(), reasons=())


@given(any_days(), PACKS, st.integers(2, 4000))
def test_now_does_not_matter_once_the_window_is_over(facts: DayFacts, pack: Pack, days: int):
    now = datetime.combine(facts.day, time(), UTC) + timedelta(days=days)
    soon, late = replace(facts, now=now), replace(facts, now=now + timedelta(days=400))
    assert judge_day(soon, pack.day_rules(facts.day)) == judge_day(late, pack.day_rules(facts.day))


@given(working_days(), PACKS, st.data())
def test_one_more_scan_inside_the_window_never_adds_minutes(facts: DayFacts, pack: Pack, data: st.DataObject):
    rules = pack.day_rules(facts.day)
    seen = data.draw(st.booleans())
    facts = facts if seen else replace(facts, scans=(), corrections=())
    before = judge_day(facts, rules)
    # Whoever is absent and then seen has minutes instead of a day: less, but not fewer minutes.
    assume(before.status != "A")
    assert seen == (before.status == "H") or facts.part_days
    scan = Scan(data.draw(moments_inside(facts)))
    assert minutes(judge_day(replace(facts, scans=(*facts.scans, scan)), rules)) <= minutes(before)


@given(working_days(), PACKS)
def test_minutes_are_those_that_a_person_would_count(facts: DayFacts, pack: Pack):
    """One by one: minutes of the shift that are neither break nor excused, before coming and after going."""

    def even(moment: datetime) -> datetime:
        return moment.replace(second=0)

    whole = replace(
        facts,
        scans=tuple(Scan(even(scan.at)) for scan in facts.scans),
        part_days=tuple(
            PartDay(part.code, even(part.start), even(part.end))
            for part in facts.part_days
            if even(part.start) < even(part.end)
        ),
        corrections=tuple(even(at) for at in facts.corrections),
    )
    rules, shift = pack.day_rules(facts.day), shift_of(facts)
    verdict = judge_day(whole, rules)
    free = [*shift.breaks, *((part.start, part.end) for part in whole.part_days)]
    minute, work = shift.start, []
    while minute < shift.end:
        work += [] if any(start <= minute < end for start, end in free) else [minute]
        minute += timedelta(minutes=1)
    if verdict.arrival is not None:
        missed = sum(minute < verdict.arrival for minute in work)
        forgiven = missed <= rules.grace.late
        assert verdict.late == (0 if forgiven else min(missed, int(shift.net_minutes * rules.side_cap)))
    if verdict.departure is not None:
        missed = sum(minute >= verdict.departure for minute in work)
        forgiven = missed <= rules.grace.early
        assert verdict.early == (0 if forgiven else min(missed, int(shift.net_minutes * rules.side_cap)))


@given(working_days(), PACKS)
def test_being_seen_never_costs_more_than_being_absent(facts: DayFacts, pack: Pack):
    assert minutes(judge_day(facts, pack.day_rules(facts.day))) <= shift_of(facts).net_minutes


@given(working_days(), PACKS, st.data())
def test_one_more_scan_never_adds_provisional_minutes(facts: DayFacts, pack: Pack, data: st.DataObject):
    rules = pack.day_rules(facts.day)
    unheard = replace(facts, heard_until=None)
    before = judge_day(unheard, rules)
    scan = Scan(data.draw(moments_inside(facts)))
    after = judge_day(replace(unheard, scans=(*unheard.scans, scan)), rules)
    assert (before.status, before.early, after.early) == ("H", 0, 0)
    assert after.late <= before.late


@given(working_days(), PACKS)
def test_minutes_stay_within_the_cap_of_each_side(facts: DayFacts, pack: Pack):
    rules, net = pack.day_rules(facts.day), shift_of(facts).net_minutes
    verdict = judge_day(facts, rules)
    assert 0 <= verdict.late <= net * (rules.no_arrival.share if "tanpa_masuk" in verdict.flags else rules.side_cap)
    assert 0 <= verdict.early <= net * (rules.no_departure.share if "tanpa_pulang" in verdict.flags else rules.side_cap)


@given(working_days(), PACKS, st.data())
def test_more_excused_time_never_adds_minutes_of_a_side_that_was_seen(facts: DayFacts, pack: Pack, data: st.DataObject):
    rules = pack.day_rules(facts.day)
    before = judge_day(facts, rules)
    assume(before.arrival and before.departure)
    more = data.draw(part_days(facts.day, facts.zone, ["I"]))
    after = judge_day(replace(facts, part_days=(*facts.part_days, *more)), rules)
    assert after.late <= before.late
    assert after.early <= before.early


@given(any_days(), PACKS)
def test_somebody_seen_that_day_is_never_absent(facts: DayFacts, pack: Pack):
    verdict = judge_day(facts, pack.day_rules(facts.day))
    local = [scan.at.astimezone(facts.zone).date() for scan in facts.scans if not scan.other_shift]
    assert verdict.status != "A" or facts.day not in local


@given(any_days(), PACKS)
def test_nobody_is_absent_before_the_school_was_heard(facts: DayFacts, pack: Pack):
    unheard = replace(facts, heard_until=None, declared_complete=False)
    verdict = judge_day(unheard, pack.day_rules(facts.day))
    assert verdict.status != "A"
    assert not ({"tanpa_masuk", "tanpa_pulang"} & set(verdict.flags))
    assert not verdict.final or verdict.status in {"L", "-"}


@given(any_days(), PACKS)
def test_every_scan_of_the_day_is_still_there(facts: DayFacts, pack: Pack):
    """Never lost: whatever a scan of the day was taken for, it is in the evidence."""
    assume(facts.pattern is not None)
    verdict = judge_day(facts, pack.day_rules(facts.day))
    shown = {piece.at for piece in verdict.evidence if piece.source is Source.SCAN}
    mine = {scan.at for scan in facts.scans if not scan.other_shift}
    assert {at for at in mine if at.astimezone(facts.zone).date() == facts.day} <= shown
