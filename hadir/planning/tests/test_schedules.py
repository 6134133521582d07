"""Schedules over HTTP: who may read, who may change, what is shown before the past is changed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from hadir.accounts.models import RoleKind
from hadir.attendance.models import PersonDay
from hadir.attendance.services import work_once
from hadir.attendance.tests.conftest import MONDAY, Week, at
from hadir.conftest import World
from hadir.core import clock
from hadir.core.models import AuditEntry
from hadir.people.models import DayMark
from hadir.schedules.models import CalendarEntry, Timetable, TrialPeriod, WorkingHours
from hadir.schedules.services import add_calendar_days, set_hours

TUESDAY_MORNING = at("09:00", MONDAY + timedelta(days=1))


@pytest.fixture
def week(world: World) -> Week:
    return Week(world)


@pytest.fixture
def tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be Tuesday 15 September 2026, 09.00 WIB."""
    monkeypatch.setattr(clock, "now", lambda: TUESDAY_MORNING)


def post(client: Client, path: str, **values: Any) -> Any:
    return client.post(path, values)


def calendar_day(day: date, **more: Any) -> dict[str, Any]:
    return {"kind": "libur", "name": "Haul", "valid_from": day, "valid_to": day, "source": "SK 1/2026", **more}


@pytest.mark.usefixtures("tuesday")
@pytest.mark.usefixtures("week")
def test_a_school_adds_a_day_to_come_without_more_ado(world: World):
    client = world.client(world.login(RoleKind.OPERATOR, world.kota))
    answer = post(client, f"/jadwal/{world.kota.npsn}/tambah/calendar/", **calendar_day(date(2026, 9, 21)))
    assert answer.status_code == 302
    page = client.get(f"/jadwal/{world.kota.npsn}/").content.decode()
    assert "Haul" in page
    assert "SK 1/2026" in page
    assert CalendarEntry.objects.get(name="Haul").created_by is not None


@pytest.mark.usefixtures("tuesday")
@pytest.mark.usefixtures("week")
def test_a_school_cannot_make_a_holiday_of_yesterday(world: World):
    client = world.client(world.login(RoleKind.HEAD, world.kota))
    answer = post(client, f"/jadwal/{world.kota.npsn}/tambah/calendar/", **calendar_day(MONDAY), confirmed="1")
    assert answer.status_code == 422
    assert "hanya diubah oleh dinas" in answer.content.decode()
    assert not CalendarEntry.objects.exists()


@pytest.mark.usefixtures("tuesday")
def test_the_dinas_sees_what_changes_before_it_changes(world: World, week: Week):
    week.scan(world.siti, at("08:10"))
    work_once(now=TUESDAY_MORNING)
    client = world.client(world.login(RoleKind.DINAS, world.region))
    path = f"/jadwal/{world.kota.npsn}/tambah/calendar/"
    shown = post(client, path, **calendar_day(MONDAY))
    assert shown.status_code == 200
    text = shown.content.decode()
    assert "hari berubah" in text
    assert world.siti.name in text
    assert "Simpan dan hitung ulang" in text
    assert not CalendarEntry.objects.exists()
    assert PersonDay.objects.get(person=world.siti, day=MONDAY).status == "H"
    assert post(client, path, **calendar_day(MONDAY), confirmed="1").status_code == 302
    work_once(now=TUESDAY_MORNING)
    assert PersonDay.objects.get(person=world.siti, day=MONDAY).status == "L"


@pytest.mark.usefixtures("tuesday")
@pytest.mark.usefixtures("week")
def test_taking_back_and_ending_a_row_need_a_reason_and_leave_a_trace(world: World):
    entry = add_calendar_days(
        scope=world.kota, kind="libur", name="Haul", valid_from=MONDAY, valid_to=MONDAY, now=TUESDAY_MORNING
    )
    client = world.client(world.login(RoleKind.DINAS, world.region))
    path = f"/jadwal/baris/calendar/{entry.pk}/"
    assert post(client, path, what="remove", reason="").status_code == 422
    DayMark.objects.all().delete()
    answer = post(client, path, what="remove", reason="Keliru tanggal", confirmed="1")
    assert answer.status_code == 302
    assert not CalendarEntry.objects.exists()
    assert DayMark.objects.filter(school=world.kota, first=MONDAY).exists()
    trace = AuditEntry.objects.get(action="remove_calendarentry")
    assert trace.detail["reason"] == "Keliru tanggal"
    assert trace.detail["row"]["name"] == "Haul"
    hours = set_hours(scope=world.kota, pattern="6hari", valid_from=date(2026, 9, 1), now=TUESDAY_MORNING)
    ended = post(
        client, f"/jadwal/baris/hours/{hours.pk}/", what="end", valid_to="2026-09-30", reason="Semester", confirmed="1"
    )
    assert ended.status_code == 302
    hours.refresh_from_db()
    assert hours.valid_to == date(2026, 9, 30)


