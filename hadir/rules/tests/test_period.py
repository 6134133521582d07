"""Months and years: totals, minutes made into days, proposals, deduction."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.rules.pack import Pack, read_pack
from hadir.rules.period import DayLine, PeriodVerdict, judge_period
from hadir.rules.tests.packs import CONTOH, TEXT, changed
from hadir.rules.verdict import Cause, DayVerdict

FIRST = date(2026, 9, 1)
WORDS = ["H", "A", "T", "L", "-", "S", "DL", "CT", "CAP"]


def days(text: str, first: date = FIRST) -> list[DayLine]:
    """One day a word, from `first` on: `H`, `A`, `L` ..., `H/10+5` for minutes late and early."""
    lines = []
    for number, word in enumerate(text.split()):
        status, _slash, minutes = word.partition("/")
        late, _plus, early = minutes.partition("+")
        line = DayLine(first + timedelta(days=number), status, (), int(late or 0), int(early or 0), status != "T")
        lines.append(line)
    return lines


def judged(lines: list[DayLine], kind: str = "PNS", pack: Pack = CONTOH, table: str | None = None) -> PeriodVerdict:
    return judge_period(lines, pack=pack, staff_kind=kind, deduction_table=table)


def test_a_month_is_added_up():
    month = days("H H/10+5 DL S CT L L A T - H")
    month[1] = replace(month[1], codes=("TL1", "PSW1"))
    month.append(DayLine(date(2026, 9, 12), "H", ("TL4",), 225, 0, final=False))
    total = judged(month)
    assert total.statuses == {"H": 4, "DL": 1, "S": 1, "CT": 1, "L": 2, "A": 1, "T": 1, "-": 1}
    assert total.codes == {"TL1": 1, "PSW1": 1}
    assert (total.late, total.early, total.provisional_minutes) == (10, 5, 225)
    assert total.working_days == 9
    assert total.pending == (date(2026, 9, 9),)
    assert total.rules == CONTOH.version
    # 4 H and 1 DL of 9 working days less 1 pending.
    assert total.attendance == Decimal("62.50")


def test_what_counts_as_present_is_a_value_of_the_pack():
    pack = changed(('status = ["H", "DL"]', 'status = ["H"]'))
    assert judged(days("H DL"), pack=pack).attendance == Decimal("50.00")
    assert judged(days("H H A")).attendance == Decimal("66.67")
    assert judged(days("T L -")).attendance is None


@pytest.mark.parametrize(("minutes", "whole"), [(449, 0), (450, 1), (899, 1), (900, 2)])
def test_minutes_make_days_rounded_down(minutes: int, whole: int):
    share, rest = divmod(minutes, 10)
    lines = [*days(f"H/{share} " * 10), *days(f"H/0+{rest}", FIRST + timedelta(days=10))]
    total = judged(lines)
    assert (total.minute_days, total.years[0].minute_days) == (whole, whole)
    off = changed(("aktif = true\nmenit_per_hari = 450", "aktif = false\nmenit_per_hari = 450"))
    assert judged(lines, pack=off).minute_days == judged(lines, pack=off).years[0].unexcused == 0


def test_minutes_of_two_months_make_days_of_the_year_that_neither_month_has():
    september, october = days("H/225+0"), days("H/225+0", date(2026, 10, 1))
    assert judged(september).minute_days == judged(october).minute_days == 0
    assert judged(september + october).years[0].minute_days == 1


def test_pending_and_provisional_days_count_for_nothing():
    lines = [*days("T T T"), DayLine(date(2026, 9, 4), "H", (), 450, 450, final=False)]
    year = judged(lines).years[0]
    assert (year.absent, year.minutes, year.unexcused, year.proposal) == (0, 0, 0, None)


STEPS = [
    (2, None),
    (3, "teguran lisan"),
    (4, "teguran tertulis"),
    (6, "teguran tertulis"),
    (7, "pernyataan tidak puas secara tertulis"),
    (10, "pernyataan tidak puas secara tertulis"),
    (11, "pemotongan tunjangan kinerja 25% selama 6 bulan"),
    (13, "pemotongan tunjangan kinerja 25% selama 6 bulan"),
    (14, "pemotongan tunjangan kinerja 25% selama 9 bulan"),
    (16, "pemotongan tunjangan kinerja 25% selama 9 bulan"),
    (17, "pemotongan tunjangan kinerja 25% selama 12 bulan"),
    (20, "pemotongan tunjangan kinerja 25% selama 12 bulan"),
    (21, "penurunan jabatan setingkat lebih rendah selama 12 bulan"),
    (24, "penurunan jabatan setingkat lebih rendah selama 12 bulan"),
    (25, "pembebasan dari jabatan menjadi jabatan pelaksana selama 12 bulan"),
    (27, "pembebasan dari jabatan menjadi jabatan pelaksana selama 12 bulan"),
    (28, "pemberhentian dengan hormat tidak atas permintaan sendiri"),
    (40, "pemberhentian dengan hormat tidak atas permintaan sendiri"),
]


@pytest.mark.parametrize(("absent", "sanction"), STEPS)
@pytest.mark.parametrize("kind", ["PNS", "CPNS"])
def test_steps_of_government_regulation_94_of_2021(absent: int, sanction: str | None, kind: str):
    proposal = judged(days("A H " * absent, date(2026, 1, 1)), kind).years[0].proposal
    assert (proposal.step.sanction if proposal else None) == sanction


@pytest.mark.parametrize("kind", ["PPPK", "PPPK_PW", "HONORER", "GTY", "lain"])
def test_other_staff_are_counted_without_a_step(kind: str):
    total = judged(days("A " * 12), kind)
    assert total.years[0].unexcused == 12
    assert total.years[0].proposal is None
    assert total.longest_run is not None
    assert total.longest_run.reached is None


def test_a_step_has_the_day_on_which_it_was_reached():
    year = judged(days("A H/225+225 H A H A")).years[0]
    assert (year.absent, year.minute_days, year.unexcused) == (3, 1, 4)
    assert [(one.step.days, one.on) for one in year.reached] == [(3, date(2026, 9, 4)), (4, date(2026, 9, 6))]


def test_two_steps_may_be_reached_on_one_day():
    pack = changed(("menit_per_hari = 450", "menit_per_hari = 100"))
    year = judged(days("A H/225+225"), pack=pack).years[0]
    assert [(one.step.days, one.on.day) for one in year.reached] == [(3, 2), (4, 2)]


def test_every_calendar_year_counts_on_its_own():
    total = judged(days("A A A A A A", date(2026, 12, 29)))
    assert [(year.year, year.unexcused) for year in total.years] == [(2026, 3), (2027, 3)]
    assert [year.proposal.step.days for year in total.years if year.proposal] == [3, 3]


RUNS = [
    ("none", "H H L", None),
    ("one", "H A H", (1, 2, 2)),
    ("days off do not interrupt", "A A L L A A", (4, 1, 6)),
    ("a present day interrupts", "A A H A", (2, 1, 2)),
    ("leave interrupts", "A CT A A", (2, 3, 4)),
    ("a pending day interrupts", "A A T A A A", (3, 4, 6)),
    ("a day that counts for nothing interrupts", "A - A A", (2, 3, 4)),
    ("the first of two equal runs", "A A H A A", (2, 1, 2)),
]


@pytest.mark.parametrize(("text", "run"), [row[1:] for row in RUNS], ids=[row[0] for row in RUNS])
def test_days_in_a_row(text: str, run: tuple[int, int, int] | None):
    found = judged(days(text)).longest_run
    assert (found and (found.length, found.first.day, found.last.day)) == run


def test_a_date_without_a_line_interrupts_a_run():
    assert judged([*days("A A"), *days("A", date(2026, 9, 4))]).longest_run.length == 2  # type: ignore[union-attr]
    with_day_off = [*days("A A"), *days("L A", date(2026, 9, 4))]
    assert judged(with_day_off).longest_run.length == 2  # type: ignore[union-attr]


def test_ten_days_in_a_row_are_a_step_of_their_own():
    nine = judged(days("A A A A A L L A A A A")).longest_run
    assert nine
    assert nine.reached is None
    eleven = judged(days("A A A A A L L A A A A A A")).longest_run
    assert eleven
    assert eleven.reached
    assert (eleven.length, eleven.reached.on) == (11, date(2026, 9, 12))
    assert "gaji dihentikan" in eleven.reached.step.sanction


def test_a_chosen_table_of_deductions():
    month = days("A H/10 H/31+91 S L T")
    month[1] = replace(month[1], codes=("TL1",))
    month[2] = replace(month[2], codes=("TL2", "PSW4"))
    total = judged(month, table="kementan-2012").deduction
    assert total
    assert total.parts == (
        ("A", 1, Decimal(4)),
        ("PSW4", 1, Decimal(2)),
        ("TL1", 1, Decimal("0.5")),
        ("TL2", 1, Decimal(1)),
    )
    assert (total.percent, total.active, total.table) == (Decimal("7.5"), False, "kementan-2012")
    assert judged(month).deduction is None


def test_free_days_daily_cap_and_cap():
    sick = judged(days("S S S S"), table="kemenag-2014").deduction
    assert sick
    assert (sick.parts, sick.percent) == ((("S", 2, Decimal("5.0")),), Decimal("5.0"))
    capped = changed(("batas_persen = 100", "batas_persen = 5\nbatas_harian_persen = 2.5"))
    both = [DayLine(FIRST + timedelta(days=n), "H", ("TL4", "PSW4"), 225, 225) for n in range(3)]
    assert judged(both[:1], pack=capped, table="kementan-2012").deduction.percent == Decimal("2.5")  # type: ignore[union-attr]
    assert judged(both, pack=capped, table="kementan-2012").deduction.percent == Decimal(5)  # type: ignore[union-attr]


def test_a_table_without_a_cap_stops_at_the_whole_allowance():
    pack = changed(("batas_persen = 100\n", ""))
    total = judged(days("A " * 30), pack=pack, table="kementan-2012").deduction
    assert total
    assert total.percent == 100


def test_what_is_no_period():
    with pytest.raises(ValueError, match="at least one day"):
        judged([])
    with pytest.raises(ValueError, match="one line for each date"):
        judged(days("H") + days("A"))
    with pytest.raises(ValueError, match=r"no deduction table 'tpp'; there are: kementan-2012, kemenag-2014"):
        judged(days("H"), table="tpp")


def test_values_are_those_in_force_at_the_end():
    newer = (
        '\n[[aturan.menit_ke_hari]]\nberlaku_mulai = 2027-01-01\nsumber = "uji"\ncatatan = ""\naktif = true\n'
        "menit_per_hari = 510\n"
    )
    pack = read_pack((TEXT + newer).encode())
    lines = days("H/250+250 H/250+250", date(2026, 12, 31))
    total = judged(lines, pack=pack)
    assert [year.minute_days for year in total.years] == [1, 0]
    assert total.minute_days == 1


def test_a_line_is_made_of_a_verdict():
    verdict = DayVerdict("H", False, "x", ("TL1",), 10, 0, cause=Cause.DAY_NOT_OVER)
    assert DayLine.of(FIRST, verdict) == DayLine(FIRST, "H", ("TL1",), 10, 0, final=False)


LINES = st.lists(
    st.builds(
        DayLine,
        st.dates(date(2025, 11, 1), date(2026, 2, 28)),
        st.sampled_from(WORDS),
        st.lists(st.sampled_from(["TL1", "TL4", "PSW2"]), max_size=2).map(tuple),
        st.integers(0, 225),
        st.integers(0, 225),
        st.booleans(),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda line: line.day,
)


@given(LINES, st.sampled_from([None, "kementan-2012", "kemenag-2014"]), st.randoms(use_true_random=False))
def test_any_days_add_up_in_any_order(lines: list[DayLine], table: str | None, random: Random):
    total = judged(lines, table=table)
    assert judged(random.sample(lines, len(lines)), table=table) == total
    assert sum(total.statuses.values()) == len(lines)
    assert total.attendance is None or 0 <= total.attendance <= 100
    assert total.deduction is None or 0 <= total.deduction.percent <= 100
    assert total.longest_run is None or total.longest_run.length <= total.statuses["A"]


@given(LINES)
def test_one_more_excused_day_never_raises_the_count(lines: list[DayLine]):
    excused = [replace(lines[0], status="CT", codes=(), late=0, early=0), *lines[1:]]
    for before, after in zip(judged(lines).years, judged(excused).years, strict=True):
        assert after.unexcused <= before.unexcused
