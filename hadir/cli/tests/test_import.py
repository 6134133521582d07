"""`hadir import`, as an office runs it; files go through the reader's own process."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from hadir.attendance.models import PersonDay
from hadir.core.clock import local_date, now
from hadir.core.models import AuditEntry
from hadir.imports.models import ImportBatch
from hadir.imports.tests.made import SECRET, SITI, csv_file, dapodik
from hadir.imports.tests.world import person, region, school
from hadir.people.models import Person
from hadir.schools.models import School

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff_file(tmp_path: Path) -> str:
    path = tmp_path / "daftar-ptk.xlsx"
    path.write_bytes(dapodik())
    return str(path)


def run(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("import", *arguments, stdout=out, stderr=err)
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    return code, out.getvalue(), err.getvalue()


def test_a_preview_changes_nothing(staff_file: str):
    school()
    code, out, _err = run("staff", staff_file, "--school", "20531234")
    assert code == 0
    assert "Baru: 4" in out
    assert "Kolom yang dibuang: Tempat Lahir" in out
    assert SECRET not in out
    assert (Person.objects.count(), ImportBatch.objects.count()) == (0, 0)


def test_yes_applies_and_says_what_is_left(staff_file: str):
    person("Siti Madura", school(), nuptk="1111222233334444")
    code, out, _err = run("staff", staff_file, "--school", "20531234", "--yes")
    assert code == 1
    assert "Meragukan: 1" in out
    assert "Diterapkan: 3 ditambahkan, 1 belum dikerjakan." in out
    assert Person.objects.count() == 4
    code, out, _err = run("staff", staff_file, "--school", "20531234", "--yes")
    assert "Diterapkan: 3 tetap sama, 1 belum dikerjakan." in out


def test_json_holds_every_row(staff_file: str):
    school()
    _code, out, _err = run("staff", staff_file, "--school", "20531234", "--json", "--yes", "--from", "1 Juli 2026")
    told: dict[str, Any] = json.loads(out)
    assert (told["counts"]["new"], told["applied"]) == (4, {"added": 4})
    assert [item["row"] for item in told["items"]] == [6, 7, 8, 9]
    assert str(ImportBatch.objects.get().start) == "2026-07-01"


def test_another_schools_list_is_not_applied_by_mistake(staff_file: str):
    school(name="SDN Raas I")
    code, _out, err = run("staff", staff_file, "--school", "20531234", "--yes")
    assert code == 1
    assert "Error import_other_school" in err
    assert (Person.objects.count(), ImportBatch.objects.count()) == (0, 0)
    assert run("staff", staff_file, "--school", "20531234", "--yes", "--name-differs")[0] == 0


def test_judged_days_change_with_a_reason_only(tmp_path: Path):
    siti = person("Siti Maḍura", school(), duty="Guru Kelas")
    day = local_date(now(), "Asia/Jakarta") - timedelta(days=3)
    PersonDay.objects.create(
        person=siti, school=School.objects.get(), day=day, status="A", codes=["A"], late=0, early=0, final=True,
        rules="contoh 1", digest="0" * 64, computed_at=now(),
    )  # fmt: skip
    path = tmp_path / "ptk.xlsx"
    path.write_bytes(dapodik([SITI]))
    past = ("staff", str(path), "--school", "20531234", "--from", (day - timedelta(days=2)).isoformat())
    _code, _out, err = run(*past)
    assert "hari yang sudah dinilai akan berubah (Siti Maḍura)" in err
    code, _out, err = run(*past, "--yes")
    assert (code, err.split(":")[0]) == (1, "Error import_past_reason")
    assert siti.assignments.count() == 1
    assert "1 diubah" in run(*past, "--yes", "--reason", "SK 800/12")[1]
    assert AuditEntry.objects.get(action="import_staff").detail["reason"] == "SK 800/12"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("staff", "FILE"), "import_no_school"),
        (("staff", "FILE", "--school", "99999999"), "school_unknown"),
        (("staff", "/nowhere.xlsx", "--school", "20531234"), "file_missing"),
        (("staff", "FILE", "--school", "20531234", "--from", "besok"), "import_start"),
        (("schools", "FILE"), "import_staff_here"),
        (("schools", "FILE", "--region", "Atlantis"), "region_unknown"),
    ],
)
def test_refusals_have_a_code(staff_file: str, arguments: tuple[str, ...], code: str):
    school()
    status, _out, err = run(*(staff_file if part == "FILE" else part for part in arguments))
    assert status == 1
    assert f"Error {code}: " in err


def test_schools(tmp_path: Path):
    region()
    path = tmp_path / "sekolah.csv"
    rows: list[list[str | float]] = [["NPSN", "Nama Sekolah", "Kecamatan", "Bentuk Pendidikan", "Alamat"]]
    rows += [["20531234", "SDN Sapeken II", "Sapeken", "SD", "Jl. Pelabuhan"]]
    path.write_bytes(csv_file(rows))
    code, out, _err = run("schools", str(path))
    assert (code, "Kecamatan baru yang ikut ditambahkan: Sapeken" in out) == (0, True)
    assert json.loads(run("schools", str(path), "--json")[1])["new_districts"] == ["Sapeken"]
    assert School.objects.count() == 0
    assert "Diterapkan: 1 ditambahkan." in run("schools", str(path), "--yes")[1]
    assert "Diterapkan: 1 tetap sama." in run("schools", str(path), "--yes")[1]
    path.write_bytes(csv_file([rows[0], ["20531234", "SDN Sapeken 2 Baru", "Sapeken", "SD", ""]]))
    assert "1 diubah" in run("schools", str(path), "--yes")[1]
    changed = School.objects.get()
    assert (changed.name, changed.address) == ("SDN Sapeken 2 Baru", "Jl. Pelabuhan")


def test_rows_that_are_skipped_and_a_nip_that_is_not_read_are_told(tmp_path: Path):
    school()
    path = tmp_path / "ptk.csv"
    rows: list[list[str | float]] = [["No", "Nama", "L/P", "NIP lama", "Status"], [1, "", "L", "1", "PNS"]]
    path.write_bytes(csv_file([*rows, [2, "Achmad", "L", "1", "PPPK"]]))
    out = run("staff", str(path), "--school", "20531234")[1]
    assert "Baris tanpa orang: 2" in out
    assert "kolom D tampaknya memuat NIP" in out
    told = json.loads(run("staff", str(path), "--school", "20531234", "--json")[1])
    assert (told["skipped"], told["unread_nip"]) == ([2], ["D"])


def test_a_file_that_breaks_the_reader_is_refused(tmp_path: Path):
    school()
    path = tmp_path / "rusak.xlsx"
    path.write_bytes(dapodik([SITI])[:-200])
    status, _out, err = run("staff", str(path), "--school", "20531234")
    assert (status, err.split(":")[0]) == (1, "Error import_damaged")
