"""Which records of a source without exact times the ledger already has from another."""

from collections.abc import Sequence
from datetime import date

from hadir.devices.models import Device
from hadir.ledger.models import TerminalScan
from hadir.ledger.punch import Punch

Timed = tuple[Punch, bool]
"""A record, and whether its seconds were written."""


def unheard(device: Device, timed: Sequence[Timed]) -> list[int]:
    """Return the places of the records that the ledger does not have, each once. One query.

    A record is the same when PIN and second are, whatever state and verify say: a machine pushes them in other words
    than it writes them to a file. Without seconds it is the same when the minute is.
    """
    there = {(pin, when) for pin, when, _state in _heard(device, timed)}
    minutes = {(pin, when[:16]) for pin, when in there}
    found: list[int] = []
    for place, (punch, exact) in enumerate(timed):
        when = f"{punch.local_time:%Y-%m-%d %H:%M:%S}"
        if (punch.pin, when) in there or (not exact and (punch.pin, when[:16]) in minutes):
            continue
        there.add((punch.pin, when))
        minutes.add((punch.pin, when[:16]))
        found.append(place)
    return found


def unheard_by_minute(device: Device, timed: Sequence[Timed]) -> list[int]:
    """Return the places of the records that the ledger does not have from a service that tells some without seconds.

    A record without seconds, which stands at the beginning of its minute, is any one of that PIN and minute; others are
    the same when the second is. A record in which another key was pressed is another one, where both states are told in
    the same way: as numbers, or as words.
    """
    heard: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for pin, when, state in _heard(device, timed):
        heard.setdefault((pin, when[:16]), []).append((when, state))
    found: list[int] = []
    for place, (punch, exact) in enumerate(timed):
        when = f"{punch.local_time:%Y-%m-%d %H:%M:%S}"
        near = heard.setdefault((punch.pin, when[:16]), [])
        same = [other for other, state in near if not _is_other_key(state, punch.state_raw)]
        if same and (not exact or when in same or f"{when[:16]}:00" in same):
            continue
        near.append((when, punch.state_raw))
        found.append(place)
    return found


def _heard(device: Device, timed: Sequence[Timed]) -> set[tuple[str, str, str]]:
    """Return PIN, time and state of what the ledger has of the days of these records."""
    if not timed:
        return set()
    days: list[date] = [punch.local_time.date() for punch, _exact in timed]
    rows = TerminalScan.objects.filter(device=device, day__gte=min(days), day__lte=max(days)).order_by()
    return set(rows.values_list("pin", "local_time", "state_raw"))


def _is_other_key(one: str, other: str) -> bool:
    told_alike = bool(one) and bool(other) and one.isdecimal() == other.isdecimal()
    return told_alike and one.casefold() != other.casefold()
