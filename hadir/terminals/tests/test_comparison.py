"""Side by side: the fingerprint list against the faces, as pure cases, as a page and as a spreadsheet."""
# ruff: noqa: ARG001  some fixtures only need to be there

import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from hadir.accounts.models import RoleKind
from hadir.conftest import NOW, World
from hadir.core import clock
from hadir.devices.models import Terminal
from hadir.devices.services_terminal import add_terminal, note_clock
from hadir.ledger.mapping import map_pin
from hadir.ledger.punch import Punch
from hadir.ledger.queries_terminal import doubted_punches
from hadir.ledger.services import record_scan
from hadir.ledger.services_terminal import confirm_time, record_punches
from hadir.people.services import add_person, assign_person
from hadir.schedules.services import set_trial
from hadir.terminals.comparison import DayResult, Mark, Side, compare, days_in_a_row, is_face, side_of
from hadir.terminals.models import Criteria
from hadir.terminals.queries_comparison import comparison_of

DAY = date(2026, 9, 14)
EVENING = datetime(2026, 9, 14, 14, 0, tzinfo=UTC)
MORNING = datetime(2026, 9, 14, 0, 0, tzinfo=UTC)


def side(*minutes: int) -> Side:
    return side_of([Mark(MORNING + timedelta(minutes=n), MORNING + timedelta(minutes=n)) for n in minutes])


@pytest.mark.parametrize(
    ("machine", "face", "result"),
    [
        ((), (), None),
        ((0, 460), (0, 460), ("same", 0)),
        ((0, 460), (2, 458), ("same", 2)),
        ((0, 460), (3, 460), ("minutes", 3)),
        ((0, 460), (0, 469), ("minutes", 9)),
        ((0, 460), (), ("machine", 0)),
        ((), (0, 460), ("face", 0)),
        ((0,), (0, 460), ("face_out", 0)),
        ((0, 460), (1,), ("machine_out", 0)),
        ((0,), (12, 460), ("minutes", 12)),
        ((0, 3, 29), (0,), ("same", 0)),  # double taps are one arrival
        ((0,), (1,), ("same", 1)),
    ],
)
def test_how_two_sides_differ(machine: tuple[int, ...], face: tuple[int, ...], result: tuple[str, int] | None):
    assert compare(side(*machine), side(*face), 2) == result


@given(st.lists(st.integers(0, 900), max_size=4), st.lists(st.integers(0, 900), max_size=4), st.integers(0, 10))
def test_the_two_sides_are_alike(machine: list[int], face: list[int], tolerance: int):
    """What the machine says against the face is what the face says against the machine, with the names changed."""
    mirror = {"machine": "face", "face": "machine", "machine_out": "face_out", "face_out": "machine_out"}
    one, other = compare(side(*machine), side(*face), tolerance), compare(side(*face), side(*machine), tolerance)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert (mirror.get(one[0], one[0]), one[1]) == other
        assert one[0] != "minutes" or one[1] > tolerance


@pytest.mark.parametrize(
    ("kind", "verify", "expected"),
    [
        ("zkteco", "15", True),
        ("zkteco", "1", False),
        ("zkteco", "", False),
        ("hikvision", "5/75", True),
        ("hikvision", "5/38", False),
        ("fingerspot-cloud", "finger", False),
        ("fingerspot-cloud", "Face", True),
        ("kiosk", "", True),
        ("tidak dikenal", "15", False),
    ],
)
def test_what_counts_as_a_face(kind: str, verify: str, expected: bool):
    assert is_face(kind, verify) is expected


def days(*percents: int, over: int = 0) -> list[DayResult]:
    last = len(percents) - over
    return [
        DayResult(DAY + timedelta(days=n), percent, 100 if percent >= 0 else 0, n < last)
        for n, percent in enumerate(percents)
    ]


