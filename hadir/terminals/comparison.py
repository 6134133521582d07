"""Side by side: what the fingerprint machine and the faces say of the same day, person by person. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from hadir.devices.models import DeviceKind

Result = Literal["same", "minutes", "machine", "face", "machine_out", "face_out"]
OUT_AFTER = timedelta(minutes=30)
"""A last record nearer to the first than this is the same arrival, not a departure."""

FACE_BY_KIND: Mapping[str, frozenset[str]] = {
    DeviceKind.ZKTECO: frozenset({"15", "16", "17", "18", "19", "20"}),
    DeviceKind.HIKVISION: frozenset({"5/75"}),
    DeviceKind.AIFACE: frozenset({"8"}),
    DeviceKind.FKWEB: frozenset({"face", "4", "20"}),
    DeviceKind.FINGERSPOT_CLOUD: frozenset({"face", "4", "20"}),
    DeviceKind.FILE: frozenset({"15"}),
}
"""What each kind of machine writes for a record that was made by a face (DEVICES: verify modes)."""


def is_face(kind: str, verify: str) -> bool:
    """Tell whether a machine says that it knew the person by the face; everything else is the former way."""
    return kind == DeviceKind.KIOSK or verify.strip().lower() in FACE_BY_KIND.get(kind, frozenset())


@dataclass(frozen=True, slots=True)
class Mark:
    """One record on one side: what was shown, and when it was once the machine's known error is taken off."""

    shown: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Side:
    """Arrival and departure as one list has them."""

    first: Mark | None = None
    last: Mark | None = None


def side_of(marks: Iterable[Mark]) -> Side:
    """Return the first record, and the last one if it is at least half an hour later."""
    ordered = sorted(marks, key=lambda mark: mark.at)
    if not ordered:
        return Side()
    last = ordered[-1] if ordered[-1].at - ordered[0].at >= OUT_AFTER else None
    return Side(ordered[0], last)


def compare(machine: Side, face: Side, tolerance: int) -> tuple[Result, int] | None:
    """Return how the two sides differ, with whole minutes where it is that; None where neither has anything.

    `tolerance`: minutes up to which two times are the same.
    """
    if machine.first is None and face.first is None:
        return None
    if machine.first is None or face.first is None:
        return ("face" if machine.first is None else "machine"), 0
    apart = abs(machine.first.at - face.first.at)
    if machine.last is not None and face.last is not None:
        apart = max(apart, abs(machine.last.at - face.last.at))
    minutes = int(apart.total_seconds() // 60)
    if minutes > tolerance:
        return "minutes", minutes
    if (machine.last is None) != (face.last is None):
        return ("face_out" if machine.last is None else "machine_out"), 0
    return "same", minutes


@dataclass(frozen=True, slots=True)
class DayResult:
    """How many of those with a record on a date agree."""

    day: date
    same: int
    total: int
    is_over: bool

    @property
    def percent(self) -> int:
        """Whole percent, rounded down; 0 for a day without records."""
        return self.same * 100 // self.total if self.total else 0


def days_in_a_row(days: Sequence[DayResult], percent: int) -> int:
    """Return how many of the latest finished days in a row reached `percent`; days without records are passed over."""
    run = 0
    for result in reversed([one for one in days if one.is_over and one.total]):
        if result.percent < percent:
            break
        run += 1
    return run
