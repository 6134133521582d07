"""Adding terminals, their secrets, and what a terminal says of itself while it speaks."""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from hadir.accounts.models import User
from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.core.texts import clean_text
from hadir.core.writing import written_in_turn
from hadir.devices.models import Condition, Device, DeviceKind, DeviceSchool, Fund, HeardDay, Terminal
from hadir.devices.services import printable
from hadir.schools.models import School

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Small letters and digits that do not look alike: a secret is typed on a terminal, and may be a host name."""
LENGTH = 16
SERIAL_PATTERN = re.compile(r"[!-~](?:[ -~]{0,62}[!-~])?")
POLL_WRITTEN_EVERY = timedelta(minutes=2)
"""A poll without news is written down no oftener than this: a thousand terminals poll every 30 seconds."""
SILENCE = 2 * POLL_WRITTEN_EVERY
"""A terminal of which nothing was written for so long was cut off, and may hold records of that time."""

KEY_DIFFERS = "key_differs"
"""The option that stands while a terminal shows another communication key than before; it gets no commands then."""

CLOCK_WRONG = timedelta(minutes=10)
"""A clock that is off by more makes its records doubted."""


def hash_secret(secret: str) -> str:
    """Hash a secret as it comes in an address: any case. 79 random bits, so a plain SHA-256 is enough."""
    return hashlib.sha256(b"hadir terminal\0" + secret.lower().encode("utf-8", "surrogatepass")).hexdigest()


@transaction.atomic
def add_terminal(
    *,
    serial: str,
    kind: str,
    schools: Sequence[School],
    by: User | None,
    now: datetime,
    name: str = "",
    claimed: bool = False,
) -> tuple[Terminal, str]:
    """Register a terminal for one school or several (the first gives the time zone) and return it with its secret.

    The secret is kept as a hash: this is the only moment at which it can be shown. Kind `file` has none (empty text).
    Raises HadirError `serial_invalid`, `serial_taken`, `serial_twin`, `device_needs_school`, `text_*`.
    """
    serial = serial.strip()
    if not SERIAL_PATTERN.fullmatch(serial):
        raise HadirError("serial_invalid")
    if not schools:
        raise HadirError("device_needs_school")
    if Terminal.objects.filter(serial=serial).exists():
        raise HadirError("serial_taken", serial=serial)
    twin = Terminal.objects.filter(serial__iexact=serial, device__revoked_at__isnull=True).first()
    if twin is not None:
        # Typed in other letters than the machine sends, one of the two would never call.
        raise HadirError("serial_twin", serial=twin.serial)
    device = Device.objects.create(
        kind=DeviceKind(kind),
        name=clean_text(name, field="nama mesin", limit=80) or f"Mesin {serial}"[:80],
        created_at=now,
    )
    DeviceSchool.objects.bulk_create(
        DeviceSchool(device=device, school=school, position=position)
        for position, school in enumerate(dict.fromkeys(schools))
    )
    secret = "" if device.kind == DeviceKind.FILE else new_secret()
    terminal = Terminal.objects.create(
        device=device,
        serial=serial,
        secret_hash=hash_secret(secret) if secret else "",
        claimed_at=now if claimed or device.kind == DeviceKind.FILE else None,
        claimed_by=by if claimed else None,
    )
    record_audit(
        actor=by,
        action="add_terminal",
        object_kind="device",
        object_id=device.pk,
        now=now,
        detail={"serial": serial, "kind": device.kind, "schools": [school.npsn for school in schools]},
    )
    return terminal, secret


def new_secret() -> str:
    """Return a new secret for an address."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


