"""School days on which somebody assigned has no row: after a standstill, or when one row came before the others."""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Count, Q

from hadir.attendance.models import PersonDay
from hadir.core.clock import local_date
from hadir.devices.hearing import hearings
from hadir.people.models import Assignment
from hadir.schools.models import School

Key = uuid.UUID
DAY = timedelta(days=1)
SCHOOLS_AT_ONCE = 200
Held = tuple[Key, date, date | None]


def missing_days(now: datetime, back: int) -> Iterator[tuple[Key, date, date]]:
    """Yield schools with the first and the last of the dates, from `back` days ago to today, on which rows are missing.

    Told by counting: rows against people. Five queries for 200 schools.
    """
    schools = list(School.objects.order_by("npsn").values_list("pk", "time_zone"))
    for place in range(0, len(schools), SCHOOLS_AT_ONCE):
        portion = dict(schools[place : place + SCHOOLS_AT_ONCE])
        linked = {
            key: min(one.since for one in found)
            for key, found in hearings(portion, heard_from=now.date()).items()
            if found
        }
        earliest = now.date() - (back + 1) * DAY
        held = _held(linked, earliest)
        rows = _rows(linked, earliest)
        for school, since in linked.items():
            zone = portion[school]
            today = local_date(now, zone)
            day, wrong = max(local_date(since, zone), today - back * DAY), []
            while day <= today:
                people = {one for one, first, last in held[school] if first <= day and (last is None or last >= day)}
                if len(people) > rows.get((school, day), 0):
                    wrong.append(day)
                day += DAY
            if wrong:
                yield school, wrong[0], wrong[-1]


def _held(schools: Mapping[Key, datetime], first: date) -> Mapping[Key, Sequence[Held]]:
    found: dict[Key, list[Held]] = defaultdict(list)
    rows = Assignment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first), school__in=list(schools))
    for school, person, begins, ends in rows.order_by().values_list("school", "person", "valid_from", "valid_to"):
        found[school].append((person, begins, ends))
    return found


def _rows(schools: Mapping[Key, datetime], first: date) -> Mapping[tuple[Key, date], int]:
    counts = PersonDay.objects.filter(school__in=list(schools), day__gte=first).order_by().values("school", "day")
    return {(row["school"], row["day"]): row["number"] for row in counts.annotate(number=Count("id"))}
