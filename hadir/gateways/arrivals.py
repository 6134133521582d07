"""What gateways share once a body is read: is the machine believed, and is all kept before it is told so."""

import logging
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DataError, IntegrityError, transaction

from hadir.devices.models import Terminal
from hadir.devices.queries import schools_of
from hadir.devices.services_terminal import Conversation, hear_terminal, note_clock, note_handed_in, note_traits
from hadir.ledger.services_terminal import PunchOutcome
from hadir.terminals.door import Admission, Stranger, admit, keep_unclaimed
from hadir.terminals.intake import Arrival, take_in
from hadir.terminals.limits import BY_ADDRESS, BY_SERIAL, BY_STRANGER
from hadir.terminals.reading import Reading, Sent

logger = logging.getLogger(__name__)
SAME_SKEW = 5
"""Seconds: a clock shown at every call is written down only when it has changed by more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls and how. `request` and `path` name the call on pages and in the quarantine; no secret is in them.

    `table` tells the gateway's reader what a body kept in quarantine is. `refused`: why the gateway itself does not
    believe it, whatever its secret says (a value of `HeldBack`).
    """

    kind: str
    serial: str
    secret: str
    address: str
    request: str
    path: str
    table: str = ""
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a call brought: its reading, the body without what must not be kept, its size on the line.

    `may_be_live`: the records were made just now, as far as the protocol can say. `clock`: the wall clock that the
    machine showed in a call that it surely made just now. `is_idle`: it has nothing left to send. `is_start`: it begins
    anew. `error`: what was wrong, for the machine's page.
    """

    reading: Reading = Reading()  # noqa: RUF009  frozen
    clean: bytes = b""
    size: int = 0
    source: str = "push"
    may_be_live: bool = False
    clock: datetime | None = None
    is_idle: bool = False
    is_start: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a call. `taken`: its data is kept, so the machine may forget it. `terminal`: only if believed."""

    taken: bool
    terminal: Terminal | None = None
    may_have_commands: bool = False
    is_flood: bool = False
    outcome: PunchOutcome = PunchOutcome()  # noqa: RUF009  frozen


def receive(caller: Caller, delivery: Delivery, now: datetime) -> Received:
    """Keep what a machine brought: in the ledger if it is believed, else in the quarantine. All of it or nothing.

    Database failures that may pass are raised; a mistake of ours leaves the data with the machine.
    """
    if not (BY_ADDRESS.take(caller.address) and BY_SERIAL.take(caller.serial or caller.address)):
        return Received(taken=False, is_flood=True)
    try:
        with transaction.atomic():
            return _receive(caller, delivery, now)
    except (DataError, IntegrityError, ValueError, TypeError, LookupError, ArithmeticError) as error:
        # The traceback says where; the message could hold a record.
        logger.error("%s of a %s: %s", caller.request, caller.kind, type(error).__name__, stack_info=True)  # noqa: TRY400
        return Received(taken=False)


def _receive(caller: Caller, delivery: Delivery, now: datetime) -> Received:
    sent = Sent(delivery.clean, caller.table, "", caller.path)
    admission = Admission(None, reason=caller.refused)
    if not caller.refused:
        admission = admit(serial=caller.serial, secret=caller.secret, address=caller.address, now=now)
    terminal = admission.terminal
    if terminal is None or terminal.device.kind != caller.kind:
        if not BY_STRANGER.take(caller.address):
            return Received(taken=False, is_flood=True)
        stranger = Stranger(
            serial=caller.serial,
            kind=caller.kind,
            address=caller.address,
            reason=admission.reason or "unknown_serial",
        )
        kept = keep_unclaimed(stranger=stranger, sent=sent, clean=delivery.clean, reading=delivery.reading, now=now)
        return Received(taken=kept)
    outcome = PunchOutcome()
    reading = delivery.reading
    if delivery.clean or reading.lines or reading.users or reading.noticed:
        arrival = Arrival(
            address=caller.address,
            trust=admission.trust,
            request=caller.request,
            clean=delivery.clean,
            size=delivery.size,
            source=delivery.source,
            may_be_live=delivery.may_be_live,
        )
        outcome = take_in(terminal=terminal, reading=reading, arrival=arrival, sent=sent, now=now)
    else:
        note_traits(terminal=terminal, traits=reading.traits, options=reading.options)
    _hear(terminal, caller, delivery, outcome, now)
    return Received(True, terminal, admission.may_have_commands, outcome=outcome)


def _hear(terminal: Terminal, caller: Caller, delivery: Delivery, outcome: PunchOutcome, now: datetime) -> None:
    """Note the call. A call that both brings records and says that nothing is left counts as both."""
    reading = delivery.reading
    bad = len(reading.bad) + outcome.unstorable
    said = Conversation(
        request=caller.request,
        bytes=delivery.size,
        reply="OK",
        error=delivery.error or (reading.bad[0][:120] if reading.bad else ""),
        errors=bad,
        lines=reading.lines or None,
        is_start=delivery.is_start,
        is_idle=delivery.is_idle and not reading.lines,
    )
    hear_terminal(terminal=terminal, said=said, now=now)
    if delivery.is_idle and reading.lines:
        note_handed_in(device=terminal.device, until=now, now=now)
    if delivery.clock is not None:
        skew = round((delivery.clock.replace(tzinfo=zone_of(terminal)) - now).total_seconds())
        if terminal.clock_skew is None or abs(skew - terminal.clock_skew) > SAME_SKEW:
            note_clock(device=terminal.device, skew=skew, now=now)


def zone_of(terminal: Terminal | None) -> ZoneInfo:
    """Return the time zone at a terminal's first school; the region's usual one where there is no school."""
    schools = schools_of(terminal.device) if terminal is not None else []
    return ZoneInfo(schools[0].time_zone if schools else settings.TIME_ZONE)


def wall_clock(terminal: Terminal | None, now: datetime) -> datetime:
    """Return the present on the wall clock at a terminal's school, naive, whole seconds."""
    return now.astimezone(zone_of(terminal)).replace(tzinfo=None, microsecond=0)
