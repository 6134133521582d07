"""Giving keys to school agents and taking in what they send."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from django.db import transaction

from hadir.accounts.models import User
from hadir.agent.signing import SECRET_BYTES, Key
from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.devices.models import Terminal
from hadir.devices.queries import schools_of
from hadir.devices.queries_terminal import terminal_by_serial
from hadir.devices.services_terminal import Conversation, hear_terminal, note_clock, note_handed_in, note_traits
from hadir.gateways.agent.models import AgentKey, AgentStream
from hadir.gateways.agent.protocol import Batch, Report
from hadir.gateways.agent.vault import seal_secret
from hadir.ledger.services_terminal import PunchOutcome
from hadir.schools.models import School
from hadir.terminals.intake import Arrival, note_users, raise_alerts, take_in
from hadir.terminals.reading import ListedUser, Noticed, Reading, Sent

NAME_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
NAME_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer for one batch. `known`: its number was committed before. `refused`: code by place in the batch."""

    status: Literal["stored", "known"]
    sequence: int
    last_sequence: int
    stored: int
    known: int
    refused: Mapping[int, str] = field(default_factory=dict)


@transaction.atomic
def issue_key(*, school: School, by: User | None, now: datetime) -> Key:
    """Make a key for the agent of a school and return it: the only moment at which it can be read.

    Earlier keys stay good until they are revoked, so that a second PC or a move to another one costs no record.
    """
    key = Key("".join(secrets.choice(NAME_LETTERS) for _ in range(NAME_LENGTH)), secrets.token_bytes(SECRET_BYTES))
    row = AgentKey(school=school, name=key.name, created_at=now, created_by=by)
    seal_secret(row, key)
    row.save(force_insert=True)
    record_audit(
        actor=by,
        action="issue_agent_key",
        object_kind="school",
        object_id=school.pk,
        now=now,
        detail={"key": key.name, "school": school.npsn},
    )
    return key


@transaction.atomic
def revoke_key(*, key: AgentKey, by: User | None, now: datetime) -> AgentKey:
    """End a key: what it signs is not taken any more. Twice is the same as once."""
    if AgentKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=now) == 1:
        key.revoked_at = now
        detail = {"key": key.name}
        record_audit(
            actor=by, action="revoke_agent_key", object_kind="school", object_id=key.school_id, now=now, detail=detail
        )
    return key


