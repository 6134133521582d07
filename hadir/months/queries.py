"""Reading months: the sheet as it is or as it was signed, what is carried to it, and what still waits."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hadir.attendance.models import PersonDay
from hadir.attendance.reviews import waiting_scans
from hadir.core.clock import month_bounds
from hadir.devices.models import Device
from hadir.leave.models import Incident
from hadir.leave.queries import waiting_at
from hadir.ledger.queries_terminal import doubted_punches, waiting_pins
from hadir.months.causes import say_cause
from hadir.months.models import Adjustment, Month, MonthSnapshot, MonthState
from hadir.months.sheet import MonthSheet, SheetAdjustment
from hadir.months.sheet_building import month_sheet
from hadir.rules.verdict import PENDING
from hadir.schools.models import School


@dataclass(frozen=True, slots=True)
class Closure:
    """Who signed a month, when, and the digest of what was signed."""

    signer_name: str
    signer_nip: str
    signer_duty: str
    signed_at: datetime
    digest: str
    version: int


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """Something that should be looked at before a month is signed. `kind` is stable, `words` are for people."""

    kind: str
    number: int
    words: str


def month_of(school: School, year: int, month: int) -> Month:
    """Return the month's row; one that is not saved where nobody has touched the month yet."""
    first, last = month_bounds(year, month)
    row = Month.objects.filter(school=school, first=first).select_related("checked_by").first()
    return row or Month(school=school, first=first, last=last)


def current_sheet(school: School, year: int, month: int, now: datetime) -> MonthSheet:
    """Return the sheet from the days as they are now, with the adjustments carried to it.

    `school` is loaded with `district__region` and `island`. Raises HadirError `rule_pack_unusable`.
    """
    return month_sheet(school, year, month, now, carried_to(school, year, month))


def printable_month(school: School, year: int, month: int, now: datetime) -> tuple[MonthSheet, Closure | None]:
    """Return the signed sheet of a closed month with its closure, else the days as they are and None."""
    row = month_of(school, year, month)
    if row.state != MonthState.CLOSED:
        return current_sheet(school, year, month, now), None
    snapshot = row.snapshots.get(version=row.version)
    return MonthSheet.from_snapshot(snapshot.sheet), closure_of(snapshot)


def closure_of(snapshot: MonthSnapshot) -> Closure:
    """Return the signature of a snapshot."""
    return Closure(
        signer_name=snapshot.signer_name,
        signer_nip=snapshot.signer_nip,
        signer_duty=snapshot.signer_duty,
        signed_at=snapshot.signed_at,
        digest=snapshot.digest,
        version=snapshot.version,
    )


def adjustments_of(school: School, year: int, month: int) -> QuerySet[Adjustment]:
    """Return what changed in this closed month after it was signed last."""
    first, _last = month_bounds(year, month)
    found = Adjustment.objects.filter(month__school=school, month__first=first)
    return found.select_related("person", "month").order_by("found_at", "day", "id")


def carried_to(school: School, year: int, month: int) -> tuple[SheetAdjustment, ...]:
    """Return the adjustments that stand on this month's sheet. One query.

    Of a month that was opened again and signed anew the adjustments of the former version are part of the new sheet,
    so they are carried no more. The words are part of what is signed: they are Indonesian, by the school's clock,
    whoever looks from wherever.
    """
    with translation.override("id"), timezone.override(school.time_zone):
        return _carried(school, year, month)


def _carried(school: School, year: int, month: int) -> tuple[SheetAdjustment, ...]:
    first, _last = month_bounds(year, month)
    found = Adjustment.objects.filter(month__school=school, carry_first=first).select_related("person", "month")
    return tuple(
        SheetAdjustment(
            person=one.person_id,
            name=one.person.full_name,
            date=one.day,
            old=say_meaning(one.old),
            new=say_meaning(one.new),
            cause=say_cause(one.cause, one.params),
            late=one.late,
            early=one.early,
        )
        for one in found.order_by("day", "person__name", "found_at", "id")
        if one.version == one.month.version and one.month.state == MonthState.CLOSED
    )


def signed_later(month: Month) -> Mapping[date, int]:
    """Return on which signed sheets of later months changes of this month stand, with how many, by first day, in order.

    Where this month is signed anew its sheet holds these changes itself, so they count twice until those months are
    opened and signed anew too. Two queries.
    """
    carried = Adjustment.objects.filter(month=month.pk).values_list("carry_first", flat=True).distinct()
    sheets = MonthSnapshot.objects.filter(
        month__school=month.school_id,
        month__first__in=set(carried),
        month__state=MonthState.CLOSED,
        version=F("month__version"),
    )
    within = (month.first.isoformat(), month.last.isoformat())
    found = {
        first: sum(within[0] <= one["date"] <= within[1] for one in adjustments)
        for first, adjustments in sheets.order_by("month__first").values_list("month__first", "sheet__adjustments")
    }
    return {first: number for first, number in found.items() if number}


def say_meaning(meaning: Mapping[str, Any] | None) -> str:
    """Return a day's status and codes as words: "H TL1"; a dash where there is no such day."""
    return " ".join([meaning["status"], *meaning["codes"]]) if meaning else "-"


def open_points(school: School, year: int, month: int) -> list[OpenPoint]:
    """Return what a signer should look at first. A fixed number of queries for each device of the school."""
    first, last = month_bounds(year, month)
    pending = PersonDay.objects.filter(school=school, day__gte=first, day__lte=last, status=PENDING)
    points = [
        OpenPoint(f"pending_{cause}", number, _("hari tertunda"))
        for cause, number in pending.order_by("cause").values_list("cause").annotate(number=Count("id"))
    ]
    devices = list(Device.objects.filter(schools=school).exclude(kind="kiosk"))
    pins = sum(len(waiting_pins(device)) for device in devices)
    clocks = len(doubted_punches([device.pk for device in devices]))
    scans = waiting_scans(School.objects.filter(pk=school.pk)).count()
    people = PersonDay.objects.filter(school=school, day__gte=first, day__lte=last).values_list("person", flat=True)
    asked = len(waiting_at(list(people.distinct()), first, last))
    reported = Incident.objects.filter(school=school, state="reported", first__lte=last, last__gte=first).count()
    for kind, number, words in (
        ("requests", asked, _("permohonan yang belum diputuskan")),
        ("incidents", reported, _("kejadian yang belum dikukuhkan")),
        ("pins", pins, _("PIN mesin yang belum punya nama")),
        ("clocks", clocks + scans, _("catatan dengan jam yang diragukan")),
    ):
        if number:
            points.append(OpenPoint(kind, number, words))
    return points


def overview(schools: QuerySet[School], year: int, month: int) -> Mapping[uuid.UUID, Month]:
    """Return the rows of a month by school, for a list of schools. One query."""
    first, _last = month_bounds(year, month)
    return {row.school_id: row for row in Month.objects.filter(school__in=schools, first=first)}


def months_of(school: School) -> Sequence[date]:
    """Return the first days of the months that have person-days, latest first. One query."""
    days = PersonDay.objects.filter(school=school).dates("day", "month", order="DESC")
    return [day.replace(day=1) for day in days]


def pending_by_school(schools: Collection[uuid.UUID], year: int, month: int) -> Mapping[uuid.UUID, int]:
    """Return how many days of a month wait, by school. One query."""
    first, last = month_bounds(year, month)
    waiting = Q(day__gte=first, day__lte=last, final=False, status=PENDING, school__in=schools)
    return dict(PersonDay.objects.filter(waiting).order_by().values_list("school").annotate(Count("id")))
