"""The webhook of fingerspot.io: `/fingerspot/<secret>`. It is not signed, so the secret is all that proves it."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse

from hadir.core import clock
from hadir.devices.models import Terminal
from hadir.devices.queries_terminal import terminal_by_secret, terminal_by_serial
from hadir.devices.services_terminal import note_traits
from hadir.gateways.arrivals import Caller, Delivery, receive
from hadir.gateways.door import plain, read_body
from hadir.gateways.fingerspot.webhook import TABLE, read_call
from hadir.gateways.matching import unheard_by_minute
from hadir.ledger.models import TerminalScan
from hadir.terminals.models import HeldBack
from hadir.terminals.reading import Reading

KIND = "fingerspot-cloud"
LARGEST_BODY = 4 * 1024 * 1024


def webhook(request: HttpRequest, secret: str = "") -> HttpResponse:
    """Take in one call and answer 200 when it is kept."""
    if request.method != "POST":
        return plain("POST", 405)
    body = read_body(request, LARGEST_BODY)
    reading, cloud_id, clean = read_call(body)
    terminal = terminal_by_secret(secret)
    own = terminal.serial if terminal is not None else ""
    is_own = terminal is not None and terminal.device.kind == KIND and _is_own(terminal, cloud_id)
    caller = Caller(
        kind=KIND,
        serial=own if is_own else cloud_id,
        secret=secret,
        address=str(request.META.get("REMOTE_ADDR", "")),
        request=f"POST {TABLE}",
        path="/fingerspot/",
        table=TABLE,
        # Another machine than the one whose serial it bears: behind this secret, but not to be believed.
        refused=HeldBack.SECRET_WRONG if cloud_id and cloud_id == own and not is_own else "",
    )
    delivery = Delivery(
        reading=_without_pulled(reading, secret), clean=clean, size=len(body), source="cloud", may_be_live=True
    )
    received = receive(caller, delivery, clock.now())
    if received.is_flood:
        return plain("later", 429)
    return plain("OK") if received.taken else plain("not kept", 403)


def _is_own(terminal: Terminal, cloud_id: str) -> bool:
    """Tell whether a call behind a terminal's secret is that terminal's: the first cloud id that comes stays its own.

    Records of another machine, whose PINs are other people, never come in under its name. So a cloud terminal that is
    registered for itself cannot become this one's; a machine of another kind may well have the same serial. A terminal
    that had records before a cloud id was noted sent them under its serial.
    """
    if not cloud_id:
        return True
    pinned = terminal.options.get("cloud_id")
    if pinned is None:
        other = terminal_by_serial(cloud_id) if cloud_id != terminal.serial else None
        if other is not None and other.device.kind == KIND:
            return False
        known = TerminalScan.objects.filter(device=terminal.device_id).exclude(source="file").exists()
        pinned = terminal.serial if known else cloud_id
        note_traits(terminal=terminal, traits={}, options={"cloud_id": pinned})
    return cloud_id == str(pinned)


def _without_pulled(reading: Reading, secret: str) -> Reading:
    """Leave out a record that was pulled, with its seconds, before its webhook call came (again)."""
    terminal = terminal_by_secret(secret) if reading.punches else None
    if terminal is None or unheard_by_minute(terminal.device, [(punch, False) for punch in reading.punches]):
        return reading
    return replace(reading, punches=())
