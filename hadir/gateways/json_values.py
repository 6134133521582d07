"""JSON as terminals write it: one object, whose values may be numbers or text for the same thing. Standard library."""

import json
from collections.abc import Collection, Mapping
from typing import Any

LONGEST_PIN = 32
LONGEST_KEPT = 120
"""Letters of a text that are kept: longer ones are no number, time or name, and none of these is read further."""
BLANKS = " \t\r\n"


class JsonError(ValueError):
    """Bytes that are no JSON object. The text names the cause, never the content."""


def read_object(data: bytes | str, *, most_brackets: int = 200_000) -> dict[str, Any]:
    """Return the object. `NaN` and the like are read as nothing. Raises JsonError."""
    brackets = data.count("{") + data.count("[") if isinstance(data, str) else data.count(b"{") + data.count(b"[")
    if brackets > most_brackets:
        raise JsonError("too many values")
    try:
        told = json.loads(data, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        raise JsonError("JSON is broken or cut off") from None
    if not isinstance(told, dict):
        raise JsonError("JSON is no object")
    return told


def word(value: Any) -> str:
    """Return a text or whole number as text that can be stored: printable, on one line; "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    if isinstance(value, int) and value.bit_length() > 64:
        return ""
    return "".join(letter for letter in str(value) if letter.isprintable()).strip()


def exact(value: Any) -> str:
    """Return a text or whole number as it is written, without blanks around it.

    "" for anything else, and where a letter would have to be left out to store it: what remains says something else.
    """
    if isinstance(value, str) and not value.strip(BLANKS).isprintable():
        return ""
    return word(value)


def pin_of(value: Any) -> str | None:
    """Return a person's number, "" where none is told, None where one is told that cannot be kept as it is."""
    if value is None or isinstance(value, list | dict) or (isinstance(value, str) and not value.strip(BLANKS)):
        return ""
    pin = exact(value)
    return pin if 0 < len(pin) <= LONGEST_PIN else None


def number(value: Any) -> int | None:
    """Return a whole number of at most 18 digits, also when it is written as text; None for anything else."""
    text = exact(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def kept_fields(told: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Return those of `names` that hold a number or a text, long texts cut: what reads the same and hides nothing."""
    return {name: _bounded(told[name]) for name in names if isinstance(told.get(name), str | int | float)}


def _bounded(value: str | float) -> str | float:
    if not isinstance(value, str):
        return value
    text = value.strip(BLANKS)
    return text if len(text) <= LONGEST_KEPT else f"{text[:LONGEST_KEPT]}…"
