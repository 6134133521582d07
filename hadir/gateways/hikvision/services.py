"""Remembering which event numbers were heard."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from hadir.devices.models import Device
from hadir.devices.services_terminal import note_handed_in
from hadir.gateways.hikvision.events import Event
from hadir.gateways.hikvision.gaps import Heard, hear, missing
from hadir.gateways.hikvision.models import HeardSerials

MOST_RUNS = 500
"""Beyond so many holes the oldest are given up: a pull by time fills them then."""
WRITTEN_EVERY = timedelta(minutes=2)
SILENCE = timedelta(minutes=10)
"""A terminal that says nothing for so long, not even a heartbeat, was cut off."""


@transaction.atomic
def hear_events(*, device: Device, events: Sequence[Event], before: datetime | None, now: datetime) -> int:
    """Remember the numbers of these events, and whether everything has been handed in. Returns how many are missing.

    `before`: when the terminal was last heard before this. Everything up to now is handed in when no number is missing
    and the connection has not been broken since an event proved that.
    """
    row = HeardSerials.objects.select_for_update().filter(device=device).first() or HeardSerials(device=device)
    runs = runs_of(row)
    numbered = False
    for event in events:
        if event.serial is not None and event.local_time is not None:
            runs = hear(runs, serial=event.serial, front=event.front, when=event.local_time)
            numbered = True
    runs = runs[-MOST_RUNS:]
    number = sum(last - first + 1 for first, last in missing(runs))
    broken = before is None or before < now - SILENCE
    live = numbered and all(event.is_current for event in events)
    proven = number == 0 and (live or (row.proven and not broken))
    if numbered or proven != row.proven:
        row.runs = [[run.after, run.first, run.last, run.newest.isoformat()] for run in runs]
        row.missing, row.proven, row.changed_at = number, proven, now
        row.save()
    if proven and not broken and (device.handed_in_until is None or device.handed_in_until < now - WRITTEN_EVERY):
        note_handed_in(device=device, until=now, now=now)
    return number


def runs_of(row: HeardSerials) -> list[Heard]:
    """Return the runs of a row."""
    return [Heard(after, first, last, datetime.fromisoformat(newest)) for after, first, last, newest in row.runs]


def missing_serials(device: Device) -> Sequence[tuple[int, int]]:
    """Return the holes of a terminal, as first and last missing number: what a pull should ask for."""
    row = HeardSerials.objects.filter(device=device).first()
    return missing(runs_of(row)) if row is not None else []
