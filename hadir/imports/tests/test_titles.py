"""Which line of the titles is the school, as offices write them."""

import pytest

from hadir.core.tables.sheets import read_tables
from hadir.imports.queries import names_other_school
from hadir.imports.staff_list import StaffList, read_staff_list
from hadir.imports.tests.made import ROFIAH, Rows, csv_file
from hadir.imports.titles import school_in_titles, school_named, school_of_column
from hadir.people.names import school_key
from hadir.schools.models import School

SATU = School(npsn="20531234", name="SDN Satu")


def told(*titles: list[str | float]) -> StaffList:
    rows: Rows = [*titles, ["No", "Nama", "JK", "NIP"], [1, "Rofi'ah", "P", ROFIAH.nip]]
    return read_staff_list(read_tables(csv_file(rows)))


@pytest.mark.parametrize(
    "titles",
    [
        [["DAFTAR GURU DAN TENDIK SDN SATU"], ["TAHUN PELAJARAN 2026/2027"]],
        [["DAFTAR GURU DAN TENDIK"], ["TAHUN PELAJARAN 2026/2027"], ["SDN Satu"]],
        [["DAFTAR GURU"], ["SEKOLAH DASAR NEGERI SATU"]],
        [["UPT DINAS PENDIDIKAN KECAMATAN KOTA"], ["UPT SPF SDN SATU"]],
        [["DAFTAR PTK"], ["Nama Sekolah : SDN SATU"], ["Kecamatan : Kota"]],
        [["DAFTAR PTK"], ["Nama Sekolah", ":", "SDN SATU"], ["Kecamatan", ":", "SD Kota"]],
        [["DAFTAR HADIR PTK SD NEGERI SATU BULAN NOVEMBER 2026"]],
        [["SD NEGERI SATU KEC. KOTA KAB. SUMENEP"]],
        [["SDN Satu, Kecamatan Kota"]],
        [["SDN SATU (NPSN 20531234)"]],
        [["PEMERINTAH KABUPATEN SUMENEP DINAS PENDIDIKAN SD NEGERI SATU Jl. Pahlawan 1"]],
    ],
)
def test_titles_that_name_the_school(titles: list[list[str | float]]):
    assert school_key(told(*titles).school) == school_key("SDN Satu")
    assert not names_other_school(told(*titles), SATU)


@pytest.mark.parametrize(
    "line",
    [
        "TAHUN PELAJARAN 2026/2027",
        "BULAN NOVEMBER 2026",
        "Se-Kecamatan Kota",
        "UPT DINAS PENDIDIKAN KECAMATAN KOTA",
        "DINAS PENDIDIKAN KABUPATEN SUMENEP",
        "DAFTAR GURU SD/SMP NEGERI SE-KECAMATAN KOTA",
        "DAFTAR GURU SD KECAMATAN KOTA",
        "KKG SD Gugus 1",
        "Periode 1 November sd 30 November 2026",
        "1 SD 30 NOVEMBER 2026",
        "Sekolah",
        "Nama Sekolah :",
        "Unit Kerja: Dinas Pendidikan",
        "Pengunduh: mira (mira@contoh.example)",
    ],
)
def test_titles_that_name_none(line: str):
    assert school_named(line) == ""
    assert told(["DAFTAR GURU"], [line]).school == ""


@pytest.mark.parametrize("line", ["SDN Dua", "DAFTAR GURU SDN SATU ATAP KALIANGET", "UPT SPF SMPN SATU", "SDN Satu 2"])
def test_another_school_is_still_another(line: str):
    assert names_other_school(told(["DAFTAR GURU"], [line]), SATU)


def test_a_private_school_with_a_name_of_its_own():
    assert school_in_titles([["Nama Sekolah: Al-Azhar, Sumenep"]]) == "Al-Azhar"
    assert school_in_titles([["TK Ibu Pertiwi"]]) == "TK Ibu Pertiwi"
    assert school_in_titles([["MI Nurul Huda"]]) == "MI Nurul Huda"


def test_an_office_in_the_column_of_the_school_is_no_second_school():
    assert school_of_column("Dinas Pendidikan Kab. Sumenep") == ""
    assert school_of_column("UPT Dinas Pendidikan") == ""
    assert school_of_column("Nurul Huda") == "Nurul Huda"
