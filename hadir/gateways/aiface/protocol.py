"""The JSON of AiFace terminals, over WebSocket or `POST /pub/api`: messages in, values and exact echoes out. Pure.

Source: requests of real terminals. A terminal sends again whatever is not echoed with the same `count` and `logindex`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hadir.gateways.json_values import JsonError, exact, kept_fields, number, pin_of, read_object, word
from hadir.ledger.punch import Punch

KEPT = ("enrollid", "name", "time", "mode", "inout", "event")
"""Of a record; nothing else of it is kept."""
NOBODY = frozenset({"enroll", "unknown", "stranger"})
"""What stands in place of a number for a face that the terminal does not know."""
_STAMP = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})[T ](\d{1,2}:\d{2}:\d{2})", re.ASCII)


class AifaceError(ValueError):
    """A message that cannot be read. The text names the cause, never the content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a terminal.

    `serial`: "" where the message does not repeat it (a WebSocket says it once, in `reg`). `punches`: of `sendlog`;
    `unknown`: records of a face that the terminal does not know; `unread`: records without a readable number or time,
    each as its fields that may be kept. `names`: of the people in it, as the terminal has them. `echo`: what the answer
    repeats. `clock`: the terminal's wall clock, naive.
    """

    command: str
    serial: str = ""
    punches: Sequence[Punch] = ()
    unknown: int = 0
    unread: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    echo: Mapping[str, Any] = field(default_factory=dict)
    traits: Mapping[str, str] = field(default_factory=dict)
    clock: datetime | None = None

    @property
    def bad(self) -> int:
        """Count the records that cannot be read."""
        return len(self.unread)


def read_message(data: bytes | str) -> Message:
    """Return what a message says. Raises AifaceError."""
    try:
        told = read_object(data)
    except JsonError as error:
        raise AifaceError(str(error)) from None
    command = word(told.get("cmd")).lower()
    if not command:
        # An answer to a command of ours has `ret`; nothing waits for it.
        return Message(command="", serial=word(told.get("sn"))[:64])
    serial = word(told.get("sn"))[:64]
    if command == "sendlog":
        return _read_log(told, serial)
    info = told.get("devinfo")
    inner = info if isinstance(info, dict) else {}
    traits = {"model": word(inner.get("modelname")), "firmware": word(inner.get("firmware"))}
    return Message(
        command=command[:40],
        serial=serial,
        traits={name: text for name, text in traits.items() if text},
        clock=_moment(inner.get("time")),
    )


def _read_log(told: Mapping[str, Any], serial: str) -> Message:
    rows = told.get("record")
    punches: list[Punch] = []
    names: dict[str, str] = {}
    unread: list[str] = []
    unknown = 0
    if not rows and number(told.get("count")) == 0:
        rows = []
    # What stands in no list is one record that cannot be read: nobody knows what such a firmware means by it.
    for row in rows if isinstance(rows, list) else [rows]:
        fields = row if isinstance(row, dict) and isinstance(rows, list) else {}
        pin, when = pin_of(fields.get("enrollid")), _moment(fields.get("time"))
        if when is None or pin is None:
            unread.append(_unread(row))
        elif not pin.strip("0") or pin.startswith("-") or pin.lower() in NOBODY:
            unknown += 1
        else:
            punches.append(Punch(pin, when, word(fields.get("inout"))[:20], word(fields.get("mode"))[:20]))
            if word(fields.get("name")):
                names[pin] = word(fields.get("name"))[:80]
    # What the answer repeats is repeated as it was written, number or text.
    echo = {name: told[name] for name in ("count", "logindex") if _is_plain(told.get(name))}
    return Message(
        command="sendlog", serial=serial, punches=punches, names=names, unknown=unknown, unread=unread, echo=echo
    )


def kept_record(row: Any) -> dict[str, Any] | None:
    """Return of a record what may be kept; None for what is no record, of which nothing is safe to keep."""
    return kept_fields(row, KEPT) if isinstance(row, dict) else None


def _unread(row: Any) -> str:
    kept = kept_record(row)
    return f"no record but {type(row).__name__}" if kept is None else f"unreadable: {json.dumps(kept)}"


def answer(message: Message, *, accepted: bool, local: datetime) -> str:
    """Return the answer to a message. `local`: the wall clock at the terminal's school, which it takes over.

    `nosenduser`: people and their templates stay on the terminal.
    """
    told: dict[str, Any] = {"ret": message.command, "result": accepted, **message.echo}
    told["cloudtime"] = f"{local:%Y-%m-%d %H:%M:%S}"
    if message.command == "reg":
        told["nosenduser"] = True
    return json.dumps(told)


def _moment(value: Any) -> datetime | None:
    match = _STAMP.fullmatch(exact(value))
    if match is None:
        return None
    try:
        return datetime.strptime(f"{match[1]} {match[2]}", "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007  a wall clock
    except ValueError:
        return None


def _is_plain(value: Any) -> bool:
    return (isinstance(value, int) and value.bit_length() <= 64) or (isinstance(value, str) and len(value) <= 40)
