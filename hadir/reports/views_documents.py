"""Documents to download: what there is for whom, and each of them as a file."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from hadir.accounts.access import Action, get_person_or_404, get_school_or_404, schools_for
from hadir.accounts.models import User
from hadir.core import clock
from hadir.core.clock import YEARS, read_month
from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.months.access import get_month_or_404
from hadir.months.models import Month, MonthState
from hadir.months.queries import overview
from hadir.people.models import Person
from hadir.reports.documents.bulk import rekap_file
from hadir.reports.documents.layout import office_layout
from hadir.reports.documents.pp94 import cases_of, pp94_xlsx
from hadir.reports.documents.sources import rekap_for, with_places
from hadir.reports.documents.sptjm import sptjm_form
from hadir.reports.documents.tpp import tpp_csv, tpp_rows, tpp_xlsx
from hadir.reports.documents.year import year_form, year_sheet, year_xlsx
from hadir.schools.models import District, School
from hadir.schools.queries import find_schools

View = Callable[..., HttpResponse]
PAGE = 25
SCHOOLS_AT_ONCE = 60
"""A list of more schools is made by `hadir reports`, not while a browser waits."""
KINDS = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def told(view: View) -> View:
    """Answer a refusal with its sentence on the page of documents."""

    @wraps(view)
    def answer(request: HttpRequest, **parts: Any) -> HttpResponse:
        try:
            return view(request, **parts)
        except HadirError as error:
            messages.error(request, error.message)
            return redirect("reports")

    return answer


@dataclass(frozen=True, slots=True)
class Line:
    """A school of the list; `closed`: its month is signed."""

    school: School
    closed: bool


@login_required
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """Show what can be had: the rekap of a month school by school, lists for the office, one's own year."""
    user = cast("User", request.user)
    schools = with_places(schools_for(user, Action.EXPORT))
    today = clock.local_date(clock.now(), settings.TIME_ZONE)
    first = _month(request.GET.get("bulan", ""), today)
    words = request.GET.get("cari", "").strip()
    page = Paginator(find_schools(schools, words), PAGE).get_page(request.GET.get("halaman"))
    known = overview(School.objects.filter(pk__in=[one.pk for one in page.object_list]), first.year, first.month)
    districts = District.objects.filter(schools__in=schools).distinct().order_by("name")
    number = schools.count()
    context = {
        "first": first,
        "before": (first - timedelta(days=1)).replace(day=1),
        "after": (first + timedelta(days=32)).replace(day=1) if first < today.replace(day=1) else None,
        "month_key": f"{first:%Y-%m}",
        "page": page,
        "lines": [Line(one, _is_closed(known.get(one.pk))) for one in page.object_list],
        "words": words,
        "kept": {"bulan": request.GET.get("bulan", "")},
        "number": number,
        "districts": districts if number > 1 else (),
        "all_at_once": number <= SCHOOLS_AT_ONCE,
        "own": user.person_id,
        "years": (today.year, today.year - 1),
    }
    return render(request, "reports/documents.html", context)


def _month(text: str, today: date) -> date:
    """Return the month asked for; without one the last that is over, since reports look back."""
    asked = read_month(text) if text else None
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    return asked if asked is not None and asked <= today else last


def _is_closed(row: Month | None) -> bool:
    return row is not None and row.state == MonthState.CLOSED


@login_required
@require_safe
@told
def rekap(request: HttpRequest, npsn: str, month: str, form: str) -> HttpResponse:
    """Return a school's month as a spreadsheet or for print."""
    now = clock.now()
    asked = get_month_or_404(request.user, npsn, month, now, Action.EXPORT)
    content = rekap_file(asked.school, asked.first.year, asked.first.month, form, now=now)
    _note(request, f"export_rekap_{form}", asked.school, asked.key, now)
    return _file(content, f"rekap-{npsn}-{asked.key}", form)


@login_required
@require_safe
@told
def sptjm(request: HttpRequest, npsn: str, month: str) -> HttpResponse:
    """Return the statement of the head of a school for a month."""
    now = clock.now()
    asked = get_month_or_404(request.user, npsn, month, now, Action.EXPORT)
    layout = office_layout()
    made, sheet = rekap_for(asked.school, asked.first.year, asked.first.month, layout, now=now)
    content = sptjm_form(made, sheet, layout, now=now).pdf()
    _note(request, "export_sptjm", asked.school, asked.key, now)
    return _file(content, f"sptjm-{npsn}-{asked.key}", "pdf")


