"""Which records of a source without exact times the ledger already has from another."""

from collections.abc import Sequence
from datetime import date

from hadir.devices.models import Device
from hadir.ledger.models import TerminalScan
from hadir.ledger.punch import Punch

Timed = tuple[Punch, bool]
"""A record, and whether its seconds were written."""


def unheard(device: Device, timed: Sequence[Timed], *, whole_minutes: bool = False) -> list[int]:
    """Return the places of the records that the ledger does not have, each once. One query.

    A record is the same when PIN and second are, whatever state and verify say: a machine pushes them in other words
    than it writes them to a file. Without seconds it is the same when the minute is. `whole_minutes`: the ledger may
    have the record from a source that writes no seconds, and so at the beginning of its minute.
    """
    if not timed:
        return []
    days: list[date] = [punch.local_time.date() for punch, _exact in timed]
    there = set(
        TerminalScan.objects.filter(device=device, day__gte=min(days), day__lte=max(days))
        .order_by()
        .values_list("pin", "local_time")
    )
    minutes = {(pin, when[:16]) for pin, when in there}
    found: list[int] = []
    for place, (punch, exact) in enumerate(timed):
        when = f"{punch.local_time:%Y-%m-%d %H:%M:%S}"
        if (punch.pin, when) in there or (not exact and (punch.pin, when[:16]) in minutes):
            continue
        if whole_minutes and (punch.pin, f"{when[:16]}:00") in there:
            continue
        there.add((punch.pin, when))
        minutes.add((punch.pin, when[:16]))
        found.append(place)
    return found
