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
FIRST_YEAR = 2008
FAR = datetime(2060, 1, 1)  # noqa: DTZ001
"""What a terminal whose clock goes right can write lies between."""
LARGEST_NUMBER = 999_999_999
MOST = 0.6
"""So many rows must look like records before a layout is believed."""
LOOKED_AT = 500


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


def certain_size(block: bytes, before: int, after: int) -> int | None:
    """Return the length of one record in a block, None if it is not certain: `record_size`, held against the block.

    Some terminals count wrong by one for a while, and 11 records of 40 bytes are also 10 of 44. So the count alone says
    it only of a known size, and only while no other size reads better. For any other size, and without a count that
    fits, most rows must read as records too.
    """
    total = len(block)
    size = record_size(total, before, after)
    if size is None:
        return None
    share = _sound_share(block, size)
    others = {*KNOWN_SIZES, *range(TEXT_PIN_BYTES, TWO_RECORDS)} if share < 1 else ()
    if any(MOST <= _sound_share(block, other) > share for other in others if total % other == 0):
        return None
    counted = total % size == 0 and max(before, 1) <= total // size <= after
    return size if share >= MOST or (counted and size in KNOWN_SIZES) else None


def _sound_share(block: bytes, size: int) -> float:
    """Return the share of rows that look like records when a block is read as rows of this size.

    Looked at are the first and the last ones: what begins in the wrong place does so all along.
    """
    starts = range(0, len(block), size)
    rows = [block[start : start + size] for start in sorted({*starts[:LOOKED_AT], *starts[-LOOKED_AT:]})]
    if size == 8:
        return max(_short_ones(rows, far=FAR)) / len(rows)
    sound = _is_sound_number if size == 16 else _is_sound_text
    return sum(map(sound, rows)) / len(rows)


def _is_sound_number(row: bytes) -> bool:
    number, packed = struct.unpack_from("<II", row)
    return 0 < number <= LARGEST_NUMBER and _can_be(packed, FAR)


def _is_sound_text(row: bytes) -> bool:
    """A row that begins in the middle of a record has, behind the rest of a PIN, its verify mode and its time."""
    read = _read_text(row)
    padded = not row[2:26].partition(b"\0")[2].strip(b"\0")
    return isinstance(read, Record) and (padded or FIRST_YEAR <= read.local_time.year < FAR.year)


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
    straight, swapped = _short_ones(rows, far=newest + timedelta(days=2))
    best = max(straight, swapped)
    if straight == swapped or best < MOST * len(rows):
        return None
    return swapped > straight


def _short_ones(rows: Sequence[bytes], *, far: datetime) -> tuple[int, int]:
    """Return how many rows of 8 bytes can be true in either variant. Read in the wrong one, the state is the time's
    highest byte.
    """
    straight = sum(_can_be(packed, far, state) for packed, state in (struct.unpack("<3xIB", row) for row in rows))
    swapped = sum(_can_be(packed, far, state) for state, packed in (struct.unpack("<3xBI", row) for row in rows))
    return straight, swapped


def _can_be(packed: int, far: datetime, state: int = 0) -> bool:
    try:
        moment = decode_time(packed)
    except ValueError:
        return False
    return moment.year >= FIRST_YEAR and moment <= far and (state < 16 or state == 255)


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
