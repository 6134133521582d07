"""Which column of a table is what: found by headings, told by a person, remembered per vendor. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from hadir.core.tables.cells import Cell, key_of, text_of
from hadir.gateways.files.stamps import SEVERAL, Order, read_clock, read_day, read_moment

SEARCHED_ROWS = 60
"""Headings are looked for this far down."""
MOST_COLUMNS = 60
"""Columns that the page offers to name."""
_PIN = (
    "pin", "noid", "userid", "iduser", "enrollid", "enno", "acno", "nofinger", "idfinger", "idkaryawan", "idpegawai",
    "idabsen", "noabsen", "badgenumber", "empno", "employeeid", "personid", "id", "nip", "nik",
)  # fmt: skip
_PIN_OR_NOT = frozenset({"id", "nip", "nik"})
"""Headings of a PIN where they stand alone; beside each other one may be the row's number, or none of the machine's."""
_NAME = ("nama", "namakaryawan", "namapegawai", "name", "namalengkap", "employeename", "karyawan", "pegawai")
_STAMP = (
    "tglwaktu", "tanggalwaktu", "tanggaljam", "tgljam", "tanggalscan", "waktuscan", "datetime", "checktime", "scandate",
    "dateandtime", "tanggaldanwaktu", "tanggaldanjam",
)  # fmt: skip
_DATE = ("tanggal", "tgl", "date", "tanggalabsen", "tglabsen")
_TIME = ("jam", "waktu", "time", "pukul", "jamscan")
_STATE = ("status", "state", "io", "iomode", "inout", "statusscan", "masukpulang")
_VERIFY = ("verifikasi", "verify", "verifymode", "verifycode", "metode", "carascan")
_IN = ("scanmasuk", "masuk", "jammasukscan", "clockin", "checkin")
_OUT = ("scanpulang", "scankeluar", "pulang", "keluar", "clockout", "checkout")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Places of columns, from 0. Either `stamp`, or `date` with at least one of `times`.

    `headings`: rows from the top that are none. `processed`: the times are what a program made of the records (scan
    masuk, scan pulang), so they are no records of the machine and are kept apart.
    """

    pin: int
    name: int | None = None
    stamp: int | None = None
    date: int | None = None
    times: tuple[int, ...] = ()
    state: int | None = None
    verify: int | None = None
    headings: int = 1
    processed: bool = False

    @property
    def usable(self) -> bool:
        """Tell whether a time can be read at all."""
        return self.stamp is not None or (self.date is not None and bool(self.times))

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values; `columns_of` reads them back."""
        return asdict(self)


def columns_of(told: Mapping[str, Any]) -> Columns:
    """Return what `as_dict` wrote. Raises ValueError where it is no such thing."""
    try:
        given = {**told, "times": tuple(told.get("times", ()))}
        columns = Columns(**given)
    except (TypeError, AttributeError) as error:
        raise ValueError("no columns") from error
    places = [columns.pin, *columns.times]
    places += [
        place
        for place in (columns.name, columns.stamp, columns.date, columns.state, columns.verify)
        if place is not None
    ]
    if not all(type(place) is int and 0 <= place < 1000 for place in places) or not columns.usable:
        raise ValueError("no columns")
    return columns


@dataclass(frozen=True, slots=True)
class Headings:
    """The row of headings of a table: its index and its texts."""

    row: int
    texts: tuple[str, ...]

    @property
    def signature(self) -> str:
        """A name for these headings, the same for every export of one program."""
        return hashlib.sha256("\n".join(key_of(text) for text in self.texts).encode()).hexdigest()[:32]


def find_headings(rows: Sequence[Sequence[Cell]]) -> Headings | None:
    """Return the first row that names at least two columns of ours, of which one is PIN or name; None without."""
    known = {*_PIN, *_NAME, *_STAMP, *_DATE, *_TIME, *_STATE, *_VERIFY, *_IN, *_OUT}
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        keys = [key_of(text_of(cell)) for cell in row]
        hits = [key for key in keys if key in known or _is_scan(key)]
        if len(hits) > 1 and any(key in _PIN or key in _NAME for key in hits):
            return _headings(index, [text_of(cell) for cell in row])
    return None


def _headings(row: int, texts: Sequence[str]) -> Headings:
    width = max((place for place, text in enumerate(texts, 1) if text), default=0)
    return Headings(row, tuple(text[:60] for text in texts[:width]))


def name_headings(rows: Sequence[Sequence[Cell]]) -> Headings | None:
    """Return the headings of a table that names none of our columns: the last row of words above its first time.

    No record is passed over by that, because none of the rows above has a time.
    """
    first = next((index for index, row in enumerate(rows[:SEARCHED_ROWS]) if any(map(_has_time, row))), 0)
    for index in range(first - 1, -1, -1):
        texts = [text_of(cell) for cell in rows[index]]
        filled = [cell for cell, text in zip(rows[index], texts, strict=True) if text]
        if len(filled) > 1 and all(map(_is_heading, filled)):
            return _headings(index, texts)
    return None


def has_times(rows: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether a table has a time near its beginning."""
    return any(_has_time(cell) for row in rows[:SEARCHED_ROWS] for cell in row)


def _has_time(cell: Cell) -> bool:
    if isinstance(cell, str):
        text = cell.strip()
        return bool(text) and (_is_moment(text) or all(read_clock(part) for part in SEVERAL.split(text)))
    return read_clock(cell) is not None


def _is_moment(text: str) -> bool:
    return any(read_moment(text, order) for order in (Order.DAY_FIRST, Order.MONTH_FIRST))


def _is_heading(cell: Cell) -> bool:
    return (
        isinstance(cell, str)
        and any(letter.isalpha() for letter in cell)
        and read_day(cell, Order.DAY_FIRST) is None
        and read_day(cell, Order.MONTH_FIRST) is None
    )


def guess_columns(headings: Headings) -> Columns | None:
    """Return the columns that the headings name; None where they do not name enough, or two that may be the PIN."""
    keys = [key_of(text) for text in headings.texts]
    pin = _first(keys, _PIN)
    if pin is None or (keys[pin] in _PIN_OR_NOT and len(_PIN_OR_NOT.intersection(keys)) > 1):
        return None
    stamp, day = _first(keys, _STAMP), _first(keys, _DATE)
    scans = tuple(place for place, key in enumerate(keys) if _is_scan(key))
    ends = tuple(place for place in (_first(keys, _IN), _first(keys, _OUT)) if place is not None)
    single = _first(keys, _TIME)
    times = scans or ends or (() if single is None else (single,))
    if stamp is None and day is None and single is not None:
        stamp, times = single, ()
    columns = Columns(
        pin=pin,
        name=_first(keys, _NAME),
        stamp=None if stamp is None or (day is not None and times) else stamp,
        date=day,
        times=times if day is not None else (),
        state=_first(keys, _STATE),
        verify=_first(keys, _VERIFY),
        headings=headings.row + 1,
        processed=bool(ends) and not scans and day is not None,
    )
    return columns if columns.usable else None


def _first(keys: Sequence[str], names: Sequence[str]) -> int | None:
    return next((keys.index(name) for name in names if name in keys), None)


def _is_scan(key: str) -> bool:
    """Tell the columns Scan 1 ... n of an export, one for each record of a day."""
    return any(key.startswith(word) and key[len(word) :].isdecimal() for word in ("scan", "jam", "waktu", "absen"))
