"""Dates and times as exports write them, and in which order a whole column writes day and month. Pure.

`03/07/2026` is two dates. Which one is meant is decided by the column as a whole, or asked; it is never guessed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from hadir.core.tables.cells import MONTH_NUMBERS, Cell, plain_text

_YEAR_FIRST = re.compile(r"([12][0-9]{3})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([12][0-9]{3}|[0-9]{2})")
_NAMED = re.compile(r"([0-9]{1,2})[-/. ]([A-Za-z]{3,12})[-/. ,]+([12][0-9]{3}|[0-9]{2})")
_DAY_NAME = re.compile(
    r"(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|sen|sel|rab|kam|jum|sab|min)\b[,. ]*", re.IGNORECASE
)
_EARLIEST_SHORT = 15
"""Terminals whose clock was reset write years before 2015."""
_TIME = re.compile(r"([0-9]{1,2})([:.])([0-9]{2})(?:[:.]([0-9]{2})(?:[.,][0-9]{1,6})?)?(?: ?([AaPp])\.?[Mm]\.?)?")
_LAST_TIME = re.compile(rf"(?:^|[\sT,;|]){_TIME.pattern}$")
SEVERAL = re.compile(r"[\s,;|]+")
"""What stands between several times in one cell."""
_SPLIT = re.compile(r"(?<=[0-9])T(?=[0-9])| +")


class Order(StrEnum):
    """In which order a date is written."""

    YEAR_FIRST = "ymd"
    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


class DateDoubt(StrEnum):
    """Why the order of a column is not known."""

    AMBIGUOUS = "ambiguous"
    """No date of the column says which number is the day."""
    MIXED = "mixed"
    """Some dates can only be day first, others only month first."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A wall clock time. `exact`: the seconds were written."""

    at: datetime
    exact: bool


def order_of(texts: Iterable[str], *, this_year: int = 2099) -> Order | DateDoubt:
    """Return the order in which a column writes its dates.

    A number above 12 tells which place is the day. A time with dots (`07.28.54`) is written only where the day comes
    first (Indonesian settings), so it tells too, unless a date of the column says otherwise. A year of two digits may
    also stand first (`26-07-25`); it lies between 2015 and `this_year`.
    """
    possible = {Order.DAY_FIRST, Order.MONTH_FIRST, Order.YEAR_FIRST}
    dotted = unclear = False
    for text in texts:
        day_text, time_text = split_stamp(text)
        orders = _orders(day_text, this_year)
        if orders is None:
            continue
        unclear = True
        # A date that none gives is wrong, and says nothing of the others.
        possible &= orders or possible
        clock = _TIME.fullmatch(time_text) if time_text else None
        dotted |= clock is not None and clock[2] == "." and clock[5] is None
    if not unclear:
        return Order.YEAR_FIRST
    if dotted:
        possible -= {Order.MONTH_FIRST}
    if len(possible) == 1:
        return possible.pop()
    return DateDoubt.AMBIGUOUS if possible else DateDoubt.MIXED


def _orders(text: str, this_year: int) -> set[Order] | None:
    """Return the orders in which a date can be meant; None for one that has only one meaning, or none."""
    named = _NAMED.fullmatch(text)
    match = named or _YEAR_LAST.fullmatch(text)
    if match is None or (named is not None and len(named[3]) == 4):
        return None
    first, last = int(match[1]), match[3]
    if len(last) == 4:
        found = _day_or_month(first, int(match[2]))
        return found or {Order.DAY_FIRST, Order.MONTH_FIRST}
    found = set()
    if _EARLIEST_SHORT <= int(last) <= this_year - 2000:
        found = ({Order.DAY_FIRST} if first <= 31 else set()) if named else _day_or_month(first, int(match[2]))
    year_first = len(match[1]) == 2 and _EARLIEST_SHORT <= first <= this_year - 2000 and 1 <= int(last) <= 31
    if year_first and (named or 1 <= int(match[2]) <= 12):
        found.add(Order.YEAR_FIRST)
    return found


def _day_or_month(first: int, second: int) -> set[Order]:
    """Return the orders of two numbers, empty where neither can be a month."""
    found = {Order.DAY_FIRST} if first <= 31 and second <= 12 else set()
    return found | ({Order.MONTH_FIRST} if first <= 12 and second <= 31 else set())


def may_begin_with_year(text: str, this_year: int) -> bool:
    """Tell a date like `26-07-25`."""
    return Order.YEAR_FIRST in (_orders(split_stamp(text)[0], this_year) or ())