@transaction.atomic
def renew_secret(*, terminal: Terminal, by: User | None, now: datetime) -> str:
    """Give a terminal a new secret and return it; calls with the former one are not believed any more.

    A terminal that has used a secret must use the new one: a call without any is still held back. The communication
    key is forgotten, and the next one is kept: whoever renews has looked at a machine whose key changed.
    """
    secret = new_secret()
    terminal.refresh_from_db(fields=["options"])
    terminal.options.pop(KEY_DIFFERS, None)
    terminal.secret_hash, terminal.comm_key_hash = hash_secret(secret), ""
    terminal.save(update_fields=["secret_hash", "comm_key_hash", "options"])
    record_audit(actor=by, action="renew_secret", object_kind="device", object_id=terminal.device_id, now=now)
    return secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One request of a terminal, for its page. `request`: method, table and the like, never a secret or a name.

    `lines`: records in a block of attendance; None where the request was none. `is_start`: the terminal has begun anew
    (asked for its options). `is_kept`: it was answered without OK and still has what it brought. `is_idle`: it asked
    for work: a sign that it has nothing to send at this moment.
    """

    request: str
    bytes: int = 0
    reply: str = ""
    error: str = ""
    errors: int = 0
    lines: int | None = None
    is_start: bool = False
    is_kept: bool = False
    is_idle: bool = False


def hear_terminal(*, terminal: Terminal, said: Conversation, now: datetime) -> None:
    """Note that a terminal spoke, by UPDATEs of the columns concerned. Idle polls are written every two minutes only.

    An idle poll means that everything up to now was handed in, unless the terminal has just begun anew, was silent, or
    is sending a backlog in blocks: between two of them it polls too.
    """
    device = terminal.device
    if said.is_idle and _written_lately(terminal, now):
        return
    changes = _said(said, now)
    if said.is_start or said.is_kept or _was_silent(terminal, now):
        changes["last_init_at"] = now
    errors = {"parse_errors": F("parse_errors") + said.errors} if said.errors else {}
    heard: dict[str, Any] = {"last_heard_at": now}
    if device.activated_at is None:
        heard["activated_at"] = now
    if said.is_idle and "last_init_at" not in changes and _has_nothing_left(terminal, now):
        heard |= {"handed_in_until": now, "unsent": 0}
    with written_in_turn():
        Terminal.objects.filter(pk=terminal.pk).update(**changes, **errors)
        Device.objects.filter(pk=device.pk).update(**heard)
        note_heard_day(device=device, now=now)
    for row, values in ((terminal, changes), (device, heard)):
        for name, value in values.items():
            setattr(row, name, value)


def _said(said: Conversation, now: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "last_request_at": now,
        "last_request": printable(said.request, 120),
        "last_bytes": min(said.bytes, 2**31 - 1),
        "last_reply": printable(said.reply, 120),
    }
    if said.error:
        changes |= {"last_error": printable(said.error, 200), "last_error_at": now}
    if said.lines is not None:
        changes |= {"last_block_at": now, "last_block_lines": min(said.lines, 2**31 - 1)}
    return changes


def _written_lately(terminal: Terminal, now: datetime) -> bool:
    return (
        terminal.last_request_at is not None
        and terminal.last_request_at > now - POLL_WRITTEN_EVERY
        and terminal.device.handed_in_until is not None
        and terminal.device.handed_in_until > now - POLL_WRITTEN_EVERY
    )


def _was_silent(terminal: Terminal, now: datetime) -> bool:
    return terminal.last_request_at is None or terminal.last_request_at < now - SILENCE


SETTLED = timedelta(seconds=90)
"""So long after its start, or after a block of more than a few records, a terminal that polls has nothing left.

