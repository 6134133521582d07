"""Days of a month that nobody has judged yet: a sheet without them would be signed as if they had never been."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q

from hadir.attendance.models import PersonDay
from hadir.core.clock import local_date
from hadir.devices.hearing import hearings
from hadir.people.models import Assignment
from hadir.schools.models import School

DAY = timedelta(days=1)


def unjudged_dates(school: School, first: date, last: date, now: datetime) -> Sequence[date]:
    """Return the dates, in order, on which somebody assigned to the school has no person-day.

    From the date on which the school began to use Hadir, to today: before and after it nobody has one. Two queries and
    those of `hearings`.
    """
    since = min((one.since for one in hearings([school.pk], heard_from=last).get(school.pk, ())), default=None)
    if since is None:
        return []
    begin, end = max(first, local_date(since, school.time_zone)), min(last, local_date(now, school.time_zone))
    held = Assignment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=begin), school=school)
    expected: set[tuple[uuid.UUID, date]] = set()
    for person, start, stop in held.filter(valid_from__lte=end).values_list("person", "valid_from", "valid_to"):
        day = max(start, begin)
        while day <= min(stop or end, end):
            expected.add((person, day))
            day += DAY
    there = PersonDay.objects.filter(school=school, day__gte=begin, day__lte=end).values_list("person", "day")
    return sorted({day for _person, day in expected.difference(there)})