@login_required
@require_safe
@told
def year(request: HttpRequest, person_id: uuid.UUID, year: int, form: str) -> HttpResponse:
    """Return a person's year: one's own wholly, somebody else's at the schools that this login may export."""
    user, now = cast("User", request.user), clock.now()
    own = user.person_id == person_id
    person = get_person_or_404(user, person_id) if own else get_person_or_404(user, person_id, Action.EXPORT)
    if year not in YEARS or year > clock.local_date(now, settings.TIME_ZONE).year:
        raise Http404
    layout = office_layout()
    here = None if own else list(schools_for(user, Action.EXPORT).values_list("pk", flat=True))
    sheet = year_sheet(person, year, layout, now=now, schools=here)
    content = year_form(sheet, layout, now=now).pdf() if form == "pdf" else year_xlsx(sheet, layout, now=now)
    _note(request, f"export_year_{form}", person, str(year), now)
    return _file(content, f"tahun-{person.nip or person.pk}-{year}", form)


@login_required
@require_safe
@told
def tpp(request: HttpRequest, form: str) -> HttpResponse:
    """Return what the office enters for the allowance: `?bulan=2026-09`, and `sekolah=` or `kecamatan=` of a scope."""
    now = clock.now()
    first = read_month(request.GET.get("bulan", ""))
    if first is None or first > clock.local_date(now, settings.TIME_ZONE):
        raise Http404
    scope = _scope(request)
    layout, month = office_layout(), (first.year, first.month)
    rows = tpp_rows(with_places(scope.schools).order_by("npsn"), *month, layout, now=now)
    content = tpp_csv(rows) if form == "csv" else tpp_xlsx(rows, *month, layout, now=now)
    for school in scope.schools:
        _note(request, f"export_tpp_{form}", school, f"{first:%Y-%m}", now)
    return _file(content, f"tpp-{scope.name}-{first:%Y-%m}", form)


@login_required
@require_safe
@told
def pp94(request: HttpRequest) -> HttpResponse:
    """Return who has reached which step of PP 94/2021: `?tahun=2026`, and `sekolah=` or `kecamatan=` of a scope."""
    now, text = clock.now(), request.GET.get("tahun", "")
    if not (text.isascii() and text.isdecimal()) or int(text) not in YEARS:
        raise Http404
    scope = _scope(request)
    content = pp94_xlsx(cases_of(scope.schools, int(text), now=now), int(text), office_layout(), now=now)
    for school in scope.schools:
        _note(request, "export_pp94", school, text, now)
    return _file(content, f"pp94-{scope.name}-{text}", "xlsx")


@dataclass(frozen=True, slots=True)
class Scope:
    """The schools of a list, and a word for the name of its file."""

    schools: QuerySet[School]
    name: str


def _scope(request: HttpRequest) -> Scope:
    """Return the schools that a list is asked for, of those that the login may export.

    Raises Http404 where there is none, HadirError `document_too_big`.
    """
    npsn, district = request.GET.get("sekolah", ""), request.GET.get("kecamatan", "")
    schools = schools_for(request.user, Action.EXPORT)
    if npsn:
        return Scope(School.objects.filter(pk=get_school_or_404(request.user, npsn, Action.EXPORT).pk), npsn)
    name = "semua"
    if district:
        try:
            schools = schools.filter(district=uuid.UUID(district))
        except ValueError:
            raise Http404 from None
        name = "kecamatan"
    number = schools.count()
    if not number:
        raise Http404
    if number > SCHOOLS_AT_ONCE:
        raise HadirError("document_too_big", number=number, limit=SCHOOLS_AT_ONCE)
    return Scope(schools, name)


def _note(request: HttpRequest, action: str, about: School | Person, period: str, now: datetime) -> None:
    """Write down who took what."""
    record_audit(
        actor=cast("User", request.user),
        action=action,
        object_kind="school" if isinstance(about, School) else "person",
        object_id=about.pk,
        now=now,
        detail={"period": period},
    )


def _file(content: bytes, name: str, form: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=KINDS[form],
        headers={
            "Content-Disposition": f'attachment; filename="hadir-{name}.{form}"',
            "Cache-Control": "private, no-store",
        },
    )
