"""Finding what changed in closed months: today's person-days against what was signed and found before."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from hadir.attendance.models import PersonDay
from hadir.months.causes import Before, Cause, cause_of, late_arrivals
from hadir.months.models import Adjustment, Month, MonthSnapshot, MonthState
from hadir.rules.verdict import ABSENT
from hadir.schools.models import School

Key = tuple[uuid.UUID, date]
Meaning = Mapping[str, Any]
OVERLAP = timedelta(minutes=15)
"""A computation that began before a comparison may end after it; so long its rows are looked at again."""
FIELDS = ("status", "codes", "late", "early", "final")


@dataclass(frozen=True, slots=True)
class Change:
    """A person-day that is not what it was known to be last."""

    key: Key
    old: Meaning | None
    new: Meaning | None
    row: PersonDay | None


def find_adjustments(*, now: datetime, months: Iterable[Month] | None = None) -> int:
    """Write down every person-day of closed months that means something else than known last; return how many.

    Without `months`, those that have days computed since they were last compared. A month that was changed by somebody
    else meanwhile is read anew under its lock. Safe to repeat.
    """
    return sum(_adjust(month.pk, now) for month in (due_months() if months is None else months))


def due_months() -> Sequence[Month]:
    """Return the closed months with person-days computed since the last comparison, or fewer or more of them."""
    newer = PersonDay.objects.filter(
        school=OuterRef("school"),
        day__gte=OuterRef("first"),
        day__lte=OuterRef("last"),
        computed_at__gt=OuterRef("compared_at") - OVERLAP,
    )
    here = PersonDay.objects.filter(school=OuterRef("school"), day__gte=OuterRef("first"), day__lte=OuterRef("last"))
    # Removed rows leave no trace but their number: a worker may have ended between judging and comparing.
    number = Coalesce(Subquery(here.order_by().values("school").annotate(n=Count("id")).values("n")), 0)
    closed = Month.objects.filter(state=MonthState.CLOSED).annotate(there=number)
    return list(closed.filter(Exists(newer) | ~Q(known_days=F("there"))).order_by("first", "school"))


def closed_months(places: Iterable[tuple[uuid.UUID, date]]) -> Sequence[Month]:
    """Return the closed months of these schools and dates."""
    wanted = {(school, day.replace(day=1)) for school, day in places}
    schools, firsts = {school for school, _first in wanted}, {first for _school, first in wanted}
    found = Month.objects.filter(state=MonthState.CLOSED, school__in=schools, first__in=firsts)
    return [month for month in found if (month.school_id, month.first) in wanted]


@transaction.atomic
def _adjust(key: uuid.UUID, now: datetime) -> int:
    # The school first, as whoever signs does: what is found while the next month is being signed is carried past it.
    school = Month.objects.values_list("school", flat=True).get(pk=key)
    School.objects.select_for_update(no_key=True).get(pk=school)
    month = Month.objects.select_for_update().get(pk=key)
    if month.state != MonthState.CLOSED:
        return 0
    snapshot = month.snapshots.get(version=month.version)
    changes = differences(month, snapshot)
    rows = [change.row for change in changes if change.row is not None]
    late = late_arrivals(rows, snapshot.signed_at)
    carry = _carried_to(month)
    earlier: dict[Key, list[Adjustment]] = defaultdict(list)
    for one in Adjustment.objects.filter(month=month, version=month.version).order_by("found_at", "id"):
        earlier[one.person_id, one.day].append(one)
    made = []
    for change in changes:
        before = Before(snapshot.rules, snapshot.signed_at, earlier[change.key])
        made.append(_adjustment(month, change, cause_of(change.old, change.row, before=before, late=late), carry, now))
    Adjustment.objects.bulk_create(made, batch_size=500)
    Month.objects.filter(pk=month.pk).update(compared_at=now, known_days=days_of(month))
    return len(changes)


def differences(month: Month, snapshot: MonthSnapshot) -> list[Change]:
    """Return the days whose row differs from what is known last: the snapshot, then its adjustments. Three queries."""
    known = known_days(month, snapshot)
    changes = []
    for row in PersonDay.objects.filter(school=month.school_id, day__gte=month.first, day__lte=month.last):
        new = {name: getattr(row, name) for name in FIELDS}
        old = known.pop((row.person_id, row.day), None)
        if old != new:
            changes.append(Change((row.person_id, row.day), old, new, row))
    changes += [Change(key, old, None, None) for key, old in known.items() if old is not None]
    return sorted(changes, key=lambda change: (change.key[1], change.key[0]))


def known_days(month: Month, snapshot: MonthSnapshot) -> dict[Key, Meaning | None]:
    """Return what every person-day of a closed month is known to mean; None for one that is gone."""
    known: dict[Key, Meaning | None] = {}
    for row in snapshot.sheet["rows"]:
        for cell in row["cells"]:
            key = (uuid.UUID(row["person"]), date.fromisoformat(cell["date"]))
            known[key] = {
                "status": cell["status"],
                "codes": list(cell.get("codes", ())),
                "late": cell.get("late", 0),
                "early": cell.get("early", 0),
                "final": cell["final"],
            }
    for found in Adjustment.objects.filter(month=month, version=snapshot.version).order_by("found_at", "id"):
        known[found.person_id, found.day] = found.new
    return known


def days_of(month: Month) -> int:
    """Return how many person-days a month has now. One query."""
    return PersonDay.objects.filter(school=month.school_id, day__gte=month.first, day__lte=month.last).count()


def counted(meaning: Meaning | None) -> tuple[int, int, int]:
    """Return the minutes late, the minutes early and the unexcused days that a day counts.

    Minutes of a day that is not final count for nothing yet, also where they were signed as such.
    """
    if meaning is None:
        return 0, 0, 0
    late, early = (int(meaning[name]) if meaning["final"] else 0 for name in ("late", "early"))
    return late, early, int(meaning["status"] == ABSENT)


def _adjustment(month: Month, change: Change, cause: Cause, carry: date, now: datetime) -> Adjustment:
    late, early, absent = (new - old for new, old in zip(counted(change.new), counted(change.old), strict=True))
    return Adjustment(
        month=month,
        version=month.version,
        person_id=change.key[0],
        day=change.key[1],
        old=change.old,
        new=change.new,
        cause=cause.key,
        params=dict(cause.params),
        late=late,
        early=early,
        absent=absent,
        found_at=now,
        carry_first=carry,
    )


def _carried_to(month: Month) -> date:
    """Return the first day of the next month of the school that is not closed."""
    later = Month.objects.filter(school=month.school_id, first__gt=month.first, state=MonthState.CLOSED)
    closed = set(later.values_list("first", flat=True))
    first = _next(month.first)
    while first in closed:
        first = _next(first)
    return first


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
