"""The pieces of which a person-day is put together in memory, before anything is judged."""

import uuid
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from hadir.devices.hearing import Hearing
from hadir.leave.granted import Granted
from hadir.people.models import Assignment
from hadir.rules.facts import Calendar, DayFacts, Provenance
from hadir.rules.patterns import Pattern
from hadir.rules.values import DayRules
from hadir.schools.models import School

Key = uuid.UUID
Span = tuple[datetime, datetime]
Seen = tuple[datetime, Provenance, str]
"""When a scan says that the person was there, how it came to be, its id."""


@dataclass(frozen=True, slots=True)
class Case:
    """One person-day before its judgement. `window` is its scan window; None without a shift.

    `quiet`: every kiosk has handed in everything and none showed a sign of life: nothing more comes by itself.
    `granted`: the approved entries that touch the day. `shared`: the same for all person-days of one gathering whose
    facts differ in nothing but `own`: the person's scans and approved entries.
    """

    person: Key
    school: School
    facts: DayFacts
    rules: DayRules
    window: Span | None
    quiet: bool = False
    granted: tuple[Granted, ...] = ()
    shared: Hashable = None

    @property
    def complete(self) -> bool:
        """Tell whether nothing more is to come of this day: its window is over, and devices or a person say so."""
        if self.window is None:
            return True
        heard = self.facts.heard_until
        told = self.facts.declared_complete or (heard is not None and heard >= self.window[1])
        return told and self.facts.now >= self.window[1]

    @property
    def own(self) -> bool:
        """Tell whether anything is known of the person on this day that is not true of all colleagues."""
        return bool(self.facts.scans or self.granted or self.facts.unplaced)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A scan whose clock is doubted and that nobody has decided on: made at some moment between these two."""

    made_after: datetime
    received_at: datetime
    reference: str


@dataclass(frozen=True, slots=True)
class PackUse:
    """A school's kiosks recognised people by `pack` on a date (WIB), the last time at `last`."""

    day: date
    last: datetime
    pack: str


@dataclass(frozen=True, slots=True)
class PinSpan:
    """A PIN of a person on a terminal, from its first to its last date, and since when the terminal has recorded her
    under it; None: never."""

    device: Key
    first: date
    last: date | None
    recorded: datetime | None


@dataclass(slots=True)
class Place:
    """A school on a date. `start` and `end`: bounds of the date in UTC; `patterns`: key of the pattern by kind of
    staff, for people without hours of their own."""

    school: School
    day: date
    zone: ZoneInfo
    rules: DayRules
    calendar: frozenset[Calendar]
    trial: bool
    declared: bool
    start: datetime
    end: datetime
    patterns: dict[str, str] = field(default_factory=dict)
    frames: dict[tuple[str, frozenset[int] | None], "Frame"] = field(default_factory=dict)


@dataclass(slots=True)
class Frame:
    """Hours at a place. `window`: scan window in local time, `opens`, `closes`: the same in UTC; None without a shift.

    `dates`: those of the shift itself, two for a night. `heard`: up to when these schools of a person were heard, and
    whether nothing more comes by itself.
    """

    pattern: Pattern | None
    window: Span | None
    opens: datetime | None = None
    closes: datetime | None = None
    dates: tuple[date, ...] = ()
    heard: dict[tuple[frozenset[Key], frozenset[Key]], tuple[datetime | None, bool]] = field(default_factory=dict)
    packs: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A device that could know the person from `at` to `until`: a kiosk that spoke to the server after her face was
    active, by `pack`; a terminal (no pack) that had recorded her under her PIN."""

    at: datetime
    kiosk: Hearing
    pack: str
    until: datetime | None


@dataclass(slots=True)
class Standing:
    """The assignments of a person over some dates on which they do not change, home school first."""

    held: Sequence[Assignment]
    schools: tuple[Key, ...]
    together: frozenset[Key]
    contacts: dict[Key, Sequence[Contact]] = field(default_factory=dict)


def zone_of(school: School) -> ZoneInfo:
    """Return the school's time zone."""
    return ZoneInfo(school.time_zone)
