"""Proof over closed months: every sheet has the digest that was signed, and no day changed without an adjustment."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from hadir.months.adjusting import differences
from hadir.months.models import MonthSnapshot, MonthState
from hadir.months.sheet import MonthSheet
from hadir.schools.models import School


@dataclass(frozen=True, slots=True)
class Checked:
    """One snapshot. `digest_holds`: its content has the digest that was signed; `unseen`: days of today that differ
    from what is known last, without an adjustment (only of the version in force)."""

    month: str
    npsn: str
    version: int
    digest_holds: bool
    unseen: int

    @property
    def is_right(self) -> bool:
        """Tell whether nothing is wrong."""
        return self.digest_holds and not self.unseen

    def facts(self) -> dict[str, Any]:
        """Return the values by name."""
        return {
            "month": self.month,
            "school": self.npsn,
            "version": self.version,
            "digest_holds": self.digest_holds,
            "unseen": self.unseen,
        }


def verify_months(schools: QuerySet[School]) -> Iterator[Checked]:
    """Check every snapshot of these schools, oldest month first. Memory holds one at a time."""
    snapshots = MonthSnapshot.objects.filter(month__school__in=schools).select_related("month__school")
    for snapshot in snapshots.order_by("month__first", "month__school__npsn", "version").iterator(chunk_size=20):
        month = snapshot.month
        in_force = month.state == MonthState.CLOSED and month.version == snapshot.version
        yield Checked(
            month=f"{month.first:%Y-%m}",
            npsn=month.school.npsn,
            version=snapshot.version,
            digest_holds=_digest(snapshot) == snapshot.digest,
            unseen=len(differences(month, snapshot)) if in_force else 0,
        )


def _digest(snapshot: MonthSnapshot) -> str:
    try:
        return MonthSheet.from_snapshot(snapshot.sheet).digest()
    except (ValueError, KeyError, TypeError):
        return ""
