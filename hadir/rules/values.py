"""Dated values: what a rule pack holds, ready to be asked for a date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Generic, TypeVar

from hadir.rules.patterns import Pattern

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value from a date on, with where it comes from."""

    valid_from: date
    source: str
    note: str
    value: T


@dataclass(frozen=True, slots=True)
class Series(Generic[T]):
    """The dated values of one key, oldest first. `key` is its place in the pack, for messages."""

    key: str
    rows: tuple[Dated[T], ...]

    def on(self, day: date) -> T | None:
        """Return the value in force on this date, None before the first."""
        row = self.row_on(day)
        return None if row is None else row.value

    def row_on(self, day: date) -> Dated[T] | None:
        """Return the row in force on this date, None before the first."""
        return next((row for row in reversed(self.rows) if row.valid_from <= day), None)


@dataclass(frozen=True, slots=True)
class Window:
    """How long before the start and after the end of a shift its scans count."""

    before: timedelta
    after: timedelta


@dataclass(frozen=True, slots=True)
class Missing:
    """What a missing arrival or departure counts: its code and its share of the day's net minutes."""

    code: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class Grace:
    """Minutes that are forgiven; one more and all of them count."""

    late: int
    early: int


@dataclass(frozen=True, slots=True)
class Band:
    """A code from so many minutes on."""

    code: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Leave:
    """A code of absence. `whole`: may stand for a day, `part`: for hours of it; `evidence`: a part-day proves
    presence at both ends; `may_scan`: a scan on such a day is nothing to look at."""

    code: str
    name: str
    whole: bool
    part: bool
    evidence: bool
    may_scan: bool


@dataclass(frozen=True, slots=True)
class Conversion:
    """Minutes that make one day; None when minutes are never made into days."""

    minutes_per_day: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """A sanction from so many days on. Only ever a proposal."""

    days: int
    sanction: str


@dataclass(frozen=True, slots=True)
class Discipline:
    """The steps for one kind of staff, fewest days first, and the one for days in a row."""

    steps: tuple[Step, ...]
    in_a_row: Step | None


@dataclass(frozen=True, slots=True)
class Deduction:
    """Percent of the allowance by code or status. `free_days`: the first days of a code that cost nothing;
    `daily_cap`, `cap`: most percent a day and altogether; `active`: an office has chosen it."""

    key: str
    title: str
    active: bool
    percent: Mapping[str, Decimal]
    free_days: Mapping[str, int]
    daily_cap: Decimal | None
    cap: Decimal


@dataclass(frozen=True, slots=True)
class DayRules:
    """The values that judge a day, as they are in force on one date. `version` names the pack and its exact content."""

    version: str
    patterns: Mapping[str, Pattern]
    window: Window
    apart: timedelta
    side_cap: Decimal
    no_arrival: Missing
    no_departure: Missing
    grace: Grace
    late_bands: tuple[Band, ...]
    early_bands: tuple[Band, ...]
    leave: Mapping[str, Leave]


@dataclass(frozen=True, slots=True)
class PeriodRules:
    """The values that add up a period, as they are in force on one date."""

    version: str
    conversion: Conversion
    counts_as_present: frozenset[str]
    discipline: Mapping[str, Discipline]
    deductions: Mapping[str, Deduction]
