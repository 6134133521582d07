"""Pages of months: one school's sheet, checking, signing and opening it; a region's schools with how far they are."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from hadir.accounts.access import Action, may, schools_for
from hadir.accounts.models import User
from hadir.core import clock
from hadir.core.clock import read_month
from hadir.core.errors import HadirError
from hadir.months.access import SchoolMonth, get_month_or_404
from hadir.months.forms import ReopenForm, SignForm
from hadir.months.grid import COLUMNS, carried_words, found_words, grid_of
from hadir.months.models import Month, MonthSnapshot, MonthState
from hadir.months.points import steps_of
from hadir.months.queries import (
    adjustments_of,
    current_sheet,
    month_of,
    overview,
    pending_by_school,
    printable_month,
    signed_later,
)
from hadir.months.queries_region import UNUSED, Tally, due_for, months_between, region_month, signatures
from hadir.months.services import check_month, close_month, reopen_month
from hadir.months.sheet import MonthSheet
from hadir.schools.models import School
from hadir.schools.queries import find_schools

PAGE = 100
FEW = 25
"""So many schools are listed without being asked for."""
DAY = timedelta(days=1)
STATES = (MonthState.OPEN.value, MonthState.CHECKED.value, MonthState.CLOSED.value, UNUSED)


@login_required
@require_safe
def months(request: HttpRequest) -> HttpResponse:
    """Lead to the latest month of the only school; with several, show how far they are with a month."""
    schools = schools_for(request.user).select_related("district", "island")
    first = list(schools.order_by("npsn")[:2])
    if not first:
        raise Http404
    now = clock.now()
    if len(first) == 1:
        known = months_between(first[0])
        latest = known[-1] if known else clock.local_date(now, first[0].time_zone)
        return redirect("month", first[0].npsn, f"{latest:%Y-%m}")
    return render(request, "months/months.html", _region(request, schools, now))


@login_required
@require_safe
def month(request: HttpRequest, npsn: str, month: str) -> HttpResponse:
    """Show the sheet of a month: what was signed of a closed one, else the days as they are."""
    now = clock.now()
    asked = get_month_or_404(request.user, npsn, month, now)
    school, first = asked.school, asked.first
    with timezone.override(ZoneInfo(school.time_zone)):
        row = month_of(school, first.year, first.month)
        sheet, closure = printable_month(school, first.year, first.month, now)
        known = sorted({*months_between(school), first})
        place = known.index(first)
        since = [] if closure is None else adjustments_of(school, first.year, first.month)
        context = {
            **_shown(asked, row, sheet),
            "closure": closure,
            "steps": steps_of(school, sheet) if closure is None else [],
            "before": known[place - 1] if place else None,
            "after": known[place + 1] if place + 1 < len(known) else None,
            "due": [one for one in due_for(school, asked.today) if one != first],
            "carried": carried_words(sheet.adjustments),
            "since": found_words([one for one in since if one.version == row.version]),
            "history": _history(row),
            "may_sign": may(request.user, Action.SIGN_MONTH, school),
            "may_reopen": may(request.user, Action.REOPEN_MONTH, school),
            "may_export": may(request.user, Action.EXPORT, school),
            "several": schools_for(request.user).count() > 1,
        }
        return render(request, "months/month.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def month_check(request: HttpRequest, npsn: str, month: str) -> HttpResponse:
    """Let the head say that the month was looked through, with what is open before her eyes."""
    now = clock.now()
    asked = get_month_or_404(request.user, npsn, month, now, Action.SIGN_MONTH)
    school, first = asked.school, asked.first
    with timezone.override(ZoneInfo(school.time_zone)):
        row = month_of(school, first.year, first.month)
        if row.state == MonthState.CLOSED:
            return _is_closed(request, asked)
        if request.method == "POST":
            user = cast("User", request.user)
            check_month(school=school, year=first.year, month=first.month, by=user, name=user.display_name, now=now)
            messages.success(request, _("Bulan ini tercatat sudah diperiksa."))
            return redirect("month", npsn, month)
        sheet = current_sheet(school, first.year, first.month, now)
        context = {**_shown(asked, row, sheet), "steps": steps_of(school, sheet)}
        return render(request, "months/check.html", context)


@login_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def month_sign(request: HttpRequest, npsn: str, month: str) -> HttpResponse:
    """Show what is signed, and sign it with the password given once more."""
    now = clock.now()
    asked = get_month_or_404(request.user, npsn, month, now, Action.SIGN_MONTH)
    school, first = asked.school, asked.first
    user = cast("User", request.user)
    with timezone.override(ZoneInfo(school.time_zone)):
        row = month_of(school, first.year, first.month)
        if row.state == MonthState.CLOSED:
            return _is_closed(request, asked)
        sheet = current_sheet(school, first.year, first.month, now)
        digest = sheet.digest()
        form = SignForm(request.POST or None, initial=_signer(user, sheet) | {"digest": digest})
        if request.method == "POST" and _signed(request, asked, form, digest, now):
            messages.success(request, _("Bulan ini sudah ditandatangani dan ditutup."))
            return redirect("month", npsn, month)
        context = {
            **_shown(asked, row, sheet),
            "steps": steps_of(school, sheet),
            "form": form,
            "digest": digest,
            "later": signed_later(row),
        }
        return render(request, "months/sign.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def month_reopen(request: HttpRequest, npsn: str, month: str) -> HttpResponse:
    """Open a closed month again, with the reason."""
    now = clock.now()
    asked = get_month_or_404(request.user, npsn, month, now, Action.REOPEN_MONTH)
    school, first = asked.school, asked.first
    with timezone.override(ZoneInfo(school.time_zone)):
        form = ReopenForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            user = cast("User", request.user)
            try:
                reopen_month(
                    school=school,
                    year=first.year,
                    month=first.month,
                    reason=form.cleaned_data["reason"],
                    name=user.display_name,
                    by=user,
                    now=now,
                )
            except HadirError as error:
                form.add_error("reason", error.message)
            else:
                messages.success(request, _("Bulan ini terbuka kembali. Lembar yang lama tetap tersimpan."))
                return redirect("month", npsn, month)
        row = month_of(school, first.year, first.month)
        if row.state != MonthState.CLOSED and not form.is_bound:
            messages.info(request, HadirError("month_not_closed").message)
            return redirect("month", npsn, month)
        context = {
            "asked": asked,
            "school": school,
            "row": row,
            "form": form,
            "history": _history(row),
            "later": signed_later(row),
        }
        return render(request, "months/reopen.html", context, status=422 if form.errors else 200)


def _shown(asked: SchoolMonth, row: Month, sheet: MonthSheet) -> dict[str, Any]:
    """Return what every page of a month with its sheet needs."""
    return {
        "asked": asked,
        "school": asked.school,
        "row": row,
        "sheet": sheet,
        "grid": grid_of(sheet),
        "columns": COLUMNS,
    }


def _is_closed(request: HttpRequest, asked: SchoolMonth) -> HttpResponse:
    messages.info(request, HadirError("month_closed").message)
    return redirect("month", asked.school.npsn, asked.key)


def _signed(request: HttpRequest, asked: SchoolMonth, form: SignForm, digest: str, now: datetime) -> bool:
    """Sign if everything is as the signer saw it; what is wrong is told at the form."""
    user = cast("User", request.user)
    valid = form.is_valid()
    given = form.cleaned_data
    if given.get("digest") != digest:
        # Told even beside another error: the page that is shown now has the new content.
        form.add_error(None, HadirError("month_changed").message)
        return False
    if not valid:
        return False
    # Through the same door as the login, so that wrong passwords are counted and the name is locked alike.
    if authenticate(request, username=user.get_username(), password=given["password"]) != user:
        form.add_error("password", _("Kata sandi belum cocok. Coba sekali lagi."))
        return False
    try:
        close_month(
            school=asked.school,
            year=asked.first.year,
            month=asked.first.month,
            digest=given["digest"],
            name=given["name"],
            nip=given["nip"],
            duty=given["duty"],
            by=user,
            now=now,
        )
    except HadirError as error:
        form.add_error(None, error.message)
        return False
    return True


def _signer(user: User, sheet: MonthSheet) -> dict[str, str]:
    """Return who the signer is, as the list of staff has it; else as the login has it."""
    row = next((one for one in sheet.rows if one.person == user.person_id), None)
    if row is not None:
        return {"name": row.name, "nip": row.nip, "duty": row.duty}
    if user.person is not None:
        return {"name": user.person.full_name, "nip": user.person.nip, "duty": ""}
    return {"name": user.display_name, "nip": "", "duty": ""}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history of a month."""

    at: datetime
    kind: str
    version: int
    name: str
    words: str


