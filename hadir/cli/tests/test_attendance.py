"""`hadir attendance` and `hadir schedules`, as a person or a program calls them."""

import json
from typing import Any

import pytest

from hadir.attendance.models import PersonDay
from hadir.attendance.tests.conftest import Week, at
from hadir.cli.tests.test_commands import facts, hadir
from hadir.schedules.models import CalendarEntry, PatternOverride, RulePackChoice, Timetable, TrialPeriod, WorkingHours

REGION = "Dinas Pendidikan Uji"


@pytest.fixture(autouse=True)
def evening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hadir.core.clock.now", lambda: at("21:00"))


def test_work_explain_verify(week: Week):
    week.scan(week.world.siti, at("07:45"))
    week.scan(week.world.siti, at("16:05"))
    week.hear(at("20:30"))
    (done,) = facts("attendance", "work")
    assert done["written"] > 0
    assert done["written"] == PersonDay.objects.count()
    code, out, _err = hadir("attendance", "explain", "Siti Aminah", "2026-09-14")
    assert code == 0
    assert "Status H TL1, final." in out
    assert "R7" in out
    assert "Sumber jam kerja: Perpres 21/2023 pasal 4" in out
    (story,) = facts("attendance", "explain", "Siti Aminah", "2026-09-14")
    assert (story["status"], story["late"], story["stored"]) == ("H", 15, True)
    arguments = ("attendance", "rebuild", "--school", week.world.kota.npsn, "--month", "2026-09")
    assert hadir(*arguments)[0] == 0
    PersonDay.objects.filter(person=week.world.siti, day="2026-09-14").update(status="S")
    code, out, _err = hadir(*arguments, "--verify")
    assert code == 1
    assert "1 berbeda" in out
    assert hadir(*arguments)[0] == 0
    assert hadir(*arguments, "--verify")[0] == 0
    assert hadir("attendance", "explain", "Siti Aminah", "2019-01-01")[2].startswith("Error no_assignment:")


def test_complete(week: Week):
    npsn = week.world.kota.npsn
    say = ("--name", "Bu Kepala", "--reason", "Kios hilang")
    assert hadir("attendance", "complete", npsn, "2026-09-14", *say)[2].startswith("Error day_not_over:")
    assert hadir("attendance", "complete", npsn, "2026-09-11", *say)[0] == 0
    hadir("attendance", "rebuild", "--month", "2026-09")
    assert week.day(week.world.siti, week.world.kota, at("00:00").date().replace(day=11)).status == "A"


@pytest.mark.parametrize(
    ("arguments", "model"),
    [
        (("hours", "6hari", "--school", "20529001", "--from", "2026-07-01"), WorkingHours),
        (("hours", "-", "--person", "Siti Aminah", "--from", "2026-07-01"), WorkingHours),
        (("hours", "6hari", "--region", REGION, "--kind", "HONORER", "--from", "2026-07-01"), WorkingHours),
        (
            ("ramadan", "5hari", "ramadan5", "--region", REGION, "--from", "2027-02-08", "--to", "2027-03-09"),
            PatternOverride,
        ),
        (("calendar", "libur", "Banjir", "--school", "20529001", "--from", "2026-09-10"), CalendarEntry),
        (("holidays", "Dinas Pendidikan Uji", "2026"), CalendarEntry),
        (("timetable", "Hasan Basri", "senin,rabu", "--school", "20529001", "--from", "2026-07-01"), Timetable),
        (("trial", "--school", "20529003", "--from", "2026-07-01", "--to", "2026-12-31"), TrialPeriod),
        (("pack", "contoh", "Dinas Pendidikan Uji", "--from", "2026-01-01", "--reason", "Awal"), RulePackChoice),
    ],
)
def test_schedules(week: Week, arguments: tuple[str, ...], model: Any):  # noqa: ARG001
    before = model.objects.count()
    code, _out, err = hadir("schedules", *arguments)
    assert (code, err) == (0, "")
    assert model.objects.count() > before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("hours", "7hari", "--school", "20529001", "--from", "2026-07-01"), "pattern_unknown"),
        (("hours", "5hari", "--region", "Dinas Pendidikan Uji", "--from", "2020-01-01"), "schedule_exists"),
        (("hours", "5hari", "--school", "20529001", "--from", "2026-07-02", "--to", "2026-07-01"), "schedule_dates"),
        (("hours", "5hari", "--person", "Siti Aminah", "--kind", "PNS", "--from", "2026-07-01"), "staff_kind_unknown"),
        (("timetable", "Hasan Basri", "monday", "--school", "20529001", "--from", "2026-07-01"), "weekdays_wrong"),
        (("pack", "tidak-ada", "Dinas Pendidikan Uji", "--from", "2026-01-01", "--reason", "x"), "rule_pack_unusable"),
        (("holidays", "Tidak Ada", "2026"), "region_unknown"),
    ],
)
def test_refusals(week: Week, arguments: tuple[str, ...], code: str):  # noqa: ARG001
    assert hadir("schedules", *arguments)[2].startswith(f"Error {code}:")


def test_json_is_one_line(week: Week):  # noqa: ARG001
    _code, out, _err = hadir("attendance", "work", "--json")
    assert json.loads(out)["judged"] > 0
