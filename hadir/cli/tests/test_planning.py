"""`hadir rules list|try|save` and `hadir schedules list|end|remove`."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from hadir.attendance.models import PersonDay
from hadir.attendance.services import work_once
from hadir.attendance.tests.conftest import MONDAY, Week, at
from hadir.cli.tests.test_commands import hadir
from hadir.conftest import World
from hadir.core import clock
from hadir.rules.pack import BUILT_IN
from hadir.schedules.models import CalendarEntry
from hadir.schedules.services import add_calendar_days

TUESDAY = at("09:00", MONDAY + timedelta(days=1))
LENIENT = (
    (BUILT_IN / "contoh.toml")
    .read_text(encoding="utf-8")
    .replace('nama = "contoh"', 'nama = "kantor"')
    .replace("terlambat_menit = 0", "terlambat_menit = 15")
)


@pytest.fixture
def week(world: World, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Week:
    monkeypatch.setattr(clock, "now", lambda: TUESDAY)
    settings.HADIR_DATA = tmp_path
    return Week(world)


def test_a_pack_is_tried_saved_and_listed(week: Week, tmp_path: Path):
    week.scan(week.world.siti, at("07:40"))
    work_once(now=TUESDAY)
    draft = tmp_path / "kantor.toml"
    draft.write_text(LENIENT, encoding="utf-8")
    code, out, _err = hadir("rules", "try", str(draft), "--month", "2026-09", "--json")
    assert code == 0
    (line,) = out.splitlines()
    told = json.loads(line)
    assert (told["before"], told["after"], told["date"]) == ("H TL1 10 menit", "H", "2026-09-14")
    assert PersonDay.objects.get(person=week.world.siti, day=MONDAY).codes == ["TL1"]
    assert hadir("rules", "save", str(draft), "--reason", "Perbup")[0] == 0
    names = {json.loads(line)["name"] for line in hadir("rules", "list", "--json")[1].splitlines()}
    assert names == {"contoh", "kantor"}
    assert "1 dari" in hadir("rules", "try", "kantor", "--month", "2026-09", "--school", week.world.kota.npsn)[1]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("rules", "try", "kantor", "--month", "September"), "month_unreadable"),
        (("rules", "try", "contoh", "--month", "2026-10"), "month_not_begun"),
        (("rules", "try", "tidak-ada.toml", "--month", "2026-09"), "file_missing"),
        (("rules", "save", "tidak-ada.toml", "--reason", "x"), "file_missing"),
        (
            ("schedules", "remove", "calendar", "0190aaaa-0000-7000-8000-000000000000", "--reason", "x"),
            "schedule_row_unknown",
        ),
    ],
)
def test_refusals(week: Week, arguments: tuple[str, ...], code: str):  # noqa: ARG001
    assert hadir(*arguments)[2].startswith(f"Error {code}:")


def test_rows_are_listed_ended_and_removed(week: Week):
    kota = week.world.kota
    row = add_calendar_days(scope=kota, kind="libur", name="Haul", valid_from=MONDAY, valid_to=MONDAY, now=TUESDAY)
    told = [json.loads(line) for line in hadir("schedules", "list", "--school", kota.npsn, "--json")[1].splitlines()]
    assert [(one["row"], one["id"]) for one in told] == [("calendar", str(row.pk))]
    arguments = ("schedules", "end", "calendar", str(row.pk), "--to", "2026-09-15", "--reason", "Dua hari")
    assert hadir(*arguments)[0] == 0
    row.refresh_from_db()
    assert row.valid_to == date(2026, 9, 15)
    assert hadir("schedules", "remove", "calendar", str(row.pk), "--reason", "Keliru")[0] == 0
    assert not CalendarEntry.objects.exists()
