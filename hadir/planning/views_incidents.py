"""Pages of incidents: what is reported, whom it touches, what would change, and the decision."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from hadir.accounts.access import Action, may, schools_for
from hadir.accounts.models import User
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.leave.models_incident import Incident, IncidentKind, IncidentState
from hadir.leave.queries_incident import half_confirmed, incidents_of, waiting_parts
from hadir.leave.services_incident import (
    cancel_confirmed,
    check_dates,
    choose_people,
    confirm_incident,
    dismiss_incident,
    report_incident,
)
from hadir.planning.access import incident_or_404, may_add_documents, user_of
from hadir.planning.forms_incident import DecisionForm, IncidentForm
from hadir.planning.incidents import Affected, draft_rows, incident_rows

PAGE = 50
STATES = {
    "menunggu": IncidentState.REPORTED,
    "dikukuhkan": IncidentState.CONFIRMED,
    "ditolak": IncidentState.DISMISSED,
    "dibatalkan": IncidentState.CANCELLED,
}
"""Words of addresses."""


@login_required
@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    """List the incidents of one's schools by state."""
    schools = schools_for(request.user)
    if not schools.exists():
        raise Http404
    wanted = request.GET.get("keadaan", "")
    found = incidents_of(schools)
    numbers = dict(
        Incident.objects.filter(school__in=schools.values("pk"))
        .order_by()
        .values_list("state")
        .annotate(number=Count("id"))
    )
    if wanted in STATES:
        found = found.filter(state=STATES[wanted])
    context = {
        "page": Paginator(found, PAGE).get_page(request.GET.get("halaman")),
        "wanted": wanted if wanted in STATES else "",
        "chips": [
            ("", _("Semua"), sum(numbers.values())),
            *((word, state.label, numbers.get(state, 0)) for word, state in STATES.items()),
        ],
        "halves": set(half_confirmed(schools).values_list("pk", flat=True)),
        "may_report": schools_for(request.user, Action.REQUEST_LEAVE).exists(),
    }
    return render(request, "planning/incidents.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def incident_new(request: HttpRequest) -> HttpResponse:
    """Report an incident. Whom it touches and what would change is shown first, and kept when it is sent again."""
    schools = schools_for(request.user, Action.REQUEST_LEAVE)
    if not schools.exists():
        raise Http404
    form = IncidentForm(request.POST or None, schools=schools, initial=_given(request.GET))
    rows: list[Affected] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        same = request.POST.get("shown") == _shown_key(given)
        try:
            if same and "confirmed" in request.POST:
                incident = _report(user_of(request.user), given, _ticked(request))
                messages.success(request, _("Kejadian dilaporkan. Hari belum berubah sampai dikukuhkan."))
                return redirect("incident", incident.pk)
            rows = _draft(given, _ticked(request) if same else None)
        except HadirError as error:
            rows = _draft(given, _ticked(request)) if same else []
            form.add_error(None, error.message)
    context = {"form": form, "rows": rows, "shown": _shown_key(form.cleaned_data) if rows else ""}
    return render(request, "planning/incident_new.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def incident(request: HttpRequest, incident_id: uuid.UUID) -> HttpResponse:
    """Show an incident with its people; include or leave out, confirm, dismiss or take back."""
    shown = incident_or_404(request.user, incident_id)
    by, now = user_of(request.user), clock.now()
    may_decide = may(by, Action.APPROVE_LEAVE, shown.school)
    may_choose = shown.state == IncidentState.REPORTED and (may_decide or may(by, Action.REQUEST_LEAVE, shown.school))
    form, refused = DecisionForm(None), ""
    if request.method == "POST":
        form = DecisionForm(request.POST if request.POST.get("do") != "people" else None)
        try:
            told = _act(request, shown, form, may_decide=may_decide, may_choose=may_choose)
        except HadirError as error:
            refused = error.message
        else:
            if told:
                messages.success(request, told)
                return redirect("incident", shown.pk)
    context = {
        "form": form,
        "refused": refused,
        "may_decide": may_decide,
        "may_choose": may_choose,
        "documents": shown.documents.defer("sealed"),
        "may_add": may_add_documents(by, shown),
    }
    return _incident_page(request, shown, context, now)


def _incident_page(request: HttpRequest, shown: Incident, context: dict[str, Any], now: datetime) -> HttpResponse:
    rows = incident_rows(shown, now)
    can_confirm = context["may_decide"] and shown.state in {IncidentState.REPORTED, IncidentState.CONFIRMED}
    mine = {part.pk for part in waiting_parts(shown, user_of(request.user))} if can_confirm else set()
    context |= {
        "incident": shown,
        "rows": rows,
        "mine": mine,
        "touched": sum(row.ticked for row in rows),
        "changing": sum(len(row.changes) for row in rows if row.ticked),
        "waiting": sum(row.ticked and row.part is not None and row.part.confirmed_at is None for row in rows),
        "own_report": shown.reported_by_id == user_of(request.user).pk,
    }
    wrong = context["form"].errors or context["refused"]
    return render(request, "planning/incident.html", context, status=422 if wrong else 200)


@transaction.atomic
def _act(request: HttpRequest, shown: Incident, form: DecisionForm, *, may_decide: bool, may_choose: bool) -> str:
    """Do what the visitor asks and return what to say; empty where the reason is missing."""
    by, now, todo = user_of(request.user), clock.now(), request.POST.get("do", "")
    if todo == "people":
        if not may_choose:
            raise PermissionDenied
        number = choose_people(incident=shown, people=_ticked(request), now=now, by=by)
        return ngettext("%(number)s orang dicantumkan.", "%(number)s orang dicantumkan.", number) % {"number": number}
    if todo not in {"confirm", "dismiss", "cancel"} or not may_decide:
        raise PermissionDenied
    if not form.is_valid():
        return ""
    given: dict[str, Any] = {"reason": form.cleaned_data["reason"], "name": by.display_name, "by": by, "now": now}
    if todo == "dismiss":
        dismiss_incident(incident=shown, **given)
        return _("Laporan ditolak. Tidak ada hari yang berubah.")
    if todo == "cancel":
        cancel_confirmed(incident=shown, **given)
        return _("Kejadian dibatalkan. Hari yang terkena dihitung ulang.")
    if may_choose:
        choose_people(incident=shown, people=_ticked(request), now=now, by=by)
    parts = confirm_incident(incident=shown, **given)
    number = len({part.person_id for part in parts})
    return ngettext(
        "Dikukuhkan untuk %(number)s orang. Hari mereka dihitung ulang.",
        "Dikukuhkan untuk %(number)s orang. Hari mereka dihitung ulang.",
        number,
    ) % {"number": number}


def _given(query: QueryDict) -> dict[str, str]:
    """Return what the address fills in; anything odd is seen by the form when it is sent."""
    names = {
        "sekolah": "school", "mulai": "first", "sampai": "last", "jenis": "kind", "kata": "words",
    }  # fmt: skip
    given = {field: str(query[name]) for name, field in names.items() if query.get(name)}
    if given.get("kind") not in IncidentKind.values:
        given.pop("kind", None)
    return given


def _shown_key(given: dict[str, Any]) -> str:
    """Return what a list of people was made for; another school or other dates need another list."""
    first, last = given["first"], given["last"]
    return f"{given['school'].npsn} {first.isoformat()} {last.isoformat()}"


def _draft(given: dict[str, Any], ticked: set[uuid.UUID] | None) -> list[Affected]:
    school, now = given["school"], clock.now()
    check_dates(school, given["first"], given["last"], now)
    return draft_rows(school, given["first"], given["last"], now, ticked)


def _report(by: User, given: dict[str, Any], people: set[uuid.UUID]) -> Incident:
    return report_incident(**given, people=people, name=by.display_name, by=by, now=clock.now())


def _ticked(request: HttpRequest) -> set[uuid.UUID]:
    found = set()
    for text in request.POST.getlist("person"):
        try:
            found.add(uuid.UUID(text))
        except ValueError:
            continue
    return found