@pytest.mark.usefixtures("tuesday")
@pytest.mark.usefixtures("week")
def test_every_kind_of_row_can_be_added(world: World):
    client = world.client(world.login(RoleKind.DINAS, world.region))
    base = f"/jadwal/{world.kota.npsn}/tambah"
    dates = {"valid_from": "2026-10-01", "valid_to": "2026-10-30", "source": "SK"}
    for kind, values in (
        ("hours", {"pattern": "6hari", "who": str(world.siti.pk)}),
        ("hours", {"pattern": "-", "who": "HONORER"}),
        ("override", {"name": "Ramadan", "pattern": "5hari", "instead": "ramadan5"}),
        ("timetable", {"person": str(world.hasan.pk), "weekdays": ["0", "2"]}),
        ("trial", {}),
    ):
        answer = client.post(f"{base}/{kind}/", {**values, **dates})
        assert answer.status_code == 302, answer.content.decode()
    assert WorkingHours.objects.filter(person=world.siti, pattern="6hari").exists()
    assert WorkingHours.objects.filter(school=world.kota, staff_kind="HONORER", pattern="").exists()
    assert Timetable.objects.get().weekdays == "02"
    assert TrialPeriod.objects.get().school == world.kota
    page = client.get(f"/jadwal/{world.kota.npsn}/").content.decode()
    for words in ("Sen, Rab", "tanpa jam kerja", "Ramadan, lima hari kerja", "nanti"):
        assert words in page
    region = client.get(f"/jadwal/{world.region.pk}/").content.decode()
    assert "Perubahan terakhir oleh sekolah" in region


@pytest.mark.usefixtures("tuesday")
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"valid_to": "2026-09-01"}, "tidak boleh sebelum"),
        ({"valid_from": "besok"}, "Tulis tanggal"),
        ({"source": ""}, "Tulis dasar"),
        ({"kind": "pesta"}, "pesta"),
    ],
)
@pytest.mark.usefixtures("week")
def test_wrong_entries_are_named(world: World, values: dict[str, str], words: str):
    client = world.client(world.login(RoleKind.OPERATOR, world.kota))
    given = {**calendar_day(date(2026, 9, 21)), **values}
    answer = client.post(f"/jadwal/{world.kota.npsn}/tambah/calendar/", given)
    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.usefixtures("tuesday")
@pytest.mark.usefixtures("week")
def test_who_only_looks_cannot_change(world: World):
    for kind, place in ((RoleKind.INSPECTOR, world.region), (RoleKind.SUPERVISOR, world.district)):
        client = world.client(world.login(kind, place))
        assert client.get(f"/jadwal/{world.kota.npsn}/").status_code == 200
        assert "Tambah" not in client.get(f"/jadwal/{world.kota.npsn}/").content.decode()
        answer = post(client, f"/jadwal/{world.kota.npsn}/tambah/calendar/", **calendar_day(date(2026, 9, 21)))
        assert answer.status_code == 403
    operator = world.client(world.login(RoleKind.OPERATOR, world.kota))
    assert operator.get(f"/jadwal/{world.region.pk}/").status_code == 404
    assert operator.get("/jadwal/").status_code == 302


@pytest.mark.usefixtures("tuesday")
@pytest.mark.usefixtures("week")
def test_the_page_asks_no_more_of_a_bigger_schedule(world: World, django_assert_max_num_queries: Any):
    client = world.client(world.login(RoleKind.DINAS, world.region))
    for number in range(60):
        day = date(2026, 1, 1) + timedelta(days=number)
        add_calendar_days(
            scope=world.kota, kind="libur", name=f"L{number}", valid_from=day, valid_to=day, now=TUESDAY_MORNING
        )
    with django_assert_max_num_queries(32):
        assert client.get(f"/jadwal/{world.kota.npsn}/").status_code == 200
