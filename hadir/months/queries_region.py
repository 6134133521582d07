"""Months of many schools at once: how far each is, what waits, and which months of one school are due."""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet

from hadir.attendance.models import PersonDay
from hadir.core.clock import month_bounds
from hadir.months.models import Month, MonthSnapshot, MonthState
from hadir.rules.verdict import PENDING
from hadir.schools.models import School

UNUSED = "unused"
"""The state of a school without a single judged day in the month."""
LOOKED_BACK = 12
"""A month is asked to be closed for so many months after its end."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How far the schools of one place are. `numbers`: schools by state; `pending`: person-days that wait."""

    numbers: Mapping[str, int]
    pending: int
    pending_schools: int

    @property
    def schools(self) -> int:
        """All of them."""
        return sum(self.numbers.values())

    open = property(lambda self: self.numbers.get(MonthState.OPEN, 0))
    checked = property(lambda self: self.numbers.get(MonthState.CHECKED, 0))
    closed = property(lambda self: self.numbers.get(MonthState.CLOSED, 0))
    used = property(lambda self: self.schools - self.unused)
    unused = property(lambda self: self.numbers.get(UNUSED, 0))


@dataclass(frozen=True, slots=True)
class RegionMonth:
    """A month of many schools. `states`: by school; `districts`: by name of the kecamatan, in order."""

    states: Mapping[uuid.UUID, str]
    whole: Tally
    districts: Mapping[str, Tally]


def region_month(schools: QuerySet[School], first: date) -> RegionMonth:
    """Return how far these schools are with a month. Two queries."""
    last = month_bounds(first.year, first.month)[1]
    used = PersonDay.objects.filter(school=OuterRef("pk"), day__gte=first, day__lte=last)
    month = Month.objects.filter(school=OuterRef("pk"), first=first)
    rows = list(
        schools.annotate(
            used=Exists(used),
            is_checked=Exists(month.filter(state=MonthState.CHECKED)),
            is_closed=Exists(month.filter(state=MonthState.CLOSED)),
        )
        .order_by("district__name")
        .values_list("pk", "district__name", "used", "is_checked", "is_closed")
    )
    states = {row[0]: _state(used=row[2], checked=row[3], closed=row[4]) for row in rows}
    # Of every school: the open days have an index of their own, by date and school, and are few. Grouped as it is
    # ordered, or SQLite reads all days of the month instead.
    waiting = PersonDay.objects.filter(day__gte=first, day__lte=last, final=False, status=PENDING)
    pending: Counter[uuid.UUID] = Counter()
    for _day, school, number in waiting.order_by().values_list("day", "school").annotate(Count("id")):
        pending[school] += number
    districts: dict[str, list[uuid.UUID]] = {}
    for row in rows:
        districts.setdefault(row[1], []).append(row[0])
    return RegionMonth(
        states=states,
        whole=_tally(states, states, pending),
        districts={name: _tally(keys, states, pending) for name, keys in districts.items()},
    )


def signatures(months: Collection[Month]) -> Mapping[uuid.UUID, MonthSnapshot]:
    """Return the signature that closes each of these months, by school, without the sheets. One query."""
    closed = {month.pk: month for month in months if month.state == MonthState.CLOSED}
    found = MonthSnapshot.objects.filter(month__in=closed).defer("sheet", "rules")
    return {closed[one.month_id].school_id: one for one in found if one.version == closed[one.month_id].version}


def due_for(school: School, today: date) -> Sequence[date]:
    """Return the first days of the months of a school that are over, have days and are not closed, earliest first.

    Of the last twelve months; one has days when somebody was judged on its first or its last date. Two queries, cheap
    enough for every page: the bar shows their number.
    """
    asked = [_before(today.replace(day=1))]
    while len(asked) < LOOKED_BACK:
        asked.append(_before(asked[-1]))
    closed = set(Month.objects.filter(school=school, state=MonthState.CLOSED).values_list("first", flat=True))
    edges = {edge: first for first in asked if first not in closed for edge in (first, _end(first))}
    days = PersonDay.objects.filter(school=school, day__in=edges).order_by().values_list("day", flat=True).distinct()
    return sorted({edges[day] for day in days})


def months_between(school: School) -> Sequence[date]:
    """Return the first days of the months from the first to the last judged day of a school, in order. One query."""
    days = PersonDay.objects.filter(school=school).aggregate(first=Min("day"), last=Max("day"))
    if days["first"] is None:
        return []
    found = [days["first"].replace(day=1)]
    while (following := _end(found[-1]) + timedelta(days=1)) <= days["last"]:
        found.append(following)
    return found


def _before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def _end(first: date) -> date:
    return month_bounds(first.year, first.month)[1]


def _state(*, used: bool, checked: bool, closed: bool) -> str:
    if closed:
        return MonthState.CLOSED
    if checked:
        return MonthState.CHECKED
    return MonthState.OPEN if used else UNUSED


def _tally(schools: Collection[uuid.UUID], states: Mapping[uuid.UUID, str], pending: Mapping[uuid.UUID, int]) -> Tally:
    waiting = [pending[key] for key in schools if key in pending]
    return Tally(Counter(states[key] for key in schools), sum(waiting), len(waiting))
