"""The only writer of the ledger: everything is kept, nothing twice, nothing lost."""

import hashlib
import json
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hadir.conftest import NOW, World
from hadir.devices.models import DeviceSchool
from hadir.devices.services import create_kiosk, hear_device, revoke_device
from hadir.ledger import services
from hadir.ledger.models import ClockDoubt, HeldRecord, Scan
from hadir.ledger.record import read_record
from hadir.ledger.services import Receipt, record_scan
from hadir.people.models import Assignment, DayMark
from hadir.people.services import assign_person, end_assignment
from hadir.schools.models import Region, School, TimeZone

PROPERTY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def send(world: World, **changes: Any) -> Receipt:
    """Hand in a record with changes."""
    record = world.record(**changes)
    return record_scan(device=world.kiosk, claimed_id=record["id"], record=json.dumps(record).encode(), now=NOW)


def scan_of(receipt: Receipt) -> Scan:
    assert receipt.status == "stored"
    return Scan.objects.get(pk=receipt.id)


def test_a_record_becomes_a_row_with_its_exact_bytes(world: World):
    record = world.record()
    text = json.dumps(record, indent=3)
    receipt = record_scan(device=world.kiosk, claimed_id=record["id"], record=text.encode(), now=NOW)
    assert receipt == Receipt(record["id"], "stored")
    row = Scan.objects.get()
    assert bytes(row.record) == text.encode()
    assert row.digest == hashlib.sha256(text.encode()).hexdigest()
    assert (row.person, row.school, row.device) == (world.siti, world.kota, world.kiosk)
    assert row.captured_at.isoformat() == "2026-09-13T23:58:12.345000+00:00"
    assert (row.similarity, row.second, row.frames, row.verdict) == (0.71, 0.22, 4, "recognised")
    assert row.quality == record["quality"]
    assert row.flags == []
    assert row.received_at == NOW


def test_the_same_bytes_again_are_success_and_no_second_row(world: World):
    record = world.record()
    again = [send(world, **record) for _ in range(3)]
    assert [receipt.status for receipt in again] == ["stored", "known", "known"]
    assert Scan.objects.count() == 1
    assert not HeldRecord.objects.exists()


def test_the_same_id_with_other_bytes_is_kept_once_as_a_conflict(world: World):
    record = world.record()
    send(world, **record)
    other = record | {"person": str(world.hasan.pk)}
    for _ in range(2):
        receipt = send(world, **other)
        assert (receipt.status, receipt.code, receipt.id) == ("held", "conflict", record["id"])
        assert receipt.detail
    held = HeldRecord.objects.get()
    assert bytes(held.record) == json.dumps(other).encode()
    assert (held.reason, held.claimed_id, held.device) == ("conflict", record["id"], world.kiosk)
    assert Scan.objects.get().person == world.siti
    assert send(world, **record).status == "known"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"captured_at": "2026-09-14T06:58:12"}, "malformed"),
        ({"verdict": "perhaps"}, "malformed"),
        ({"similarity": float("nan")}, "malformed"),
        ({"v": 9}, "version_unknown"),
        ({"quality": {"x": "y" * 20_000}}, "too_large"),
    ],
)
def test_what_is_no_record_is_held_whole(world: World, changes: dict[str, Any], code: str):
    record = world.record(**changes)
    text = json.dumps(record).encode()
    for _ in range(2):
        receipt = record_scan(device=world.kiosk, claimed_id=record["id"], record=text, now=NOW)
        assert (receipt.id, receipt.status, receipt.code) == (record["id"], "held", code)
    held = HeldRecord.objects.get()
    assert bytes(held.record) == text
    assert not Scan.objects.exists()


@pytest.mark.parametrize("claimed", ["", "x", "\x00", "\ud800", "a" * 5000, str(uuid.uuid4()), "é" * 60])
def test_an_id_that_is_not_the_records_is_held(world: World, claimed: str):
    receipt = record_scan(device=world.kiosk, claimed_id=claimed, record=world.record_text().encode(), now=NOW)
    assert (receipt.id, receipt.status, receipt.code) == (claimed, "held", "id_mismatch")
    assert len(HeldRecord.objects.get().claimed_id) <= 100


@pytest.mark.parametrize(
    ("changes", "flags"),
    [
        ({"captured_at": "2026-09-14T07:09:59+07:00"}, []),
        ({"captured_at": "2026-09-14T07:10:01+07:00"}, ["clock_ahead"]),
        ({"captured_at": "2199-12-31T07:10:01+07:00"}, ["clock_ahead"]),
        ({"captured_at": "2026-08-15T07:05:01+07:00"}, []),
        ({"captured_at": "2026-08-15T07:04:59+07:00"}, ["clock_old"]),
        ({"captured_at": "1970-01-01T07:00:00+07:00", "person": None, "verdict": "unknown"}, ["clock_old"]),
        ({"source": "sample"}, ["sample_outside_demo"]),
        ({"device": str(uuid.uuid4())}, ["device_other"]),
        ({"person": str(uuid.uuid4())}, ["unknown_person"]),
    ],
)
def test_odd_scans_are_stored_and_flagged(world: World, changes: dict[str, Any], flags: list[str]):
    assert scan_of(send(world, **changes)).flags == flags


