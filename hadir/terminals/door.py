"""Who is let in: what proves a machine, what becomes of machines that nobody has claimed, and how one is claimed."""

import hashlib
import logging
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DataError, IntegrityError, transaction
from django.db.models import F, QuerySet, Sum

from hadir.accounts.models import User
from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.devices.models import Device, DeviceKind, Terminal
from hadir.devices.queries import schools_of
from hadir.devices.queries_terminal import terminal_by_secret, terminal_by_serial
from hadir.devices.services import printable
from hadir.devices.services_terminal import KEY_DIFFERS, add_terminal, hash_secret
from hadir.ledger.services_terminal import PunchOutcome
from hadir.schools.models import School
from hadir.terminals.commands import draft_command, queue_command
from hadir.terminals.intake import Arrival, raise_alerts, take_in
from hadir.terminals.journal import KEEP
from hadir.terminals.models import FRESH, AlertKind, Caller, CommandKind, HeldBack, Quarantined
from hadir.terminals.reading import Noticed, Reading, Sent, reader_of

logger = logging.getLogger(__name__)

WINDOW = timedelta(minutes=15)
"""So long after `add` a machine may call without its secret and is believed; so long after a call it can be claimed."""
MOST_BODIES_A_CALL = 20
MOST_LINES_A_CALL = 3000
"""So much of what came before a machine was believed is taken in at one of its calls, which waits for it."""
MOST_POSTS = 3000
MOST_BYTES = 32 * 1024 * 1024
"""Bounds of the quarantine of one serial: 100,000 records of a full memory, 128 a request, fit in."""
MOST_CALLERS_PER_ADDRESS = 50
MOST_TOTAL_BYTES = 512 * 1024 * 1024
MOST_CALLERS = 2000


@dataclass(frozen=True, slots=True)
class Admission:
    """The answer of the door. `terminal` is set for a machine that is believed; `trust` is how far.

    `reason`: why it is not believed, a value of `HeldBack`. `may_have_names`: people may be sent to it.
    """

    terminal: Terminal | None
    trust: str = ""
    reason: str = ""
    may_have_commands: bool = False
    may_have_names: bool = False


def admit(*, serial: str, secret: str, address: str, now: datetime) -> Admission:
    """Decide whether to believe a machine that calls with this serial and, perhaps, the secret of its address.

    With the right secret always. Without one only where the machine never used it, and was claimed, or calls within
    15 minutes of being added. A changed network address is an alert and nothing else: lines of schools change theirs.
    """
    if secret:
        terminal = terminal_by_secret(secret)
        if terminal is None or serial not in {"", terminal.serial}:
            known = terminal_by_serial(serial) is not None
            return Admission(None, reason=HeldBack.SECRET_WRONG if known else HeldBack.UNKNOWN_SERIAL)
        return _believed(terminal, "secret", address, now)
    terminal = terminal_by_serial(serial)
    if terminal is None:
        return Admission(None, reason=HeldBack.UNKNOWN_SERIAL)
    if terminal.secret_seen_at is not None:
        day = now.date().isoformat()
        raise_alerts(device=terminal.device, noticed=[Noticed("secret_missing", f"{day} {address}")], now=now)
        return Admission(None, reason=HeldBack.SECRET_MISSING)
    if terminal.claimed_at is None and terminal.device.created_at < now - WINDOW:
        return Admission(None, reason=HeldBack.NOT_CLAIMED)
    return _believed(terminal, "plain", address, now)


