"""A `sendlog` as the terminals' room takes it in, without the photographs that some terminals add. Pure."""

import json
from typing import Any

from hadir.gateways.aiface.protocol import AifaceError, Message, read_message
from hadir.gateways.json_values import read_object
from hadir.terminals.reading import ListedUser, Reading, Sent

TABLE = "sendlog"
KEPT = ("enrollid", "name", "time", "mode", "inout", "event")
"""Of a record; nothing else of it is kept."""


def reading_of(message: Message, data: bytes | str) -> tuple[Reading, bytes]:
    """Return what a message says and what of it may be kept."""
    if message.command != "sendlog":
        return Reading(traits=message.traits), b""
    clean = _without_pictures(data)
    bad = [f"{message.bad} unreadable of {len(message.punches) + message.bad + message.unknown}"] if message.bad else []
    users = [ListedUser(pin, name) for pin, name in message.names.items()]
    lines = len(message.punches) + message.bad
    return Reading(punches=message.punches, lines=lines, bad=bad, users=users), clean if lines else b""


def _without_pictures(data: bytes | str) -> bytes:
    """Return the message with what a record needs and nothing else."""
    told = read_object(data)
    rows: list[dict[str, Any]] = [row for row in told.get("record", ()) if isinstance(row, dict)]
    kept = [{name: row[name] for name in KEPT if isinstance(row.get(name), str | int)} for row in rows]
    return json.dumps({"cmd": "sendlog", "record": kept}).encode()


def read_sent(sent: Sent) -> Reading:
    """Read a message that lay in quarantine."""
    try:
        return reading_of(read_message(sent.body), sent.body)[0]
    except AifaceError as error:
        return Reading(lines=1, bad=[str(error)])
