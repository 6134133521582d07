"""Reading the ledger: first in, last out, whose scans count."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hadir.conftest import NOW, World
from hadir.devices.services import create_kiosk
from hadir.ledger.models import Scan
from hadir.ledger.queries import counted, held_records, person_days, scans, unknown_faces
from hadir.ledger.services import record_scan
from hadir.people.models import Person
from hadir.schools.models import Region, School, TimeZone

DAY = date(2026, 9, 14)


def seen(world: World, time: str, *, who: Person | None = None, **changes: Any) -> Scan:
    """Hand in a scan of Bu Siti, or of another person, at a local time of 14 September."""
    moment = time if "T" in time else f"2026-09-14T{time}:00.000+07:00"
    fields = {"captured_at": moment, "person": str((who or world.siti).pk)} | changes
    record = world.record(**fields)
    record_scan(device=world.kiosk, claimed_id=record["id"], record=json.dumps(record).encode(), now=NOW)
    return Scan.objects.get(pk=record["id"])


def clock_of(moment: datetime) -> str:
    return (moment.astimezone(UTC) + timedelta(hours=7)).strftime("%H.%M")


@pytest.mark.parametrize(
    ("times", "first", "last"),
    [
        (["06:58"], "06.58", None),
        (["13:10", "06:58"], "06.58", "13.10"),
        (["06:58", "06:59", "07:27"], "06.58", None),
        (["06:58", "07:28"], "06.58", "07.28"),
        (["06:58", "09:00", "13:10", "13:11"], "06.58", "13.11"),
        (["00:00", "23:59"], "00.00", "23.59"),
    ],
)
def test_first_in_and_last_out(world: World, times: list[str], first: str, last: str | None):
    for time in times:
        seen(world, time)
    found = person_days(world.kota, DAY)[world.siti.pk]
    assert clock_of(found.first.at) == first
    assert (None if found.last is None else clock_of(found.last.at)) == last
    assert found.scans == len(times)
    assert (found.first.device_id, found.first.device_name) == (world.kiosk.pk, "Kantor guru")


def test_the_day_is_the_schools_own(world: World):
    seen(world, "2026-09-13T23:59:59+07:00")
    seen(world, "2026-09-15T00:00:00+07:00")
    assert person_days(world.kota, DAY) == {}
    School.objects.filter(pk=world.kota.pk).update(time_zone=TimeZone.WIT)
    world.kota.refresh_from_db()
    assert set(person_days(world.kota, DAY)) == {world.siti.pk}  # 23.59 WIB is 01.59 WIT of the 14th


def test_only_recognised_people_count(world: World):
    seen(world, "06:58")
    seen(world, "07:00", person=None, verdict="unknown")
    seen(world, "07:01", person="00000000-0000-7000-8000-000000000009")
    assert set(person_days(world.kota, DAY)) == {world.siti.pk}
    assert unknown_faces(world.kota, DAY) == 1
    assert scans(school=world.kota, day=DAY).count() == 3


def test_sample_pictures_count_in_a_demo_region_only(world: World):
    seen(world, "06:58", source="sample")
    assert person_days(world.kota, DAY) == {}
    Region.objects.filter(pk=world.region.pk).update(is_demo=True)
    assert set(person_days(world.kota, DAY)) == {world.siti.pk}


def test_odd_but_counted(world: World):
    """A wrong clock or a revoked device is shown with its flag, never swallowed."""
    seen(world, "07:30")
    assert person_days(world.kota, DAY)[world.siti.pk].first.flags == ("clock_ahead",)


def test_a_board_costs_one_query(world: World, django_assert_num_queries: Any):
    for person in (world.siti, world.hasan):
        for minute in range(5):
            seen(world, f"06:{30 + minute}", who=person)
    with django_assert_num_queries(1):
        assert len(person_days(world.kota, DAY)) == 2
    with django_assert_num_queries(1):
        assert set(person_days(world.kota, DAY, people=[world.siti.pk])) == {world.siti.pk}


def test_scans_are_narrowed(world: World, django_assert_num_queries: Any):
    first = seen(world, "06:58")
    second = seen(world, "07:00", who=world.rahma)
    other = create_kiosk(name="Lain", schools=[world.jauh], by=None, now=NOW)
    record = world.record(device=str(other.pk), person=str(world.anwar.pk))
    record_scan(device=other, claimed_id=record["id"], record=json.dumps(record).encode(), now=NOW)
    assert list(scans(school=world.kota)) == [first]
    assert list(scans(device_id=world.kiosk.pk)) == [second, first]
    assert list(scans(schools=School.objects.filter(district=world.district), limit=1)) == [second]
    assert scans().count() == 3
    with django_assert_num_queries(1):
        assert [(scan.person, scan.school.npsn, scan.device.name) for scan in scans(school=world.jauh)] == [
            (world.anwar, "20529003", "Lain")
        ]
    assert counted(scans(school=world.jauh)).count() == 1


def test_held_records_are_those_of_ones_own_devices(world: World):
    other = create_kiosk(name="Lain", schools=[world.jauh], by=None, now=NOW)
    for device in (world.kiosk, other):
        record_scan(device=device, claimed_id="x", record=b"broken", now=NOW)
    assert held_records().count() == 2
    assert [held.device for held in held_records(schools=School.objects.filter(district=world.district))] == [
        world.kiosk
    ]
