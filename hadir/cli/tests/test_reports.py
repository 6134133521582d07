"""`hadir reports`, as an office calls it."""

import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from hadir.attendance.tests.conftest import at
from hadir.cli.tests.test_commands import hadir
from hadir.conftest import NOW, World
from hadir.reports.documents.tests.test_lists import month
from hadir.schools.models import School
from hadir.schools.services import add_school


@pytest.fixture(autouse=True)
def october(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("hadir.core.clock.now", lambda: at("21:00").replace(month=10))
    monkeypatch.chdir(tmp_path)


def test_each_document_becomes_a_file(world: World, tmp_path: Path):
    month(world)
    npsn = world.kota.npsn
    for arguments, name, start in (
        (("rekap", "--school", npsn, "--month", "2026-09"), f"rekap-{npsn}-2026-09.xlsx", b"PK"),
        (("rekap", "--school", npsn, "--month", "2026-09", "--format", "pdf"), f"rekap-{npsn}-2026-09.pdf", b"%PDF-"),
        (("tpp", "--month", "2026-09", "--district", "kota sumenep"), "tpp-2026-09.xlsx", b"PK"),
        (("tpp", "--month", "2026-09", "--format", "csv"), "tpp-2026-09.csv", b"\xef\xbb\xbfNIP"),
        (("pp94", "--year", "2026", "--school", npsn), "pp94-2026.xlsx", b"PK"),
        (("year", "Siti Aminah", "--year", "2026"), f"tahun-{world.siti.pk}-2026.pdf", b"%PDF-"),
        (("sptjm", "--school", npsn, "--month", "2026-09"), f"sptjm-{npsn}-2026-09.pdf", b"%PDF-"),
    ):
        code, out, err = hadir("reports", *arguments)
        assert (code, err) == (0, ""), arguments
        assert name in out
        assert (tmp_path / name).read_bytes().startswith(start)
    code, out, _err = hadir("reports", "year", "Siti Aminah", "--year", "2026", "--format", "xlsx", "-o", "a.xlsx")
    assert (code, (tmp_path / "a.xlsx").exists()) == (0, True)


def test_all_schools_go_on_where_they_stopped(world: World, tmp_path: Path):
    month(world)
    again = ("reports", "rekap", "--all", "--month", "2026-09", "--out", str(tmp_path / "b"), "--processes", "1")
    code, out, err = hadir(*again)
    assert code == 0
    assert "3 / 3" in err
    assert "3 berkas" in out
    made = sorted((tmp_path / "b").iterdir())
    assert [path.name for path in made] == [
        f"rekap-{one.npsn}-2026-09.xlsx" for one in (world.kota, world.pulau, world.jauh)
    ]
    CalamineWorkbook.from_filelike(io.BytesIO(made[0].read_bytes()))
    made[0].unlink()
    made[1].write_bytes(b"whole already")
    assert hadir(*again, "--resume")[0] == 0
    assert made[0].read_bytes().startswith(b"PK")
    assert made[1].read_bytes() == b"whole already"
    assert hadir(*again)[0] == 0
    assert made[1].read_bytes().startswith(b"PK"), "without --resume everything is made anew"


def empty_school(world: World) -> School:
    """Add a school to which nobody belongs."""
    return add_school(npsn="20529009", name="SDN Kosong", level="SD", district=world.far_district, now=NOW)


def test_schools_without_anybody_are_counted_and_nothing_fails(world: World, tmp_path: Path):
    empty_school(world)
    code, out, _err = hadir(
        "reports", "rekap", "--all", "--month", "2026-09", "--out", str(tmp_path / "c"), "--processes", "1"
    )
    assert code == 0
    assert "3 berkas" in out
    assert "1 sekolah tanpa orang, 0 gagal" in out


def test_refusals_name_what_is_wrong(world: World):
    npsn, empty = world.kota.npsn, empty_school(world).npsn
    for arguments, code in (
        (("rekap", "--school", "00000000", "--month", "2026-09"), "school_unknown"),
        (("rekap", "--school", empty, "--month", "2026-09"), "month_empty"),
        (("rekap", "--school", npsn, "--month", "2019-01"), "rule_pack_unusable"),
        (("tpp", "--month", "2026-09", "--district", "Atlantis"), "district_unknown"),
        (("pp94", "--year", "2026", "--region", "Atlantis"), "region_unknown"),
        (("year", "Siapa Dia", "--year", "2026"), "person_unknown"),
        (("year", "Siti Aminah", "--year", "10000"), "no_assignment"),
        (("rekap", "--school", npsn, "--month", "2026-09", "-o", "tidak/ada.xlsx"), "file_missing"),
    ):
        assert hadir("reports", *arguments)[2].startswith(f"Error {code}:"), arguments
