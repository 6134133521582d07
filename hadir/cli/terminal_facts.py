"""Terminals and their records as commands print them."""

from typing import Any
from zoneinfo import ZoneInfo

from hadir.devices.models import Device, PinMapping, Terminal
from hadir.devices.queries import kiosk_state, schools_of
from hadir.devices.queries_terminal import clock_grade, terminal_state
from hadir.ledger.models import TerminalScan
from hadir.ledger.queries_terminal import DoubtedPunch, waiting_pins
from hadir.terminals.models import Alert, Caller, Command, Quarantined
from hadir.terminals.suggestions import Suggestion


def terminal_fact(terminal: Terminal) -> dict[str, Any]:
    """Return a terminal: what it is, where it stands, its last conversation, what waits."""
    device = terminal.device
    waiting = waiting_pins(device)
    return {
        "id": str(device.pk),
        "serial": terminal.serial,
        "kind": device.kind,
        "name": device.name,
        "schools": [school.npsn for school in schools_of(device)],
        "state": terminal_state(terminal),
        "model": terminal.model,
        "firmware": terminal.firmware,
        "protocol": terminal.protocol,
        "ip": terminal.address,
        "uses_secret": terminal.secret_seen_at is not None,
        "claimed_at": _iso(terminal.claimed_at),
        "last_heard_at": _iso(device.last_heard_at),
        "handed_in_until": _iso(device.handed_in_until),
        "last_request": terminal.last_request,
        "last_bytes": terminal.last_bytes,
        "last_reply": terminal.last_reply,
        "last_error": terminal.last_error,
        "parse_errors": terminal.parse_errors,
        "clock_skew": terminal.clock_skew,
        "clock_grade": clock_grade(terminal),
        "unknown_pins": [one.pin for one in waiting],
        "waiting": sum(one.count for one in waiting),
        "alerts": sorted(set(Alert.objects.filter(device=device, seen_at__isnull=True).values_list("kind", flat=True))),
    }


def caller_fact(caller: Caller) -> dict[str, Any]:
    """Return a serial that calls and that nobody has claimed: what is seen before a claim."""
    return {
        "id": None,
        "serial": caller.serial,
        "kind": caller.kind,
        "name": "",
        "schools": [],
        "state": "unclaimed",
        "model": caller.model,
        "firmware": caller.firmware,
        "protocol": caller.protocol,
        "ip": caller.address,
        "first_heard_at": _iso(caller.first_at),
        "last_heard_at": _iso(caller.last_at),
        "users": caller.users,
        "records": caller.records,
        "quarantined": caller.lines,
        "refused": caller.refused,
    }


def kiosk_fact(device: Device) -> dict[str, Any]:
    """Return a kiosk in the same list."""
    return {
        "id": str(device.pk),
        "serial": None,
        "kind": device.kind,
        "name": device.name,
        "schools": [school.npsn for school in device.schools.all()],
        "state": kiosk_state(device),
        "last_heard_at": _iso(device.last_heard_at),
        "unsent": device.unsent,
    }


def terminal_row(fact: dict[str, Any]) -> tuple[str, ...]:
    """Return a line of the list for people."""
    skew = fact.get("clock_skew")
    return (
        fact["serial"] or fact["name"],
        fact["kind"],
        ", ".join(fact["schools"]),
        fact["state"],
        fact.get("model") or "-",
        (fact["last_heard_at"] or "-")[:16].replace("T", " "),
        "-" if skew is None else f"{skew} dtk",
        ", ".join(fact.get("unknown_pins", [])[:6]) or "-",
    )


def scan_fact(scan: TerminalScan) -> dict[str, Any]:
    """Return a record of a terminal, as docs/commands.md promises it. `person`: whose PIN it is, by id."""
    person = getattr(scan, "person_id_now", None)
    return {
        "device": scan.device.terminal.serial,
        "pin": scan.pin,
        "local_time": scan.local_time,
        "state_raw": scan.state_raw,
        "verify_raw": scan.verify_raw,
        "record_no": scan.record_no,
        "source": scan.source,
        "trust": scan.trust,
        "person": str(person) if person else None,
        "flags": scan.flags,
        "received_at": scan.received_at.isoformat(),
    }


def mapping_fact(mapping: PinMapping) -> dict[str, Any]:
    """Return whose PIN it is."""
    return {
        "pin": mapping.pin,
        "person": str(mapping.person_id),
        "name": mapping.person.name,
        "from": mapping.valid_from.isoformat(),
        "to": mapping.valid_to.isoformat() if mapping.valid_to else None,
    }


def suggestion_fact(one: Suggestion) -> dict[str, Any]:
    """Return a PIN that nobody has, with who may have it."""
    return {
        "pin": one.pin,
        "name": one.name,
        "waiting": one.waiting.count if one.waiting else 0,
        "first": one.waiting.first.isoformat() if one.waiting else None,
        "last": one.waiting.last.isoformat() if one.waiting else None,
        "candidates": [
            {"person": str(who.person.pk), "name": who.person.name, "reason": who.reason} for who in one.candidates
        ],
    }


def suggestion_row(one: Suggestion) -> tuple[str, ...]:
    """Return the same for people."""
    who = ", ".join(f"{candidate.person.name} ({candidate.reason})" for candidate in one.candidates)
    return one.pin, one.name or "-", str(one.waiting.count if one.waiting else 0), who or "-"


def command_fact(command: Command) -> dict[str, Any]:
    """Return a command of the queue."""
    return {
        "command": command.pk,
        "kind": command.kind,
        "text": command.text,
        "made_at": _iso(command.made_at),
        "sent_at": _iso(command.sent_at),
        "sent_times": command.sent_times,
        "acknowledged_at": _iso(command.acknowledged_at),
        "return_code": command.return_code,
        "result": command.result,
        "ended_at": _iso(command.ended_at),
    }


def command_line(command: Command) -> str:
    """Return the same for people."""
    state = command.result or ("terkirim, menunggu jawaban" if command.sent_at else "menunggu mesin")
    return f"{command.pk}  {command.get_kind_display()}  {state}"


def doubted_fact(one: DoubtedPunch, zone: ZoneInfo) -> dict[str, Any]:
    """Return a record whose clock is doubted, with the time that is proposed."""
    return {
        "scan": str(one.scan.pk),
        "pin": one.scan.pin,
        "local_time": one.scan.local_time,
        "flags": one.scan.flags,
        "received_at": one.scan.received_at.astimezone(zone).isoformat(),
        "proposed": one.proposed.astimezone(zone).isoformat() if one.proposed else None,
    }


def quarantine_fact(held: Quarantined) -> dict[str, Any]:
    """Return what is held back, and why."""
    return {
        "id": str(held.pk),
        "serial": held.serial,
        "ip": held.address,
        "path": held.path,
        "kind": held.kind,
        "table": held.table,
        "lines": held.lines,
        "bytes": len(held.body),
        "reason": held.reason,
        "detail": held.detail,
        "received_at": held.received_at.isoformat(),
        "replayed_at": _iso(held.replayed_at),
    }


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