def test_a_record_contradicts_what_its_kiosk_said(world: World):
    """The kiosk said at 06.50 that nothing was unsent; a record of 06.30 that comes now was made later."""
    hear_device(device=world.kiosk, now=NOW - timedelta(minutes=15), unsent=0, app_version="1")
    slow = scan_of(send(world, captured_at="2026-09-14T06:45:00+07:00"))
    back = scan_of(send(world, captured_at="2026-09-14T06:30:00+07:00"))
    assert (slow.flags, back.flags) == ([], ["clock_behind"])
    doubt = ClockDoubt.objects.get(scan=back)
    assert (doubt.person, doubt.received_at) == (world.siti, NOW)
    assert not ClockDoubt.objects.filter(scan=slow).exists(), "the same error would have made it after it came"
    assert doubt.made_after == NOW - timedelta(minutes=15)
    text = world.record_text(captured_at="2026-09-14T06:30:00+07:00")
    claimed = json.loads(text)["id"]
    record_scan(device=world.kiosk, claimed_id=claimed, record=text.encode(), now=NOW, token_replaced=True)
    assert Scan.objects.get(pk=claimed).flags == ["token_replaced"], "a later browser speaks only for itself"


def test_a_doubted_record_marks_every_date_on_which_it_may_have_been_made(world: World):
    hear_device(device=world.kiosk, now=NOW - timedelta(days=3), unsent=0, app_version="1")
    DayMark.objects.all().delete()
    assert scan_of(send(world, captured_at="2026-09-20T07:00:00+07:00")).flags == ["clock_ahead"]
    marks = DayMark.objects.order_by("first").values_list("first", "last")
    assert list(marks) == [(date(2026, 9, 11), date(2026, 9, 14)), (date(2026, 9, 20), date(2026, 9, 20))]


def test_an_unknown_person_stays_in_the_bytes(world: World):
    someone = str(uuid.uuid4())
    row = scan_of(send(world, person=someone))
    assert row.person is None
    assert row.verdict == "recognised"
    assert json.loads(bytes(row.record))["person"] == someone


def test_an_unknown_face_belongs_to_the_devices_first_school(world: World):
    row = scan_of(send(world, person=None, verdict="unknown"))
    assert (row.person, row.school) == (None, world.kota)


def test_a_person_is_seen_at_the_school_of_her_assignment(world: World):
    assert scan_of(send(world, person=str(world.rahma.pk))).school == world.pulau
    assert scan_of(send(world, person=str(world.hasan.pk))).school == world.kota  # both; kota is his home school
    elsewhere = scan_of(send(world, person=str(world.anwar.pk)))
    assert (elsewhere.school, elsewhere.person, elsewhere.flags) == (world.kota, world.anwar, ["person_elsewhere"])


def test_the_day_of_an_assignment_is_the_schools_own_day(world: World):
    assignment = Assignment.objects.get(person=world.siti)
    end_assignment(assignment=assignment, last_day=date(2026, 9, 13), now=NOW)
    assert scan_of(send(world, captured_at="2026-09-13T16:59:00Z")).flags == []
    assert scan_of(send(world, captured_at="2026-09-13T17:01:00Z")).flags == ["person_elsewhere"]
    School.objects.filter(pk=world.kota.pk).update(time_zone=TimeZone.WIT)
    world.kiosk.refresh_from_db()
    assert scan_of(send(world, captured_at="2026-09-13T15:01:00Z")).flags == ["person_elsewhere"]


def test_a_device_over_two_time_zones_finds_the_school_of_the_person(world: World):
    School.objects.filter(pk=world.pulau.pk).update(time_zone=TimeZone.WITA)
    assert scan_of(send(world, person=str(world.rahma.pk))).school == world.pulau


def test_samples_are_honoured_in_a_demo_region_only(world: World):
    Region.objects.filter(pk=world.region.pk).update(is_demo=True)
    assert scan_of(send(world, source="sample")).flags == ["sample"]


def test_a_revoked_device_and_an_old_token_still_hand_in(world: World):
    revoke_device(device=world.kiosk, by=None, now=NOW)
    assert scan_of(send(world)).flags == ["device_revoked"]
    record = world.record()
    record_scan(
        device=world.kiosk,
        claimed_id=record["id"],
        record=json.dumps(record).encode(),
        now=NOW,
        current_pack="other-2-12345678",
        token_replaced=True,
    )
    assert Scan.objects.get(pk=record["id"]).flags == ["device_revoked", "pack_other", "token_replaced"]


def test_a_device_without_a_school_loses_nothing(world: World):
    DeviceSchool.objects.all().delete()
    assert send(world).code == "no_school"
    assert HeldRecord.objects.count() == 1


def test_two_devices_may_hold_the_same_bytes(world: World):
    other = create_kiosk(name="Perpustakaan", schools=[world.pulau], by=None, now=NOW)
    for device in (world.kiosk, other):
        record_scan(device=device, claimed_id="x", record=b"broken", now=NOW)
    assert HeldRecord.objects.count() == 2


