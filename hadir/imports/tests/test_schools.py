"""Lists of schools: reading, matching, and the reader's own process."""

import uuid

import pytest

from hadir.core.errors import HadirError
from hadir.core.tables import apart
from hadir.core.tables.problems import FileError
from hadir.core.tables.sheets import read_tables
from hadir.imports.reading import read_schools, read_staff
from hadir.imports.school_list import SchoolList, SchoolRow, read_school_list
from hadir.imports.school_matching import KnownSchool, match_schools, new_districts
from hadir.imports.tests.made import csv_file, dapodik, workbook

HEAD: list[str | float] = [
    "No",
    "NPSN",
    "Nama Sekolah",
    "Kecamatan",
    "Jenjang",
    "Pulau",
    "Zona Waktu",
    "Alamat",
    "Email",
]
SAPEKEN = KnownSchool(uuid.uuid4(), "SDN Sapeken II", "SD", "Sapeken", "Sapeken", "Asia/Jakarta", "Jl. Pelabuhan")

ELSEWHERE = KnownSchool(uuid.uuid4(), "SDN B", "SD", "B", "", "Asia/Jakarta", "", ours=False)


def read(*rows: list[str | float]) -> SchoolList:
    return read_school_list(read_tables(csv_file([HEAD, *rows])))


def one(**values: str) -> SchoolRow:
    told = {"npsn": "20531234", "name": "SDN Sapeken II", "district": "Sapeken", "level": "SD"} | values
    return SchoolRow(row=2, **told)  # type: ignore[arg-type]


def test_a_row():
    (row,) = read(
        [1, "20531234", "SDN Sapeken II", "Kec. Sapeken", "SD", "Pulau Sapeken", "WIB", "Jl. Pelabuhan", "x@y.z"]
    ).rows
    assert row == SchoolRow(
        row=2,
        npsn="20531234",
        name="SDN Sapeken II",
        district="Sapeken",
        level="SD",
        island="Sapeken",
        time_zone="Asia/Jakarta",
        address="Jl. Pelabuhan",
    )


def test_headings_of_referensi():
    rows: list[list[str | float]] = [
        ["NPSN", "nama", "alamat", "kelurahan", "status", "bentuk_pendidikan", "kecamatan"]
    ]
    told = read_school_list(read_tables(workbook([*rows, ["20531234", "SDN A", "Jl. B", "C", "NEGERI", "SD", "Raas"]])))
    assert (told.rows[0].level, told.rows[0].district, told.dropped) == ("SD", "Raas", ("Kelurahan", "Status"))


@pytest.mark.parametrize(
    ("values", "doubts"),
    [
        (["2053123", "SDN A", "Raas", "SD"], ("npsn_zeros",)),
        (["", "SDN A", "Raas", "SD"], ("npsn_missing",)),
        (["2.0531E+07", "SDN A", "Raas", "SD"], ("npsn_damaged",)),
        (["20531234567", "SDN A", "Raas", "SD"], ("npsn_length",)),
        (["20531234", "MI Nurul Huda", "Raas", "MI"], ("level_outside",)),
        (["20531234", "SDN A", "Raas", "SD", "", "GMT"], ("zone_unknown",)),
    ],
)
def test_doubts_of_reading(values: list[str], doubts: tuple[str, ...]):
    assert read(["1", *values]).rows[0].doubts == doubts


@pytest.mark.parametrize(
    ("name", "level"),
    [("SDN Raas I", "SD"), ("UPT SDN Raas I", "SD"), ("SMP Negeri 1", "SMP"), ("TK Dharma", "TK"), ("Nurul Huda", "")],
)
def test_a_level_that_is_not_told_is_read_from_the_name(name: str, level: str):
    assert read([1, "20531234", name, "Raas"]).rows[0].level == level


@pytest.mark.parametrize(
    ("row", "known", "expected"),
    [
        (one(), None, ("new",)),
        (one(), SAPEKEN, ("same",)),
        (one(district="SAPEKEN", name="sdn sapeken ii"), SAPEKEN, ("same",)),
        (one(level="", district=""), SAPEKEN, ("same",)),
        (one(level=""), None, ("doubtful", "level_missing")),
        (one(district=""), None, ("doubtful", "district_missing")),
        (one(district="Sapekan"), None, ("doubtful", "district_like")),
        (one(district="Guluk Guluk"), None, ("new",)),
        (one(address="Jl. Baru", time_zone="Asia/Makassar"), SAPEKEN, ("changed", "time_zone", "address")),
        (one(name="SDN Sapeken III"), SAPEKEN, ("changed", "name")),
        (one(), ELSEWHERE, ("doubtful", "other_region")),
    ],
)  # fmt: skip
def test_a_row_and_a_school(row: SchoolRow, known: KnownSchool | None, expected: tuple[str, ...]):
    (item,) = match_schools([row], {row.npsn: known} if known else {}, districts=["Sapeken", "Guluk-Guluk"])
    assert (item.kind.value, *item.doubts, *(change.field for change in item.changes)) == expected


def test_a_kecamatan_written_twice_in_one_list_is_doubted_where_it_is_rare():
    rows = [one(npsn=f"2053000{number}", district="Kangayan") for number in range(3)]
    items = match_schools([*rows, one(district="Kangayaan")], {}, districts=[])
    assert [item.doubts for item in items] == [(), (), (), ("district_like",)]
    assert new_districts(items[:3], []) == ["Kangayan"]


def test_one_npsn_twice_is_doubted_and_a_copy_counts_once():
    row: list[str | float] = [1, "20531234", "SDN A", "Raas", "SD"]
    told = read(row, [2, *row[1:]], [3, "20531235", "SDN B", "Raas", "SD"], [4, "20531235", "SDN C", "Raas", "SD"])
    assert [(each.name, each.doubts) for each in told.rows] == [
        ("SDN A", ()),
        ("SDN B", ("twice_in_file",)),
        ("SDN C", ("twice_in_file",)),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (dapodik(), "import_staff_here"),
        (b"a;b\nc;d", "import_no_school_headings"),
        (csv_file([HEAD]), "import_no_rows"),
    ],
)
def test_files_that_are_no_list_of_schools(data: bytes, code: str):
    with pytest.raises(FileError) as caught:
        read_school_list(read_tables(data))
    assert caught.value.code == code


def test_the_reader_is_a_process_of_its_own_and_answers_the_same():
    assert read_staff(dapodik()).rows[0].name == "ROFI'AH"
    assert read_schools(csv_file([HEAD, [1, "20531234", "SDN A", "Raas", "SD"]])).rows[0].npsn == "20531234"
    with pytest.raises(HadirError) as caught:
        read_staff(b"<html>")
    assert caught.value.code == "import_html"


def test_a_sheet_that_wants_endless_memory_ends_its_reader_only():
    """Two cells, in opposite corners: a reader that lays out the whole sheet needs hundreds of gigabytes."""
    rows: list[list[str | float]] = [["No", "Nama", "NIP", "JK"], [1, "Rofi'ah", "", "P"]]
    data = workbook(rows, dress=lambda sheet: sheet.write(1_048_575, 16_383, "x"))
    with pytest.raises(HadirError) as caught:
        read_staff(data)
    assert caught.value.code == "import_too_big"


def test_a_reader_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(apart, "SECONDS", 0.001)
    with pytest.raises(HadirError) as caught:
        read_staff(dapodik())
    assert caught.value.code == "import_too_big"
