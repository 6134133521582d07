"""Reading the ledger: whose scans, where and when, and which of them count."""

import uuid
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from hadir.core import clock
from hadir.ledger.models import HeldRecord, Scan, Source, Verdict
from hadir.schools.models import School

LAST_OUT_AFTER = timedelta(minutes=30)
"""A last scan nearer to the first than this is the same arrival, not a departure."""


def scans(
    *, school: School | None = None, device_id: uuid.UUID | None = None, day: date | None = None
) -> QuerySet[Scan]:
    """Return scans with person, school and device loaded, oldest first; the exact bytes stay in the database.

    `day` is counted in the time zone of `school` and needs it.
    """
    found = Scan.objects.select_related("person", "school", "device").defer("record").order_by("captured_at", "id")
    if school is not None:
        found = found.filter(school=school)
        if day is not None:
            start, end = clock.day_bounds(day, school.time_zone)
            found = found.filter(captured_at__gte=start, captured_at__lt=end)
    if device_id is not None:
        found = found.filter(device=device_id)
    return found


def counted(found: QuerySet[Scan]) -> QuerySet[Scan]:
    """Leave the scans that say a known person was there: recognised, and no sample picture outside a demo region.

    Scans with another flag (an odd clock, a revoked device) count; whoever shows them shows the flag.
    """
    return found.filter(
        ~Q(source=Source.SAMPLE) | Q(school__district__region__is_demo=True),
        verdict=Verdict.RECOGNISED,
        person__isnull=False,
    )


def unknown_faces(school: School, day: date) -> int:
    """Return how many times on a date a face at this school was not known to its kiosk."""
    return scans(school=school, day=day).filter(verdict=Verdict.UNKNOWN).count()


def held_records() -> QuerySet[HeldRecord]:
    """Return the records that wait for a person to look at them, oldest first, without their bytes."""
    return HeldRecord.objects.select_related("device").defer("record").order_by("received_at", "id")