def test_a_row_that_the_database_cannot_take_is_held(world: World, monkeypatch: pytest.MonkeyPatch):
    """No such record is known; if there is one, it must not stop the kiosk's queue for ever."""
    monkeypatch.setattr(services, "read_record", lambda data: read_record(data).model_copy(update={"source": "fax"}))
    receipt = send(world)
    assert (receipt.status, receipt.code) == ("held", "unstorable")
    assert send(world).status == "held"
    assert HeldRecord.objects.count() == 2


def test_a_record_that_makes_the_program_fail_is_held(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(*_: object) -> None:
        raise ValueError("secret value")

    monkeypatch.setattr(services, "school_of_person", fail)
    receipt = send(world)
    assert (receipt.status, receipt.code) == ("held", "unstorable")
    assert HeldRecord.objects.get().detail == "ValueError"
    assert "could not be judged" in caplog.text
    assert "secret value" not in caplog.text


def test_queries_do_not_grow_with_the_schools_of_a_device(world: World, django_assert_max_num_queries: Any):
    record = world.record()
    data = json.dumps(record).encode()
    with django_assert_max_num_queries(10):
        record_scan(device=world.kiosk, claimed_id=record["id"], record=data, now=NOW)
    with django_assert_max_num_queries(4):
        record_scan(device=world.kiosk, claimed_id=record["id"], record=data, now=NOW)


ENTRY = st.one_of(
    st.tuples(st.text(alphabet=st.characters(codec=None), max_size=60), st.binary(max_size=200)),
    st.tuples(
        st.sampled_from([f"00000000-0000-7000-8000-00000000000{n}" for n in range(3)]),
        st.sampled_from([b"{}", b"\x00", b"\xed\xa0\x80", b""]),
    ),
)


@PROPERTY
@given(entries=st.lists(ENTRY, min_size=1, max_size=8))
def test_any_bytes_get_a_receipt_and_are_kept(world: World, entries: list[tuple[str, bytes]]):
    with transaction.atomic():
        for claimed, data in entries:
            receipt = record_scan(device=world.kiosk, claimed_id=claimed, record=data, now=NOW)
            assert (receipt.id, receipt.status) == (claimed, "held")
        kept = {bytes(held.record) for held in HeldRecord.objects.all()}
        assert kept == {data for _, data in entries}
        transaction.set_rollback(True)


@PROPERTY
@given(data=st.data())
def test_replay_in_any_order_gives_the_same_rows(world: World, data: st.DataObject):
    """Facts of a morning handed in whole, then again, shuffled and repeated as a bad network does."""
    people = [str(world.siti.pk), str(world.hasan.pk), str(world.anwar.pk), str(uuid.UUID(int=5)), None]
    facts = []
    for number in range(data.draw(st.integers(min_value=1, max_value=5))):
        person = data.draw(st.sampled_from(people))
        minute = data.draw(st.integers(min_value=0, max_value=59))
        record = world.record(
            id=f"00000000-0000-7000-8000-{number:012d}",
            person=person,
            verdict="unknown" if person is None else "recognised",
            captured_at=f"2026-09-14T06:{minute:02d}:00.000+07:00",
        )
        facts.append((record["id"], json.dumps(record).encode()))
    facts.append(("broken", b"\x00broken"))
    once = rows_after(world, facts)
    repeated = facts + data.draw(st.lists(st.sampled_from(facts), max_size=6))
    assert rows_after(world, data.draw(st.permutations(repeated))) == once


def rows_after(world: World, facts: list[tuple[str, bytes]]) -> list[tuple[Any, ...]]:
    """Hand in facts, each a minute after the other, and return all rows apart from when they came."""
    with transaction.atomic():
        for minute, (claimed, record) in enumerate(facts):
            now = NOW + timedelta(minutes=minute)
            record_scan(device=world.kiosk, claimed_id=claimed, record=record, now=now)
        scans = Scan.objects.order_by("id").values_list("id", "person", "school", "captured_at", "digest", "verdict")
        held = HeldRecord.objects.order_by("digest").values_list("digest", "reason", "claimed_id")
        rows = [tuple(row) for row in (*scans, *held)]
        transaction.set_rollback(True)
    return rows


def test_the_log_names_no_record(world: World, caplog: pytest.LogCaptureFixture):
    record_scan(device=world.kiosk, claimed_id="secret-id", record=b"secret bytes", now=NOW)
    assert "held a record" in caplog.text
    assert "secret" not in caplog.text


def test_an_assignment_made_later_does_not_move_a_scan(world: World):
    receipt = send(world, person=str(world.anwar.pk))
    assign_person(
        person=world.anwar, school=world.pulau, duty="Guru", staff_kind="PNS", valid_from=date(2026, 1, 1), now=NOW
    )
    assert Scan.objects.get(pk=receipt.id).school == world.kota
    assert send(world, person=str(world.anwar.pk)).status == "stored"
