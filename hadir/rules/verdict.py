"""What a day means: the answer of `judge_day`."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hadir.rules.words import Reason

PRESENT = "H"
ABSENT = "A"
PENDING = "T"
DAY_OFF = "L"
NOT_COUNTED = "-"
TECHNICAL = "TEKNIS"


class Flag(StrEnum):
    """What a person should see beside the status; the values are the words of case tables."""

    OUTSIDE_WINDOW = "luar_jendela"
    SEEN_ON_LEAVE = "hadir_saat_cuti"
    NO_ARRIVAL = "tanpa_masuk"
    NO_DEPARTURE = "tanpa_pulang"
    FALLBACK_WAITING = "cadangan_menunggu"
    TRIAL = "uji_coba"


class Cause(StrEnum):
    """Why a day is not final. A pending day (`T`) always has one."""

    DAY_NOT_OVER = "day_not_over"
    SCHOOL_NOT_HEARD = "school_not_heard"
    SCAN_OUTSIDE_WINDOW = "scan_outside_window"
    FALLBACK_UNCHECKED = "fallback_unchecked"
    PERSON_UNKNOWN_TO_DEVICES = "person_unknown_to_devices"
    NO_SCHEDULE = "no_schedule"
    LEAVE_CODE_UNKNOWN = "leave_code_unknown"


class Source(StrEnum):
    """Where a piece of evidence comes from."""

    SCAN = "scan"
    CORRECTION = "correction"
    DUTY = "duty"


class Role(StrEnum):
    """What the judgement made of a piece of evidence."""

    ARRIVAL = "arrival"
    DEPARTURE = "departure"
    BETWEEN = "between"
    OUTSIDE_WINDOW = "outside_window"
    WAITING = "waiting"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One moment at which the person was seen, in the school's local time, and what it was taken for."""

    at: datetime
    source: Source
    role: Role
    reference: str = ""


@dataclass(frozen=True, slots=True)
class DayVerdict:
    """The meaning of one person-day.

    `status` is H, A, T, L, `-` (counts for nothing) or the code of a full-day absence. `codes`: TL, PSW, then
    part-day codes in the order given. `late` and `early`: whole minutes of net working time. `flags`: alphabetical.
    `cause`: None when final. `rules`: the version of the rule pack.
    """

    status: str
    final: bool
    rules: str
    codes: tuple[str, ...] = ()
    late: int = 0
    early: int = 0
    flags: tuple[str, ...] = ()
    cause: Cause | None = None
    reasons: tuple[Reason, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    @property
    def arrival(self) -> datetime | None:
        """The moment taken for the arrival."""
        return self._moment(Role.ARRIVAL)

    @property
    def departure(self) -> datetime | None:
        """The moment taken for the departure."""
        return self._moment(Role.DEPARTURE)

    def _moment(self, role: Role) -> datetime | None:
        return next((piece.at for piece in self.evidence if piece.role is role), None)