Longer than it waits before it tries again what was not taken: 60 seconds (`ErrorDelay`).
"""
FEW_LINES = 5


def _has_nothing_left(terminal: Terminal, now: datetime) -> bool:
    started = terminal.last_init_at is not None and terminal.last_init_at > now - SETTLED
    sending = (
        terminal.last_block_at is not None
        and terminal.last_block_lines > FEW_LINES
        and terminal.last_block_at > now - SETTLED
    )
    return not started and not sending


def is_live(terminal: Terminal, *, lines: int, now: datetime) -> bool:
    """Tell whether the records of this block were surely made just now, so that they measure the terminal's clock.

    Few lines, from a terminal that has been speaking for minutes without a new start, a silence or a backlog: what was
    made while it was cut off comes together, or soon after it speaks again. Whoever asked a terminal for old records
    must not call.
    """
    if lines > FEW_LINES or _was_silent(terminal, now):
        return False
    if terminal.last_init_at is not None and terminal.last_init_at > now - timedelta(minutes=3):
        return False
    return not (
        terminal.last_block_lines > FEW_LINES
        and terminal.last_block_at is not None
        and terminal.last_block_at > now - timedelta(minutes=10)
    )


def note_heard_day(*, device: Device, now: datetime) -> None:
    """Keep the first and last hearing of the date (UTC)."""
    day = now.astimezone(UTC).date()
    if not HeardDay.objects.filter(device=device, day=day).update(last_at=Greatest("last_at", Value(now))):
        HeardDay.objects.bulk_create(
            [HeardDay(device=device, day=day, first_at=now, last_at=now)], ignore_conflicts=True
        )


def note_handed_in(*, device: Device, until: datetime, now: datetime) -> None:
    """Note that a terminal has handed in everything up to `until` (a file: its newest record). It never goes back."""
    until = min(until, now)
    if device.handed_in_until is None or device.handed_in_until < until:
        device.handed_in_until = until
    if device.activated_at is None:
        device.activated_at = now
    device.last_heard_at = now
    device.save(update_fields=["handed_in_until", "activated_at", "last_heard_at"])
    note_heard_day(device=device, now=now)


def note_clock(*, device: Device, skew: int, now: datetime) -> None:
    """Keep how many seconds a terminal's clock was ahead (negative: behind) at a live record, or when it was read."""
    good = {"clock_good_at": now} if timedelta(seconds=abs(skew)) <= CLOCK_WRONG else {}
    Terminal.objects.filter(pk=device.pk).update(clock_skew=skew, clock_measured_at=now, **good)


def note_traits(*, terminal: Terminal, traits: Mapping[str, str], options: Mapping[str, str] | None = None) -> None:
    """Keep what a terminal says of itself: `brand`, `model`, `firmware`, `protocol`; and its options, bounded."""
    limits = {"brand": 80, "model": 80, "firmware": 120, "protocol": 40}
    changes: dict[str, Any] = {
        name: printable(traits[name], limit).strip() for name, limit in limits.items() if traits.get(name, "").strip()
    }
    if options:
        kept = {printable(key, 60): printable(value, 200) for key, value in list(options.items())[:150]}
        changes["options"] = {**terminal.options, **kept}
    changes = {name: value for name, value in changes.items() if getattr(terminal, name) != value}
    if changes:
        Terminal.objects.filter(pk=terminal.pk).update(**changes)
        for name, value in changes.items():
            setattr(terminal, name, value)


@transaction.atomic
def update_register(
    *,
    terminal: Terminal,
    name: str,
    brand: str,
    model: str,
    price: int | None,
    bought_on: date | None,
    fund: str,
    condition: str,
    where_used: str,
    by: User | None,
    now: datetime,
) -> Terminal:
    """Write the purchase record of a terminal. Raises HadirError `device_needs_name`, `text_*`."""
    device = terminal.device
    device.name = clean_text(name, field="nama mesin", limit=80)
    if not device.name:
        raise HadirError("device_needs_name")
    terminal.brand = clean_text(brand, field="merek", limit=80)
    terminal.model = clean_text(model, field="model", limit=80)
    terminal.price, terminal.bought_on = price, bought_on
    terminal.fund, terminal.condition = Fund(fund), Condition(condition)
    terminal.where_used = clean_text(where_used, field="tempat dipakai", limit=120)
    device.save(update_fields=["name"])
    terminal.save(update_fields=["brand", "model", "price", "bought_on", "fund", "condition", "where_used"])
    record_audit(
        actor=by,
        action="update_register",
        object_kind="device",
        object_id=device.pk,
        now=now,
        detail={"price": price, "bought_on": bought_on and bought_on.isoformat(), "fund": fund, "condition": condition},
    )
    return terminal
