"""`*_attlog.dat`: what a terminal writes to a USB stick (six columns) and what Solution's cloud gives (five). Pure.

PIN, time, number of the device, state, verify and, on USB, a work code. The order is not that of ADMS: state and verify
are columns 4 and 5 here. The PIN may be padded with spaces to nine places.
"""

import re
from datetime import datetime

from hadir.core.tables.sheets import decode_text
from hadir.gateways.files.told import BadLine, GoodLine, Layout, Reason, Told
from hadir.ledger.punch import Punch

LONGEST_PIN = 32
EARLIEST = datetime.fromisoformat("2015-01-01 00:00:00")
"""Terminals whose clock was reset write years before this one."""
SHOWN = 120
_STAMP = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"
_LINE = re.compile(rf"[^\t]{{1,60}}\t{_STAMP}\t[^\t]*\t[^\t]*\t[^\t]*(?:\t[^\t]*)?")
_BEGUN = re.compile(rf"[^\t]{{1,60}}(?:\t{_STAMP}\t[^\t]*(?:\t[^\t]*)?|\t[0-9]{{4}}-[-0-9: ]{{0,13}})")
"""A line that was cut in its time or behind it; with the whole time alone it may also be a table of two columns."""
_GAPS = re.compile(r"\0{2,}")
_ENDS = (b"\n", b"\r")
_RECOGNISED_BY = 40
_NUMBER_NAME = re.compile(r"([A-Za-z0-9]{1,40})_attlog(?: ?\([0-9]+\))?\.(?:dat|txt)", re.IGNORECASE)


def is_attlog(data: bytes) -> bool:
    """Tell such a file by its first lines: most of them, so that one damaged line does not hide what it is.

    Not counted are lines that were cut, and the gaps of NUL that a stick leaves when it was pulled out too early.
    """
    head = _GAPS.sub("\n", data[:20_000].removeprefix(b"\xef\xbb\xbf").decode("latin-1"))
    lines = [line.rstrip() for line in head.splitlines()[:_RECOGNISED_BY] if line.strip()]
    if len(lines) > 1 and (len(data) > 20_000 or not data.endswith(_ENDS)):
        lines = lines[:-1]
    whole = sum(_LINE.fullmatch(line) is not None for line in lines)
    begun = sum(_BEGUN.fullmatch(line) is not None for line in lines)
    if len(lines) == begun == 1 and lines[0].count("\t") == 1:
        return not data.endswith(_ENDS)
    return 2 * whole > len(lines) - begun


def read_attlog(data: bytes, *, latest: datetime) -> Told:
    """Return the records of such a file. `latest`: the present on the terminal's wall clock, with its tolerance."""
    good: list[GoodLine] = []
    bad: list[BadLine] = []
    numbers: set[str] = set()
    lines = decode_text(data, damaged=True).splitlines()
    columns = 6 if any(len(_parts(line.partition("\0")[0])) > 5 for line in lines) else 5
    for number, line in enumerate(lines, 1):
        if not line.strip().strip("\x1a"):
            continue
        begin, gap, _rest = line.partition("\0")
        cut = bool(gap) or (number == len(lines) and not data.endswith(_ENDS))
        if cut and begin.count("\t") < columns - 1:
            # Its last field may be half a verify mode.
            bad.append(bad_line(number, Reason.DAMAGED if gap else Reason.CUT, line))
            continue
        found = _read_line(number, _parts(begin), latest)
        if isinstance(found, GoodLine):
            good.append(found)
            numbers.add(_parts(begin)[2].strip()[:20])
        else:
            bad.append(found)
        if gap and isinstance(found, GoodLine):
            bad.append(bad_line(number, Reason.DAMAGED, line))
    layout = Layout.SOLUTION if columns == 5 else Layout.ATTLOG
    return Told(layout=layout, good=good, bad=bad, device_numbers=frozenset(numbers - {""}))


def _parts(line: str) -> list[str]:
    return line.rstrip("\t ").split("\t")


def _read_line(number: int, parts: list[str], latest: datetime) -> GoodLine | BadLine:
    if not 5 <= len(parts) <= 6:
        return bad_line(number, Reason.FIELDS, "\t".join(parts))
    pin, when = parts[0].strip(), _moment(parts[1])
    if not is_pin(pin):
        return bad_line(number, Reason.PIN, "\t".join(parts))
    if when is None:
        return bad_line(number, Reason.TIME, "\t".join(parts))
    doubt = doubt_of(when, latest)
    if doubt is not None:
        return bad_line(number, doubt, "\t".join(parts))
    return GoodLine(number, Punch(pin, when, parts[3].strip()[:20], parts[4].strip()[:20]))


def is_pin(pin: str) -> bool:
    """Tell whether a text can be a person's number on a terminal."""
    return 0 < len(pin) <= LONGEST_PIN and pin.isprintable()


def doubt_of(when: datetime, latest: datetime) -> Reason | None:
    """Return why a time cannot be a record's: before terminals could know it, or after the present."""
    if when < EARLIEST:
        return Reason.OLD
    return Reason.FUTURE if when > latest else None


def bad_line(number: int, reason: Reason, text: str) -> BadLine:
    """Return a line that is no record, with its text on one line."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return BadLine(number, reason, " ".join(shown.split())[:SHOWN])


def _moment(text: str) -> datetime | None:
    text = text.strip()
    if len(text) != 19:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when if when.tzinfo is None and when.microsecond == 0 else None


def named_device(file_name: str) -> str:
    """Return the number or serial in a name like `1_attlog.dat`, "" where there is none."""
    match = _NUMBER_NAME.fullmatch(file_name)
    return match[1] if match else ""