def _believed(terminal: Terminal, trust: str, address: str, now: datetime) -> Admission:
    changes: dict[str, object] = {}
    if trust == "secret" and terminal.secret_seen_at is None:
        changes["secret_seen_at"] = now
    if terminal.claimed_at is None:
        changes["claimed_at"] = now
        called = Caller.objects.filter(serial=terminal.serial).first()
        if called is not None:
            _have_it_read_its_options(terminal, called, by=None, now=now)
    if address and terminal.address != address:
        changes["address"] = address[:45]
        if terminal.address:
            change = Noticed(AlertKind.ADDRESS_CHANGED, f"{now:%Y-%m-%d} {address}", f"{terminal.address} > {address}")
            raise_alerts(device=terminal.device, noticed=[change], now=now)
    if changes:
        Terminal.objects.filter(pk=terminal.pk).update(**changes)
        for name, value in changes.items():
            setattr(terminal, name, value)
    _take_in_early(terminal, now)
    obeys = terminal.device.revoked_at is None and KEY_DIFFERS not in terminal.options
    return Admission(terminal, trust, "", obeys, obeys and trust == "secret")


def _have_it_read_its_options(terminal: Terminal, called: Caller, *, by: User | None, now: datetime) -> None:
    """Let a machine begin anew: while nobody had claimed it, it may have been told another school's time zone."""
    device = terminal.device
    if device.kind == DeviceKind.ZKTECO and device.revoked_at is None and not called.protocol.startswith("acc"):
        queue_command(draft=draft_command(terminal=terminal, kind=CommandKind.TIME), by=by, now=now)


def _take_in_early(terminal: Terminal, now: datetime) -> None:
    """Take in what a machine sent, and was told OK for, before it was believed: a part at each of its calls.

    Only what came before it was claimed, and was held back for no other reason. A body over which we stumble must not
    stop the machine or the bodies behind it: it waits for a person, like what cannot be read.
    """
    if terminal.claimed_at is None or terminal.claimed_at < now - KEEP or reader_of(terminal.device.kind) is None:
        return
    early = Quarantined.objects.filter(
        serial=terminal.serial, reason__in=FRESH, received_at__lte=terminal.claimed_at
    ).filter(replayed_at__isnull=True, device__isnull=True)
    found = list(early.order_by("received_at", "id").values_list("pk", "lines")[:MOST_BODIES_A_CALL])
    lines = 0
    for key, count in found:
        if lines and lines + count > MOST_LINES_A_CALL:
            break
        lines += count
        try:
            _replay_key(terminal, key, now)
        except (DataError, IntegrityError, ValueError, TypeError, LookupError, ArithmeticError) as error:
            # The message could hold a record.
            logger.error("held back %s of %s: %s", key, terminal.pk, type(error).__name__, stack_info=True)  # noqa: TRY400
            Quarantined.objects.filter(pk=key).update(reason=HeldBack.BAD_LINE)
    if found or terminal.claimed_at == now:
        _forget_caller(terminal.serial)


