"""FKWeb: what is asked stands in the headers, at any address (`/`, `/hdata.aspx`, `/fkweb/<secret>`)."""

from datetime import timedelta

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from hadir.core import clock
from hadir.gateways.arrivals import Caller, Delivery, Received, receive, wall_clock
from hadir.gateways.door import plain, read_body
from hadir.gateways.fkweb.blocks import LARGEST_BODY, Blocks
from hadir.gateways.fkweb.protocol import Call, FkError, read_call, read_poll, reply_headers, set_time
from hadir.gateways.fkweb.reading import TABLE, read_log
from hadir.terminals.reading import Reading

KIND = "fkweb"
OFF = timedelta(seconds=60)
SET_EVERY = 600
"""Seconds between two corrections of one clock: a terminal that does not obey is not told so without end."""
_BLOCKS = Blocks()


def fkweb(request: HttpRequest, secret: str = "") -> HttpResponse:
    """Answer one call. Whatever is not answered with the call's own `trans_id` comes again for ever."""
    call = read_call(
        {name.removeprefix("HTTP_"): str(value) for name, value in request.META.items() if name.startswith("HTTP_")}
    )
    if request.method != "POST" or call is None:
        return plain("FKWeb", 400)
    body = read_body(request, LARGEST_BODY)
    try:
        whole = _BLOCKS.add(call, body)
    except FkError:
        return _answer(call, "ERROR")
    if whole is None:
        return _answer(call)
    caller = Caller(
        kind=KIND,
        serial=call.device,
        secret=secret,
        address=str(request.META.get("REMOTE_ADDR", "")),
        request=f"POST {call.code}"[:60],
        path="/fkweb/",
        table=TABLE,
    )
    if call.code == "realtime_glog":
        return _log(call, caller, whole)
    if call.code == "receive_cmd":
        return _poll(call, caller, whole)
    # Templates that come unasked (`realtime_enroll_data`) and results of commands are noted and dropped.
    received = receive(caller, Delivery(size=len(whole)), clock.now())
    return _answer(call, "OK" if received.taken else "ERROR", flood=received)


def _log(call: Call, caller: Caller, body: bytes) -> HttpResponse:
    reading, clean = read_log(body)
    delivery = Delivery(reading=reading, clean=clean, size=len(body), may_be_live=True)
    received = receive(caller, delivery, clock.now())
    return _answer(call, "OK" if received.taken else "ERROR", flood=received)


def _poll(call: Call, caller: Caller, body: bytes) -> HttpResponse:
    """Hear a terminal that asks for work; the only work is its clock, when it is off."""
    now = clock.now()
    told = read_poll(body)
    reading = Reading(traits=told.traits) if told.traits else Reading()
    delivery = Delivery(reading=reading, size=len(body), clock=told.clock, is_idle=True)
    received = receive(caller, delivery, now)
    local = wall_clock(received.terminal, now)
    off = told.clock is not None and abs(told.clock - local) > OFF
    terminal = received.terminal if received.may_have_commands and off else None
    if terminal is None or not cache.add(f"fkweb-set-time-{terminal.pk}", 1, SET_EVERY):
        return _answer(call, "ERROR_NO_CMD", flood=received)
    headers = reply_headers(call, command="SET_TIME", transaction=f"{int(now.timestamp())}")
    return HttpResponse(set_time(local), content_type="application/octet-stream", headers=headers)


def _answer(call: Call, code: str = "OK", *, flood: Received | None = None) -> HttpResponse:
    status = 429 if flood is not None and flood.is_flood else 200
    return HttpResponse(status=status, content_type="application/octet-stream", headers=reply_headers(call, code))