def _history(row: Month) -> list[Event]:
    """Return who signed and opened the month, latest first."""
    if row._state.adding:
        return []
    signed = row.snapshots.defer("sheet", "rules")
    events = [Event(one.signed_at, "signed", one.version, one.signer_name, one.digest) for one in signed]
    events += [
        Event(one.reopened_at, "reopened", one.version, one.reopened_name, one.reason) for one in row.reopenings.all()
    ]
    return sorted(events, key=lambda event: (event.at, event.version, event.kind == "reopened"), reverse=True)


def _region(request: HttpRequest, schools: QuerySet[School], now: datetime) -> dict[str, Any]:
    """Return a month of many schools: counters and kecamatan, and the schools asked for."""
    today = timezone.localtime(now).date()
    this = today.replace(day=1)
    first = read_month(request.GET.get("bulan", "")) or (this - DAY).replace(day=1)
    first = min(first, this)
    found = region_month(schools, first)
    words, wanted = request.GET.get("cari", "").strip(), request.GET.get("keadaan", "")
    district = request.GET.get("kecamatan", "")
    wanted = wanted if wanted in STATES else ""
    listed = find_schools(schools, words)
    if district:
        listed = listed.filter(district__name=district)
    if wanted:
        listed = listed.filter(pk__in=[key for key, state in found.states.items() if state == wanted])
    page = Paginator(listed, PAGE).get_page(request.GET.get("halaman"))
    asked = bool(words or district or wanted or "halaman" in request.GET)
    shown = asked or page.paginator.count <= FEW
    return {
        "first": first,
        "before": (first - DAY).replace(day=1),
        "after": (first + 31 * DAY).replace(day=1) if first < this else None,
        "running": first == this,
        "found": found,
        "counters": _counters(found.whole),
        "page": page,
        "listed": shown,
        "asked": asked,
        "words": words,
        "wanted": wanted,
        "district": district,
        "kept": {"bulan": f"{first:%Y-%m}", "keadaan": wanted, "kecamatan": district},
        "lines": _lines(list(page.object_list), first, found.states) if shown else [],
    }


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter above the list: it filters the list, and all together are every school."""

    name: str
    number: int
    note: str


def _counters(tally: Tally) -> list[Counter]:
    notes = {
        MonthState.OPEN: _("belum diperiksa"),
        MonthState.CHECKED: _("menunggu tanda tangan"),
        MonthState.CLOSED: _("sudah ditandatangani"),
        UNUSED: _("belum memakai Hadir"),
    }
    return [Counter(str(name), tally.numbers.get(name, 0), note) for name, note in notes.items()]


@dataclass(frozen=True, slots=True)
class Line:
    """One school of the list. `signed`: the signature of a closed month."""

    school: School
    state: str
    pending: int
    signed: MonthSnapshot | None
    row: Month | None


def _lines(schools: list[School], first: date, states: Mapping[uuid.UUID, str]) -> list[Line]:
    keys = School.objects.filter(pk__in=[school.pk for school in schools])
    rows = overview(keys, first.year, first.month)
    signed = signatures(list(rows.values()))
    pending = pending_by_school([school.pk for school in schools], first.year, first.month)
    return [
        Line(
            school=school,
            state=states.get(school.pk, UNUSED),
            pending=pending.get(school.pk, 0),
            signed=signed.get(school.pk),
            row=rows.get(school.pk),
        )
        for school in schools
    ]
