"""Checking, signing, closing and opening a month of a school. What is signed is the digest that the signer saw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from hadir.accounts.models import User
from hadir.core.clock import local_date, month_bounds
from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.core.texts import clean_text
from hadir.months.adjusting import days_of
from hadir.months.models import Month, MonthSnapshot, MonthState, Reopening
from hadir.months.queries import current_sheet
from hadir.months.unjudged import unjudged_dates
from hadir.people.marks import mark_schools
from hadir.people.models import Assignment, DayMark
from hadir.schools.models import School


@dataclass(frozen=True, slots=True)
class _Signature:
    """What a signer gives: the digest that she saw, and who she is."""

    digest: str
    name: str
    nip: str
    duty: str
    by: User | None


class _UnjudgedError(Exception):
    """Dates of the month on which somebody has no person-day."""

    def __init__(self, dates: Sequence[date]) -> None:
        super().__init__(dates)
        self.dates = dates


@transaction.atomic
def check_month(*, school: School, year: int, month: int, by: User | None, name: str, now: datetime) -> Month:
    """Say that somebody looked through the month and its open points. Raises HadirError `month_closed`."""
    row = _locked(school, year, month)
    if row.state == MonthState.CLOSED:
        raise HadirError("month_closed")
    row.state, row.checked_by, row.checked_at = MonthState.CHECKED, by, now
    row.checked_name = clean_text(name, field="nama", limit=160)
    row.save(update_fields=["state", "checked_by", "checked_name", "checked_at"])
    _audit("check_month", row, by, now, {})
    return row


def close_month(
    *,
    school: School,
    year: int,
    month: int,
    digest: str,
    name: str,
    nip: str = "",
    duty: str = "",
    by: User | None,
    now: datetime,
) -> MonthSnapshot:
    """Sign and close a month: its sheet is kept whole, for ever.

    `school` is loaded with `district__region` and `island`. `digest` is that of the sheet that the signer saw; when
    the days have changed since, nothing is signed. The caller has made sure that the signer is who she says (her
    password was just given). Days that are still *tertunda* may be signed: they are listed on the sheet and become
    adjustments when decided.

    Raises HadirError `month_not_over`, `month_closed`, `month_empty`, `month_computing` (days wait to be judged, or to
    be judged anew), `month_changed`, `name_of_declarer_missing`.
    """
    signature = _Signature(
        digest,
        clean_text(name, field="nama", limit=160),
        clean_text(nip, field="NIP", limit=40),
        clean_text(duty, field="jabatan", limit=120),
        by,
    )
    try:
        return _close(school, year, month, signature, now)
    except _UnjudgedError as found:
        # Outside of what was refused, or the marks would go with it.
        mark_schools(schools=[school.pk], first=found.dates[0], last=found.dates[-1], now=now)
        raise HadirError("month_computing") from None


@transaction.atomic
def _close(school: School, year: int, month: int, signature: _Signature, now: datetime) -> MonthSnapshot:
    row = _locked(school, year, month)
    if row.state == MonthState.CLOSED:
        raise HadirError("month_closed")
    if local_date(now, school.time_zone) <= row.last:
        raise HadirError("month_not_over")
    if not signature.name:
        raise HadirError("name_of_declarer_missing")
    if _is_computing(school, row.first, row.last):
        raise HadirError("month_computing")
    if dates := unjudged_dates(school, row.first, row.last, now):
        raise _UnjudgedError(dates)
    sheet = current_sheet(school, year, month, now)
    if not sheet.rows:
        raise HadirError("month_empty")
    if sheet.digest() != signature.digest:
        raise HadirError("month_changed")
    row.state, row.version = MonthState.CLOSED, row.version + 1
    row.compared_at, row.known_days = now, days_of(row)
    row.save(update_fields=["state", "version", "compared_at", "known_days"])
    snapshot = MonthSnapshot.objects.create(
        month=row,
        version=row.version,
        sheet=sheet.to_snapshot(),
        digest=signature.digest,
        rules=list(sheet.rules),
        signer=signature.by,
        signer_name=signature.name,
        signer_nip=signature.nip,
        signer_duty=signature.duty,
        signed_at=now,
    )
    told = {"digest": signature.digest, "version": row.version, "name": signature.name}
    _audit("close_month", row, signature.by, now, told)
    return snapshot


@transaction.atomic
def reopen_month(
    *, school: School, year: int, month: int, reason: str, name: str, by: User | None, now: datetime
) -> Reopening:
    """Open a closed month again, with a reason; what was signed stays and a new version is signed later.

    Raises HadirError `month_not_closed`, `reason_missing`.
    """
    told = clean_text(reason, field="alasan", limit=300)
    if not told:
        raise HadirError("reason_missing")
    row = _locked(school, year, month)
    if row.state != MonthState.CLOSED:
        raise HadirError("month_not_closed")
    row.state, row.checked_by, row.checked_at, row.checked_name = MonthState.OPEN, None, None, ""
    row.save(update_fields=["state", "checked_by", "checked_at", "checked_name"])
    reopening = Reopening.objects.create(
        month=row,
        version=row.version,
        reason=told,
        reopened_by=by,
        reopened_name=clean_text(name, field="nama", limit=160),
        reopened_at=now,
    )
    _audit("reopen_month", row, by, now, {"reason": told, "version": row.version})
    return reopening


def _locked(school: School, year: int, month: int) -> Month:
    """Return the month's row, locked, so that of two signers one comes after the other."""
    first, last = month_bounds(year, month)
    # The school first: its days are not judged, nor its other months adjusted, while one of them is signed.
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    Month.objects.get_or_create(school=school, first=first, defaults={"last": last})
    return Month.objects.select_for_update().get(school=school, first=first)


def _is_computing(school: School, first: date, last: date) -> bool:
    """Tell whether days of the month are marked to be judged anew."""
    people = Assignment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first), school=school)
    touching = DayMark.objects.filter(first__lte=last, last__gte=first)
    return touching.filter(Q(school=school) | Q(person__in=people.values("person"))).exists()


def _audit(action: str, row: Month, by: User | None, now: datetime, detail: dict[str, object]) -> None:
    record_audit(
        actor=by,
        action=action,
        object_kind="school",
        object_id=row.school_id,
        now=now,
        detail={"month": f"{row.first:%Y-%m}", **detail},
    )
