"""Bytes of a terminal to lines and text: any line end, any of the encodings seen. Pure."""

from codecs import BOM_UTF8
from dataclasses import dataclass

NO_TEXT = "\ufffd"
"""Stands for bytes that are no text in any of the encodings."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end. `is_whole`: it was ended by a line feed, so nothing of it was cut off."""

    raw: bytes
    is_whole: bool

    @property
    def text(self) -> str:
        """Return the line as text, its fields read as in `fields`."""
        if self.raw.isascii():
            return self.raw.decode("ascii")
        return "\t".join(decode(field) for field in self.raw.split(b"\t"))

    @property
    def shown(self) -> str:
        """Return the line for a person: what is no text, and controls, by their number, so that none look alike."""
        text = "\t".join(decode(field, "backslashreplace") for field in self.raw.split(b"\t"))
        return "".join(letter if letter.isprintable() or letter == "\t" else f"\\x{ord(letter):02x}" for letter in text)

    @property
    def fields(self) -> list[str]:
        """Return the fields between TABs, each read by itself: a letter cut in the last one changes no other."""
        return [decode(field).strip(" ") for field in self.raw.split(b"\t")]


def decode(data: bytes, otherwise: str = "replace") -> str:
    """Return text: UTF-8, else GB 18030 (with GB2312 in it, which terminals set to Chinese send), else with marks."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", otherwise)


def split_lines(body: bytes) -> list[Line]:
    """Return the lines that hold anything. Lines end with LF or CRLF; the last end may be missing."""
    parts = body.removeprefix(BOM_UTF8).split(b"\n")
    last = len(parts) - 1
    lines = [Line(part.rstrip(b"\r"), number < last) for number, part in enumerate(parts)]
    return [line for line in lines if line.raw.strip(b" \t\r\0")]


def read_pairs(fields: list[str]) -> dict[str, str]:
    """Return `key=value` fields by key in small letters; each is split at its first `=` (base64 ends with more)."""
    pairs: dict[str, str] = {}
    for field in fields:
        key, found, value = field.partition("=")
        if found and key.strip():
            pairs.setdefault(key.strip().lower(), value.strip(" "))
    return pairs
