"""Saying that days must be judged anew. Facts call this in their own transaction; attendance reads it."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hadir.core.clock import YEARS
from hadir.people.models import DayMark

EARLIEST, LATEST = date(YEARS.start, 1, 2), date(YEARS.stop - 1, 12, 30)
"""Within them a day more or less is still a date."""


def mark_person(*, person_id: uuid.UUID, first: date, last: date, now: datetime) -> None:
    """Mark days of one person, both ends included, at all schools of the person."""
    mark_people(people=[person_id], first=first, last=last, now=now)


def mark_people(*, people: Iterable[uuid.UUID], first: date, last: date, now: datetime) -> None:
    """Mark the same days of several people, as `mark_person` does."""
    first, last = _bounded(first, last)
    DayMark.objects.bulk_create(
        [DayMark(person_id=person, first=first, last=last, made_at=now) for person in people], batch_size=500
    )


def begun_by(now: datetime) -> date:
    """Return the last date that may have begun at `now` somewhere in the country: the east is nine hours ahead."""
    return now.astimezone(ZoneInfo("Asia/Jayapura")).date()


def mark_schools(*, schools: Iterable[uuid.UUID], first: date, last: date, now: datetime) -> None:
    """Mark days of everybody at these schools, both ends included."""
    first, last = _bounded(first, last)
    DayMark.objects.bulk_create(
        [DayMark(school_id=school, first=first, last=last, made_at=now) for school in schools], batch_size=500
    )


def _bounded(first: date, last: date) -> tuple[date, date]:
    """Return the span in order, within the years of Hadir: no record and no schedule, however wrong its date, may leave
    a mark over which the worker stumbles."""
    begin, end = (min(max(day, EARLIEST), LATEST) for day in (first, last))
    return begin, max(begin, end)
