"""Dates of a person over all schools, and the step of PP 94/2021 that a year of them proposes.

The page of a year, its paper and the list of steps say the same because they ask here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from hadir.rules.period import DayLine, PeriodVerdict, Reached, YearCount
from hadir.rules.spans import Span, length
from hadir.rules.verdict import ABSENT, DAY_OFF, NOT_COUNTED, PENDING, PRESENT, Cause

MINUTE, NOTHING = timedelta(minutes=1), timedelta()
SIDES = ("TL", "PSW")
BEST_FIRST = (PRESENT, "DL")
WORST_LAST = (PENDING, ABSENT)


@dataclass(frozen=True, slots=True)
class Held:
    """A stored day with why it waits. `work`: the working time of its shift in order, breaks left out; empty where it
    is not known or not needed (`held_days`)."""

    line: DayLine
    cause: str
    work: tuple[Span, ...] = ()


def merged(days: Iterable[Held]) -> list[DayLine]:
    """Return one line a date, in order.

    Of a date at several schools: a school that has set no hours says nothing; absent only where the person was absent
    at every school with hours that day, so that nobody who was at work is counted as away for the whole day; minutes
    and codes of all schools that say the same, since each has its own hours. Time that several schools ask for is
    missed once, and a date never costs more than the longest of its shifts: who was absent everywhere loses no more.
    """
    ordered = sorted(days, key=lambda one: one.line.day)
    return [_one(list(same)) for _day, same in groupby(ordered, key=lambda one: one.line.day)]


def _one(days: Sequence[Held]) -> DayLine:
    if len(days) == 1:
        return days[0].line
    told = [one for one in days if one.cause != Cause.NO_SCHEDULE] or days
    working = [one for one in told if one.line.status not in {DAY_OFF, NOT_COUNTED}]
    if not working:
        return min((one.line for one in told), key=lambda line: line.status != DAY_OFF)
    status = min((one.line.status for one in working), key=_rank)
    same = [one for one in working if one.line.status == status]
    late, early = _minutes(same)
    codes = tuple(dict.fromkeys(code for one in same for code in one.line.codes))
    return DayLine(
        day=same[0].line.day,
        status=status,
        codes=_once(codes) if late + early < sum(one.line.minutes for one in same) else codes,
        late=late,
        early=early,
        final=all(one.line.final for one in same),
    )


def _minutes(days: Sequence[Held]) -> tuple[int, int]:
    """Return the minutes missed at the beginning and at the end of a date, time of several schools counted once."""
    charged = [one for one in days if one.line.minutes]
    if len(charged) < 2 or not all(one.work for one in charged):
        return sum(one.line.late for one in charged), sum(one.line.early for one in charged)
    began = [span for one in charged for span in _taken(one.work, one.line.late)]
    ended = [span for one in charged for span in _left_over(one.work, one.line.early)]
    missed, late = length(_joined([*began, *ended])) // MINUTE, length(_joined(began)) // MINUTE
    longest = max(length(one.work) // MINUTE for one in charged)
    if missed > longest:
        missed, late = longest, late * longest // missed
    return late, missed - late


def _taken(work: Sequence[Span], minutes: int) -> list[Span]:
    """Return the first minutes of this working time."""
    left, found = minutes * MINUTE, []
    for start, end in work:
        if left > NOTHING:
            found.append((start, min(end, start + left)))
            left -= end - start
    return found


def _left_over(work: Sequence[Span], minutes: int) -> list[Span]:
    """Return the last minutes of this working time."""
    left, found = minutes * MINUTE, []
    for start, end in reversed(work):
        if left > NOTHING:
            found.append((max(start, end - left), end))
            left -= end - start
    return found


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return the same time in spans that do not overlap."""
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _once(codes: Sequence[str]) -> tuple[str, ...]:
    """Return the codes with only the heaviest of each side: what was missed once has one."""
    heaviest = {side: max(here) for side in SIDES if (here := [code for code in codes if code.startswith(side)])}
    return tuple(code for code in codes if not code.startswith(SIDES) or code in heaviest.values())


def seen_from(whole: Iterable[DayLine], own: Iterable[DayLine]) -> list[DayLine]:
    """Return the dates of `own`, the days at the schools of a reader, with what the whole date means.

    Whether somebody was absent is decided over all schools, for every reader alike. Minutes and codes are those at the
    reader's schools; none where another school's day decides.
    """
    meaning = {line.day: line for line in whole}
    return [
        replace(line, final=meaning[line.day].final)
        if line.status == meaning[line.day].status
        else replace(meaning[line.day], codes=(), late=0, early=0)
        for line in own
    ]


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
