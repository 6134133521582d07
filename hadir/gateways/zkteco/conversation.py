"""The conversation with one machine: who is it, what did it bring, what is it answered.

What a machine brought is committed before it is told so. Only a database that is down makes an answer of 503 (the
door's); everything else that is not taken is answered without `OK`, and the machine keeps it.
"""

import hmac
import logging
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.db import DataError, IntegrityError

from hadir.core.writing import written_in_turn
from hadir.devices.models import Terminal
from hadir.devices.queries import schools_of
from hadir.devices.queries_terminal import terminal_by_serial
from hadir.devices.services_terminal import Conversation, hear_terminal, note_traits
from hadir.gateways.zkteco import access_control, answers
from hadir.gateways.zkteco.calls import Call, CallKind
from hadir.gateways.zkteco.options import read_info, traits_of
from hadir.gateways.zkteco.results import read_results
from hadir.gateways.zkteco.uploads import Upload, read_upload
from hadir.schools.queries import usual_time_zone
from hadir.terminals.commands import acknowledge, commands_to_send, has_commands, queue_nightly
from hadir.terminals.door import Admission, Stranger, keep_unclaimed, pin_comm_key
from hadir.terminals.intake import Arrival, raise_alerts, take_in
from hadir.terminals.reading import Noticed, Reading, Sent

logger = logging.getLogger(__name__)

KIND = "zkteco"
NO_ROWS = frozenset({"OPTIONS", "ATTPHOTO", "ERRORLOG"})
"""Tables whose answer has no count."""

