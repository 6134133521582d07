"""Pages over many machines: claiming one that calls, and the register of public property."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from hadir.accounts.access import Action, schools_for
from hadir.accounts.models import User
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.devices.access import may_manage_device
from hadir.devices.addresses import has_secret, terminal_address
from hadir.devices.models import Terminal
from hadir.devices.queries_terminal import terminals_of_schools
from hadir.devices.services_terminal import update_register
from hadir.devices.views import public_address
from hadir.terminals.access import get_terminal_or_404, may_see_callers
from hadir.terminals.door import claim_terminal
from hadir.terminals.forms import ClaimForm, RegisterForm
from hadir.terminals.install import field_values, steps_for
from hadir.terminals.queries import FRESH_FOR, caller_of, callers, can_be_claimed, register_rows
from hadir.terminals.register_xlsx import register_file

PAGE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def terminal_claim(request: HttpRequest) -> HttpResponse:
    """Claim a machine that calls: name its serial, see what it is, then say that it is the school's.

    1. GET with a serial shows model, address and counts of the machine that called with it.
    2. POST claims it, within 15 minutes of its last call, and shows its secret address, this once.
    """
    schools = schools_for(request.user, Action.MANAGE_DEVICES)
    if not schools.exists():
        raise PermissionDenied
    now = clock.now()
    sees_all = may_see_callers(request.user)
    form = ClaimForm(request.POST or None, schools=schools, initial={"serial": request.GET.get("seri", "")})
    if request.method == "POST" and form.is_valid():
        try:
            done = claim_terminal(
                serial=form.cleaned_data["serial"],
                school=form.cleaned_data["school"],
                by=cast("User", request.user),
                now=now,
            )
        except HadirError as error:
            form.add_error("serial", error.message)
        else:
            kind = done.terminal.device.kind
            shows = bool(done.secret) or not has_secret(kind)
            address = terminal_address(kind, done.secret, base=public_address(request)) if shows else ""
            context = {
                "terminal": done.terminal,
                "claimed": done,
                "address": address,
                "is_secret": bool(done.secret) and has_secret(kind),
                "can_renew": has_secret(kind),
                "values": field_values(address) if address else [],
                "makers": steps_for(kind),
            }
            return render(request, "terminals/install.html", context)
    serial = request.POST.get("serial", request.GET.get("seri", ""))
    caller = caller_of(serial)
    context = {
        "form": form,
        "serial": serial.strip(),
        "caller": caller,
        "fresh": caller is not None and can_be_claimed(caller, now=now),
        "minutes": int(FRESH_FOR.total_seconds() // 60),
        "callers": list(callers(now=now)[:PAGE]) if sees_all else [],
        "sees_all": sees_all,
        "fresh_after": now - FRESH_FOR,
    }
    return render(request, "terminals/claim.html", context, status=422 if form.errors else 200)


def _terminals_for(request: HttpRequest) -> QuerySet[Terminal]:
    return terminals_of_schools(schools_for(request.user) | schools_for(request.user, Action.MANAGE_DEVICES))


@login_required
@require_GET
def terminals_register(request: HttpRequest) -> HttpResponse:
    """List the machines as public property; `?berkas=xlsx` as a spreadsheet."""
    found = _terminals_for(request)
    if not schools_for(request.user).exists() and not schools_for(request.user, Action.MANAGE_DEVICES).exists():
        raise PermissionDenied
    words = request.GET.get("cari", "").strip()
    if words:
        found = found.filter(
            Q(serial__icontains=words) | Q(device__name__icontains=words) | Q(device__schools__name__icontains=words)
        ).distinct()
    if request.GET.get("berkas") == "xlsx":
        answer = HttpResponse(register_file(register_rows(found), clock.now()), content_type=XLSX)
        answer["Content-Disposition"] = 'attachment; filename="mesin-absensi.xlsx"'
        return answer
    page = Paginator(found.order_by("device__name", "serial"), PAGE).get_page(request.GET.get("halaman"))
    context = {"page": page, "rows": register_rows(page.object_list), "words": words, "kept": {}}
    return render(request, "terminals/register.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def terminal_register(request: HttpRequest, terminal_id: str) -> HttpResponse:
    """Fill in the purchase record of a machine."""
    terminal = get_terminal_or_404(request.user, terminal_id, manage=True)
    now = clock.now()
    kept = {name: getattr(terminal, name) for name in ("brand", "model", "price", "bought_on", "fund", "condition")}
    initial = {**kept, "name": terminal.device.name, "where_used": terminal.where_used}
    form = RegisterForm(request.POST or None, initial=initial, today=now.date())
    if request.method == "POST" and form.is_valid():
        try:
            update_register(terminal=terminal, by=cast("User", request.user), now=now, **form.cleaned_data)
        except HadirError as error:
            form.add_error("name", error.message)
        else:
            return redirect("terminal", terminal.pk)
    context = {"form": form, "terminal": terminal, "may_manage": may_manage_device(request.user, terminal.device)}
    return render(request, "terminals/register_edit.html", context, status=422 if form.errors else 200)
