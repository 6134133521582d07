"""What a terminal's memory holds: attendance records, users, times, live events. Pure: bytes in, values out.

A record that cannot be read alone is an `Oddity` and spoils no other. Layouts: 8, 16, 40 bytes and anything longer than
32, of which the first 32 bytes are the same.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Iterator, Mapping, Sequence, Union

KNOWN_SIZES = (40, 16, 8, 49)
TEXT_PIN_BYTES = 32
"""From this length on a record begins with uid, PIN as text, verify, time, state."""
TWO_RECORDS = 80
"""So much is rather two records that the terminal counts as one."""


@dataclass(frozen=True)
class Record:
    """One line of the log. `raw`: its bytes in hexadecimal where the PIN was looked up by `uid`, else empty."""

    pin: str
    local_time: datetime
    state: str
    verify: str
    record_no: str = ""
    uid: int = -1
    raw: str = ""


@dataclass(frozen=True)
class Oddity:
    """A record that is kept for a person to look at: `bad_date`, `bad_pin`, `cut_off`, and for records of
    8 bytes `unknown_uid`, `uid_moved` (the uid belonged to another PIN at the pull before), `layout_unclear`.
    """

    reason: str
    raw: bytes


Read = Union[Record, Oddity]


def decode_time(value: int) -> datetime:
    """Return the time packed into 32 bits. Raises ValueError for a day that no month has."""
    value, second = divmod(value, 60)
    value, minute = divmod(value, 60)
    value, hour = divmod(value, 24)
    value, day = divmod(value, 31)
    year, month = divmod(value, 12)
    return datetime(2000 + year, month + 1, day + 1, hour, minute, second)  # noqa: DTZ001  the terminal's own clock


def encode_time(moment: datetime) -> int:
    """Pack a time of the years 2000 to 2133 into 32 bits."""
    days = ((moment.year - 2000) * 12 + moment.month - 1) * 31 + moment.day - 1
    return ((days * 24 + moment.hour) * 60 + moment.minute) * 60 + moment.second


def decode_event_time(six: bytes) -> datetime:
    """Return the time of a live event: year since 2000, month, day, hour, minute, second."""
    return datetime(2000 + six[0], *six[1:6])  # noqa: DTZ001


def read_pin(field: bytes) -> str | None:
    """Return a PIN as the terminal wrote it, up to its first NUL; None if it is empty or no printable text."""
    text = field.split(b"\0", 1)[0]
    try:
        pin = text.decode("ascii")
    except UnicodeDecodeError:
        return None
    return pin if pin.strip() and pin.isprintable() else None


def record_size(total: int, before: int, after: int) -> int | None:
    """Return the length of one record in a block of `total` bytes, None if it is not certain.

    `before` and `after`: the number of records that the terminal named before and after the block was read; somebody
    may have come in between. With no number that fits, a size is certain only if it is the one known size that divides.
    """
    fitting = [total // count for count in range(max(before, 1), after + 1) if total % count == 0]
    usable = [size for size in fitting if size in KNOWN_SIZES or TEXT_PIN_BYTES <= size < TWO_RECORDS]
    for preferred in (usable, [size for size in usable if size in KNOWN_SIZES]):
        if len(set(preferred)) == 1:
            return preferred[0]
    if not usable:
        dividing = [size for size in KNOWN_SIZES if total % size == 0 and before <= total // size]
        return dividing[0] if len(dividing) == 1 else None
    return None


def read_records(
    block: bytes, size: int, pins: Mapping[int, str], *, newest: datetime, skip: int = 0
) -> Iterator[Read]:
    """Yield the records of a block from byte `skip` on. `pins`: PIN by uid, for the layout that holds no PIN; `newest`:
    no sound record of that layout is later, which tells its two variants apart.
    """
    whole = len(block) - len(block) % size
    swapped = _swapped_layout(block, whole, newest) if size == 8 else None
    for start in range(skip, whole, size):
        row = block[start : start + size]
        if size == 8:
            yield _read_short(row, pins, swapped=swapped)
        else:
            yield _read_numbered(row) if size == 16 else _read_text(row)
    if block[whole:]:
        yield Oddity("cut_off", block[whole:])


def _read_text(row: bytes) -> Read:
    uid, field, verify, packed, state = struct.unpack_from("<H24sBIB", row)
    return _record(read_pin(field), packed, state, verify, row, uid=uid)


def _read_numbered(row: bytes) -> Read:
    number, packed, verify, state = struct.unpack_from("<IIBB", row)
    return _record(str(number) if number else None, packed, state, verify, row)


def _read_short(row: bytes, pins: Mapping[int, str], *, swapped: bool | None) -> Read:
    """Read 8 bytes: uid, verify, time, state; in the other variant uid, verify, state, time."""
    if swapped is None:
        return Oddity("layout_unclear", row)
    if swapped:
        uid, verify, state, packed = struct.unpack("<HBBI", row)
    else:
        uid, verify, packed, state = struct.unpack("<HBIB", row)
    if uid not in pins:
        # The uid is a place in memory, not a PIN: a deleted user's record is nobody's until a person says.
        return Oddity("unknown_uid", row)
    return _record(pins[uid], packed, state, verify, row, uid=uid, looked_up=True)


def _record(
    pin: str | None, packed: int, state: int, verify: int, row: bytes, *, uid: int = -1, looked_up: bool = False
) -> Read:
    if pin is None:
        return Oddity("bad_pin", row)
    try:
        moment = decode_time(packed)
    except ValueError:
        return Oddity("bad_date", row)
    return Record(pin, moment, str(state), str(verify), uid=uid, raw=row.hex() if looked_up else "")


def _swapped_layout(block: bytes, whole: int, newest: datetime) -> bool | None:
    """Tell which variant of the 8 bytes gives times that can be; None if neither surely does."""
    rows = [block[start : start + 8] for start in range(0, whole, 8)]
    straight = sum(_can_be(packed, state, newest) for packed, state in (struct.unpack("<3xIB", row) for row in rows))
    swapped = sum(_can_be(packed, state, newest) for state, packed in (struct.unpack("<3xBI", row) for row in rows))
    best = max(straight, swapped)
    if straight == swapped or best * 10 < len(rows) * 6:
        return None
    return swapped > straight


def _can_be(packed: int, state: int, newest: datetime) -> bool:
    """Tell whether time and state can be true. Read in the wrong variant, the state is the time's highest byte."""
    try:
        moment = decode_time(packed)
    except ValueError:
        return False
    return moment.year >= 2008 and moment <= newest + timedelta(days=2) and (state < 16 or state == 255)


