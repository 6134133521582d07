"""Pages of schedules: hours, seasons, calendar, timetables and trial periods of a region or a school."""

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hadir.accounts.access import Action, schools_for
from hadir.attendance.trying import Change, Trial, with_row, without_row
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.planning import access
from hadir.planning.forms import FORMS, SCHOOL_ONLY, ChangeForm, RowForm
from hadir.planning.queries import (
    blocks_of,
    calendar_of,
    chosen_pack,
    pattern_facts,
    recent_changes,
    region_of,
    years_of,
)
from hadir.planning.trials import SHOWN, past_trial
from hadir.schedules.corrections import end_row, remove_row
from hadir.schedules.models import Dated
from hadir.schools.models import Region, School
from hadir.schools.queries import find_schools

FOUND = 20


@login_required
@require_safe
def schedules(request: HttpRequest) -> HttpResponse:
    """Lead to the schedule of the only school or region; with several, let one be found."""
    schools = schools_for(request.user)
    regions = list(access.regions_for(request.user))
    if not regions and schools.count() == 1:
        return redirect("schedule", schools.get().npsn)
    if not schools.exists():
        raise PermissionDenied
    wanted = request.GET.get("cari", "").strip()
    found = find_schools(schools, wanted)
    context = {"regions": regions, "schools": found[:FOUND], "number": found.count(), "wanted": wanted}
    return render(request, "planning/schedules.html", context)


@login_required
@require_safe
def schedule(request: HttpRequest, place: str) -> HttpResponse:
    """Show the schedule of a school, with what it inherits, or of a region."""
    shown = access.get_place_or_404(request.user, place)
    today = today_of(shown)
    region = region_of(shown)
    pack = chosen_pack(region, today)
    year = _year(request, today)
    context = {
        "place": shown,
        "is_school": isinstance(shown, School),
        "key": place,
        "region": region,
        "may_change": access.may_change(request.user, shown),
        "pack": pack,
        "patterns": pattern_facts(pack, today),
        "blocks": blocks_of(shown, pack, today),
        "calendar": calendar_of(shown, year, pack, today),
        "year": year,
        "years": years_of(shown, today),
        "recent": recent_changes(region) if isinstance(shown, Region) else [],
    }
    return render(request, "planning/schedule.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def schedule_add(request: HttpRequest, place: str, kind: str) -> HttpResponse:
    """Add a row. What would change days that are over is shown first, and kept only when it is confirmed."""
    shown = access.get_place_or_404(request.user, place)
    maker = FORMS.get(kind)
    if maker is None or (kind in SCHOOL_ONLY and not isinstance(shown, School)):
        raise Http404
    if not access.may_change(request.user, shown):
        raise PermissionDenied
    today = today_of(shown)
    form = maker(request.POST or None, place=shown, pack=chosen_pack(region_of(shown), today), today=today)
    trial: Trial | None = None
    if request.method == "POST" and form.is_valid():
        try:
            _refuse_past(request, shown, form.cleaned_data["valid_from"], today)
            trial = _trial(shown, form.cleaned_data["valid_from"], today, with_row(form.row()))
            if trial is None or "confirmed" in request.POST:
                form.save(now=clock.now(), by=access.user_of(request.user))
                messages.success(request, _("Tersimpan. Hari yang sudah lewat dihitung ulang."))
                return redirect("schedule", place)
        except HadirError as error:
            form.add_error(None, error.message)
    return _form_page(request, form, trial, {"place": shown, "key": place, "kind": kind})


@login_required
@require_http_methods(["GET", "POST"])
def schedule_row(request: HttpRequest, kind: str, row_id: uuid.UUID) -> HttpResponse:
    """End a row or take it back, with a reason; what would change is shown first."""
    row, shown = access.get_row_or_404(request.user, kind, row_id)
    today = today_of(shown)
    form = ChangeForm(request.POST or None, initial={"valid_to": today})
    key = shown.npsn if isinstance(shown, School) else str(shown.pk)
    trial: Trial | None = None
    if request.method == "POST" and form.is_valid():
        ends: date | None = form.cleaned_data["valid_to"] if form.cleaned_data["what"] == "end" else None
        first = row.valid_from if ends is None else min(row.valid_to or ends, ends)
        try:
            _refuse_past(request, shown, first if ends is None else max(first, row.valid_from), today)
            trial = _trial(shown, first, today, without_row(row, ends))
            if trial is None or "confirmed" in request.POST:
                _change(row, ends, form.cleaned_data["reason"], request)
                messages.success(request, _("Tersimpan. Hari yang sudah lewat dihitung ulang."))
                return redirect("schedule", key)
        except HadirError as error:
            form.add_error(None, error.message)
    return _form_page(request, form, trial, {"place": shown, "key": key, "kind": kind, "row": row})


def today_of(place: Region | School) -> date:
    """Return today's date at a school, or in the region's western zone."""
    return clock.local_date(clock.now(), place.time_zone if isinstance(place, School) else "Asia/Jakarta")


def _change(row: Dated, ends: date | None, reason: str, request: HttpRequest) -> None:
    by = access.user_of(request.user)
    if ends is None:
        remove_row(row=row, reason=reason, now=clock.now(), by=by)
    else:
        end_row(row=row, valid_to=ends, reason=reason, now=clock.now(), by=by)


def _refuse_past(request: HttpRequest, place: Region | School, first: date, today: date) -> None:
    if first < today and not access.may_change_past(request.user, place):
        raise HadirError("schedule_past_office_only")


def _trial(place: Region | School, first: date, today: date, change: Change) -> Trial | None:
    """Return what a change would do to days that have begun; None where it touches none."""
    if first > today:
        return None
    trial = past_trial(place, first, today, clock.now(), change)
    return trial if trial.differences else None


def _form_page(
    request: HttpRequest, form: RowForm | ChangeForm, trial: Trial | None, context: dict[str, Any]
) -> HttpResponse:
    shown = {"form": form, "trial": trial, "shown": trial.differences[:SHOWN] if trial else []}
    return render(request, "planning/form.html", context | shown, status=422 if form.errors else 200)


def _year(request: HttpRequest, today: date) -> int:
    given = request.GET.get("tahun", "")
    year = int(given) if given.isascii() and given.isdigit() and len(given) == len("2026") else today.year
    return min(max(year, 2000), 2199)


def may_see_rules(request: HttpRequest) -> bool:
    """Tell whether this login may read the rule packs: whoever sees a board, so that every number can be explained."""
    return schools_for(request.user, Action.VIEW_BOARD).exists()
