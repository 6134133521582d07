"""Deciding on scans whose clock is doubted: decisions are added, never changed, and the last one counts."""

from datetime import datetime

from django.db import transaction

from hadir.accounts.models import User
from hadir.attendance.models import ScanReview
from hadir.core.clock import local_date
from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.core.texts import clean_text
from hadir.ledger.clocks import CLOCK_AHEAD
from hadir.ledger.models import ClockDoubt, Scan
from hadir.people.marks import mark_person


@transaction.atomic
def review_scan(
    *, scan: Scan, accept: bool, reason: str, name: str, by: User | None, now: datetime, at: datetime | None = None
) -> ScanReview:
    """Accept or reject a scan whose clock is doubted, on the word of a named person, with a reason.

    Accepted, it counts for `at` (default: the time that the device claims), which cannot be after its receipt.
    Rejected, it counts for nothing. Every date that it may have belonged to is marked to be judged anew. Raises
    HadirError `reason_missing`, `name_of_declarer_missing`, `scan_not_doubted`, `review_time_wrong`, `text_*`.
    """
    told, named = clean_text(reason, field="alasan", limit=300), clean_text(name, field="nama", limit=160)
    if not told:
        raise HadirError("reason_missing")
    if not named:
        raise HadirError("name_of_declarer_missing")
    doubt = ClockDoubt.objects.filter(scan=scan, person__isnull=False).first()
    if doubt is None or doubt.person_id is None:
        raise HadirError("scan_not_doubted")
    counts_at = (at or scan.captured_at) if accept else None
    if counts_at is not None and counts_at > scan.received_at + CLOCK_AHEAD:
        raise HadirError("review_time_wrong")
    earlier = ScanReview.objects.filter(scan=scan, at__isnull=False).values_list("at", flat=True)
    moments = {scan.captured_at, *(moment for moment in (*earlier, counts_at) if moment is not None)}
    row = ScanReview.objects.create(
        scan=scan, at=counts_at, reason=told, decided_by=by, decided_name=named, decided_at=now
    )
    zone = scan.school.time_zone
    spans = {(doubt.made_after, doubt.received_at), *((moment, moment) for moment in moments)}
    for first, last in spans:
        mark_person(person_id=doubt.person_id, first=local_date(first, zone), last=local_date(last, zone), now=now)
    record_audit(
        actor=by,
        action="accept_scan" if accept else "reject_scan",
        object_kind="scan",
        object_id=scan.pk,
        now=now,
        detail={"at": counts_at.isoformat() if counts_at else None, "reason": told, "name": named},
    )
    return row
