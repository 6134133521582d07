"""Dates of a person over all schools, and the step of PP 94/2021 that a year of them proposes.

The page of a year, its paper and the list of steps say the same because they ask here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from hadir.rules.period import DayLine, PeriodVerdict, Reached, YearCount
from hadir.rules.verdict import ABSENT, DAY_OFF, NOT_COUNTED, PENDING, PRESENT, Cause

BEST_FIRST = (PRESENT, "DL")
WORST_LAST = (PENDING, ABSENT)


@dataclass(frozen=True, slots=True)
class Held:
    """A stored day with why it waits."""

    line: DayLine
    cause: str


def merged(days: Iterable[Held]) -> list[DayLine]:
    """Return one line a date, in order.

    Of a date at several schools: a school that has set no hours says nothing; absent only where the person was absent
    at every school with hours that day, so that nobody who was at work is counted as away for the whole day; minutes
    and codes of all schools that say the same, since each has its own hours.
    """
    ordered = sorted(days, key=lambda one: one.line.day)
    return [_one(list(same)) for _day, same in groupby(ordered, key=lambda one: one.line.day)]


def _one(days: Sequence[Held]) -> DayLine:
    if len(days) == 1:
        return days[0].line
    told = [one.line for one in days if one.cause != Cause.NO_SCHEDULE] or [one.line for one in days]
    working = [line for line in told if line.status not in {DAY_OFF, NOT_COUNTED}]
    if not working:
        return min(told, key=lambda line: line.status != DAY_OFF)
    status = min((line.status for line in working), key=_rank)
    same = [line for line in working if line.status == status]
    return DayLine(
        day=same[0].day,
        status=status,
        codes=tuple(dict.fromkeys(code for line in same for code in line.codes)),
        late=sum(line.late for line in same),
        early=sum(line.early for line in same),
        final=all(line.final for line in same),
    )


def _rank(status: str) -> int:
    """Return the place of a status: present, on duty, on leave, pending, absent."""
    if status in BEST_FIRST:
        return BEST_FIRST.index(status)
    return 3 + WORST_LAST.index(status) if status in WORST_LAST else 2


def look_back(first: date) -> date:
    """Return from when days before a year are looked at, for a run of absence that goes on into it: two months."""
    return first - min(timedelta(days=62), first - date.min)


def with_run_before(days: Sequence[DayLine], first: date) -> list[DayLine]:
    """Return the days from `first` on, and before them those absent in a row that go on into them.

    Unexcused days count by calendar year, but ten working days in a row are ten also over New Year (PP 94/2021
    article 11 names no year for them). `days` in order, from `look_back(first)` on.
    """
    begin = next((place for place, line in enumerate(days) if line.day >= first), len(days))
    working = next((line for line in days[begin:] if line.status != DAY_OFF), None)
    start = begin
    if working is not None and working.status == ABSENT:
        while start and days[start - 1].status in {ABSENT, DAY_OFF}:
            start -= 1
    return list(days[start:])


@dataclass(frozen=True, slots=True)
class Proposal:
    """The step that a year proposes. `in_a_row`: it is the one for days in a row. A person decides."""

    reached: Reached
    in_a_row: bool

    @property
    def weight(self) -> int:
        """Sort key: days in a row come first, then the number of days of the step."""
        return 1000 if self.in_a_row else self.reached.step.days


def proposal_of(count: YearCount | None, verdict: PeriodVerdict) -> Proposal | None:
    """Return the heavier of the step for days in a row and the one by days of the year, None where neither is."""
    row = verdict.longest_run.reached if verdict.longest_run else None
    if row is not None:
        return Proposal(row, in_a_row=True)
    return Proposal(count.proposal, in_a_row=False) if count and count.proposal else None
