"""What a month or a year of days adds up to: totals, minutes made into days, unexcused days, proposals, deduction."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hadir.rules.pack import Pack
from hadir.rules.values import Deduction, Discipline, PeriodRules, Step
from hadir.rules.verdict import ABSENT, DAY_OFF, NOT_COUNTED, PENDING, DayVerdict

HUNDRED = Decimal(100)
ONE_DAY = timedelta(days=1)
NO_STEPS = Discipline((), None)
MISSED = ("TL", "PSW")


@dataclass(frozen=True, slots=True)
class DayLine:
    """What a period needs of one person-day; see DayVerdict for the meaning of each."""

    day: date
    status: str
    codes: tuple[str, ...] = ()
    late: int = 0
    early: int = 0
    final: bool = True

    @classmethod
    def of(cls, day: date, verdict: DayVerdict) -> "DayLine":
        """Return the line of a judged day."""
        return cls(day, verdict.status, verdict.codes, verdict.late, verdict.early, verdict.final)

    @property
    def minutes(self) -> int:
        """Minutes of both sides."""
        return self.late + self.early


@dataclass(frozen=True, slots=True)
class Reached:
    """A sanction step and the day on which its number of days was reached. A proposal: a person decides."""

    step: Step
    on: date


@dataclass(frozen=True, slots=True)
class YearCount:
    """Unexcused days of one calendar year: days absent, and days that final minutes make.

    `reached`: every step on the way, oldest first; `proposal`: the highest one.
    """

    year: int
    absent: int
    minutes: int
    minute_days: int
    reached: tuple[Reached, ...]

    @property
    def unexcused(self) -> int:
        """Days that count for PP 94/2021."""
        return self.absent + self.minute_days

    @property
    def proposal(self) -> Reached | None:
        """The highest step reached, None below the first or where the kind of staff has no steps."""
        return self.reached[-1] if self.reached else None


@dataclass(frozen=True, slots=True)
class Run:
    """Days absent in a row: working days without one present, excused or pending between; days off do not interrupt.

    `reached`: the step for days in a row, when there is one and the run is long enough.
    """

    length: int
    first: date
    last: date
    reached: Reached | None


@dataclass(frozen=True, slots=True)
class DeductionTotal:
    """Percent of the allowance by one table. `parts`: (code or status, days that cost, percent altogether) before the
    caps; `percent`: after them."""

    table: str
    title: str
    active: bool
    parts: tuple[tuple[str, int, Decimal], ...]
    percent: Decimal


@dataclass(frozen=True, slots=True)
class PeriodVerdict:
    """What a period adds up to.

    `statuses`, `codes`: days by status and by code; TL and PSW of final days. `late`, `early`: minutes of final days;
    `provisional_minutes`: of days that are not final, which count for nothing yet. `minute_days`: whole days in the
    final minutes of the period. `working_days`: without days off and days that count for nothing. `pending`: the days
    that wait, oldest first.
    `attendance`: percent with two digits, None when no working day is decided.
    """

    rules: str
    statuses: Mapping[str, int]
    codes: Mapping[str, int]
    working_days: int
    late: int
    early: int
    provisional_minutes: int
    minute_days: int
    pending: tuple[date, ...]
    years: tuple[YearCount, ...]
    longest_run: Run | None
    deduction: DeductionTotal | None
    attendance: Decimal | None


def judge_period(
    days: Iterable[DayLine], *, pack: Pack, staff_kind: str, deduction_table: str | None = None
) -> PeriodVerdict:
    """Add up the days of one person, in any order.

    Values of the pack are those in force on the last day; of a year's count, on the last day of that year given.
    ValueError for two lines of one date, for no day at all and for a deduction table that the pack does not have.
    """
    lines = sorted(days, key=lambda line: line.day)
    if not lines:
        raise ValueError("a period has at least one day")
    if len({line.day for line in lines}) < len(lines):
        raise ValueError("a period has one line for each date")
    rules = pack.period_rules(lines[-1].day)
    settled = [line for line in lines if line.final and line.status not in {PENDING, NOT_COUNTED}]
    working = [line for line in lines if line.status not in {DAY_OFF, NOT_COUNTED}]
    return PeriodVerdict(
        rules=pack.version,
        statuses=dict(Counter(line.status for line in lines)),
        codes=dict(Counter(code for line in lines for code in line.codes if line.final or not is_missed(code))),
        working_days=len(working),
        late=sum(line.late for line in settled),
        early=sum(line.early for line in settled),
        provisional_minutes=sum(line.minutes for line in lines if not line.final),
        minute_days=_days_of(sum(line.minutes for line in settled), rules),
        pending=tuple(line.day for line in lines if line.status == PENDING),
        years=_years(settled, lines, pack, staff_kind),
        longest_run=_longest_run(lines, rules.discipline.get(staff_kind, NO_STEPS)),
        deduction=None if deduction_table is None else _deduct(settled, _table(rules, deduction_table)),
        attendance=_attendance(working, rules),
    )


def is_missed(code: str) -> bool:
    """Tell whether a code stands for minutes missed (TL, PSW): like them it counts on final days only."""
    return code.startswith(MISSED)


def _days_of(minutes: int, rules: PeriodRules) -> int:
    """Whole days in these minutes, rounded down; none where the conversion is off."""
    per_day = rules.conversion.minutes_per_day
    return 0 if per_day is None else minutes // per_day


def _years(settled: Sequence[DayLine], lines: Sequence[DayLine], pack: Pack, staff_kind: str) -> tuple[YearCount, ...]:
    """Count each calendar year on its own (PP 94/2021: January to December)."""
    counts = []
    for year in sorted({line.day.year for line in lines}):
        rules = pack.period_rules(max(line.day for line in lines if line.day.year == year))
        steps = rules.discipline.get(staff_kind, NO_STEPS).steps
        counts.append(_count_year(year, [line for line in settled if line.day.year == year], rules, steps))
    return tuple(counts)


def _count_year(year: int, settled: Sequence[DayLine], rules: PeriodRules, steps: tuple[Step, ...]) -> YearCount:
    """Walk through the year, so that every step has the day on which it was reached."""
    absent = minutes = 0
    reached: list[Reached] = []
    for line in settled:
        absent += line.status == ABSENT
        minutes += line.minutes
        total = absent + _days_of(minutes, rules)
        reached += [Reached(step, line.day) for step in steps[len(reached) :] if step.days <= total]
    return YearCount(year, absent, minutes, _days_of(minutes, rules), tuple(reached))


def _longest_run(lines: Sequence[DayLine], discipline: Discipline) -> Run | None:
    """Return the longest run of absent working days, the first of equal ones. A date without a line interrupts it."""
    best: list[date] = []
    current: list[date] = []
    previous: date | None = None
    for line in lines:
        if line.status == ABSENT:
            current = [*(current if previous == line.day - ONE_DAY else []), line.day]
        elif line.status != DAY_OFF or previous != line.day - ONE_DAY:
            current = []
        previous = line.day
        best = max(best, current, key=len)
    if not best:
        return None
    step = discipline.in_a_row
    reached = Reached(step, best[step.days - 1]) if step is not None and len(best) >= step.days else None
    return Run(len(best), best[0], best[-1], reached)


def _table(rules: PeriodRules, key: str) -> Deduction:
    if key not in rules.deductions:
        raise ValueError(f"no deduction table {key!r}; there are: {', '.join(rules.deductions)}")
    return rules.deductions[key]


def _deduct(settled: Sequence[DayLine], table: Deduction) -> DeductionTotal:
    """Add up the percent of each day's status and codes; the first `free_days` of a code cost nothing."""
    seen: Counter[str] = Counter()
    cost: Counter[str] = Counter()
    total = Decimal(0)
    for line in settled:
        today = Decimal(0)
        for code in (line.status, *line.codes):
            seen[code] += 1
            if table.percent.get(code) and seen[code] > table.free_days.get(code, 0):
                cost[code] += 1
                today += table.percent[code]
        total += today if table.daily_cap is None else min(today, table.daily_cap)
    parts = tuple((code, count, count * table.percent[code]) for code, count in sorted(cost.items()))
    return DeductionTotal(table.key, table.title, table.active, parts, min(total, table.cap))


def _attendance(working: Sequence[DayLine], rules: PeriodRules) -> Decimal | None:
    """(H + DL) / (working days - T) in percent; which statuses count as present is a value of the pack."""
    decided = [line for line in working if line.status != PENDING]
    if not decided:
        return None
    present = sum(line.status in rules.counts_as_present for line in decided)
    return (HUNDRED * present / len(decided)).quantize(Decimal("0.01"))
