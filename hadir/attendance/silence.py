"""Days of schools of which nothing was heard: why, since when, and who waits because of it.

Nothing is written here. Whether people were there is for a person to say, in an incident.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet

from hadir.attendance.models import PersonDay
from hadir.core.clock import day_bounds
from hadir.devices.hearing import Hearing, hearings
from hadir.devices.models import Device
from hadir.rules.verdict import ABSENT, PENDING, PRESENT, Cause
from hadir.schools.models import School

Key = uuid.UUID


class Why(StrEnum):
    """What is known of the devices of a silent day, the worst first."""

    NO_DEVICE = "no_device"
    """None was in use."""
    DEAD = "dead"
    """One has not spoken since: broken, without power, or without network; it may still hold records."""
    UNSENT = "unsent"
    """One spoke later and still holds records: they come by themselves."""
    OFF = "off"
    """All spoke later and hold nothing, and recorded nothing that day: they were off, or stood unused."""


@dataclass(frozen=True, slots=True)
class SilentDevice:
    """A device that served the school that day. `last_before`: the last word of it up to the end of that day;
    `handed_in_until`: up to when it has handed in everything, as known today."""

    name: str
    why: Why
    last_before: datetime | None
    handed_in_until: datetime | None


@dataclass(frozen=True, slots=True)
class SilentDay:
    """One date of one school on which people wait because the school was not heard. `since`: the last word before."""

    school: School
    day: date
    why: Why
    since: datetime | None
    devices: tuple[SilentDevice, ...]
    people: tuple[tuple[Key, str], ...]


def silent_days(schools: QuerySet[School], first: date, last: date) -> list[SilentDay]:
    """Return the silent days of these schools between two dates, both included, by school and date.

    A day is silent where somebody's person-day is T because the school was not heard. Eight queries.
    """
    waiting: dict[tuple[Key, date], list[tuple[Key, str]]] = defaultdict(list)
    rows = PersonDay.objects.filter(
        school__in=schools.order_by().values("pk"),
        day__gte=first,
        day__lte=last,
        status=PENDING,
        cause=Cause.SCHOOL_NOT_HEARD,
    )
    for school, day, person, name in rows.order_by("person__name", "person").values_list(
        "school", "day", "person", "person__name"
    ):
        waiting[school, day].append((person, name))
    places = {one.pk: one for one in schools.filter(pk__in={school for school, _day in waiting})}
    kiosks = hearings(places, heard_from=first)
    keys = {one.device for found in kiosks.values() for one in found}
    names = dict(Device.objects.filter(pk__in=keys).values_list("pk", "name"))
    found = [
        _silent_day(places[school], day, kiosks.get(school, ()), names, people)
        for (school, day), people in waiting.items()
        if school in places
    ]
    return sorted(found, key=lambda one: (one.school.name, one.school.npsn, one.day))


def _silent_day(
    school: School, day: date, kiosks: Sequence[Hearing], names: Mapping[Key, str], people: Sequence[tuple[Key, str]]
) -> SilentDay:
    start, end = day_bounds(day, school.time_zone)
    devices = tuple(_silent_device(one, names, end) for one in kiosks if one.used_in(start, end))
    order = list(Why)
    why = min((one.why for one in devices), key=order.index, default=Why.NO_DEVICE)
    spoken = [one.last_before for one in devices if one.last_before is not None]
    return SilentDay(school, day, why, max(spoken, default=None), devices, tuple(people))


def _silent_device(kiosk: Hearing, names: Mapping[Key, str], end: datetime) -> SilentDevice:
    # A hearing of a date is its first and last word: of one that goes on after `end`, the first may lie before.
    before = [last if last < end else first for first, last in kiosk.heard if first < end]
    later = any(last >= end for _first, last in kiosk.heard)
    if kiosk.handed_in_until is not None and kiosk.handed_in_until >= end:
        why = Why.OFF
    else:
        why = Why.UNSENT if later else Why.DEAD
    return SilentDevice(names[kiosk.device], why, max(before, default=None), kiosk.handed_in_until)


def silent_schools(schools: QuerySet[School], first: date, last: date) -> QuerySet[School]:
    """Return those of these schools that have a silent day between two dates, by name."""
    waiting = PersonDay.objects.filter(
        school=OuterRef("pk"), day__gte=first, day__lte=last, status=PENDING, cause=Cause.SCHOOL_NOT_HEARD
    )
    return schools.filter(Exists(waiting)).order_by("name", "npsn")


def heard_days(schools: Collection[Key], first: date, last: date) -> set[tuple[Key, date]]:
    """Return the schools and dates on which somebody was judged present or absent. One query."""
    rows = PersonDay.objects.filter(school__in=list(schools), day__gte=first, day__lte=last)
    return set(rows.filter(status__in=[PRESENT, ABSENT]).order_by().values_list("school", "day").distinct())
