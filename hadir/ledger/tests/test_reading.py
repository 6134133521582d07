"""Reading the ledger: whose scans count, on which day."""

import json
from datetime import date, timedelta
from typing import Any

from hadir.conftest import NOW, World
from hadir.devices.services import create_kiosk
from hadir.ledger.models import Scan
from hadir.ledger.queries import counted, held_records, scans, unknown_faces
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


def people_counted(school: School, day: date = DAY) -> set[Any]:
    """Return who counts as seen at a school on a date."""
    return set(counted(scans(school=school, day=day)).values_list("person", flat=True))


def test_the_day_is_the_schools_own(world: World):
    seen(world, "2026-09-13T23:59:59+07:00")
    seen(world, "2026-09-15T00:00:00+07:00")
    assert people_counted(world.kota) == set()
    School.objects.filter(pk=world.kota.pk).update(time_zone=TimeZone.WIT)
    world.kota.refresh_from_db()
    assert people_counted(world.kota) == {world.siti.pk}  # 23.59 WIB is 01.59 WIT of the 14th


def test_only_recognised_people_count(world: World):
    seen(world, "06:58")
    seen(world, "07:00", person=None, verdict="unknown")
    seen(world, "07:01", person="00000000-0000-7000-8000-000000000009")
    assert people_counted(world.kota) == {world.siti.pk}
    assert unknown_faces(world.kota, DAY) == 1
    assert unknown_faces(world.pulau, DAY) == 0
    assert scans(school=world.kota, day=DAY).count() == 3


def test_sample_pictures_count_in_a_demo_region_only(world: World):
    seen(world, "06:58", source="sample")
    assert people_counted(world.kota) == set()
    Region.objects.filter(pk=world.region.pk).update(is_demo=True)
    assert people_counted(world.kota) == {world.siti.pk}


def test_odd_scans_count(world: World):
    """A wrong clock is shown with its flag, never swallowed."""
    assert seen(world, "07:30").flags == ["clock_ahead"]
    assert people_counted(world.kota) == {world.siti.pk}


def test_scans_are_narrowed_and_come_in_order(world: World, django_assert_num_queries: Any):
    second = seen(world, "07:00", who=world.rahma)
    first = seen(world, "06:58")
    other = create_kiosk(name="Lain", schools=[world.jauh], by=None, now=NOW)
    record = world.record(device=str(other.pk), person=str(world.anwar.pk))
    record_scan(device=other, claimed_id=record["id"], record=json.dumps(record).encode(), now=NOW)
    assert list(scans(school=world.kota)) == [first]
    assert list(scans(device_id=world.kiosk.pk)) == [first, second]
    assert scans().count() == 3
    with django_assert_num_queries(1):
        assert [(scan.person, scan.school.npsn, scan.device.name) for scan in scans(school=world.jauh)] == [
            (world.anwar, "20529003", "Lain")
        ]


def test_held_records_wait_in_the_order_they_came(world: World, django_assert_num_queries: Any):
    for minute, rubbish in enumerate((b"first", b"second")):
        now = NOW + timedelta(minutes=minute)
        record_scan(device=world.kiosk, claimed_id="x", record=rubbish, now=now)
    with django_assert_num_queries(1):
        assert [(held.device.name, held.reason) for held in held_records()] == [("Kantor guru", "malformed")] * 2
