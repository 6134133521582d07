"""The pages about kiosks: a new one, one of them, its one-time link, and its end. The list is `terminals.views`."""

import io
import uuid
from datetime import timedelta
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from hadir.accounts.access import Action, schools_for
from hadir.accounts.models import User
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.devices.access import get_device_or_404, may_manage_device
from hadir.devices.forms import KioskForm
from hadir.devices.queries import kiosk_state
from hadir.devices.queries_terminal import is_terminal
from hadir.devices.services import CODE_LIFETIME, create_kiosk, invite_kiosk, revoke_device

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
QUIET_AFTER = timedelta(hours=2)


@login_required
@require_http_methods(["GET", "POST"])
def device_add(request: HttpRequest) -> HttpResponse:
    """Make a kiosk, then show how to link a browser to it."""
    schools = schools_for(request.user, Action.MANAGE_DEVICES)
    if not schools.exists():
        raise PermissionDenied
    wanted = request.GET.get("sekolah", "")
    initial = {"schools": [wanted] if schools.count() <= 20 else wanted} if wanted else None
    form = KioskForm(request.POST or None, schools=schools, initial=initial)
    if request.method == "POST" and form.is_valid() and isinstance(request.user, User):
        try:
            device = create_kiosk(
                name=form.cleaned_data["name"],
                schools=form.cleaned_data["schools"],
                by=request.user,
                now=clock.now(),
            )
        except HadirError as error:
            form.add_error("schools" if error.code == "device_needs_school" else "name", error.message)
        else:
            messages.success(request, _("%(name)s ditambahkan. Sekarang buat tautannya.") % {"name": device.name})
            return redirect("device", device.pk)
    return render(request, "devices/device_add.html", {"form": form})


@login_required
@require_GET
def device(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    """Show one kiosk: its schools, when it spoke, what it still holds."""
    shown = get_device_or_404(request.user, device_id)
    if is_terminal(shown):
        return redirect("terminal", shown.pk)
    context = {"device": shown, "state": kiosk_state(shown), "may_manage": may_manage_device(request.user, shown)}
    return render(request, "devices/device.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def device_invite(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    """Explain the one-time link; on POST make it and show it, this once: only its hash is kept.

    It is shown in the answer to the POST itself, since after a redirect it would have to be kept readable somewhere.
    """
    shown = get_device_or_404(request.user, device_id, manage=True)
    if is_terminal(shown):
        raise Http404
    context: dict[str, object] = {"device": shown, "minutes": int(CODE_LIFETIME.total_seconds() // 60)}
    if request.method == "POST" and isinstance(request.user, User):
        now = clock.now()
        try:
            code = invite_kiosk(device=shown, by=request.user, now=now)
        except HadirError as error:
            messages.warning(request, error.message)
            return redirect("device", shown.pk)
        address = f"{public_address(request)}{reverse('kiosk')}#kode={code}"
        context |= {
            "address": address,
            "code": code,
            "qr": qr_code(address),
            "until": now + CODE_LIFETIME,
            "camera_works": camera_works_at(address),
        }
    return render(request, "devices/device_invite.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def device_revoke(request: HttpRequest, device_id: uuid.UUID) -> HttpResponse:
    """Ask, then end a kiosk: it gets no faces any more; what it still holds is taken."""
    shown = get_device_or_404(request.user, device_id, manage=True)
    if is_terminal(shown):
        return redirect("terminal-revoke", shown.pk)
    if request.method == "POST" and isinstance(request.user, User):
        revoke_device(device=shown, by=request.user, now=clock.now())
        messages.success(request, _("%(name)s dinonaktifkan.") % {"name": shown.name})
        return redirect("device", shown.pk)
    return render(request, "devices/device_revoke.html", {"device": shown})


def public_address(request: HttpRequest) -> str:
    """Return scheme, host and port under which people and machines reach this server."""
    return settings.PUBLIC_URL.rstrip("/") or f"{request.scheme}://{request.get_host()}"


def camera_works_at(address: str) -> bool:
    """Tell whether browsers give a page there a camera: over https, or on the machine itself (W3C Secure Contexts)."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.hostname or "") in LOCAL_HOSTS


def qr_code(address: str) -> SafeString:
    """Return the address as a QR code, an `<svg>` without any style attribute."""
    stream = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        stream, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, svgclass=None, lineclass=None
    )
    # segno writes paths and numbers only; nothing of the address appears as text.
    return mark_safe(stream.getvalue().decode())  # noqa: S308
