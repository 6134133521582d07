"""What is known about one person and one date, as `judge_day` wants it.

The classes refuse what no caller may hand in (naive times, an interval that ends before it begins), so that the
judgement itself never fails.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from hadir.rules.patterns import Pattern

YEARS = range(1970, 2200)


class Calendar(StrEnum):
    """What the calendar of the school says about a date; the values are the words of case tables."""

    HOLIDAY = "libur"
    JOINT_LEAVE = "cuti bersama"
    PUPILS_OFF = "libur siswa"


class Provenance(StrEnum):
    """How a scan came to be."""

    FACE = "face"
    TERMINAL = "terminal"
    FALLBACK_CHECKED = "fallback_checked"
    FALLBACK_UNCHECKED = "fallback_unchecked"


def _check_moment(moment: datetime) -> None:
    if moment.utcoffset() is None:
        raise ValueError(f"naive time {moment.isoformat()}: a zone is needed")
    if moment.year not in YEARS:
        raise ValueError(f"time {moment.isoformat()} is outside the years {YEARS.start}-{YEARS.stop - 1}")


@dataclass(frozen=True, slots=True)
class Scan:
    """One recorded scan. `other_shift`: it lies in the window of another shift of the same person and is judged
    there."""

    at: datetime
    provenance: Provenance = Provenance.FACE
    other_shift: bool = False
    reference: str = ""

    def __post_init__(self) -> None:
        _check_moment(self.at)


@dataclass(frozen=True, slots=True)
class PartDay:
    """An approved absence or duty for part of the day: a leave code and the hours it covers, `start` < `end`."""

    code: str
    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        _check_moment(self.start)
        _check_moment(self.end)
        if self.end <= self.start:
            raise ValueError(
                f"{self.code} ends at {self.end.isoformat()}, not after its start {self.start.isoformat()}"
            )


@dataclass(frozen=True, slots=True)
class DayFacts:
    """Everything `judge_day` may know. Only approved absences and corrections belong here; the order within a tuple
    matters nowhere but for the order in which part-day codes are listed.

    `pattern` is None while nobody has given the person hours for this date, and NO_HOURS where somebody has said that
    she has none. `heard_until`: all devices of the person's schools have handed in what they recorded up to this
    moment; None when nothing was heard at all.
    `declared_complete`: a named person declared the day complete with a reason. `assigned`: an assignment covers the
    date. `trial`: the school is in *uji coba*. `known_to_devices`: she is enrolled, or a terminal's PIN is mapped to
    her, at one of her schools on that date. `unplaced`: records that may be hers and of this date: scans
    whose clock is doubted (FALLBACK_UNCHECKED; `at` is when they came in), and a terminal's records of PINs that are
    nobody's (TERMINAL), where she has no PIN.
    """

    day: date
    zone: ZoneInfo
    now: datetime
    pattern: Pattern | None
    scans: tuple[Scan, ...] = ()
    full_days: tuple[str, ...] = ()
    part_days: tuple[PartDay, ...] = ()
    corrections: tuple[datetime, ...] = ()
    technical: bool = False
    calendar: frozenset[Calendar] = frozenset()
    heard_until: datetime | None = None
    declared_complete: bool = False
    assigned: bool = True
    trial: bool = False
    known_to_devices: bool = True
    unplaced: tuple[Scan, ...] = ()

    def __post_init__(self) -> None:
        if self.day.year not in YEARS:
            raise ValueError(f"date {self.day.isoformat()} is outside the years {YEARS.start}-{YEARS.stop - 1}")
        moments = (self.now, *self.corrections, *((self.heard_until,) if self.heard_until else ()))
        for moment in moments:
            _check_moment(moment)
