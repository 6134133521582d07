"""Reading the ledger: scans as rows for boards and commands, first in and last out of a day."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet

from hadir.core import clock
from hadir.ledger.models import HeldRecord, Scan, Source, Verdict
from hadir.schools.models import School

LAST_OUT_AFTER = timedelta(minutes=30)
"""A last scan nearer to the first than this is the same arrival, not a departure."""


def scans(
    *,
    schools: QuerySet[School] | None = None,
    school: School | None = None,
    device_id: uuid.UUID | None = None,
    day: date | None = None,
    limit: int | None = None,
) -> QuerySet[Scan]:
    """Return scans with person, school and device loaded, newest first; a day is counted in the school's time zone.

    `schools` narrows to what a login may see; `day` needs `school`. The exact bytes are left in the database.
    """
    found = Scan.objects.select_related("person", "school", "device").defer("record").order_by("-captured_at", "-id")
    if schools is not None:
        found = found.filter(school__in=schools.order_by().values("pk"))
    if school is not None:
        found = found.filter(school=school)
        if day is not None:
            start, end = clock.day_bounds(day, school.time_zone)
            found = found.filter(captured_at__gte=start, captured_at__lt=end)
    if device_id is not None:
        found = found.filter(device=device_id)
    return found if limit is None else found[:limit]


def counted(found: QuerySet[Scan]) -> QuerySet[Scan]:
    """Leave the scans that say a known person was there: recognised, and no sample picture outside a demo region."""
    return found.filter(
        ~Q(source=Source.SAMPLE) | Q(school__district__region__is_demo=True),
        verdict=Verdict.RECOGNISED,
        person__isnull=False,
    )


@dataclass(frozen=True, slots=True)
class Sighting:
    """One scan in short."""

    at: datetime
    device_id: uuid.UUID
    device_name: str
    source: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonDay:
    """What the ledger has of one person on one date: aware moments, `last` None until a departure can be told."""

    person_id: uuid.UUID
    first: Sighting
    last: Sighting | None
    scans: int


def person_days(
    school: School, day: date, *, people: Iterable[uuid.UUID] | None = None
) -> Mapping[uuid.UUID, PersonDay]:
    """Return first in and last out of every person seen at a school on a date, by person id. One query.

    The date is the school's. Scans are facts in the order of `captured_at`; those that arrive late simply appear.
    """
    found = counted(scans(school=school, day=day))
    if people is not None:
        found = found.filter(person__in=list(people))
    rows = found.order_by("captured_at", "id").values_list(
        "person_id", "captured_at", "device_id", F("device__name"), "source", "flags"
    )
    by_person: dict[uuid.UUID, list[Sighting]] = {}
    for person_id, at, device_id, device_name, source, flags in rows:
        if person_id is not None:
            by_person.setdefault(person_id, []).append(Sighting(at, device_id, device_name, source, tuple(flags)))
    return {person_id: _person_day(person_id, seen) for person_id, seen in by_person.items()}


def _person_day(person_id: uuid.UUID, seen: list[Sighting]) -> PersonDay:
    first, last = seen[0], seen[-1]
    left = last if last.at - first.at >= LAST_OUT_AFTER else None
    return PersonDay(person_id, first, left, len(seen))


def unknown_faces(school: School, day: date) -> int:
    """Return how many times on a date a face at this school was not known to its kiosk."""
    return scans(school=school, day=day).filter(verdict=Verdict.UNKNOWN).count()


def held_records(*, schools: QuerySet[School] | None = None) -> QuerySet[HeldRecord]:
    """Return held records, newest first, without their bytes; of devices serving `schools` where given."""
    found = HeldRecord.objects.select_related("device").defer("record").order_by("-received_at", "-id")
    if schools is not None:
        found = found.filter(device__school_links__school__in=schools.order_by().values("pk")).distinct()
    return found
