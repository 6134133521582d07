"""A `sendlog` as the terminals' room takes it in, without the photographs that some terminals add. Pure."""

import json

from hadir.gateways.aiface.protocol import AifaceError, Message, kept_record, read_message
from hadir.gateways.json_values import read_object
from hadir.terminals.reading import ListedUser, Reading, Sent

TABLE = "sendlog"


def reading_of(message: Message, data: bytes | str) -> tuple[Reading, bytes]:
    """Return what a message says and what of it may be kept."""
    if message.command != "sendlog":
        return Reading(traits=message.traits), b""
    users = [ListedUser(pin, name) for pin, name in message.names.items()]
    lines = len(message.punches) + message.bad
    clean = _without_pictures(data) if lines else b""
    return Reading(punches=message.punches, lines=lines, bad=message.unread, users=users), clean


def _without_pictures(data: bytes | str) -> bytes:
    """Return the message with what a record needs and nothing else."""
    rows = read_object(data).get("record")
    kept = [kept_record(row) for row in rows] if isinstance(rows, list) else kept_record(rows)
    return json.dumps({"cmd": "sendlog", "record": kept}).encode()


def read_sent(sent: Sent) -> Reading:
    """Read a message that lay in quarantine."""
    try:
        return reading_of(read_message(sent.body), sent.body)[0]
    except AifaceError as error:
        return Reading(lines=1, bad=[str(error)])
