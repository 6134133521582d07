"""What a school agent sends, read into values. Pure; `hadir.agent.store` writes it, `docs/agent.md` describes it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hadir.ledger.punch import Punch

MOST_PUNCHES = 5000
MOST_PEOPLE = 5000
LARGEST_SEQUENCE = 2**53
LONGEST_SERIAL = 64
LONGEST_PIN, LONGEST_STATE, LONGEST_NUMBER = 64, 20, 40
FIRST_YEAR, LAST_YEAR = 1970, 2199
"""What the ledger takes; a test holds both together."""


class BatchError(ValueError):
    """A body that is no batch. The text names the place, never the content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the agent says of a terminal after trying to read it. `outcome` is `ok` or a code of `hadir.agent.faults`.

    `complete_until`: everything that the terminal recorded up to this moment has been handed in with this batch or
    before. `people`: PIN and name, as the terminal knows them.
    """

    outcome: str
    at: datetime
    complete_until: datetime | None = None
    firmware: str = ""
    numbers: Mapping[str, int] = field(default_factory=dict)
    odd: Mapping[str, int] = field(default_factory=dict)
    people: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """A question without records: is the key good, and which of these serials are registered."""

    serials: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Records of one terminal, by their place in the body. `bad`: the text of rows that are no record.

    `clock`: when the agent last looked at the terminal's clock, and what it showed (naive).
    """

    sequence: int
    serial: str
    punches: Mapping[int, Punch]
    bad: Mapping[int, str]
    clock: tuple[datetime, datetime] | None
    report: Report | None


def read_body(body: bytes) -> Batch | Hello:
    """Return what a body holds. One bad record is refused alone. Raises BatchError."""
    try:
        told = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BatchError("JSON") from None
    if not isinstance(told, dict) or told.get("v") != 1:
        raise BatchError("v")
    sequence = told.get("sequence")
    if isinstance(sequence, bool) or not isinstance(sequence, int) or not 0 <= sequence <= LARGEST_SEQUENCE:
        raise BatchError("sequence")
    if sequence == 0:
        return Hello(serials=_serials(told.get("terminals")))
    serial, rows = told.get("terminal"), told.get("punches")
    if not isinstance(serial, str) or not 0 < len(serial) <= LONGEST_SERIAL:
        raise BatchError("terminal")
    if not isinstance(rows, list) or len(rows) > MOST_PUNCHES:
        raise BatchError("punches")
    read = {place: read_punch(row) for place, row in enumerate(rows)}
    return Batch(
        sequence=sequence,
        serial=serial,
        punches={place: punch for place, punch in read.items() if punch is not None},
        bad={place: _shown(rows[place]) for place, punch in read.items() if punch is None},
        clock=_clock(told.get("clock")),
        report=_report(told.get("report")),
    )


def _serials(given: object) -> Sequence[str]:
    if not isinstance(given, list) or len(given) > 100 or not all(isinstance(serial, str) for serial in given):
        raise BatchError("terminals")
    return [serial[:LONGEST_SERIAL] for serial in given]


def read_punch(row: object) -> Punch | None:
    """Return the record of `[pin, local_time, state, verify, record_no]`; None if it is none."""
    if not isinstance(row, list) or len(row) != 5 or not all(isinstance(cell, str) for cell in row):
        return None
    pin, written, state, verify, number = row
    moment = _naive(written)
    limits = ((pin, LONGEST_PIN), (state, LONGEST_STATE), (verify, LONGEST_STATE), (number, LONGEST_NUMBER))
    if moment is None or not pin.strip() or not all(_fits(cell, limit) for cell, limit in limits):
        return None
    return Punch(pin, moment, state, verify, number)


def _fits(text: str, limit: int) -> bool:
    return len(text) <= limit and text.isprintable()


def _shown(row: object) -> str:
    return json.dumps(row, ensure_ascii=True)[:300]


def _naive(text: object) -> datetime | None:
    if not isinstance(text, str) or len(text) != 19:
        return None
    try:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007  the terminal's own clock
    except ValueError:
        return None
    return moment if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _aware(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _clock(told: object) -> tuple[datetime, datetime] | None:
    if not isinstance(told, dict):
        return None
    at, shown = _aware(told.get("at")), _naive(told.get("shown"))
    return None if at is None or shown is None else (at, shown)


def _report(told: object) -> Report | None:
    """Return a report; what it lacks is left out, so that an odd report never stops records."""
    if not isinstance(told, dict):
        return None
    at, outcome = _aware(told.get("at")), told.get("outcome")
    if at is None or not isinstance(outcome, str):
        return None
    return Report(
        outcome=outcome[:40],
        at=at,
        complete_until=_aware(told.get("complete_until")) if outcome == "ok" else None,
        firmware=str(told.get("firmware") or "")[:60],
        numbers=_numbers({name: told.get(name) for name in ("users", "records", "capacity", "odd_sums")}),
        odd=_numbers(told.get("odd")),
        people=_people(told.get("people")),
    )


def _numbers(told: object) -> Mapping[str, int]:
    pairs: Mapping[Any, Any] = told if isinstance(told, dict) else {}
    return {
        str(name)[:30]: number
        for name, number in list(pairs.items())[:20]
        if isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 2**31
    }


def _people(told: object) -> Sequence[tuple[str, str]]:
    rows = told[:MOST_PEOPLE] if isinstance(told, list) else []
    return [
        (row[0], row[1][:60])
        for row in rows
        if isinstance(row, list)
        and len(row) == 2
        and all(isinstance(cell, str) and _fits(cell, LONGEST_PIN) for cell in row)
    ]
