"""Which records of terminals claim a time that cannot be theirs, and what their time may have been. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

ABSURD_BEFORE_YEAR = 2020
"""Clocks fall back to 1970, 2000 or 2015 after a power cut; no school fed a terminal of this server before 2020."""
ABSURD_AHEAD = timedelta(days=1)
AHEAD = timedelta(minutes=5)
OFF = timedelta(minutes=10)
OLD = timedelta(days=30)
REACH = timedelta(days=3)
"""How long before a measurement a record may lie, on the wrong clock, for the same error to be proposed."""

DOUBTED = frozenset({"clock_absurd", "clock_off"})
"""Flags of records that are no evidence until a person has confirmed a time."""


def clock_flags(*, local_time: datetime, captured_at: datetime, now: datetime, live: bool) -> list[str]:
    """Return what is odd about the time of a record that comes now.

    `live`: it was surely made just now, so that a difference to now is the clock's. Ahead of now is wrong in any case.
    `clock_absurd`: before 2020 or more than a day ahead. `clock_off`: wrong by more than 10 minutes. `clock_ahead`:
    5 to 10 minutes ahead. `old_replay`: more than 30 days old, as after a terminal was joined or began anew.
    """
    ahead = captured_at - now
    if local_time.year < ABSURD_BEFORE_YEAR or ahead > ABSURD_AHEAD:
        return ["clock_absurd"]
    if ahead > OFF or (live and -ahead > OFF):
        return ["clock_off"]
    if ahead > AHEAD:
        return ["clock_ahead"]
    return ["old_replay"] if -ahead > OLD else []


def error_when_read(*, captured_at: datetime, now: datetime, measured: int, good_at: datetime | None) -> int | None:
    """Return by how many seconds the clock was ahead when a record was made that comes with a reading of the clock.

    Somebody read the terminal's clock now, `measured` seconds ahead, as the agent does before it takes the log. When it
    went wrong nobody knows: after it was last read and good (`good_at`), or within three days. Records of that time are
    on the wrong clock; None for the others and where the clock is within ten minutes.
    """
    if abs(timedelta(seconds=measured)) <= OFF:
        return None
    shown = now + timedelta(seconds=measured)
    since = max(good_at, shown - REACH) if good_at is not None and good_at <= shown else shown - REACH
    return measured if since < captured_at <= shown + timedelta(minutes=2) else None


@dataclass(frozen=True, slots=True)
class Measured:
    """A live record of the same terminal: the time it claimed, when it came, and by how many seconds it was ahead."""

    captured_at: datetime
    received_at: datetime
    skew: int


def propose_time(
    *, captured_at: datetime, received_at: datetime, skew: int | None, later: Measured | None
) -> datetime | None:
    """Propose when a record with a doubted clock was really made; None where nothing is known.

    1. It was live itself: the clock's error is known.
    2. The first live record after it, on the same wrong clock within three days: the same error.
    A proposal later than the record's arrival is none.
    """
    error = skew
    if error is None and later is not None and timedelta(0) <= later.captured_at - captured_at <= REACH:
        error = later.skew
    if error is None:
        return None
    proposed = captured_at - timedelta(seconds=error)
    return proposed if proposed <= received_at + timedelta(minutes=2) else None
