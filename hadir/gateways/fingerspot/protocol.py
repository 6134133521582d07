"""What fingerspot.io sends to a webhook, and answers to `get_attlog`. Pure.

The webhook has no seconds and no signature; states and ways of recognition come as numbers or as words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hadir.gateways.json_values import JsonError, exact, kept_fields, pin_of, read_object, word
from hadir.ledger.punch import Punch

_STAMP = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?", re.ASCII)


class FingerspotError(ValueError):
    """A body that is none of fingerspot.io. The text names the cause, never the content."""


@dataclass(frozen=True, slots=True)
class Message:
    """A webhook call. `punch` is set for `kind` "attlog" only; others (user info, restarts) are no attendance."""

    kind: str
    cloud_id: str
    punch: Punch | None


@dataclass(frozen=True, slots=True)
class Pulled:
    """One answer to `get_attlog`. `bad`: rows without a readable PIN or time."""

    punches: Sequence[Punch]
    bad: int


def read_webhook(body: bytes) -> Message:
    """Return what a webhook call says. Raises FingerspotError."""
    told = _object(body)
    kind = word(told.get("type")).lower()
    cloud_id = word(told.get("cloud_id"))[:64]
    if not kind:
        raise FingerspotError("no type")
    data = told.get("data")
    if kind != "attlog":
        return Message(kind[:40], cloud_id, None)
    if not isinstance(data, dict):
        raise FingerspotError("no data")
    punch = _punch(data, "scan")
    if punch is None:
        raise FingerspotError("no readable PIN or time")
    return Message(kind, cloud_id, punch)


def kept_of(body: bytes) -> dict[str, Any]:
    """Return what may be kept of a webhook call: nothing but the fields of a record. Raises FingerspotError."""
    told = _object(body)
    data = told.get("data")
    part = {"data": kept_fields(data, ("pin", "scan", "verify", "status_scan"))} if isinstance(data, dict) else {}
    return kept_fields(told, ("type", "cloud_id")) | part


def read_pulled(body: bytes) -> Pulled:
    """Return the rows of a `get_attlog` answer. Raises FingerspotError with the service's own message."""
    told = _object(body)
    rows = told.get("data")
    if told.get("success") is False or not isinstance(rows, list):
        raise FingerspotError(word(told.get("message"))[:100] or "no data")
    read = [_punch(row, "scan_date") if isinstance(row, dict) else None for row in rows]
    return Pulled([punch for punch in read if punch is not None], sum(punch is None for punch in read))


def _punch(row: dict[str, Any], time_name: str) -> Punch | None:
    pin = pin_of(row.get("pin"))
    match = _STAMP.fullmatch(exact(row.get(time_name, row.get("scan"))))
    if match is None or not pin:
        return None
    try:
        when = datetime.fromisoformat(f"{match[1]} {match[2]}{match[3] or ':00'}")
    except ValueError:
        return None
    return Punch(pin, when, word(row.get("status_scan"))[:20], word(row.get("verify"))[:20])


def _object(body: bytes) -> dict[str, Any]:
    try:
        return read_object(body)
    except JsonError as error:
        raise FingerspotError(str(error)) from None