@pytest.mark.parametrize(
    ("results", "run"),
    [
        (days(95, 95, 95), 3),
        (days(95, 60, 95), 1),
        (days(95, 95, 60), 0),
        (days(95, 95, 60, over=1), 2),  # today is not over and breaks nothing
        (days(), 0),
    ],
)
def test_days_in_a_row(results: list[DayResult], run: int):
    assert days_in_a_row(results, 90) == run


def test_a_sunday_breaks_no_row():
    sunday = DayResult(DAY, 0, 0, is_over=True)
    assert days_in_a_row([*days(95, 95), sunday, *days(95)], 90) == 3


# The page


@pytest.fixture(autouse=True)
def evening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: EVENING)


@pytest.fixture
def operator(world: World) -> Client:
    return world.client(world.login(RoleKind.OPERATOR, world.kota))


@pytest.fixture
def terminal(world: World) -> Terminal:
    made, _secret = add_terminal(
        serial="JARI0001", kind="zkteco", schools=[world.kota], by=None, now=NOW, name="Mesin jari", claimed=True
    )
    map_pin(device=made.device, pin="1", person=world.siti, by=None, now=NOW)
    return made


def finger(terminal: Terminal, pin: str, *times: str, day: str = "2026-09-14", verify: str = "1") -> None:
    rows = [Punch(pin, datetime.fromisoformat(f"{day} {time}"), "255", verify) for time in times]
    record_punches(device=terminal.device, punches=rows, source="push", trust="secret", now=EVENING)


def face(world: World, person: Any, *times: str, day: str = "2026-09-14") -> None:
    for time in times:
        record = world.record(person=str(person.pk), captured_at=f"{day}T{time}.000+07:00")
        content = json.dumps(record).encode()
        record_scan(device=world.kiosk, claimed_id=record["id"], record=content, now=EVENING)


