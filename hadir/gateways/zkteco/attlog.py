"""ATTLOG: one line per record of attendance. Pure: bytes in, values out, never an exception.

`PIN TAB YYYY-MM-DD HH:MM:SS TAB status TAB verify TAB workcode TAB reserved TAB reserved [TAB ...]`. Least: PIN and
time. Seven fields in the manual; newer firmware writes ten, eleven with its own record number last (sometimes with a
`+` behind), or the number as tenth with the two before it blank. What stands between is mask, temperature or a citizen
number, and is left alone.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from hadir.gateways.zkteco.lines import NO_TEXT, split_lines
from hadir.ledger.punch import Punch

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}", re.ASCII)
_YEAR = re.compile(r"(19|20|21)[0-9]", re.ASCII)
_NUMBER = re.compile(r"([0-9]{1,20})\+?", re.ASCII)
EARLIEST, LATEST = 1970, 2199
OWN = 5
"""Fields up to the work code. A time that stands in one of them is the next record's, glued to this one."""

LONGEST_PIN, LONGEST_WORD = 64, 20
VERIFY_MODES = frozenset({*map(str, range(30)), "200"})
"""Those of the manual, and palms."""


@dataclass(frozen=True, slots=True)
class Attlog:
    """The records of a body, and the lines that are none, as text. `lines`: how many lines there were of both."""

    punches: tuple[Punch, ...]
    bad: tuple[str, ...]
    lines: int


def read_attlog(body: bytes) -> Attlog:
    """Read a body. A line that is cut, glued to the next or otherwise no record is among `bad`, never half a record."""
    punches: list[Punch] = []
    bad: list[str] = []
    lines = split_lines(body)
    for line in lines:
        fields = line.fields
        glued = next((place for place, field in enumerate(fields[2:], 2) if _TIME.search(field)), None)
        punch = _read_record(fields, glued, is_whole=line.is_whole)
        if punch is not None:
            punches.append(punch)
        if punch is None or glued is not None:
            bad.append(clean_line(line.shown))
    return Attlog(tuple(punches), tuple(bad), len(lines))


def _read_record(fields: list[str], glued: int | None, *, is_whole: bool) -> Punch | None:
    """Return the record of a line. Of a glued line the first record, where its verify mode is whole."""
    if len(fields) < 2 or not is_storable(fields[0], LONGEST_PIN):
        return None
    # Without its end the last field may be cut, and what would be glued there is not to be seen.
    if (not is_whole and not _is_ended(fields)) or (glued is not None and glued < OWN):
        return None
    moment = read_time(fields[1])
    state, verify = (fields[place] if len(fields) > place else "" for place in (2, 3))
    if moment is None or not all(is_storable(word, LONGEST_WORD) for word in (state, verify) if word):
        return None
    return Punch(fields[0], moment, state, verify, "" if glued is not None else _record_number(fields))


def is_storable(text: str, longest: int) -> bool:
    """Tell whether a PIN or a mode can be kept as it is. Left out or cut, a letter of it would make it another."""
    return 0 < len(text) <= longest and text.isprintable() and NO_TEXT not in text


def _is_ended(fields: list[str]) -> bool:
    """Tell whether a line without its end says all that makes a record: a TAB ends its verify mode.

    The next record could be glued to that mode and its time cut off: only a mode that exists is believed, and no work
    code that a year begins with.
    """
    return len(fields) > OWN or (len(fields) == OWN and fields[3] in VERIFY_MODES and not _YEAR.match(fields[4]))


def _record_number(fields: list[str]) -> str:
    """Return the terminal's own number of the record: eleventh field, or tenth where the two before it are blank."""
    found = None
    if len(fields) > 10:
        found = _NUMBER.fullmatch(fields[10])
    elif len(fields) == 10 and not fields[7] and not fields[8]:
        found = _NUMBER.fullmatch(fields[9])
    number = found[1] if found else ""
    return number if number.strip("0") else ""


def read_time(text: str) -> datetime | None:
    """Return a local time of 1970 to 2199, or None for what is none (31 February, hour 25)."""
    if not _TIME.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if EARLIEST <= moment.year <= LATEST else None


LONGEST_KEPT = 300
_CARD = re.compile(r"(cardno\s*=)[^\t]*", re.IGNORECASE)
_SECRET = re.compile(r"(pass\w*|tmp|content|card|template)\s*=|[A-Za-z0-9+/]{40}", re.IGNORECASE)


def clean_line(text: str) -> str:
    """Return a line as it may be kept for a person to look at: short, and nothing where it may hold a secret.

    Read again, it says what it said before, or nothing.

    Events of the access-control dialect name a card in every line: only its number is left out.
    """
    text = _CARD.sub(r"\1", text)
    if _SECRET.search(text):
        return f"# {len(text)} characters dropped"
    if len(text) > LONGEST_KEPT:
        text = text[:LONGEST_KEPT].rpartition("\t")[0] or text[:LONGEST_KEPT]
    if text.replace("\t", "").isprintable():
        return text
    return "".join(letter if letter.isprintable() or letter == "\t" else NO_TEXT for letter in text)


def clean_lines(body: bytes) -> bytes:
    """Return the lines of a body as they may be kept. What was no record, or had no end, is none and has none here."""
    return "".join(f"{clean_line(line.text)}{chr(10) if line.is_whole else ''}" for line in split_lines(body)).encode()