def pin_comm_key(*, terminal: Terminal, key: str, now: datetime) -> None:
    """Pin the key that a machine shows when it begins. Another one is an alert, and no commands until it is back.

    A person who knows that the machine is the right one renews its secret; the key that comes with that is pinned anew.
    """
    if not key:
        return
    shown = hash_secret(f"comm key {key}")
    if not terminal.comm_key_hash:
        terminal.comm_key_hash = shown
        Terminal.objects.filter(pk=terminal.pk).update(comm_key_hash=shown)
        return
    differs = terminal.comm_key_hash != shown
    if differs:
        raise_alerts(device=terminal.device, noticed=[Noticed(AlertKind.KEY_CHANGED, f"{now:%Y-%m-%d %H}")], now=now)
    if differs != (KEY_DIFFERS in terminal.options):
        options = {name: value for name, value in terminal.options.items() if name != KEY_DIFFERS}
        terminal.options = options | ({KEY_DIFFERS: "1"} if differs else {})
        Terminal.objects.filter(pk=terminal.pk).update(options=terminal.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A machine that is not believed: what it calls itself, from where, and why it is not."""

    serial: str
    kind: str
    address: str
    reason: str


@transaction.atomic
def keep_unclaimed(*, stranger: Stranger, sent: Sent, clean: bytes, reading: Reading, now: datetime) -> bool:
    """Hold back what a machine sent that nobody has claimed. False: it is full, and the machine must keep its data.

    `clean`: the body without what must not be kept; empty for a call that only shows that the machine is there.
    """
    serial = printable(stranger.serial, 64).strip()
    if not serial or (not Caller.objects.filter(serial=serial).exists() and not _has_room(stranger.address)):
        return False
    traits, counts = reading.traits, reading.options
    caller, _made = Caller.objects.get_or_create(
        serial=serial, defaults={"kind": stranger.kind, "first_at": now, "last_at": now}
    )
    changes: dict[str, object] = {"last_at": now, "address": stranger.address[:45], "kind": stranger.kind}
    limits = {"model": 80, "firmware": 120, "protocol": 40}
    changes |= {name: printable(traits[name], limit) for name, limit in limits.items() if traits.get(name)}
    for column, key in (("users", "UserCount"), ("records", "TransactionCount")):
        if counts.get(key, "").isascii() and counts.get(key, "").isdecimal():
            changes[column] = min(int(counts[key][:12]), 2**31 - 1)
    kept = True
    if clean:
        kept = _keep(
            caller=caller, stranger=stranger, sent=sent, clean=clean, reading=reading, changes=changes, now=now
        )
    if not kept:
        changes["refused"] = F("refused") + 1
    Caller.objects.filter(pk=caller.pk).update(**changes)
    return kept


def _has_room(address: str) -> bool:
    if Caller.objects.filter(address=address).count() >= MOST_CALLERS_PER_ADDRESS:
        return False
    return Caller.objects.count() < MOST_CALLERS


def _keep(
    *,
    caller: Caller,
    stranger: Stranger,
    sent: Sent,
    clean: bytes,
    reading: Reading,
    changes: dict[str, object],
    now: datetime,
) -> bool:
    """Keep a body once, within the bounds; what it adds goes into `changes` of the caller."""
    digest = hashlib.sha256(clean).hexdigest()
    table = printable(sent.table, 40)
    if Quarantined.objects.filter(serial=caller.serial, table=table, digest=digest).exists():
        return True
    if caller.posts >= MOST_POSTS or caller.bytes + len(clean) > MOST_BYTES:
        return False
    total = Caller.objects.aggregate(total=Sum("bytes"))["total"] or 0
    if total + len(clean) > MOST_TOTAL_BYTES:
        return False
    Quarantined.objects.create(
        serial=caller.serial,
        kind=stranger.kind,
        address=stranger.address[:45],
        path=printable(sent.path, 200),
        table=table,
        content_type=printable(sent.content_type, 100),
        body=clean,
        digest=digest,
        lines=reading.lines,
        reason=HeldBack(stranger.reason),
        received_at=now,
    )
    changes |= {
        "posts": F("posts") + 1,
        "bytes": F("bytes") + len(clean),
        "lines": F("lines") + reading.lines,
    }
    return True


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim that was made: the terminal, its new secret, and what its quarantine brought into the ledger."""

    terminal: Terminal
    secret: str
    stored: int
    known: int
    bad: int


def claim_terminal(*, serial: str, school: School, by: User | None, now: datetime) -> Claimed:
    """Take a machine that has just called for a school's, and take in what it sent before.

    The machine must have called within 15 minutes: whoever claims it stands before it and sees its model, address and
    counts (`Caller`). Raises HadirError `claim_not_heard`, `claimed_already`, `serial_taken`, `serial_twin`.
    """
    serial = serial.strip()
    caller = Caller.objects.filter(serial=serial).first()
    terminal = terminal_by_serial(serial)
    if terminal is not None and terminal.claimed_at is not None:
        raise HadirError("claimed_already", serial=serial, school=schools_of(terminal.device)[0].name)
    if terminal is not None and school not in schools_of(terminal.device):
        raise HadirError("serial_taken", serial=serial)
    if caller is None or caller.last_at < now - WINDOW:
        raise HadirError("claim_not_heard", serial=serial, minutes=int(WINDOW.total_seconds() // 60))
    secret = ""
    with transaction.atomic():
        if terminal is None:
            made, secret = add_terminal(serial=serial, kind=caller.kind, schools=[school], by=by, now=now, claimed=True)
            terminal = terminal_by_serial(made.serial) or made
        Terminal.objects.filter(pk=terminal.pk).update(
            claimed_at=now, claimed_by=by, address=caller.address, model=caller.model, firmware=caller.firmware,
            protocol=caller.protocol,
        )  # fmt: skip
        Device.objects.filter(pk=terminal.device_id, activated_at__isnull=True).update(
            activated_at=now, last_heard_at=caller.last_at
        )
        record_audit(
            actor=by,
            action="claim_terminal",
            object_kind="device",
            object_id=terminal.device_id,
            now=now,
            detail={"serial": serial, "school": school.npsn, "address": caller.address, "model": caller.model},
        )
        terminal = terminal_by_serial(serial) or terminal
        _have_it_read_its_options(terminal, caller, by=by, now=now)
    outcome = _replay(terminal, Quarantined.objects.filter(serial=serial, reason__in=FRESH), now)
    return Claimed(terminal, secret, *outcome)


def release_quarantine(*, terminal: Terminal, reason: str, by: User | None, now: datetime) -> tuple[int, int, int]:
    """Take in what came in a terminal's name without its secret, because a person answers for it.

    Returns how many records were stored, were known, were unreadable. Raises HadirError `reason_missing`.
    """
    if not reason.strip():
        raise HadirError("reason_missing")
    record_audit(
        actor=by,
        action="release_quarantine",
        object_kind="device",
        object_id=terminal.device_id,
        now=now,
        detail={"serial": terminal.serial, "reason": printable(reason, 200)},
    )
    return _replay(terminal, Quarantined.objects.filter(serial=terminal.serial), now)


def _replay(terminal: Terminal, held: QuerySet[Quarantined], now: datetime) -> tuple[int, int, int]:
    """Read what was held back with the reader that reads what comes now, block by block, each in its transaction."""
    stored = known = bad = 0
    if reader_of(terminal.device.kind) is None:
        return 0, 0, 0
    waiting = held.filter(replayed_at__isnull=True, device__isnull=True).order_by("received_at", "id")
    for key in list(waiting.values_list("pk", flat=True)):
        outcome, unread = _replay_key(terminal, key, now)
        stored, known, bad = stored + outcome.stored, known + outcome.known, bad + unread
    _forget_caller(terminal.serial)
    return stored, known, bad


def _replay_key(terminal: Terminal, key: uuid.UUID, now: datetime) -> tuple[PunchOutcome, int]:
    """Take one body in, unless another call has just done so. The machine may call twice at once."""
    with transaction.atomic():
        kept = Quarantined.objects.select_for_update().filter(pk=key, replayed_at__isnull=True).first()
        return (PunchOutcome(), 0) if kept is None else _replay_one(terminal, kept, now)


def _forget_caller(serial: str) -> None:
    """Forget that a machine called unclaimed, once nothing of it is held back any more."""
    if not Quarantined.objects.filter(serial=serial, device__isnull=True, replayed_at__isnull=True).exists():
        Caller.objects.filter(serial=serial).delete()


def _replay_one(terminal: Terminal, kept: Quarantined, now: datetime) -> tuple[PunchOutcome, int]:
    """Take one body in as of the moment at which it came: a clock is judged by that moment.

    It is read in the language in which it came: one machine may call in two (FKWeb, and the webhook of its maker).
    """
    reader = reader_of(kept.kind) or reader_of(terminal.device.kind)
    sent = Sent(bytes(kept.body), kept.table, kept.content_type, kept.path)
    reading = reader(sent) if reader is not None else Reading()
    arrival = Arrival(
        address=kept.address,
        trust="plain",
        request=f"quarantine {kept.table}",
        clean=sent.body,
        size=len(sent.body),
        may_be_live=False,
    )
    outcome = take_in(terminal=terminal, reading=reading, arrival=arrival, sent=sent, now=kept.received_at)
    kept.replayed_at = now
    kept.save(update_fields=["replayed_at"])
    return outcome, len(reading.bad) + outcome.unstorable
