"""Which scans wait because their clock is doubted, and what people decided about them."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Exists, OuterRef, QuerySet

from hadir.attendance.models import ScanReview
from hadir.ledger.models import ClockDoubt, Scan
from hadir.ledger.queries import counted
from hadir.schools.models import School


@dataclass(frozen=True, slots=True)
class Standing:
    """What a scan with a doubted clock counts for. `at`: the moment of an accepted one, else None; `review`: the last
    decision, None while it waits."""

    state: Literal["waiting", "accepted", "rejected"]
    at: datetime | None
    review: ScanReview | None


def standing_of(scans: Iterable[Scan]) -> Mapping[uuid.UUID, Standing]:
    """Return the standing of each of these scans whose clock is doubted; the others are missing, they simply count.

    Two queries.
    """
    keys = [scan.pk for scan in scans]
    doubted = list(ClockDoubt.objects.filter(scan__in=keys).values_list("scan", flat=True)) if keys else []
    last = last_reviews(doubted)
    return {key: _standing(last.get(key)) for key in doubted}


def last_reviews(scans: Collection[uuid.UUID]) -> Mapping[uuid.UUID, ScanReview]:
    """Return the decision that holds for each of these scans, where there is one. One query at most."""
    if not scans:
        return {}
    rows = ScanReview.objects.filter(scan__in=list(scans)).order_by("decided_at", "id")
    return {row.scan_id: row for row in rows}


def _standing(review: ScanReview | None) -> Standing:
    if review is None:
        return Standing("waiting", None, None)
    return Standing("rejected" if review.at is None else "accepted", review.at, review)


def waiting_scans(schools: QuerySet[School]) -> QuerySet[Scan]:
    """Return the scans at these schools on which a person must decide, oldest receipt first, without their bytes."""
    found = counted(Scan.objects.filter(school__in=schools.order_by().values("pk"), clock_doubt__isnull=False))
    found = found.filter(~Exists(ScanReview.objects.filter(scan=OuterRef("pk"))))
    return found.select_related("person", "school", "device").defer("record", "quality").order_by("received_at", "id")
