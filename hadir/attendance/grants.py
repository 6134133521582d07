"""What approved leave, duty and corrections mean for one day of one school, in the form that `judge_day` takes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hadir.leave.granted import Granted
from hadir.rules.facts import PartDay
from hadir.rules.verdict import TECHNICAL

CORRECTION = "K"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Allowed:
    """Codes of whole days, parts of the day by their start, moments of corrections, and whether TEKNIS holds."""

    full_days: tuple[str, ...] = ()
    part_days: tuple[PartDay, ...] = ()
    corrections: tuple[datetime, ...] = ()
    technical: bool = False


def allowed_on(
    entries: Iterable[Granted], day: date, zone: ZoneInfo, window: tuple[datetime, datetime] | None
) -> Allowed:
    """Return what these entries, all of which hold on `day`, mean. `window`: the scan window, None without a shift.

    Times are local. A time that lies before the window of a shift that goes over midnight is one of the next date:
    07.05 of a night watch that begins at 20.00.
    """
    full: set[str] = set()
    parts: list[PartDay] = []
    corrections: set[datetime] = set()
    technical = False
    for one in entries:
        if one.code == TECHNICAL:
            technical = True
        elif one.start is None:
            full.add(one.code)
        elif one.code == CORRECTION or one.end is None:
            corrections.add(_placed(day, one.start, zone, window))
        else:
            parts.append(_part(one.code, day, one.start, one.end, zone, window))
    return Allowed(
        tuple(sorted(full)),
        tuple(sorted(parts, key=lambda part: (part.start, part.end, part.code))),
        tuple(sorted(corrections)),
        technical,
    )


def _placed(day: date, clock: time, zone: ZoneInfo, window: tuple[datetime, datetime] | None) -> datetime:
    at = datetime.combine(day, clock, zone)
    over_midnight = window is not None and window[1].date() > day
    return at + DAY if over_midnight and window is not None and at < window[0] <= at + DAY <= window[1] else at


def _part(  # noqa: PLR0917  a code, its two ends, and where they lie
    code: str, day: date, start: time, end: time, zone: ZoneInfo, window: tuple[datetime, datetime] | None
) -> PartDay:
    begins, ends = datetime.combine(day, start, zone), datetime.combine(day, end, zone)
    if ends <= begins:
        ends += DAY
    over_midnight = window is not None and window[1].date() > day
    if over_midnight and window is not None and ends <= window[0] and ends + DAY <= window[1]:
        begins, ends = begins + DAY, ends + DAY
    return PartDay(code, begins, ends)