def page_of(client: Client, world: World, day: str = "2026-09-14") -> str:
    answer = client.get(f"/sekolah/{world.kota.npsn}/banding/{day}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_who_agrees_and_who_does_not_and_why(world: World, operator: Client, terminal: Terminal):
    map_pin(device=terminal.device, pin="2", person=world.hasan, by=None, now=NOW)
    finger(terminal, "1", "06:48:10", "14:33:00")
    face(world, world.siti, "06:49:30", "14:33:20")
    finger(terminal, "2", "06:55:00", "14:32:00")
    page = page_of(operator, world)
    assert "Perlu dilihat, 1 orang" in page
    assert "Wajah belum didaftarkan." in page
    assert "Sama, 1 orang" in page
    face(world, world.hasan, "07:04:20", "14:32:10")
    assert "Selisih 9 menit" in page_of(operator, world)


def test_a_person_without_a_pin_is_only_seen_by_the_face(world: World, operator: Client, terminal: Terminal):
    face(world, world.hasan, "06:52:00", "14:31:00")
    page = page_of(operator, world)
    assert "Hanya wajah" in page
    assert "Belum ada PIN atas nama ini di mesin." in page


def test_a_face_terminal_stands_on_the_side_of_faces(world: World, operator: Client, terminal: Terminal):
    finger(terminal, "1", "06:48:10")
    finger(terminal, "1", "06:48:40", verify="15")
    assert "Sama, 1 orang" in page_of(operator, world)


def test_the_machines_known_error_is_taken_off(world: World, operator: Client, terminal: Terminal):
    note_clock(device=terminal.device, skew=185, now=NOW)
    finger(terminal, "1", "06:51:00")
    face(world, world.siti, "06:48:00")
    page = page_of(operator, world)
    assert "Sama, 1 orang" in page
    assert "3 menit" in page
    assert "lebih cepat, sudah diperhitungkan" in page
    assert "06.51" in page  # shown as it was written


def test_a_machine_that_is_slow_is_corrected_too(world: World, operator: Client, terminal: Terminal):
    note_clock(device=terminal.device, skew=-185, now=NOW)
    finger(terminal, "1", "06:45:00")
    face(world, world.siti, "06:48:00")
    page = page_of(operator, world)
    assert "Sama, 1 orang" in page
    assert "3 menit" in page
    assert "lebih lambat, sudah diperhitungkan" in page


def live(terminal: Terminal, skew: int, *, day: str) -> None:
    """Let a record of nobody measure the clock on a date."""
    made = datetime.fromisoformat(f"{day}T06:30:00+07:00")
    shown = (made + timedelta(seconds=skew)).replace(tzinfo=None)
    record_punches(
        device=terminal.device,
        punches=[Punch("999", shown, "255", "1")],
        source="push",
        trust="secret",
        live=True,
        now=made,
    )


def test_only_an_error_that_was_measured_on_the_date_is_taken_off(world: World, operator: Client, terminal: Terminal):
    live(terminal, 300, day="2026-09-14")
    for day in ("2026-09-10", "2026-09-11"):
        finger(terminal, "1", "06:48:00", day=day)
        face(world, world.siti, "06:48:10", day=day)
    live(terminal, -240, day="2026-09-11")
    page = page_of(operator, world, "2026-09-10")
    assert "Sama, 1 orang" in page
    assert "sudah diperhitungkan" not in page
    page = page_of(operator, world, "2026-09-11")
    assert "Selisih 3 menit" in page
    assert "lebih lambat, sudah diperhitungkan" in page


def results(world: World) -> list[tuple[str, str, int]]:
    found = comparison_of(world.kota, date(2026, 9, 14), now=EVENING)
    return [(line.person.name, line.result, line.minutes) for line in found.lines]


def test_a_confirmed_time_is_not_corrected_and_keeps_its_way(world: World, terminal: Terminal):
    finger(terminal, "1", "00:01:00", day="2000-01-01", verify="15")
    (doubted,) = doubted_punches([terminal.pk])
    at = datetime.fromisoformat("2026-09-14T06:48:00+07:00")
    confirm_time(scan=doubted.scan, at=at, reason="Listrik padam", by=None, now=EVENING)
    live(terminal, 300, day="2026-09-14")
    assert results(world) == [("Siti Aminah", "face", 0)]
    finger(terminal, "1", "06:53:10")
    assert results(world) == [("Siti Aminah", "same", 0)]


def test_only_machines_and_scans_of_this_school_are_compared(world: World, terminal: Terminal):
    other, _secret = add_terminal(serial="LAIN1", kind="zkteco", schools=[world.pulau], by=None, now=NOW, claimed=True)
    map_pin(device=terminal.device, pin="3", person=world.hasan, by=None, now=NOW)
    map_pin(device=other.device, pin="3", person=world.hasan, by=None, now=NOW)
    finger(terminal, "3", "06:48:10")
    finger(other, "3", "13:05:00", verify="15")
    assert results(world) == [(world.hasan.name, "machine", 0)]


def test_a_pin_at_another_school_is_none_here(world: World, operator: Client, terminal: Terminal):
    other, _secret = add_terminal(serial="LAIN1", kind="zkteco", schools=[world.pulau], by=None, now=NOW, claimed=True)
    map_pin(device=other.device, pin="3", person=world.hasan, by=None, now=NOW)
    face(world, world.hasan, "06:52:00")
    assert "Belum ada PIN atas nama ini di mesin." in page_of(operator, world)


def test_a_trial_and_its_days(world: World, operator: Client, terminal: Terminal):
    set_trial(school=world.kota, valid_from=date(2026, 9, 7), valid_to=None, now=NOW)
    for day in range(7, 15):
        finger(terminal, "1", "06:48:10", day=f"2026-09-{day:02}")
        face(world, world.siti, "06:48:30", day=f"2026-09-{day:02}")
    page = page_of(operator, world)
    assert "Uji coba sejak 7 September 2026" in page
    assert page.count("1/1") == 8
    assert "Sekarang 7 hari" in page  # today is not over


def test_criteria_are_settings_of_the_region(world: World, operator: Client, terminal: Terminal):
    address = f"/sekolah/{world.kota.npsn}/banding/2026-09-14/"
    finger(terminal, "1", "06:48:00")
    face(world, world.siti, "06:53:00")
    assert "Selisih 5 menit" in page_of(operator, world)
    form = {"minutes": "5", "percent": "80", "days": "4"}
    assert operator.post(address, form).status_code == 404
    dinas = world.client(world.login(RoleKind.DINAS, world.region))
    assert dinas.post(address, form | {"percent": "20"}).status_code == 422
    assert dinas.post(address, form).status_code == 302
    assert Criteria.objects.get().minutes == 5
    page = page_of(operator, world)
    assert "Sama, 1 orang" in page
    assert "Garis tegak: 80% sama. 4 hari" in page


def test_the_spreadsheet_has_the_same_rows(world: World, operator: Client, terminal: Terminal):
    finger(terminal, "1", "06:48:10", "14:33:00")
    face(world, world.siti, "06:57:30", "14:33:20")
    answer = operator.get(f"/sekolah/{world.kota.npsn}/banding/2026-09-14/xlsx/")
    assert "banding-20529001-2026-09-14.xlsx" in answer["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[3][:7] == ["Siti Aminah", "06:48:10", "14:33:00", "06:57:30", "14:33:20", "Selisih menit", 9.0]
    assert book.get_sheet_by_index(1).to_python()[1][:4] == ["2026-09-14", 0.0, 1.0, 0.0]


def test_the_page_costs_the_same_for_many(
    world: World,
    operator: Client,
    terminal: Terminal,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
):
    finger(terminal, "1", "06:48:10")
    page_of(operator, world)
    with django_assert_max_num_queries(40) as few:
        page_of(operator, world)
    for number in range(20):
        person = add_person(name=f"Guru {number}", now=NOW)
        assign_person(
            person=person, school=world.kota, duty="Guru", staff_kind="PNS", valid_from=date(2020, 1, 1), now=NOW
        )
        map_pin(device=terminal.device, pin=f"9{number}", person=person, by=None, now=NOW)
        finger(terminal, f"9{number}", "06:48:10", "14:30:00")
    with django_assert_num_queries(len(few.captured_queries)):
        assert "Guru 19" in page_of(operator, world)


@pytest.mark.parametrize("day", ["2026-09-15", "1999-01-01", "2026-02-30", "besok"])
def test_dates_that_cannot_be(world: World, operator: Client, day: str):
    for page in ("", "xlsx/"):
        assert operator.get(f"/sekolah/{world.kota.npsn}/banding/{day}/{page}").status_code == 404


def test_today_and_a_picked_date(world: World, operator: Client):
    address = f"/sekolah/{world.kota.npsn}/banding/"
    assert operator.get(address)["Location"] == f"{address}2026-09-14/"
    assert operator.get(f"{address}?tanggal=2026-09-10")["Location"] == f"{address}2026-09-10/"
    assert operator.get(f"{address}?tanggal=kapan").status_code == 404


@pytest.mark.parametrize(
    ("kind", "status"),
    [(RoleKind.HEAD, 200), (RoleKind.SUPERVISOR, 200), (RoleKind.INSPECTOR, 200), (RoleKind.IT, 403)],
)
def test_who_sees_the_comparison(world: World, terminal: Terminal, kind: RoleKind, status: int):
    place = world.kota if kind == RoleKind.HEAD else world.district if kind == RoleKind.SUPERVISOR else world.region
    client = world.client(world.login(kind, place))
    assert client.get(f"/sekolah/{world.kota.npsn}/banding/2026-09-14/").status_code == status
    assert client.get(f"/sekolah/{world.kota.npsn}/banding/2026-09-14/xlsx/").status_code == status
