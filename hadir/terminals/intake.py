"""Taking in what a claimed terminal sent: journal, records, users and alerts in one transaction."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction

from hadir.devices.models import Device, Terminal
from hadir.devices.services import printable
from hadir.devices.services_terminal import is_live, note_traits
from hadir.ledger.services_terminal import PunchOutcome, record_punches
from hadir.terminals.journal import LARGEST_KEPT, keep_entry, prune_if_due
from hadir.terminals.models import (
    Alert,
    AlertKind,
    Command,
    CommandKind,
    HeldBack,
    KnownUser,
    Quarantined,
)
from hadir.terminals.reading import ListedUser, Noticed, Reading, Sent

MOST_BAD_LINES = 2000
"""So many unreadable blocks are kept for one terminal; later ones are only counted."""
ASKED_LATELY = timedelta(minutes=15)
ASKING = (CommandKind.RESEND, CommandKind.SEND_NEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """How a body came: from which address, with which trust, in answer to what `request` (no secret in it).

    `clean`: the body without what must not be kept. `source` and `trust` as in the ledger. `measured`: by how many
    seconds the terminal's clock was ahead when the sender read it.
    """

    address: str
    trust: str
    request: str
    clean: bytes
    size: int
    source: str = "push"
    may_be_live: bool = True
    measured: int | None = None


@transaction.atomic
def take_in(*, terminal: Terminal, reading: Reading, arrival: Arrival, sent: Sent, now: datetime) -> PunchOutcome:
    """Keep everything that a body says. When this returns, it is committed with the caller's transaction.

    1. The body goes into the journal, so that whatever is misread can be read again.
    2. Records go into the ledger; those made just now measure the clock.
    3. Unreadable lines are held back, users and what the terminal says of itself are noted, alerts are made.
    """
    device = terminal.device
    entry = keep_entry(
        device=device,
        request=arrival.request,
        address=arrival.address,
        trust=arrival.trust,
        clean=arrival.clean,
        size=arrival.size,
        now=now,
    )
    outcome = PunchOutcome()
    if reading.punches:
        live = arrival.may_be_live and is_live(terminal, lines=reading.lines, now=now) and not _was_asked(device, now)
        outcome = record_punches(
            device=device,
            punches=reading.punches,
            source=arrival.source,
            trust=arrival.trust,
            now=now,
            raw_ref=f"journal:{entry.pk}",
            live=live,
            measured=arrival.measured,
        )
    if reading.bad:
        hold_bad_lines(terminal=terminal, bad=reading.bad, address=arrival.address, sent=sent, now=now)
    note_users(device=device, users=reading.users, now=now)
    if reading.traits or reading.options:
        note_traits(terminal=terminal, traits=reading.traits, options=reading.options)
    raise_alerts(device=device, noticed=reading.noticed, now=now)
    prune_if_due(now=now)
    return outcome


def _was_asked(device: Device, now: datetime) -> bool:
    """Tell whether the terminal is just answering a question for records: old ones, or what it has not sent yet."""
    asked = Command.objects.filter(device=device, kind__in=ASKING, sent_at__gt=now - ASKED_LATELY)
    return asked.exists()


def hold_bad_lines(*, terminal: Terminal, bad: Sequence[str], address: str, sent: Sent, now: datetime) -> None:
    """Keep lines of a claimed terminal that could not be read, once per content and no more than a bounded number."""
    room = MOST_BAD_LINES - Quarantined.objects.filter(device=terminal.device_id).count()
    held = []
    for lines in islice(_blocks(bad), max(room, 0)):
        body = "\n".join(lines).encode("utf-8", "backslashreplace")[:LARGEST_KEPT]
        one = Quarantined(
            serial=terminal.serial,
            device=terminal.device,
            kind=terminal.device.kind,
            address=address[:45],
            path=sent.path[:200],
            table=sent.table[:40],
            content_type=sent.content_type[:100],
            body=body,
            digest=hashlib.sha256(body).hexdigest(),
            lines=len(lines),
            reason=HeldBack.BAD_LINE,
            detail=printable(lines[0].replace("\t", " | "), 200),
            received_at=now,
        )
        held.append(one)
    Quarantined.objects.bulk_create(held, ignore_conflicts=True)


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield lines in blocks that a row may hold; a line that is longer alone is cut there."""
    block: list[str] = []
    size = 0
    for line in lines:
        length = len(line.encode("utf-8", "backslashreplace")) + 1
        if block and size + length > LARGEST_KEPT:
            yield block
            block, size = [], 0
        block.append(line)
        size += length
    if block:
        yield block


def note_users(*, device: Device, users: Sequence[ListedUser], now: datetime) -> None:
    """Keep the users that a terminal lists; a name that comes later replaces the earlier one."""
    rows = {
        user.pin: KnownUser(
            device=device, pin=user.pin, name=printable(user.name, 80), is_admin=user.is_admin, seen_at=now
        )
        for user in users
        if user.pin and len(user.pin) <= 64 and user.pin.isprintable()
    }
    KnownUser.objects.bulk_create(
        list(rows.values()),
        update_conflicts=True,
        unique_fields=["device", "pin"],
        update_fields=["name", "is_admin", "seen_at"],
    )


def raise_alerts(*, device: Device, noticed: Iterable[Noticed], now: datetime) -> None:
    """Add alerts; one that is there already stays as it is."""
    Alert.objects.bulk_create(
        [
            Alert(
                device=device,
                kind=AlertKind(one.kind),
                occasion=printable(one.occasion, 120),
                detail=printable(one.detail, 200),
                at=now,
            )
            for one in noticed
        ],
        ignore_conflicts=True,
    )