UPLOADS = frozenset({CallKind.UPLOAD, CallKind.QUERY_DATA})
WITH_BODY = UPLOADS | {CallKind.PHOTO, CallKind.COMMAND_RESULT}
"""Requests of which a stranger's body, or that there was one, is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request after the door: what it asks, its body, from where, and whom the door believes it to be from.

    `has_length`: a body was announced, so that what came is all of it; without, no server can tell where it ends.
    """

    call: Call
    body: bytes
    path: str
    content_type: str
    address: str
    admission: Admission
    now: datetime
    has_length: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What the machine reads."""

    text: str
    status: int = 200


def answer_visit(visit: Visit) -> Answer:
    """Take in what a machine brought and say what it is answered."""
    terminal = visit.admission.terminal
    if _is_unread(visit):
        return _answer_unread(visit)
    if terminal is None:
        return _answer_stranger(visit)
    if visit.call.kind is CallKind.POLL and not visit.body:
        # Most requests by far. Nothing is taken in, so it must not wait for those that write.
        return _poll(visit, terminal)
    try:
        # Read before the turn at the database: it takes as long as the writing.
        upload = read_upload(_table_of(visit.call), visit.body)
        with written_in_turn():
            if visit.call.kind in UPLOADS:
                return _upload(visit, terminal, upload)
            if upload.reading.bad:
                _upload(visit, terminal, upload)
            return _answer_known(visit, terminal)
    except (DataError, IntegrityError, ValueError, TypeError, LookupError, ArithmeticError) as error:
        # A mistake of ours must not lose a block: without OK the machine keeps it. The message could hold a record.
        logger.error("%s of device %s: %s", visit.call.request, terminal.pk, type(error).__name__, stack_info=True)  # noqa: TRY400
        said = Conversation(
            request=visit.call.request, bytes=len(visit.body), reply=answers.WAIT, error="internal", is_kept=True
        )
        hear_terminal(terminal=terminal, said=said, now=visit.now)
        return Answer(answers.WAIT)


def _is_unread(visit: Visit) -> bool:
    """Tell whether records may have come in a body whose length nobody said, and of which nothing was read."""
    brings = visit.call.kind in UPLOADS
    return brings and not visit.has_length and _table_of(visit.call) not in NO_ROWS


def _answer_unread(visit: Visit) -> Answer:
    """Answer without OK, so that the machine keeps what was not read."""
    terminal = visit.admission.terminal
    if terminal is None:
        _keep(visit, Upload(Reading(), 0, b""))
        return Answer(answers.WAIT)
    said = Conversation(
        request=visit.call.request,
        reply=answers.WAIT,
        error="tanpa Content-Length, isi tidak terbaca",
        errors=1,
        is_kept=True,
    )
    hear_terminal(terminal=terminal, said=said, now=visit.now)
    return Answer(answers.WAIT)


def _answer_known(visit: Visit, terminal: Terminal) -> Answer:
    kind = visit.call.kind
    if kind is CallKind.INIT:
        return _init(visit, terminal)
    if kind is CallKind.POLL:
        return _poll(visit, terminal)
    if kind is CallKind.COMMAND_RESULT:
        return _results(visit, terminal)
    if kind in {CallKind.REGISTRY, CallKind.PUSH_PARAMETERS}:
        return _access_control(visit, terminal)
    reply = "ERROR" if kind is CallKind.EXCHANGE else answers.OK
    error = "exchange asked" if kind is CallKind.EXCHANGE else ""
    said = Conversation(request=visit.call.request, bytes=len(visit.body), reply=reply, error=error)
    hear_terminal(terminal=terminal, said=said, now=visit.now)
    return Answer(reply)


def _init(visit: Visit, terminal: Terminal) -> Answer:
    """Begin: pin the communication key, remember the dialect, and answer the options."""
    query = visit.call.query
    pin_comm_key(terminal=terminal, key=query.get("pushcommkey", ""), now=visit.now)
    version = query.get("pushver", "")[:20]
    is_acc = visit.call.is_access_control
    note_traits(terminal=terminal, traits={"protocol": f"acc {version}" if is_acc else f"adms {version or '2.2.14'}"})
    hear_terminal(
        terminal=terminal,
        said=Conversation(request=visit.call.request, reply="options", is_start=True),
        now=visit.now,
    )
    if is_acc:
        codes = _codes(terminal.serial)
        hours = _hours(terminal, visit.now)
        text = f"registry=ok\nRegistryCode={codes.registry}\n{access_control.parameters(codes, hours=hours)}"
        return Answer(text)
    zone = schools_of(terminal.device)[0].time_zone
    return Answer(answers.options_answer(serial=visit.call.serial, time_zone=zone, now=visit.now))


def _poll(visit: Visit, terminal: Terminal) -> Answer:
    """Give out what waits. A poll is a sign of life, and that nothing waits to be sent from the other side."""
    admission = visit.admission
    info = read_info(visit.call.query.get("info", ""))
    if info:
        note_traits(terminal=terminal, traits=traits_of(info), options=info)
    if admission.may_have_commands:
        queue_nightly(terminal=terminal, now=visit.now)
    sending: list[tuple[int, str]] = []
    if admission.may_have_commands and has_commands(terminal):
        sending = commands_to_send(terminal=terminal, with_names=admission.may_have_names, now=visit.now)
    said = Conversation(
        request=visit.call.request,
        reply=f"{len(sending)} commands" if sending else answers.OK,
        is_idle=not sending and not info,
    )
    hear_terminal(terminal=terminal, said=said, now=visit.now)
    return Answer(answers.commands_answer(sending))


def _upload(visit: Visit, terminal: Terminal, upload: Upload) -> Answer:
    table = _table_of(visit.call)
    reply = _upload_reply(visit.call, table, upload)
    arrival = Arrival(
        address=visit.address,
        trust=visit.admission.trust,
        request=visit.call.request,
        clean=upload.clean,
        size=len(visit.body),
    )
    sent = Sent(visit.body, table, visit.content_type, visit.path)
    outcome = take_in(terminal=terminal, reading=upload.reading, arrival=arrival, sent=sent, now=visit.now)
    bad = len(upload.reading.bad) + outcome.unstorable
    is_block = table in {"ATTLOG", "RTLOG"}
    said = Conversation(
        request=visit.call.request,
        bytes=len(visit.body),
        reply=reply,
        error=f"{bad} baris tidak terbaca" if bad else "",
        errors=bad,
        lines=upload.reading.lines if is_block else None,
    )
    hear_terminal(terminal=terminal, said=said, now=visit.now)
    return Answer(reply)


def _table_of(call: Call) -> str:
    """Return the table; the access-control dialect names it apart (`table=tabledata&tablename=user`).

    Where nothing is uploaded, a table has no meaning: records of attendance in such a body are at the wrong address.
    """
    if call.kind not in UPLOADS:
        return call.kind.name
    return call.query.get("tablename", "").upper()[:24] if _is_named_apart(call) else call.table


def _is_named_apart(call: Call) -> bool:
    return call.table == "TABLEDATA" or call.kind is CallKind.QUERY_DATA


def _upload_reply(call: Call, table: str, upload: Upload) -> str:
    if _is_named_apart(call):
        return f"{call.query.get('tablename', '')[:24]}={upload.lines}"
    if table in NO_ROWS or table.startswith("RT") or not table:
        return answers.OK
    return answers.count_answer(upload.lines)


def _results(visit: Visit, terminal: Terminal) -> Answer:
    for result in read_results(visit.body):
        acknowledge(terminal=terminal, number=result.number, code=result.code, values=result.values, now=visit.now)
        if result.command.upper() == "INFO" and result.values:
            note_traits(terminal=terminal, traits=traits_of(result.values), options=result.values)
    said = Conversation(request=visit.call.request, bytes=len(visit.body), reply=answers.OK)
    hear_terminal(terminal=terminal, said=said, now=visit.now)
    return Answer(answers.OK)


def _access_control(visit: Visit, terminal: Terminal) -> Answer:
    """Registration and parameters in the access-control dialect."""
    codes = _codes(terminal.serial)
    call = visit.call
    if call.kind is CallKind.REGISTRY:
        upload = read_upload("OPTIONS", visit.body)
        traits = {**upload.reading.traits, "protocol": "acc 3"}
        note_traits(terminal=terminal, traits=traits, options=upload.reading.options)
        text = f"RegistryCode={codes.registry}"
    else:
        text = access_control.parameters(codes, hours=_hours(terminal, visit.now))
    said = Conversation(
        request=call.request,
        bytes=len(visit.body),
        reply=text.partition("=")[0],
        is_start=call.kind is CallKind.PUSH_PARAMETERS,
    )
    hear_terminal(terminal=terminal, said=said, now=visit.now)
    return Answer(text)


def _codes(serial: str) -> access_control.Codes:
    return access_control.codes_for(serial, settings.SECRET_KEY.encode())


def _hours(terminal: Terminal, now: datetime) -> int:
    return answers.hours_of(schools_of(terminal.device)[0].time_zone, now)


def _answer_stranger(visit: Visit) -> Answer:
    """Answer a machine that nobody has claimed: it may send, what it sends waits; it learns no name and no order.

    In the access-control dialect it is told to wait for registration, so that it keeps everything itself.
    """
    call = visit.call
    upload = Upload(Reading(), 0, b"")
    found = read_upload(_table_of(call), visit.body)
    if call.kind in WITH_BODY or found.reading.bad:
        upload = found
    elif call.kind in {CallKind.POLL, CallKind.REGISTRY}:
        info = read_info(call.query.get("info", ""))
        options = info or dict(read_upload("OPTIONS", visit.body).reading.options)
        upload = Upload(Reading(options=options, traits=traits_of(options)), 0, b"")
    elif call.kind is CallKind.INIT:
        version = call.query.get("pushver", "")[:20]
        traits = {"protocol": f"{'acc' if call.is_access_control else 'adms'} {version or '2.2.14'}"}
        upload = Upload(Reading(traits=traits), 0, b"")
    return _stranger_reply(visit, upload, kept=_keep(visit, upload))


def _keep(visit: Visit, upload: Upload) -> bool:
    """Hold back what came from a machine that is not believed. False: there is no room for it."""
    call = visit.call
    return keep_unclaimed(
        stranger=Stranger(serial=call.serial, kind=KIND, address=visit.address, reason=visit.admission.reason),
        sent=Sent(visit.body, _table_of(call) or call.kind.name, visit.content_type, visit.path),
        clean=upload.clean,
        reading=upload.reading,
        now=visit.now,
    )


def _stranger_reply(visit: Visit, upload: Upload, *, kept: bool) -> Answer:
    call = visit.call
    if call.kind is CallKind.REGISTRY:
        return Answer("406", 406)
    if not kept and (call.kind in UPLOADS or upload.reading.bad):
        return Answer(answers.WAIT)
    if call.kind in UPLOADS:
        return Answer(_upload_reply(call, _table_of(call), upload))
    if call.kind is CallKind.INIT and not call.is_access_control:
        return Answer(answers.options_answer(serial=call.serial, time_zone=_zone_of(call.serial), now=visit.now))
    return Answer("ERROR" if call.kind is CallKind.EXCHANGE else answers.OK)


def _zone_of(serial: str) -> str:
    """Return the time zone for a machine that is not believed: its school's where it was added, else most schools'."""
    terminal = terminal_by_serial(serial)
    schools = schools_of(terminal.device) if terminal is not None else []
    return schools[0].time_zone if schools else usual_time_zone()


def judge_token(admission: Admission, token: str, now: datetime) -> Admission:
    """Raise or lower how far a machine of the access-control dialect is believed, by its cookie.

    The right token proves it as an address would. A wrong one is an alert, takes commands away and loses nothing: the
    rule for the token stands in the manual only and was never tried on a machine, and one that keeps the codes of a
    former key of the server does not register again by itself. Its records would wait for ever.
    """
    terminal = admission.terminal
    if terminal is None or not token or not terminal.protocol.startswith("acc"):
        return admission
    if hmac.compare_digest(
        token.lower().encode("utf-8", "replace"), _codes(terminal.serial).token(terminal.serial).encode()
    ):
        obeys = admission.may_have_commands
        return replace(admission, trust="secret", may_have_names=obeys)
    raise_alerts(device=terminal.device, noticed=[Noticed("key_changed", f"token {now:%Y-%m-%d}")], now=now)
    return replace(admission, may_have_commands=False, may_have_names=False)


def shown_path(call: Call) -> str:
    """Return the address as it may be kept: what was asked for which table, no serial, no secret, no key."""
    table = f"?table={quote(call.table)}" if call.table else ""
    return f"/iclock/{call.name.partition(' ')[2]}{table}"
