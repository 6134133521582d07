"""The facts of one day put in order around its shift: what counts, what lies outside, what waits for a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from hadir.rules.clocktext import say_clock
from hadir.rules.facts import DayFacts, PartDay, Provenance
from hadir.rules.patterns import MINUTE, Pattern, Shift
from hadir.rules.spans import Span, length_after, length_before, without
from hadir.rules.values import DayRules, Window
from hadir.rules.verdict import Source


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """One moment that may show the person's presence, in local time."""

    at: datetime
    source: Source
    reference: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """One day's facts in local time, sorted.

    `inside`: evidence that counts; `duties`: the ends of part-day duties, which count too; `waiting`: fallback scans
    inside the window that nobody has checked; `outside`: scans of this date outside the window; `parts`: part-days in
    the order given; `net`: working minutes without breaks; `work`: working time that is neither break nor excused;
    `window`: both ends included.
    """

    facts: DayFacts
    rules: DayRules
    shift: Shift
    net: int
    window: Span
    work: tuple[Span, ...]
    parts: tuple[PartDay, ...]
    inside: tuple[Point, ...]
    duties: tuple[Point, ...]
    waiting: tuple[Point, ...]
    outside: tuple[Point, ...]

    @property
    def complete(self) -> bool:
        """The window is over and the school's devices were heard past it, or a person answers for it (rule 4)."""
        end, heard = self.window[1], self.facts.heard_until
        return self.facts.now >= end and (self.facts.declared_complete or (heard is not None and heard >= end))

    def late_minutes(self, arrival: datetime) -> int:
        """Whole minutes of working time before the arrival (rule 7), neither forgiven nor capped."""
        return length_before(self.work, arrival) // MINUTE

    def early_minutes(self, departure: datetime) -> int:
        """Whole minutes of working time after the departure (rule 7), neither forgiven nor capped."""
        return length_after(self.work, departure) // MINUTE

    def say(self, moment: datetime) -> str:
        """Return a moment as the reasons show it."""
        return say_clock(moment, self.facts.day)


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a date, the same for everybody who has them: `net` working minutes, the scan `window`, and the
    `work` between its breaks."""

    shift: Shift
    net: int
    window: Span
    work: tuple[Span, ...]


@lru_cache(maxsize=4096)
def hours_on(pattern: Pattern, day: date, zone: ZoneInfo, window: Window) -> Hours | None:
    """Return the hours of a date, None without a shift. Kept, because a whole school asks for the same ones."""
    shift = pattern.shift_on(day, zone)
    if shift is None:
        return None
    return Hours(
        shift,
        shift.net_minutes,
        (shift.start - window.before, shift.end + window.after),
        without((shift.start, shift.end), shift.breaks),
    )


def look(facts: DayFacts, rules: DayRules, hours: Hours) -> View:
    """Put the facts in order."""
    zone, (opens, closes) = facts.zone, hours.window
    inside: list[Point] = []
    waiting: list[Point] = []
    outside: list[Point] = []
    for one in facts.scans:
        if one.other_shift:
            continue
        point = Point(one.at.astimezone(zone), Source.SCAN, one.reference)
        if opens <= point.at <= closes:
            (waiting if one.provenance is Provenance.FALLBACK_UNCHECKED else inside).append(point)
        elif point.at.date() == facts.day:
            outside.append(point)
    for moment in facts.corrections:
        point = Point(moment.astimezone(zone), Source.CORRECTION)
        if opens <= point.at <= closes:
            inside.append(point)
        elif point.at.date() == facts.day:
            outside.append(point)
    parts: tuple[PartDay, ...] = ()
    work = hours.work
    if facts.part_days:
        parts = tuple(
            PartDay(one.code, one.start.astimezone(zone), one.end.astimezone(zone)) for one in facts.part_days
        )
        shift = hours.shift
        work = without((shift.start, shift.end), (*shift.breaks, *((one.start, one.end) for one in parts)))
    return View(
        facts=facts,
        rules=rules,
        shift=hours.shift,
        net=hours.net,
        window=hours.window,
        work=work,
        parts=parts,
        inside=_sorted(inside),
        duties=_sorted(_ends_of_duties(parts, rules, hours.window)),
        waiting=_sorted(waiting),
        outside=_sorted(outside),
    )


def _sorted(points: Iterable[Point]) -> tuple[Point, ...]:
    """Return the points in order, each once."""
    return tuple(sorted(set(points)))


def _ends_of_duties(parts: tuple[PartDay, ...], rules: DayRules, window: Span) -> Iterable[Point]:
    """Yield both ends of each duty, cut to the window; a duty outside the window proves nothing about this shift."""
    for part in parts:
        start, end = max(part.start, window[0]), min(part.end, window[1])
        if part.code in rules.leave and rules.leave[part.code].evidence and start <= end:
            yield Point(start, Source.DUTY, part.code)
            yield Point(end, Source.DUTY, part.code)
