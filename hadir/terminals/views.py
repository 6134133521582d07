"""Pages of machines: the list of all devices, a new one, how to set it up, and how it is."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hadir.accounts.access import Action, may, schools_for
from hadir.accounts.models import User
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.devices.access import devices_for, may_manage_device
from hadir.devices.addresses import has_secret, terminal_address
from hadir.devices.models import DeviceKind, Terminal
from hadir.devices.queries import schools_of
from hadir.devices.services import revoke_device
from hadir.devices.services_terminal import add_terminal, renew_secret
from hadir.devices.views import QUIET_AFTER, public_address
from hadir.terminals.access import get_terminal_or_404, may_see_callers
from hadir.terminals.diagnosis import findings
from hadir.terminals.forms import TerminalForm
from hadir.terminals.install import field_values, steps_for
from hadir.terminals.models import Alert, HeldBack
from hadir.terminals.queries import bad_lines, callers, device_lines, last_scans, standing_of
from hadir.terminals.services import see_alerts
from hadir.terminals.words import ALERTS

PAGE = 100


@login_required
@require_GET
def devices(request: HttpRequest) -> HttpResponse:
    """List kiosks and machines of the visitor's schools: how they are, when last heard, what is unsent."""
    words, kind = request.GET.get("cari", "").strip(), request.GET.get("jenis", "")
    found = devices_for(request.user).select_related("terminal")
    managed = schools_for(request.user, Action.MANAGE_DEVICES)
    if not found.exists() and not managed.exists() and not schools_for(request.user).exists():
        raise PermissionDenied
    if words:
        matching = devices_for(request.user).filter(schools__name__icontains=words).values("pk")
        found = (
            found.filter(name__icontains=words)
            | found.filter(pk__in=matching)
            | found.filter(terminal__serial__icontains=words)
        )
    if kind == "kios":
        found = found.filter(kind=DeviceKind.KIOSK)
    elif kind == "mesin":
        found = found.exclude(kind=DeviceKind.KIOSK)
    page = Paginator(found.order_by("revoked_at", "name", "id"), PAGE).get_page(request.GET.get("halaman"))
    now = clock.now()
    context = {
        "page": page,
        "lines": device_lines(page.object_list),
        "words": words,
        "kind": kind,
        "kept": {"jenis": kind},
        "may_add": managed.exists(),
        "calling": callers(now=now).count() if may_see_callers(request.user) else 0,
        "quiet_before": now - QUIET_AFTER,
    }
    return render(request, "terminals/devices.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def terminal_add(request: HttpRequest) -> HttpResponse:
    """Add a machine. The answer to the POST shows its address with the secret, this once: only a hash is kept."""
    schools = schools_for(request.user, Action.MANAGE_DEVICES)
    if not schools.exists():
        raise PermissionDenied
    wanted = request.GET.get("sekolah", "")
    initial = {"schools": [wanted] if schools.count() <= 20 else wanted} if wanted else None
    form = TerminalForm(request.POST or None, schools=schools, initial=initial)
    if request.method == "POST" and form.is_valid() and isinstance(request.user, User):
        given = form.cleaned_data
        try:
            terminal, secret = add_terminal(
                serial=given["serial"],
                kind=given["kind"],
                schools=given["schools"],
                name=given["name"],
                by=request.user,
                now=clock.now(),
            )
        except HadirError as error:
            form.add_error("serial" if error.code.startswith("serial") else "name", error.message)
        else:
            return render(request, "terminals/install.html", _install_context(request, terminal, secret, fresh=True))
    return render(request, "terminals/terminal_add.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def terminal_install(request: HttpRequest, terminal_id: uuid.UUID) -> HttpResponse:
    """Show the steps at the machine; on POST give it a new secret address and show that once."""
    terminal = get_terminal_or_404(request.user, terminal_id, manage=True)
    secret = ""
    if request.method == "POST" and isinstance(request.user, User) and has_secret(terminal.device.kind):
        secret = renew_secret(terminal=terminal, by=request.user, now=clock.now())
    return render(request, "terminals/install.html", _install_context(request, terminal, secret))


def _install_context(
    request: HttpRequest, terminal: Terminal, secret: str, *, fresh: bool = False
) -> dict[str, object]:
    kind = terminal.device.kind
    shows = bool(secret) or not has_secret(kind)
    address = terminal_address(kind, secret, base=public_address(request)) if shows else ""
    return {
        "terminal": terminal,
        "fresh": fresh,
        "address": address,
        "is_secret": bool(secret) and has_secret(kind),
        "can_renew": has_secret(kind) and terminal.device.revoked_at is None,
        "values": field_values(address) if address and kind != DeviceKind.FILE else [],
        "makers": steps_for(kind),
        "is_file": kind == DeviceKind.FILE,
        "asks_port": kind in {DeviceKind.FKWEB, DeviceKind.AIFACE},
    }


@login_required
@require_GET
def terminal(request: HttpRequest, terminal_id: uuid.UUID) -> HttpResponse:
    """Answer the question "connected, but no attendance?" for one machine."""
    shown = get_terminal_or_404(request.user, terminal_id)
    now = clock.now()
    standing = standing_of(shown, now=now)
    school = schools_of(shown.device)[0]
    context = {
        "terminal": shown,
        "standing": standing,
        "findings": findings(standing, now=now),
        "alerts": [(alert, ALERTS.get(alert.kind, "")) for alert in standing.alerts],
        "scans": last_scans(shown),
        "held": sum(standing.held.get(reason, 0) for reason in (HeldBack.SECRET_MISSING, HeldBack.SECRET_WRONG)),
        "bad": bad_lines(shown),
        "may_manage": may_manage_device(request.user, shown.device),
        "school": school,
        "sees_board": may(request.user, Action.VIEW_BOARD, school),
        "speaks_adms": shown.device.kind == DeviceKind.ZKTECO,
        "is_file": shown.device.kind == DeviceKind.FILE,
    }
    return render(request, "terminals/terminal.html", context)


@login_required
@require_POST
def terminal_alerts_seen(request: HttpRequest, terminal_id: uuid.UUID) -> HttpResponse:
    """Note that somebody has looked at the alerts shown."""
    shown = get_terminal_or_404(request.user, terminal_id, manage=True)
    keys = [key for key in request.POST.getlist("alert") if _is_key(key)]
    if isinstance(request.user, User):
        see_alerts(alerts=Alert.objects.filter(device=shown.device, pk__in=keys), by=request.user, now=clock.now())
    messages.success(request, _("Peringatan ditandai sudah dilihat."))
    return redirect("terminal", shown.pk)


def _is_key(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


@login_required
@require_http_methods(["GET", "POST"])
def terminal_revoke(request: HttpRequest, terminal_id: uuid.UUID) -> HttpResponse:
    """Ask, then end a machine: what it still sends is kept, with a mark."""
    shown = get_terminal_or_404(request.user, terminal_id, manage=True)
    if request.method == "POST" and isinstance(request.user, User):
        revoke_device(device=shown.device, by=request.user, now=clock.now())
        messages.success(request, _("%(name)s dinonaktifkan.") % {"name": shown.device.name})
        return redirect("terminal", shown.pk)
    return render(request, "terminals/terminal_revoke.html", {"terminal": shown})
