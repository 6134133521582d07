"""JSON as terminals write it: one object, whose values may be numbers or text for the same thing. Standard library."""

import json
from collections.abc import Collection, Mapping
from typing import Any

LONGEST_KEPT = 120
"""Letters of a text that are kept: longer ones are no number, time or name, and none of these is read further."""


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


def number(value: Any) -> int | None:
    """Return a whole number of at most 18 digits, also when it is written as text; None for anything else."""
    text = word(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def kept_fields(told: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Return those of `names` that hold a number or a text, long texts cut: what reads the same and hides nothing."""
    return {
        name: told[name].strip()[:LONGEST_KEPT] if isinstance(told[name], str) else told[name]
        for name in names
        if isinstance(told.get(name), str | int | float)
    }
