"""The JSON of AiFace terminals, over WebSocket or `POST /pub/api`: messages in, values and exact echoes out. Pure.

Source: requests of real terminals. A terminal sends again whatever is not echoed with the same `count` and `logindex`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hadir.gateways.json_values import JsonError, read_object, word
from hadir.ledger.punch import Punch

LONGEST_PIN = 32
MOST_RECORDS = 5000
NOBODY = frozenset({"enroll", "unknown", "stranger"})
"""What stands in place of a number for a face that the terminal does not know."""
_STAMP = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})[T ](\d{1,2}:\d{2}:\d{2})", re.ASCII)


class AifaceError(ValueError):
    """A message that cannot be read. The text names the cause, never the content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a terminal.

    `serial`: "" where the message does not repeat it (a WebSocket says it once, in `reg`). `punches`: of `sendlog`;
    `unknown`: records of a face that the terminal does not know; `bad`: records without a readable number or time.
    `names`: of the people in it, as the terminal has them. `echo`: what the answer repeats. `clock`: the terminal's
    wall clock, naive.
    """

    command: str
    serial: str = ""
    punches: Sequence[Punch] = ()
    unknown: int = 0
    bad: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    echo: Mapping[str, Any] = field(default_factory=dict)
    traits: Mapping[str, str] = field(default_factory=dict)
    clock: datetime | None = None


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
    listed = rows[:MOST_RECORDS] if isinstance(rows, list) else []
    punches: list[Punch] = []
    names: dict[str, str] = {}
    unknown = bad = 0
    for row in listed:
        pin = word(row.get("enrollid")) if isinstance(row, dict) else ""
        when = _moment(row.get("time")) if isinstance(row, dict) else None
        if when is None or len(pin) > LONGEST_PIN:
            bad += 1
        elif not pin.strip("0") or pin.startswith("-") or pin.lower() in NOBODY:
            unknown += 1
        else:
            punches.append(Punch(pin, when, word(row.get("inout"))[:20], word(row.get("mode"))[:20]))
            if word(row.get("name")):
                names[pin] = word(row.get("name"))[:80]
    # What the answer repeats is repeated as it was written, number or text.
    echo = {name: told[name] for name in ("count", "logindex") if _is_plain(told.get(name))}
    return Message(command="sendlog", serial=serial, punches=punches, names=names, unknown=unknown, bad=bad, echo=echo)


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
    match = _STAMP.fullmatch(word(value))
    if match is None:
        return None
    try:
        return datetime.strptime(f"{match[1]} {match[2]}", "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007  a wall clock
    except ValueError:
        return None


def _is_plain(value: Any) -> bool:
    return (isinstance(value, int) and value.bit_length() <= 64) or (isinstance(value, str) and len(value) <= 40)
