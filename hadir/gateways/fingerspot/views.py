"""The webhook of fingerspot.io: `/fingerspot/<secret>`. It is not signed, so the secret is all that proves it."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse

from hadir.core import clock
from hadir.devices.queries_terminal import terminal_by_secret, terminal_by_serial
from hadir.devices.services_terminal import note_traits
from hadir.gateways.arrivals import Caller, Delivery, receive
from hadir.gateways.door import plain, read_body
from hadir.gateways.fingerspot.webhook import TABLE, read_call
from hadir.gateways.matching import unheard
from hadir.terminals.reading import Reading

KIND = "fingerspot-cloud"
LARGEST_BODY = 4 * 1024 * 1024


def webhook(request: HttpRequest, secret: str = "") -> HttpResponse:
    """Take in one call and answer 200 when it is kept."""
    if request.method != "POST":
        return plain("POST", 405)
    body = read_body(request, LARGEST_BODY)
    reading, cloud_id, clean = read_call(body)
    caller = Caller(
        kind=KIND,
        serial=_serial(cloud_id, secret),
        secret=secret,
        address=str(request.META.get("REMOTE_ADDR", "")),
        request=f"POST {TABLE}",
        path="/fingerspot/",
        table=TABLE,
    )
    delivery = Delivery(
        reading=_without_pulled(reading, secret), clean=clean, size=len(body), source="cloud", may_be_live=True
    )
    received = receive(caller, delivery, clock.now())
    if received.is_flood:
        return plain("later", 429)
    return plain("OK") if received.taken else plain("not kept", 403)


def _serial(cloud_id: str, secret: str) -> str:
    """Return the serial that a cloud id stands for.

    A terminal that was registered under another serial keeps the first cloud id that comes behind its secret; records
    of another machine, whose PINs are other people, never come in under its name.
    """
    terminal = terminal_by_secret(secret)
    if terminal is None or terminal.device.kind != KIND or not cloud_id or cloud_id == terminal.serial:
        return cloud_id
    pinned = terminal.options.get("cloud_id")
    if pinned is None and terminal_by_serial(cloud_id) is None:
        note_traits(terminal=terminal, traits={}, options={"cloud_id": cloud_id})
        return terminal.serial
    return terminal.serial if pinned == cloud_id else cloud_id


def _without_pulled(reading: Reading, secret: str) -> Reading:
    """Leave out a record that was pulled, with its seconds, before its webhook call came (again)."""
    terminal = terminal_by_secret(secret) if reading.punches else None
    if terminal is None or unheard(terminal.device, [(punch, False) for punch in reading.punches]):
        return reading
    return replace(reading, punches=())
