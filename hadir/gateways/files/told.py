"""What a file of attendance records says, before anything is decided. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from hadir.gateways.files.columns import Columns
from hadir.gateways.files.stamps import DateDoubt, Order
from hadir.ledger.punch import Punch


class Layout(StrEnum):
    """What kind of file it is."""

    ATTLOG = "attlog"
    """`*_attlog.dat` from a terminal's USB stick: six columns."""
    SOLUTION = "solution"
    """A download from Solution's cloud: five columns."""
    TABLE = "table"
    """A table whose columns are named by headings or by a person."""
    REPORT = "report"
    """A program's report of each day's first and last time: processed, no records of the machine."""


class Reason(StrEnum):
    """Why a line is no record."""

    FIELDS = "fields"
    PIN = "pin"
    TIME = "time"
    OLD = "old"
    FUTURE = "future"
    SWAPPED = "swapped"
    MIDNIGHT = "midnight"
    CUT = "cut"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class GoodLine:
    """A record. `exact`: its seconds were written."""

    number: int
    punch: Punch
    exact: bool = True


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no record, with its text as far as a page can show it."""

    number: int
    reason: Reason
    text: str


@dataclass(frozen=True, slots=True)
class Reported:
    """What a report says of a person's day: the times that a program chose."""

    number: int
    pin: str
    day: date
    times: tuple[time | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A file, read.

    `ask_columns`, `ask_order`: what a person must say before there are lines. `headings` and `sample` are for that
    question; `begun`: rows from the top that are none. `device_numbers`: what column 3 of an attlog says. `names`: how
    a table names each PIN. `other_sheets`: names of the sheets that are not read, since their headings are others.
    """

    layout: Layout
    good: Sequence[GoodLine] = ()
    bad: Sequence[BadLine] = ()
    reported: Sequence[Reported] = ()
    columns: Columns | None = None
    order: Order | None = None
    ask_columns: bool = False
    ask_order: DateDoubt | None = None
    headings: tuple[str, ...] = ()
    begun: int = 0
    signature: str = ""
    sample: tuple[tuple[str, ...], ...] = ()
    device_numbers: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    other_sheets: tuple[str, ...] = ()
    short_years: bool = False
    """Dates like `26-07-25`, which may begin with their year."""
    swapped: bool = False
    """Date cells of a spreadsheet that took days for months: the column also has texts that it could not turn round."""
