"""Where and when people were seen on a day, by kiosks and by machines alike, and which records wait for a person."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hadir.attendance.reviews import standing_of
from hadir.devices.models import Device, DeviceKind
from hadir.ledger.clocks import DOUBTED_CLOCK
from hadir.ledger.models import Scan, Source
from hadir.ledger.queries import counted
from hadir.ledger.queries_terminal import PersonPunch, punches_of
from hadir.reports.people import flag_notes
from hadir.schools.models import School


@dataclass(frozen=True, slots=True)
class Sighting:
    """One record of a person. `at`: when they were there; None while the device's clock is doubted and nobody has
    decided. `school`: name of the school whose device it was."""

    at: datetime | None
    received_at: datetime
    device: uuid.UUID
    device_name: str
    school: str
    machine: bool
    sample: bool = False
    notes: tuple[str, ...] = ()


def sightings_of(
    people: Collection[uuid.UUID], start: datetime, end: datetime
) -> Mapping[uuid.UUID, Sequence[Sighting]]:
    """Return the records of people from `start` up to but without `end`, oldest first, those without a time last.

    A fixed number of queries, whatever the number of people.
    """
    found: dict[uuid.UUID, list[Sighting]] = defaultdict(list)
    scans = list(
        counted(Scan.objects.filter(captured_at__gte=start, captured_at__lt=end))
        .filter(person__in=list(people))
        .select_related("device", "school")
        .defer("record", "quality")
    )
    standings = standing_of(scans)
    for scan in scans:
        standing = standings.get(scan.pk)
        if scan.person_id is not None and (standing is None or standing.state != "rejected"):
            found[scan.person_id].append(_of_scan(scan, standing.at if standing else scan.captured_at))
    punches = punches_of(people, start, end)
    devices = Device.objects.in_bulk({punch.device for punch in punches})
    schools = School.objects.in_bulk({punch.school for punch in punches})
    for punch in punches:
        found[punch.person].append(_of_punch(punch, devices[punch.device], schools[punch.school]))
    return {
        person: sorted(rows, key=lambda one: (one.at is None, one.at or one.received_at))
        for person, rows in found.items()
    }


def _of_scan(scan: Scan, at: datetime | None) -> Sighting:
    notes = [] if at is not None and DOUBTED_CLOCK.intersection(scan.flags) else flag_notes(scan)
    return Sighting(
        at=at,
        received_at=scan.received_at,
        device=scan.device_id,
        device_name=scan.device.name,
        school=scan.school.name,
        machine=scan.device.kind != DeviceKind.KIOSK,
        sample=scan.source == Source.SAMPLE,
        notes=tuple(notes),
    )


def _of_punch(punch: PersonPunch, device: Device, school: School) -> Sighting:
    return Sighting(punch.at, punch.received_at, device.pk, device.name, school.name, machine=True)
