"""Trials that a page can wait for: which schools and dates are tried, and how many person-days at most."""

from datetime import date, datetime, timedelta

from django.db.models import Count

from hadir.attendance.trying import Change, Trial, try_change
from hadir.core.errors import HadirError
from hadir.people.models import Assignment
from hadir.schools.models import Region, School

SHOWN = 100
"""Differences that a page lists; the number of all is said above."""
MOST_DAYS = 62
MOST_PERSON_DAYS = 30_000


def past_trial(place: Region | School, first: date, last: date, now: datetime, change: Change) -> Trial:
    """Try a change of a place's schedule on the days that it touches, the last two months of them at most.

    A region is tried on as many of its schools as a page can wait for, those with the lowest NPSN.
    """
    first = max(first, last - timedelta(days=MOST_DAYS))
    days = (last - first).days + 1
    if isinstance(place, School):
        here = [School.objects.select_related("district").get(pk=place.pk)]
    else:
        here = _within(list(_schools(place)), days)
    return try_change(schools=here, first=first, last=last, now=now, change=change)


def month_trial(schools: list[School], first: date, last: date, now: datetime, change: Change) -> Trial:
    """Try a change on one month of chosen schools. Raises HadirError `trial_too_large`."""
    if len(_within(schools, (last - first).days + 1)) < len(schools):
        raise HadirError("trial_too_large")
    return try_change(schools=schools, first=first, last=last, now=now, change=change)


def _schools(region: Region) -> list[School]:
    return list(School.objects.filter(district__region=region).select_related("district").order_by("npsn"))


def _within(schools: list[School], days: int) -> list[School]:
    """Return the first schools that stay below the limit together; always at least one."""
    current = Assignment.objects.filter(school__in=schools, valid_to__isnull=True)
    staff = dict(current.order_by().values_list("school").annotate(Count("id")))
    chosen: list[School] = []
    total = 0
    for school in schools:
        total += staff.get(school.pk, 0) * days
        if chosen and total > MOST_PERSON_DAYS:
            break
        chosen.append(school)
    return chosen
