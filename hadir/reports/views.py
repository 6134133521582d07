"""The board of today, the list of schools, and the board as a file."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hadir.accounts.access import Action, get_school_or_404, may, schools_for
from hadir.accounts.models import User
from hadir.attendance.reviews import waiting_scans
from hadir.core import clock
from hadir.core.services import record_audit
from hadir.devices.access import devices_for
from hadir.reports.board import Board, board_of
from hadir.reports.export import board_file
from hadir.reports.states import State
from hadir.reports.views_region import region
from hadir.schedules.models import TrialPeriod
from hadir.schools.models import School


@login_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to where their work is."""
    if schools_for(request.user).exists():
        return redirect("today")
    if devices_for(request.user).exists() or schools_for(request.user, Action.MANAGE_DEVICES).exists():
        return redirect("devices")
    if isinstance(request.user, User) and request.user.person_id is not None:
        return redirect("person", request.user.person_id)
    return render(request, "reports/nothing.html")


@login_required
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Show the one school of a visitor who has one, else the list of schools."""
    schools = schools_for(request.user)
    first = list(schools.order_by("name")[:2])
    if not first:
        return redirect("home")
    if len(first) == 1:
        return redirect("board", first[0].npsn)
    return region(request)


@dataclass(frozen=True)
class Asked:
    """What a request asks of a board: which school, which day, which state only."""

    school: School
    day: date
    only: State | None
    now: datetime
    refused: bool
    """The date could not be shown (not a date, or in the future); today stands in its place."""

    @property
    def query(self) -> dict[str, str]:
        """The part of the address after "?" that asks the same again."""
        query = {}
        if self.day != clock.local_date(self.now, self.school.time_zone):
            query["tanggal"] = self.day.isoformat()
        if self.only is not None:
            query["keadaan"] = self.only.value
        return query


def _asked(request: HttpRequest, npsn: str, action: Action = Action.VIEW_BOARD) -> Asked:
    school = get_school_or_404(request.user, npsn, action)
    now = clock.now()
    present = clock.local_date(now, school.time_zone)
    text = request.GET.get("tanggal", "")
    try:
        day = date.fromisoformat(text) if text else present
    except ValueError:
        day = None
    refused = day is None or day > present or day.year < 2000
    only = request.GET.get("keadaan", "")
    return Asked(
        school=school,
        day=present if day is None or refused else day,
        only=State(only) if only in State.values else None,
        now=now,
        refused=refused,
    )


def _context(request: HttpRequest, asked: Asked, board: Board) -> dict[str, Any]:
    return {
        "board": board,
        "only": asked.only,
        "groups": [(state, rows) for state, rows in board.groups if rows and asked.only in {None, state}],
        "counters": board.counters,
        "now": asked.now,
        "etag": _etag(asked, board),
        "query": asked.query,
        "query_text": urlencode(asked.query),
        "may_enrol": schools_for(request.user, Action.ENROL).filter(pk=board.school.pk).exists(),
    }


def _etag(asked: Asked, board: Board) -> str:
    """Return the validator of a board's body: everything it shows, in the language it is shown in."""
    content = repr((board, asked.only, get_language()))
    return quote_etag(hashlib.sha256(content.encode()).hexdigest()[:32])


@login_required
@require_GET
def board(request: HttpRequest, npsn: str) -> HttpResponse:
    """Show one school's day; it stays alive by asking for its body every few seconds."""
    asked = _asked(request, npsn)
    if asked.refused:
        messages.warning(request, _("Tanggal itu belum dapat dibuka. Yang tampil adalah hari ini."))
    with timezone.override(ZoneInfo(asked.school.time_zone)):
        shown = board_of(asked.school, asked.day, now=asked.now)
        context = _context(request, asked, shown)
        context["several"] = schools_for(request.user).count() > 1
        unheard = not shown.is_today and not shown.complete and any(row.state == State.PENDING for row in shown.rows)
        context["may_declare"] = unheard and may(request.user, Action.APPROVE_LEAVE, asked.school)
        context["clocks"] = waiting_scans(
            schools_for(request.user, Action.APPROVE_LEAVE).filter(pk=asked.school.pk)
        ).count()
        context["in_trial"] = TrialPeriod.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=asked.day), school=asked.school, valid_from__lte=asked.day
        ).exists()
        context["may_export"] = schools_for(request.user, Action.EXPORT).filter(pk=asked.school.pk).exists()
        return render(request, "reports/board.html", context)


@login_required
@require_GET
def board_body(request: HttpRequest, npsn: str) -> HttpResponse:
    """Return what changes on a board, or 304 when it has not changed since the visitor's copy."""
    asked = _asked(request, npsn)
    with timezone.override(ZoneInfo(asked.school.time_zone)):
        shown = board_of(asked.school, asked.day, now=asked.now)
        etag = _etag(asked, shown)
        response = (
            HttpResponse(status=304)
            if etag in parse_etags(request.headers.get("If-None-Match", "").replace("W/", ""))
            else render(request, "reports/board_live.html", _context(request, asked, shown))
        )
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return response


@login_required
@require_GET
def board_csv(request: HttpRequest, npsn: str) -> HttpResponse:
    """Return one school's day as a file; who took it is written down."""
    asked = _asked(request, npsn, Action.EXPORT)
    with timezone.override(ZoneInfo(asked.school.time_zone)):
        content = board_file(board_of(asked.school, asked.day, now=asked.now))
    if isinstance(request.user, User):
        record_audit(
            actor=request.user,
            action="export_board",
            object_kind="school",
            object_id=asked.school.pk,
            now=asked.now,
            detail={"day": asked.day.isoformat()},
        )
    name = f"hadir-{asked.school.npsn}-{asked.day.isoformat()}.csv"
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )
