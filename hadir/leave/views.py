"""Pages of leave: what waits, asking, one request with its story, its documents."""

import uuid
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hadir.accounts.access import schools_for
from hadir.accounts.models import User
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.leave.counting import balances, kinds_for, schools_of
from hadir.leave.deciding import (
    decidable_by,
    goes_on,
    may_cancel,
    may_decide,
    may_file_at_all,
    may_file_for,
    may_withdraw,
    needs_document,
    requests_for,
    sees_region,
)
from hadir.leave.document_pages import document_response, take_upload
from hadir.leave.documents import add_document
from hadir.leave.forms import RequestForm
from hadir.leave.models_request import WAITING, LeaveRequest, RequestState
from hadir.leave.remarks import service_remark
from hadir.leave.rules import CORRECTION, filed_rule, kinds_on
from hadir.leave.services import cancel_request, decide, file_request, withdraw_request
from hadir.leave.working import counts_of, staff_of
from hadir.people.models import Person

PAGE = 50
RECENT = timedelta(days=90)
RECENT_OF_REGION = timedelta(days=31)
"""How far back a list goes unless everything is asked for: a region has tens of thousands of requests a year."""


@login_required
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """List what waits for this login, then what it may see of the last months, newest first; `?masa=semua`: all."""
    return _list(request, ~Q(kind=CORRECTION), "leave/list.html")


@login_required
@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """List corrections of missing records."""
    return _list(request, Q(kind=CORRECTION), "leave/corrections.html")


@login_required
@require_safe
def correction_new(request: HttpRequest) -> HttpResponse:
    """Lead to the form of a correction, with the person and the date that the page before named."""
    given = {key: request.GET[key] for key in ("orang", "tanggal") if key in request.GET}
    return redirect(f"{reverse('leave-new')}?{urlencode({'jenis': CORRECTION, **given})}")


@login_required
@require_http_methods(["GET", "POST"])
def leave_new(request: HttpRequest) -> HttpResponse:
    """Ask which kind, then for what it needs; then keep the request."""
    people = may_file_for(request.user)
    if not people.exists():
        raise PermissionDenied
    today = clock.local_date(clock.now(), settings.TIME_ZONE)
    named = _named(request, people)
    kinds = kinds_for(named, today)
    kind = request.GET.get("jenis", "")
    if kind not in kinds:
        given = {key: request.GET[key] for key in ("orang", "tanggal") if key in request.GET}
        choices = [(key, rule, urlencode({"jenis": key, **given})) for key, rule in kinds.items()]
        own = _own(request)
        return render(
            request, "leave/kinds.html", {"choices": choices, "balances": balances(own, today) if own else []}
        )
    initial = {"person": named, "first": request.GET.get("tanggal") or today}
    form = RequestForm(
        request.POST or None,
        request.FILES or None,
        kind=kind,
        rule=kinds[kind],
        people=people,
        schools=schools_of(named, today),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = _file(request, form)
        except HadirError as error:
            form.add_error("document" if error.code.startswith("document_") else None, error.message)
        else:
            messages.success(request, _("Permohonan terkirim."))
            return redirect("leave-request", made.pk)
    context = {"form": form, "rule": kinds[kind], "kind": kind, "person": named}
    return render(request, "leave/new.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def leave_request(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Show one request, and do what was chosen: approve, reject, withdraw, cancel."""
    shown = _request_or_404(request, request_id)
    wrong = ""
    if request.method == "POST":
        try:
            said = _act(request, shown)
        except HadirError as error:
            wrong = error.message
        else:
            messages.success(request, said)
            return redirect("leave-request", shown.pk)
    rule = filed_rule(shown.kind, shown.first, staff_of(shown))
    user = _user(request)
    today = clock.local_date(clock.now(), settings.TIME_ZONE)
    left = [one for one in balances(shown.person, max(shown.first, today), today=today) if one.kind == shown.kind]
    context = {
        "one": shown,
        "counts": counts_of([shown]),
        "rule": rule,
        "decisions": shown.decisions.all(),
        "documents": shown.documents.defer("sealed"),
        "needs_document": needs_document(shown, rule),
        "balance": left[0] if left else None,
        "remark": service_remark(shown.person, rule, shown.first) if rule else "",
        "may_decide": may_decide(user, shown),
        "goes_on": may_decide(user, shown) and goes_on(user, shown),
        "may_withdraw": may_withdraw(user, shown),
        "may_cancel": may_cancel(user, shown),
        "may_add": _may_add(user, shown),
        "wrong": wrong,
    }
    return render(request, "leave/request.html", context, status=409 if wrong else 200)


@login_required
@require_POST
def leave_document_add(request: HttpRequest, request_id: uuid.UUID) -> HttpResponse:
    """Keep a document beside a request that waits."""
    shown = _request_or_404(request, request_id)
    if not _may_add(_user(request), shown):
        raise PermissionDenied
    take_upload(request, shown, _user(request))
    return redirect("leave-request", shown.pk)


@login_required
@require_safe
def leave_document(request: HttpRequest, request_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    """Open a document for somebody who may see its request; never kept by the browser."""
    shown = _request_or_404(request, request_id)
    document = shown.documents.select_related("request").filter(pk=document_id).first()
    if document is None:
        raise Http404
    return document_response(document)


def _list(request: HttpRequest, kinds: Q, template: str) -> HttpResponse:
    today = clock.local_date(clock.now(), settings.TIME_ZONE)
    since = today - (RECENT_OF_REGION if sees_region(request.user) else RECENT)
    everything = request.GET.get("masa") == "semua"
    found = requests_for(request.user).filter(kinds)
    if not everything:
        found = found.filter(Q(first__gte=since) | Q(last__gte=today) | Q(state__in=WAITING))
    mine = decidable_by(request.user).filter(kinds).select_related("person")
    counts = dict(found.order_by().values_list("state").annotate(Count("id")))
    wanted = request.GET.get("keadaan", "")
    shown = found.filter(state=wanted) if wanted in RequestState.values else found
    own = _own(request)
    paginator = Paginator(shown, PAGE)
    # Counted once, with the chips.
    paginator.count = counts.get(wanted, 0) if wanted in RequestState.values else sum(counts.values())
    page, waiting = paginator.get_page(request.GET.get("halaman")), list(mine.order_by("filed_at")[:PAGE])
    page.object_list = list(page.object_list)
    context = {
        "mine": waiting,
        "page": page,
        "counts": counts_of([*waiting, *page.object_list]),
        "chips": [(state.value, state.label, counts.get(state.value, 0)) for state in RequestState],
        "total": sum(counts.values()),
        "wanted": wanted,
        "names": {key: rule.name for key, rule in kinds_on(today).items()},
        "balances": balances(own, today) if own else [],
        "may_file": may_file_at_all(request.user),
        "sees_board": schools_for(request.user).exists(),
        "since": None if everything else since,
    }
    return render(request, template, context)


@transaction.atomic
def _file(request: HttpRequest, form: RequestForm) -> LeaveRequest:
    user = _user(request)
    now = clock.now()
    made = file_request(person=form.cleaned_data["person"], wish=form.wish(), by=user, name=user.display_name, now=now)
    upload = form.cleaned_data.get("document")
    if upload is not None:
        add_document(beside=made, name=upload.name or "", data=upload.read(), by=user, now=now)
    return made


def _act(request: HttpRequest, shown: LeaveRequest) -> str:
    user, now = _user(request), clock.now()
    reason = request.POST.get("reason", "")
    who: dict[str, Any] = {"request": shown, "by": user, "name": user.display_name, "now": now}
    act = request.POST.get("act", "")
    if act in {"approve", "reject"}:
        done = decide(approve=act == "approve", reason=reason, **who)
        words = {
            RequestState.APPROVED: _("Disetujui. Harinya dihitung ulang."),
            RequestState.REJECTED: _("Ditolak, dan alasannya terlihat oleh pemohon."),
        }
        return words.get(RequestState(done.state), _("Diteruskan ke dinas."))
    if act == "withdraw":
        withdraw_request(**who)
        return _("Permohonan ditarik.")
    if act == "cancel":
        cancel_request(reason=reason, **who)
        return _("Dibatalkan. Harinya dihitung ulang.")
    raise Http404


def _may_add(user: User, shown: LeaveRequest) -> bool:
    waiting = shown.state in {RequestState.WAITING_HEAD, RequestState.WAITING_OFFICE}
    return waiting and (may_withdraw(user, shown) or may_file_for(user).filter(pk=shown.person_id).exists())


def _request_or_404(request: HttpRequest, request_id: uuid.UUID) -> LeaveRequest:
    found = requests_for(request.user).filter(pk=request_id).first()
    if found is None:
        raise Http404
    return found


def _named(request: HttpRequest, people: QuerySet[Person]) -> Person | None:
    """Return the person that the address names, if this login may file for them."""
    try:
        key = uuid.UUID(request.GET.get("orang", ""))
    except ValueError:
        return _own(request)
    found = people.filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest) -> Person | None:
    return _user(request).person


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
