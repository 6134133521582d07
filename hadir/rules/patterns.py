"""Working patterns: the hours of each weekday, and the shift they make on a date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hadir.rules.spans import Span, length, without

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of one weekday as distances from local midnight; a shift may end on the next day."""

    start: timedelta
    end: timedelta
    breaks: tuple[tuple[timedelta, timedelta], ...] = ()

    @property
    def net_minutes(self) -> int:
        """Working time without breaks, whole minutes."""
        return length(without((self.start, self.end), self.breaks)) // MINUTE


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift of one date, in the school's local time. `breaks` lie anywhere; only their part inside the shift
    counts."""

    start: datetime
    end: datetime
    breaks: tuple[Span, ...]

    @property
    def net_minutes(self) -> int:
        """Working time without breaks, whole minutes."""
        return length(without((self.start, self.end), self.breaks)) // MINUTE


@dataclass(frozen=True, slots=True)
class Pattern:
    """Hours by weekday (0 = Monday). `on_holidays`: days off of the calendar do not touch it (night watch)."""

    key: str
    title: str
    hours: Mapping[int, Hours]
    on_holidays: bool = False

    def __hash__(self) -> int:
        """Hash by key: equal patterns have equal keys, and hours are no hashable thing."""
        return hash(self.key)

    def shift_on(self, day: date, zone: ZoneInfo) -> Shift | None:
        """Return the shift that begins on this date, or None where the weekday has none.

        Indonesia's zones know no summer time, so hours are added on the wall clock.
        """
        hours = self.hours.get(day.weekday())
        if hours is None:
            return None
        midnight = datetime.combine(day, time(), zone)
        breaks = tuple((midnight + start, midnight + end) for start, end in hours.breaks)
        return Shift(midnight + hours.start, midnight + hours.end, breaks)


NO_HOURS = Pattern("-", "Tanpa jam kerja", {})
"""The office has said that somebody has no hours here; nothing of the kind is in a pack."""