@dataclass(frozen=True)
class TerminalUser:
    """Somebody enrolled at the terminal. Its password, card and templates are never read out of the bytes."""

    uid: int
    pin: str
    name: str


def read_users(block: bytes, count: int) -> list[TerminalUser]:
    """Return the users of a block of 28 or 72 bytes each; rows without a PIN are left out. Raises ValueError if the
    length of a row is neither.
    """
    size = len(block) // count if count else 0
    if size not in (28, 72) or len(block) % size:
        sizes = [known for known in (72, 28) if block and len(block) % known == 0]
        if len(sizes) != 1:
            raise ValueError(len(block))
        size = sizes[0]
    users = []
    for start in range(0, len(block), size):
        uid, pin, name = _read_user(block[start : start + size])
        if pin is not None:
            users.append(TerminalUser(uid, pin, name))
    return users


def _read_user(row: bytes) -> tuple[int, str | None, str]:
    (uid,) = struct.unpack_from("<H", row)
    if len(row) == 28:
        (number,) = struct.unpack_from("<I", row, 24)
        return uid, str(number) if number else None, read_name(row[8:16])
    return uid, read_pin(row[48:72]), read_name(row[11:35])


def read_name(field: bytes) -> str:
    """Return a name: UTF-8, else GBK, else what can be read; unprintable letters are dropped."""
    text = field.split(b"\0", 1)[0]
    for encoding in ("utf-8", "gbk"):
        try:
            decoded = text.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        decoded = text.decode("latin-1")
    return "".join(letter for letter in decoded if letter.isprintable()).strip()


def pins_by_uid(users: Sequence[TerminalUser]) -> dict[int, str]:
    """Return the PIN of each uid; a uid that two users claim belongs to neither."""
    pins: dict[int, str] = {}
    twice = set()
    for user in users:
        if pins.setdefault(user.uid, user.pin) != user.pin:
            twice.add(user.uid)
    return {uid: pin for uid, pin in pins.items() if uid not in twice}


def read_event(data: bytes) -> Record | None:
    """Return the punch of a live event, None if its layout does not hold the PIN as text.

    The events of 10, 12 and 14 bytes hold a number that some firmware fills with the uid: they only say that there is
    something to read in the log.
    """
    if len(data) < TEXT_PIN_BYTES:
        return None
    field, verify, state, six = struct.unpack_from("<24sBB6s", data)
    pin = read_pin(field)
    try:
        moment = decode_event_time(six)
    except ValueError:
        return None
    return None if pin is None else Record(pin, moment, str(state), str(verify))
