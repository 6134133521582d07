"""Proof over closed months: every sheet has the digest that was signed, and no day changed without an adjustment."""

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from hadir.attendance.models import PersonDay
from hadir.months.adjusting import FIELDS, counted, differences
from hadir.months.models import Adjustment, Month, MonthSnapshot, MonthState
from hadir.months.queries import carried_to
from hadir.months.sheet import digest_of
from hadir.schools.models import School


@dataclass(frozen=True, slots=True)
class Checked:
    """One snapshot. `digest_holds`: its content has the digest that was signed; `unseen`: days of today that differ
    from what is known last, without an adjustment; `homeless`: adjustments carried to this month that are not on its
    sheet; `uneven`: people whose minutes and unexcused days of today are not those signed plus those of the
    adjustments (all three only of the version in force). `opened_silently`: it was opened again and nobody said why."""

    month: str
    npsn: str
    version: int
    digest_holds: bool
    unseen: int
    homeless: int
    uneven: int
    opened_silently: bool

    @property
    def is_right(self) -> bool:
        """Tell whether nothing is wrong."""
        return self.digest_holds and not (self.unseen or self.homeless or self.uneven or self.opened_silently)

    def facts(self) -> dict[str, Any]:
        """Return the values by name."""
        return {
            "month": self.month,
            "school": self.npsn,
            "version": self.version,
            "digest_holds": self.digest_holds,
            "unseen": self.unseen,
            "homeless": self.homeless,
            "uneven": self.uneven,
            "opened_silently": self.opened_silently,
        }


def verify_months(schools: QuerySet[School]) -> Iterator[Checked]:
    """Check every snapshot of these schools, oldest month first. Memory holds one at a time."""
    snapshots = MonthSnapshot.objects.filter(month__school__in=schools).select_related("month__school")
    for snapshot in snapshots.order_by("month__first", "month__school__npsn", "version").iterator(chunk_size=20):
        month = snapshot.month
        last = month.version == snapshot.version
        in_force = last and month.state == MonthState.CLOSED
        told = month.reopenings.filter(version=snapshot.version).exists()
        yield Checked(
            month=f"{month.first:%Y-%m}",
            npsn=month.school.npsn,
            version=snapshot.version,
            digest_holds=digest_of(snapshot.sheet) == snapshot.digest,
            unseen=len(differences(month, snapshot)) if in_force else 0,
            homeless=_homeless(month, snapshot) if in_force else 0,
            uneven=_uneven(month, snapshot) if in_force else 0,
            opened_silently=not in_force and not told,
        )


def _homeless(month: Month, snapshot: MonthSnapshot) -> int:
    """Return how many adjustments that are carried to a signed month are not on what was signed."""
    there = {(one["person"], one["date"], one["old"], one["new"]) for one in snapshot.sheet["adjustments"]}
    carried = carried_to(month.school, month.first.year, month.first.month)
    return sum((str(one.person), one.date.isoformat(), one.old, one.new) not in there for one in carried)


def _uneven(month: Month, snapshot: MonthSnapshot) -> int:
    """Return how many people's counts of today are not what was signed plus its adjustments. Two queries."""
    left: Counter[tuple[uuid.UUID, str]] = Counter()
    for row in snapshot.sheet["rows"]:
        for cell in row["cells"]:
            _add(left, uuid.UUID(row["person"]), counted({"late": 0, "early": 0} | cell), 1)
    for one in Adjustment.objects.filter(month=month, version=snapshot.version):
        _add(left, one.person_id, (one.late, one.early, one.absent), 1)
    days = PersonDay.objects.filter(school=month.school_id, day__gte=month.first, day__lte=month.last)
    for day in days.only("person", *FIELDS):
        _add(left, day.person_id, counted({name: getattr(day, name) for name in FIELDS}), -1)
    return len({person for (person, _what), number in left.items() if number})


def _add(sums: Counter[tuple[uuid.UUID, str]], person: uuid.UUID, numbers: tuple[int, int, int], sign: int) -> None:
    for what, number in zip(("late", "early", "absent"), numbers, strict=True):
        sums[person, what] += sign * number
