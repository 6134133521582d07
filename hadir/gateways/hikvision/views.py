"""The address that a Hikvision terminal pushes to: `/hik/<secret>`."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from hadir.core import clock
from hadir.devices.queries_terminal import terminal_by_secret, terminal_by_serial
from hadir.devices.services_terminal import hash_secret
from hadir.gateways.arrivals import Caller, Delivery, Received, receive
from hadir.gateways.door import plain, read_body
from hadir.gateways.hikvision import push
from hadir.gateways.hikvision.services import hear_events

KIND = "hikvision"
LARGEST_BODY = 8 * 1024 * 1024
"""An event with the photograph of the moment; the photograph is dropped."""


def events(request: HttpRequest, secret: str = "") -> HttpResponse:
    """Take in one push and answer 200 when it is kept. A terminal is content with that and reads no body."""
    if request.method != "POST":
        return plain("POST", 405)
    body = read_body(request, LARGEST_BODY)
    told = push.read_body(body, settings.HADIR_HIKVISION_KINDS)
    # The terminal's own name for itself is no serial that anybody registered: behind the right secret it is not needed.
    known = terminal_by_secret(secret) or terminal_by_serial(told.claimed_serial)
    caller = Caller(
        kind=KIND,
        serial="" if known is not None and secret and known.secret_hash == hash_secret(secret) else told.claimed_serial,
        secret=secret,
        address=str(request.META.get("REMOTE_ADDR", "")),
        request=f"POST {'heartBeat' if told.is_heartbeat else push.TABLE}",
        path="/hik/",
        table=push.TABLE,
    )
    received = _take(caller, told, len(body), known.last_request_at if known is not None else None)
    if received.is_flood:
        return plain("later", 429)
    return plain("OK") if received.taken else plain("not kept", 403)


def _take(caller: Caller, told: push.Push, size: int, before: datetime | None) -> Received:
    now = clock.now()
    beat = next((event.local_time for event in told.events if event.is_heartbeat), None)
    delivery = Delivery(
        reading=told.reading,
        clean=b"" if told.is_heartbeat else told.clean,
        size=size,
        may_be_live=all(event.is_current for event in told.events),
        clock=beat,
        error=told.error,
    )
    with transaction.atomic():
        received = receive(caller, delivery, now)
        if received.terminal is not None:
            hear_events(device=received.terminal.device, events=told.events, before=before, now=now)
    return received