def split_stamp(text: str) -> tuple[str, str]:
    """Return the date part and the time part of a text; the time part is "" where there is none."""
    text = _DAY_NAME.sub("", plain_text(text), count=1) if text[:1].isalpha() else plain_text(text)
    parts = _SPLIT.split(text)
    for place in range(len(parts) - 1, 0, -1):
        clock = " ".join(parts[place:])
        if _TIME.fullmatch(clock) and ":" in clock:
            return " ".join(parts[:place]), clock
    if len(parts) > 1 and _TIME.fullmatch(parts[-1]):
        return " ".join(parts[:-1]), parts[-1]
    return text, ""


def read_day(cell: Cell, order: Order) -> date | None:
    """Return the date of a cell; a bare number is none (Excel counts its days from two different years)."""
    if isinstance(cell, date):
        return cell.date() if isinstance(cell, datetime) else cell
    return _written_day(split_stamp(cell)[0], order) if isinstance(cell, str) else None


def _written_day(text: str, order: Order) -> date | None:
    if match := _YEAR_FIRST.fullmatch(text):
        return _day(match[1], match[2], match[3])
    if match := _NAMED.fullmatch(text):
        named = MONTH_NUMBERS.get(match[2].casefold())
        year, day = (match[1], match[3]) if order is Order.YEAR_FIRST and len(match[3]) == 2 else (match[3], match[1])
        return None if named is None else _day(year, str(named), day)
    match = _YEAR_LAST.fullmatch(text)
    if match is None:
        return None
    if order is Order.YEAR_FIRST:
        return _day(match[1], match[2], match[3]) if len(match[1]) == len(match[3]) == 2 else None
    month, day = (match[1], match[2]) if order is Order.MONTH_FIRST else (match[2], match[1])
    return _day(match[3], month, day)


def read_clock(cell: Cell) -> tuple[time, bool] | None:
    """Return a time of day and whether its seconds were written."""
    if isinstance(cell, str):
        return _written_clock(plain_text(cell))
    if isinstance(cell, datetime | time):
        return (cell.time() if isinstance(cell, datetime) else cell).replace(microsecond=0, tzinfo=None), True
    if isinstance(cell, timedelta):
        return _clock_of_seconds(cell.total_seconds())
    return _clock_of_seconds(cell * 86400) if isinstance(cell, float) and 0 <= cell < 1 else None


def _written_clock(text: str) -> tuple[time, bool] | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, half = int(match[1]), (match[5] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + 12 * (half == "p") if half else hour
    try:
        return time(hour, int(match[3]), int(match[4] or 0)), match[4] is not None
    except ValueError:
        return None


def may_go_on(text: str, others: Iterable[str]) -> bool:
    """Tell whether a text that ends where its file was cut may lack seconds, or AM or PM, of its last time.

    `others`: the same column of the other lines. Where all of them are written in the same way, nothing is missing.
    Where there are none, a time with seconds is whole if AM and PM would not stand behind it: after 12, with dots, or
    beside a date that can only be day first.
    """
    text = plain_text(text)
    last = _LAST_TIME.search(text)
    if last is None:
        return True
    beside = map(_LAST_TIME.search, (text[: last.start()], *map(plain_text, others)))
    shapes = {_shape(found) for found in beside if found is not None}
    seconds, half = _shape(last)
    if shapes:
        return shapes != {(seconds, half)}
    whole_day = last[2] == "." or not 1 <= int(last[1]) <= 12 or order_of([text]) is Order.DAY_FIRST
    return not seconds or not (half or whole_day)


def _shape(clock: re.Match[str]) -> tuple[bool, bool]:
    return clock[4] is not None, clock[5] is not None


def read_moment(cell: Cell, order: Order) -> Moment | None:
    """Return date and time that stand in one cell."""
    if isinstance(cell, datetime):
        return Moment(cell.replace(microsecond=0, tzinfo=None), exact=True)
    if not isinstance(cell, str):
        return None
    _, clock_text = split_stamp(cell)
    day, clock = read_day(cell, order), read_clock(clock_text)
    return None if day is None or clock is None else Moment(datetime.combine(day, clock[0]), clock[1])


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) < 4 else 0), int(month), int(day))
    except ValueError:
        return None


def _clock_of_seconds(seconds: float) -> tuple[time, bool] | None:
    whole = round(seconds)
    return (time(whole // 3600, whole // 60 % 60, whole % 60), True) if 0 <= whole < 86400 else None
