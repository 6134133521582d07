"""Bytes of a terminal to lines and text: any line end, any of the encodings seen. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end. `is_whole`: it was ended by a line feed (or half of CRLF), so nothing was cut off."""

    text: str
    is_whole: bool


def decode(data: bytes) -> str:
    """Return text: UTF-8, else GB 18030 (with GB2312 in it, which terminals set to Chinese send), else with marks."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")


def split_lines(body: bytes) -> list[Line]:
    """Return the lines that hold anything. Lines end with LF or CRLF; the last end may be missing."""
    parts = body.split(b"\n")
    last = len(parts) - 1
    lines = [
        Line(decode(part).rstrip("\r"), number < last or part.endswith(b"\r")) for number, part in enumerate(parts)
    ]
    return [line for line in lines if line.text.strip(" \t\r\0")]


def read_pairs(fields: list[str]) -> dict[str, str]:
    """Return `key=value` fields by key in small letters; each is split at its first `=` (base64 ends with more)."""
    pairs: dict[str, str] = {}
    for field in fields:
        key, found, value = field.partition("=")
        if found and key.strip():
            pairs.setdefault(key.strip().lower(), value.strip())
    return pairs