def terminal_of(key: AgentKey, serial: str) -> Terminal | None:
    """Return the terminal of this serial if it serves the key's school."""
    terminal = terminal_by_serial(serial)
    if terminal is None or key.school_id not in {school.pk for school in schools_of(terminal.device)}:
        return None
    return terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A batch as it came: from which address, and how many bytes."""

    batch: Batch
    address: str
    size: int


@transaction.atomic
def take_batch(*, key: AgentKey, arrived: Arrived, now: datetime) -> Receipt:
    """Keep a batch and answer for it; the answer goes out after the commit.

    1. Find the terminal; of another school it is as unknown as one that nobody registered.
    2. Take its stream's row for this key, so that two requests with one number wait for each other.
    3. Hand the records to the ledger, which keeps each once whatever number they come under: a number that was seen
       before loses nothing, also when the school's PC lost its database and counts anew.
    4. Only a new number moves anything else: last heard, completeness, clock. So a recorded request that is played
       again changes nothing.

    Raises HadirError `agent_terminal_unknown`.
    """
    batch = arrived.batch
    terminal = terminal_of(key, batch.serial)
    if terminal is None:
        raise HadirError("agent_terminal_unknown", serial=batch.serial)
    _claim(terminal, key, now)
    stream, _made = AgentStream.objects.get_or_create(key=key, device=terminal.device)
    stream = AgentStream.objects.select_for_update().get(pk=stream.pk)
    is_new = batch.sequence > stream.last_sequence
    outcome = _keep(terminal, key, arrived, is_new=is_new, now=now)
    if is_new:
        if stream.last_sequence:
            stream.missing += min(batch.sequence - stream.last_sequence - 1, 2**31 - 1 - stream.missing)
        stream.last_sequence = batch.sequence
        stream.save(update_fields=["last_sequence", "missing"])
        AgentKey.objects.filter(pk=key.pk).update(last_heard_at=now)
        _hear(terminal, arrived, now)
    return Receipt(
        status="stored" if is_new else "known",
        sequence=batch.sequence,
        last_sequence=stream.last_sequence,
        stored=outcome.stored,
        known=outcome.known,
        refused=dict.fromkeys(batch.bad, "punch_unreadable"),
    )


def _claim(terminal: Terminal, key: AgentKey, now: datetime) -> None:
    """A terminal that waits to be claimed is proved by the key of its school, which only its agent has."""
    if terminal.claimed_at is None:
        Terminal.objects.filter(pk=terminal.pk, claimed_at__isnull=True).update(claimed_at=now)
        terminal.claimed_at = now
        record_audit(
            actor=None,
            action="claim_terminal",
            object_kind="device",
            object_id=terminal.device_id,
            now=now,
            detail={"serial": terminal.serial, "agent": key.name},
        )


def _keep(terminal: Terminal, key: AgentKey, arrived: Arrived, *, is_new: bool, now: datetime) -> PunchOutcome:
    """Hand records, and from a new batch what is told beside them, to the common intake."""
    batch = arrived.batch
    report = batch.report if is_new else None
    reading = Reading(
        punches=list(batch.punches.values()),
        lines=len(batch.punches) + len(batch.bad),
        bad=list(batch.bad.values()),
        users=[ListedUser(pin, name) for pin, name in report.people] if report is not None else (),
        noticed=_noticed(report),
        traits={"firmware": report.firmware} if report is not None else {},
        options=_options(report),
    )
    if not reading.lines:
        # A reading that brought nothing leaves no line in the journal: there are a hundred a day from each machine.
        note_users(device=terminal.device, users=reading.users, now=now)
        note_traits(terminal=terminal, traits=reading.traits, options=reading.options)
        raise_alerts(device=terminal.device, noticed=reading.noticed, now=now)
        return PunchOutcome()
    number = f"agen {key.name} {batch.sequence}"
    rows = [[one.pin, f"{one.local_time}", one.state_raw, one.verify_raw, one.record_no] for one in reading.punches]
    clean = json.dumps(rows, ensure_ascii=True).encode()
    arrival = Arrival(
        address=arrived.address,
        trust="hmac",
        request=number,
        clean=clean,
        size=arrived.size,
        source="agent",
        may_be_live=False,
        measured=_measured(terminal, batch) if is_new else None,
    )
    return take_in(terminal=terminal, reading=reading, arrival=arrival, sent=Sent(clean, table="agent"), now=now)


def _measured(terminal: Terminal, batch: Batch) -> int | None:
    """Return by how many seconds the terminal's clock was ahead when the agent looked at it."""
    if batch.clock is None:
        return None
    at, shown = batch.clock
    skew = round((shown.replace(tzinfo=ZoneInfo(schools_of(terminal.device)[0].time_zone)) - at).total_seconds())
    return max(min(skew, 2**31 - 1), -(2**31))


def _noticed(report: Report | None) -> list[Noticed]:
    """An alert for every tenth of the memory from 80 % on."""
    capacity, records = (report.numbers.get(name, 0) if report is not None else 0 for name in ("capacity", "records"))
    if not capacity or records * 10 < capacity * 8:
        return []
    return [Noticed("storage", f"{min(records * 10 // capacity, 10) * 10} %", f"{records} catatan")]


def _hear(terminal: Terminal, arrived: Arrived, now: datetime) -> None:
    report, lines = arrived.batch.report, len(arrived.batch.punches)
    outcome = "" if report is None else report.outcome
    odd = "" if report is None else _counts(report.odd)
    said = Conversation(
        request=f"agen {outcome}".strip(),
        bytes=arrived.size,
        reply=f"OK: {lines}",
        error=f"agen: {odd if outcome == 'ok' else outcome}" if odd or outcome not in {"", "ok"} else "",
        errors=len(arrived.batch.bad),
        lines=lines or None,
    )
    hear_terminal(terminal=terminal, said=said, now=now)
    measured = _measured(terminal, arrived.batch)
    if measured is not None and not lines:
        # With records the ledger notes it.
        note_clock(device=terminal.device, skew=measured, now=now)
    if report is not None and report.complete_until is not None:
        note_handed_in(device=terminal.device, until=report.complete_until, now=now)


def _counts(numbers: Mapping[str, int]) -> str:
    return " ".join(f"{name}={number}" for name, number in sorted(numbers.items()))


def _options(report: Report | None) -> dict[str, str]:
    """What the terminal's page shows of the last reading, beside what terminals say of themselves."""
    if report is None:
        return {}
    numbers = {f"Agent{name.title().replace('_', '')}": str(number) for name, number in report.numbers.items()}
    odd = {"AgentOdd": _counts(report.odd)} if report.outcome == "ok" else {}
    return {"AgentOutcome": report.outcome, "AgentAt": report.at.isoformat(), **numbers, **odd}
