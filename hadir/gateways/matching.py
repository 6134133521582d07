"""Which records of a source without exact times the ledger already has from another."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from hadir.devices.models import Device
from hadir.ledger.models_terminal import PunchSource, TerminalScan
from hadir.ledger.punch import Punch

Timed = tuple[Punch, bool]
"""A record, and whether its seconds were written."""


def unheard(device: Device, timed: Sequence[Timed]) -> list[int]:
    """Return the places of the records that the ledger does not have, each once. One query.

    A record is the same when PIN and second are, whatever state and verify say: a machine pushes them in other words
    than it writes them to a file. Without seconds it is the same when the minute is, whichever came first: a record of
    a source without seconds stands at the beginning of its minute, and there for one of the exact ones, unless they
    name that second as well. Two exact ones of a minute stay two.
    """
    heard = _heard(device, timed)
    there = {(one.pin, one.when) for one in heard}
    minutes = {(pin, when[:16]) for pin, when in there}
    told = {(punch.pin, _written(punch)) for punch, exact in timed if exact}
    rough = {(one.pin, one.when[:16]) for one in heard if one.may_lack_seconds and (one.pin, one.when) not in told}
    found: list[int] = []
    for place, (punch, exact) in enumerate(timed):
        when = _written(punch)
        minute = punch.pin, when[:16]
        if (punch.pin, when) in there or (not exact and minute in minutes):
            continue
        if exact and minute in rough:
            rough.remove(minute)
            continue
        there.add((punch.pin, when))
        minutes.add(minute)
        found.append(place)
    return found


def unheard_by_minute(device: Device, timed: Sequence[Timed]) -> list[int]:
    """Return the places of the records that the ledger does not have from a service that tells some without seconds.

    A record without seconds, which stands at the beginning of its minute, is any one of that PIN and minute; others are
    the same when the second is. A record in which another key was pressed is another one, where both states are told in
    the same way: as numbers, or as words.
    """
    heard: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for one in _heard(device, timed):
        heard.setdefault((one.pin, one.when[:16]), []).append((one.when, one.state))
    found: list[int] = []
    for place, (punch, exact) in enumerate(timed):
        when = _written(punch)
        near = heard.setdefault((punch.pin, when[:16]), [])
        same = [other for other, state in near if not _is_other_key(state, punch.state_raw)]
        if same and (not exact or when in same or f"{when[:16]}:00" in same):
            continue
        near.append((when, punch.state_raw))
        found.append(place)
    return found


class _Heard(NamedTuple):
    """A record of the ledger: PIN, time as the machine wrote it, state, and how it came."""

    pin: str
    when: str
    state: str
    source: str

    @property
    def may_lack_seconds(self) -> bool:
        return self.source in {PunchSource.FILE, PunchSource.CLOUD} and self.when.endswith(":00")


def _heard(device: Device, timed: Sequence[Timed]) -> set[_Heard]:
    """Return what the ledger has of the days of these records."""
    if not timed:
        return set()
    days: list[date] = [punch.local_time.date() for punch, _exact in timed]
    rows = TerminalScan.objects.filter(device=device, day__gte=min(days), day__lte=max(days)).order_by()
    return {_Heard(*row) for row in rows.values_list("pin", "local_time", "state_raw", "source")}


def _written(punch: Punch) -> str:
    return f"{punch.local_time:%Y-%m-%d %H:%M:%S}"


def _is_other_key(one: str, other: str) -> bool:
    told_alike = bool(one) and bool(other) and one.isdecimal() == other.isdecimal()
    return told_alike and one.casefold() != other.casefold()
