"""Where documents get a school's month from: the signed snapshot of a closed month, else the days as they are."""

from datetime import datetime

from django.db.models import QuerySet

from hadir.core.errors import HadirError
from hadir.months.queries import printable_month
from hadir.months.sheet import MonthSheet
from hadir.reports.documents.layout import Layout
from hadir.reports.documents.letterhead import Signed, signer_of
from hadir.reports.documents.rekap import Rekap, rekap_of
from hadir.schools.models import School


def with_places(schools: QuerySet[School]) -> QuerySet[School]:
    """Load what a form says of a school beside it."""
    return schools.select_related("district__region", "island")


def sheet_for(school: School, year: int, month: int, *, now: datetime) -> tuple[MonthSheet, Signed | None]:
    """Return a month of a school (loaded by `with_places`), and who signed it; None: it is not closed.

    Raises HadirError `month_empty`, `rule_pack_unusable`.
    """
    sheet, closure = printable_month(school, year, month, now)
    if not sheet.rows:
        raise HadirError("month_empty")
    if closure is None:
        return sheet, None
    return sheet, Signed(
        closure.signer_name, closure.signer_nip, closure.signed_at, closure.digest, closure.signer_duty
    )


def rekap_for(school: School, year: int, month: int, layout: Layout, *, now: datetime) -> tuple[Rekap, MonthSheet]:
    """Return the rekap of a school's month and the sheet it stands for. Errors as `sheet_for`."""
    sheet, signed = sheet_for(school, year, month, now=now)
    return rekap_of(sheet, layout, signer_of(sheet, layout, signed, now=now), now=now), sheet
