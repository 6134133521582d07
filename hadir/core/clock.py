"""The one place that asks what time it is. Services take `now` as an argument; edges (views, commands) ask here."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime, time_zone: str) -> date:
    """Return the calendar date of an aware moment in an IANA time zone."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def typed_moment(moment: datetime, time_zone: str) -> datetime:
    """Return a typed moment as an aware one on the wall clock of a zone: without an offset it was meant there.

    Raises ValueError where the zone has no such time (the years 1 and 9999).
    """
    zone = ZoneInfo(time_zone)
    try:
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    except OverflowError as error:
        raise ValueError("no such time") from error


def day_bounds(day: date, time_zone: str) -> tuple[datetime, datetime]:
    """Return the first moment of a date in a time zone and the first moment of the next date, both aware."""
    zone = ZoneInfo(time_zone)
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    following = day + timedelta(days=1)
    return start, datetime(following.year, following.month, following.day, tzinfo=zone)


YEARS = range(2000, 2200)
"""Years that an address, a command or a form may name."""


def read_month(text: str) -> date | None:
    """Return the first day of "2026-09"; None for anything else."""
    year, _, month = text.partition("-")
    if not (text.isascii() and year.isdigit() and month.isdigit() and len(text) == len("2026-09")):
        return None
    if int(year) not in YEARS or not 1 <= int(month) <= 12:
        return None
    return date(int(year), int(month), 1)


def month_bounds(year: int, month: int) -> tuple[date, date]:
    """Return the first and the last day of a month."""
    first = date(year, month, 1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
