"""Daftar PTK as schools really hand it in."""

import datetime as dt
import io
import json
from collections.abc import Callable
from dataclasses import asdict, replace

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from hadir.core.tables.problems import FileError
from hadir.core.tables.sheets import read_tables
from hadir.imports.reader import answer
from hadir.imports.staff_list import StaffList, read_staff_list
from hadir.imports.tests.made import (
    ACHMAD,
    HEAD,
    HEADINGS,
    READ,
    ROFIAH,
    SECRET,
    SITI,
    Rows,
    Someone,
    csv_file,
    dapodik,
    dapodik_rows,
    old_workbook,
    workbook,
)


def read(data: bytes) -> StaffList:
    return read_staff_list(read_tables(data))


def test_the_template_of_dapodik():
    staff = read(dapodik())
    assert (staff.school, staff.npsn, staff.skipped) == ("SDN Sapeken II", "", ())
    rofiah, achmad, siti, head = staff.rows
    assert (rofiah.row, rofiah.name, rofiah.nip, rofiah.nuptk) == (
        6,
        "ROFI'AH",
        "198502032010012011",
        "1535763664230123",
    )
    assert (rofiah.salutation, rofiah.staff_kind, rofiah.duty) == ("Ibu", "PNS", "Guru Kelas")
    assert rofiah.begins == dt.date(2010, 7, 1)
    assert (achmad.salutation, achmad.staff_kind, achmad.nip) == ("Bapak", "PPPK", "199001012024211003")
    assert (siti.name, siti.staff_kind, siti.duty, siti.nip) == ("Siti Maḍura", "HONORER", "Penjaga Sekolah", "")
    assert (head.title_front, head.name, head.title_back) == ("Drs.", "Moh. Hasan", "M.Pd.")
    assert head.duty == "Guru Kelas, Kepala Sekolah"
    assert [row.doubts + row.notes for row in staff.rows] == [(), (), (), ()]


def test_an_xls_reads_as_the_xlsx_does():
    assert read(old_workbook(dapodik_rows())) == read(workbook(dapodik_rows()))


def test_what_attendance_does_not_need_is_dropped_and_told_by_name():
    staff = read(dapodik())
    assert SECRET not in json.dumps(asdict(staff), default=str)
    assert set(staff.dropped) == set(HEADINGS) - READ
    assert {"NIK", "No KK", "Nama Ibu Kandung", "Nomor Rekening Bank", "NPWP", "HP", "Alamat Jalan"} <= set(
        staff.dropped
    )


def test_a_heading_nobody_knows_is_told_by_its_letter_only():
    rows: Rows = [["No", "Nama", "NIP", "JK", "Siti Aminah 3529"], [1, "Rofi'ah", "", "P", "x"]]
    assert read(workbook(rows)).dropped == ("E",)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(lambda rows: rows[4:], 2, id="headings in the first row"),
        pytest.param(lambda rows: [["Dinas"], [], ["x"], *rows], 9, id="headings further down"),
        pytest.param(
            lambda rows: [[row[i] for i in range(len(row) - 1, -1, -1)] for row in rows], 6, id="columns turned"
        ),
        pytest.param(lambda rows: [*rows[:5], list(range(1, 52)), *rows[5:]], 7, id="columns numbered below"),
        pytest.param(lambda rows: [*rows[:5], [], rows[5], [], *rows[6:]], 7, id="empty rows between"),
        pytest.param(lambda rows: [*rows[:6], rows[4], *rows[6:]], 6, id="headings again, on page 2"),
    ],
)
def test_the_place_of_things_may_change(change: Callable[[Rows], Rows], expected: int):
    staff = read(workbook(change(dapodik_rows())))
    assert [row.name for row in staff.rows] == ["ROFI'AH", "Achmad Ba'its", "Siti Maḍura", "Moh. Hasan"]
    assert staff.rows[0].row == expected
    assert staff.rows[0].nip == ROFIAH.nip


def test_headings_in_two_rows_merged_above():
    top: list[str | float] = ["No", "Nama", "NIP", "Kepegawaian", "", "JK", "Alamat", "", ""]
    below: list[str | float] = ["", "", "", "Status Kepegawaian", "Jenis PTK", "", "Alamat Jalan", "RT", "RW"]
    rows: Rows = [top, below, [1, "Rofi'ah", ROFIAH.nip, "PNS", "Guru Mapel", "P", SECRET, "1", "2"]]
    staff = read(workbook(rows))
    (row,) = staff.rows
    assert (row.name, row.staff_kind, row.duty, row.row) == ("Rofi'ah", "PNS", "Guru Mapel", 3)
    assert staff.dropped == ("Alamat Jalan", "RT", "RW")


@pytest.mark.parametrize(
    "top",
    [
        ["No", "Nama", "JK", "Status", "Suami/Istri", "", ""],
        ["No", "Nama", "", "", "Data Pasangan", "", ""],
        ["", "Identitas", "", "", "Nama Suami / Istri", "", ""],
        ["", "", "", "", "Orang Tua", "", ""],
    ],
)
def test_what_stands_below_other_people_is_nobodys_here(top: list[str | float]):
    filled = sum(bool(text) for text in top)
    below: list[str | float] = ["", "", "", "", "Nama", "NIP", "Pekerjaan"]
    if filled < 5:
        below[:4] = ["No", "Nama", "JK", "Status"]
    rows: Rows = [
        ["Daftar PTK"],
        ["TK Ibu Pertiwi"],
        top,
        below,
        [1, "Rofi'ah", "P", "Honorer", "Budi", ACHMAD.nip, "x"],
    ]
    for data in (workbook(rows), csv_file(rows)):
        staff = read(data)
        assert [(row.name, row.nip, row.staff_kind, row.row) for row in staff.rows] == [("Rofi'ah", "", "HONORER", 5)]
        assert staff.school == "TK Ibu Pertiwi"
        assert len(staff.dropped) == 3


def test_a_heading_of_another_persons_number_in_brackets():
    rows: Rows = [["No", "Nama", "JK", "NUPTK", "NIP (Suami/Istri)"], [1, "Rofi'ah", "P", ROFIAH.nuptk, ACHMAD.nip]]
    staff = read(workbook(rows))
    assert (staff.rows[0].nip, staff.dropped) == ("", ("NIP Suami/Istri",))


def test_money_in_a_group_is_dropped_by_name():
    top: list[str | float] = ["No", "Nama", "NIP", "JK", "Rekening", ""]
    rows: Rows = [top, ["", "", "", "", "Nama", "No"], [1, "Rofi'ah", ROFIAH.nip, "P", SECRET, "77"]]
    staff = read(workbook(rows))
    assert [(row.name, row.nip) for row in staff.rows] == [("Rofi'ah", ROFIAH.nip)]
    assert staff.dropped == ("E", "F")


def test_headings_merged_over_two_rows():
    rows: Rows = [["No", "Nama", "NIP", "JK"], ["", "", "", ""], [1, "Rofi'ah", ROFIAH.nip, "P"]]

    def dress(sheet: Worksheet) -> None:
        for column, text in enumerate(rows[0]):
            sheet.merge_range(0, column, 1, column, text)

    (row,) = read(workbook(rows, dress=dress)).rows
    assert (row.name, row.nip, row.row) == ("Rofi'ah", ROFIAH.nip, 3)


def test_a_merged_cell_holds_for_all_its_rows():
    rows: Rows = [["No", "Nama", "Status Kepegawaian", "JK"], [1, "Rofi'ah", "PNS", "P"], [2, "Siti", "", "P"]]
    staff = read(workbook(rows, dress=lambda sheet: sheet.merge_range(1, 2, 2, 2, "PNS")))
    assert [row.staff_kind for row in staff.rows] == ["PNS", "PNS"]


def test_an_older_layout_with_other_names_of_columns():
    rows: Rows = [["NO.", "NAMA LENGKAP", "L/P", "NIP (18 angka)", "Status Pegawai", "Jabatan"]]
    rows += [["1", "Rofi'ah, S.Pd.SD", "P", "19850203 201001 2 011", "PNS", "Guru kelas 4"]]
    (row,) = read(csv_file(rows)).rows
    assert (row.name, row.title_back, row.nip, row.duty) == ("Rofi'ah", "S.Pd.SD", ROFIAH.nip, "Guru kelas 4")


@pytest.mark.parametrize(
    "heading",
    [
        "NI PPPK",
        "NIP/NI PPPK",
        "NIP/NIPPPK",
        "NIP / NIP PPPK",
        "NI PPPK/NIP",
        "NIP/NI PPPK/NRP",
        "NIP PNS/PPPK",
        "NI P3K",
    ],
)
def test_the_number_of_a_pppk_by_its_names(heading: str):
    rows: Rows = [["No", "Nama", "L/P", heading, "Status"], [1, "Achmad", "L", ACHMAD.nip, "PPPK"]]
    staff = read(workbook(rows))
    assert (staff.rows[0].nip, staff.dropped, staff.unread_nip) == (ACHMAD.nip, (), ())


@pytest.mark.parametrize("heading", ["Nama dan Gelar", "Nama Lengkap dan Gelar", "Nama Guru/Pegawai", "NAMA  PTK"])
def test_the_name_by_its_names(heading: str):
    (row,) = read(csv_file([["No", heading, "NIP", "L/P"], [1, "Rofi'ah, S.Pd.", ROFIAH.nip, "P"]])).rows
    assert (row.name, row.title_back) == ("Rofi'ah", "S.Pd.")


def test_a_column_that_seems_to_hold_nip_is_not_dropped_without_a_word():
    rows: Rows = [["No", "Nama", "L/P", "NIP Lama", "Status"], [1, "Achmad", "L", ACHMAD.nip, "PPPK"]]
    assert read(workbook(rows)).unread_nip == ("D",)
    rows[0][2] = "NIP"
    assert read(workbook(rows)).unread_nip == (), "there is one"
    assert read(dapodik()).unread_nip == ()


def test_a_footer_with_the_signature_of_the_head_is_no_person():
    footer = [
        [],
        ["", "Jumlah: 4"],
        ["", "Sapeken, 20 November 2026"],
        ["", "Kepala Sekolah,"],
        ["", "Drs. Moh. Hasan"],
    ]
    footer += [["", "NIP. 197001011995031002"]]
    staff = read(workbook([*dapodik_rows(), *footer]))
    assert len(staff.rows) == 4
    assert staff.skipped == (11, 12, 13, 14, 15)


def test_a_person_below_without_a_number_in_front_is_not_lost():
    late: list[str | float] = ["", "Nur Laila", "", "P", "", "", "", "Guru Honor Sekolah", "Guru Kelas"]
    assert [row.name for row in read(workbook([*dapodik_rows(), late])).rows][-1] == "Nur Laila"


@pytest.mark.parametrize(
    ("someone", "doubt", "shown"),
    [
        (replace(ROFIAH, nip=1.98502032010012e17), "nip_damaged", "1.98502032010012e+17"),
        (replace(ROFIAH, nip="1,98502E+17"), "nip_damaged", "1,98502E+17"),
        (replace(ROFIAH, nip=198502032010012011), "nip_damaged", "1.98502032010012e+17"),
        (replace(ROFIAH, nip="130123456"), "nip_length", "130123456"),
        (replace(ROFIAH, nip="19850203201001201"), "nip_zeros", "19850203201001201"),
        (replace(ROFIAH, nuptk=1535763664230123.0), "nuptk_damaged", "1.53576366423012e+15"),
        (replace(ROFIAH, nuptk=535763664230123.0), "nuptk_zeros", "535763664230123"),
        (replace(ROFIAH, nuptk="0535763664"), "nuptk_length", "0535763664"),
    ],
)
def test_a_number_that_lost_digits_is_doubted_and_never_completed(someone: Someone, doubt: str, shown: str):
    (row,) = read(dapodik([someone])).rows
    assert row.doubts == (doubt,)
    assert shown in (row.nip_text, row.nuptk_text)
    assert "" in (row.nip, row.nuptk)


def test_a_number_that_is_a_formula_without_a_value_is_doubted():
    def dress(sheet: Worksheet) -> None:
        sheet.write_formula(5, HEADINGS.index("NIP"), '=CONCATENATE("1985","02032010012011")', value="")

    told = answer("staff", workbook(dapodik_rows([replace(ROFIAH, nip="")]), dress=dress))
    assert told["list"]["rows"][0]["doubts"] == ("nip_formula",)


@pytest.mark.parametrize("written", ["", "-", "0", "Tidak ada", "000000000000000000"])
def test_no_number_is_no_doubt(written: str):
    (row,) = read(dapodik([replace(SITI, nip=written)])).rows
    assert (row.nip, row.doubts) == ("", ())


@pytest.mark.parametrize(
    "written", ["'198502032010012011", '="198502032010012011"', "198502032010012011 ", "\ufeff198502032010012011"]
)
def test_what_exports_put_around_a_number_is_taken_off(written: str):
    assert read(csv_file([["No", "Nama", "NIP", "JK"], [1, "Rofi'ah", written, "P"]])).rows[0].nip == ROFIAH.nip


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("PNS", "PNS"), ("CPNS", "CPNS"), ("PPPK", "PPPK"), ("PPPK Paruh Waktu", "PPPK_PW"), ("GTY/PTY", "GTY"),
        ("PNS Diperbantukan", "PNS"), ("PNS Depag", "PNS"), ("Guru Honor Sekolah", "HONORER"),
        ("Honor Daerah TK.II Kab/Kota", "HONORER"), ("Honor Daerah TK.I Provinsi", "HONORER"),
        ("P3K", "PPPK"), ("PPPK Penuh Waktu", "PPPK"), ("Guru Honor", "HONORER"), ("Sukwan", "HONORER"),
        ("Guru Tetap Yayasan", "GTY"), ("Guru Bantu Pusat", "HONORER"),
        ("Kontrak Kerja WNA", ""), ("Lainnya", ""), ("", ""),
    ],
)  # fmt: skip
def test_status_of_dapodik(status: str, kind: str):
    (row,) = read(dapodik([replace(SITI, status=status)])).rows
    assert row.staff_kind == kind
    assert row.doubts == (() if kind else ("status_unknown",) if status else ("status_missing",))


def test_a_nip_of_a_pns_is_compared_with_birth_date_and_sex_but_never_refused():
    odd = replace(ROFIAH, born="1985-03-02", sex="L")
    (row,) = read(dapodik([odd])).rows
    assert (row.notes, row.doubts, row.nip) == (("nip_birth_differs", "nip_sex_differs"), (), ROFIAH.nip)
    (row,) = read(dapodik([replace(ACHMAD, born="1999-09-09")])).rows
    assert row.notes == (), "a NI PPPK is built otherwise"


@pytest.mark.parametrize(
    "born", [dt.date(1985, 2, 3), "03/02/1985", "3 Februari 1985", "3 Peb 1985", "1985-02-03 00:00:00"]
)
def test_dates_as_dates_or_text(born: dt.date | str):
    rows = dapodik_rows([ROFIAH])
    rows[5][5] = born.strftime("%d-%m-%Y") if isinstance(born, dt.date) else born
    assert read(workbook(rows)).rows[0].notes == ()


def test_the_same_row_twice_counts_once_and_the_same_number_twice_is_doubted():
    staff = read(dapodik([ROFIAH, ROFIAH, ACHMAD, replace(HEAD, nip=ACHMAD.nip)]))
    assert [(row.name, row.doubts) for row in staff.rows] == [
        ("ROFI'AH", ()),
        ("Achmad Ba'its", ("twice_in_file",)),
        ("Moh. Hasan", ("twice_in_file",)),
    ]


def test_one_name_twice_without_numbers_is_doubted():
    staff = read(dapodik([SITI, replace(SITI, name="SITI MADURA", kind="Guru Kelas")]))
    assert [row.doubts for row in staff.rows] == [("twice_in_file",), ("twice_in_file",)]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["Nama", "Harga"], ["Beras", "12000"]], "import_no_headings"),
        ([["No", "Nama", "NISN", "JK", "Rombel Saat Ini"], [1, "Anak", "1", "L", "4A"]], "import_pupils"),
        (dapodik_rows([]), "import_no_rows"),
        ([*dapodik_rows([ROFIAH]), *dapodik_rows([ACHMAD], school="SDN Raas I")], "import_two_schools"),
        ([["No", "Nama", "NIP", "NPSN"], [1, "A", "", "20531234"], [2, "B", "", "20531235"]], "import_two_schools"),
        ([["No", "Nama", "NIP", "Sekolah"], [1, "A", "", "SDN A"], [2, "B", "", "SDN B"]], "import_two_schools"),
    ],
)
def test_lists_that_are_not_one_schools_staff(rows: Rows, code: str):
    with pytest.raises(FileError) as caught:
        read(workbook(rows))
    assert caught.value.code == code


def test_guru_and_tendik_on_two_sheets_are_one_list():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        for name, people in (("Guru", [ROFIAH]), ("Tendik", [SITI])):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(dapodik_rows(people)):
                sheet.write_row(number, 0, row)
        book.add_worksheet("Catatan").write(0, 0, "jangan dihapus")
    assert [(row.sheet, row.row, row.name) for row in read(buffer.getvalue()).rows] == [
        ("Guru", 6, "ROFI'AH"),
        ("Tendik", 6, "Siti Maḍura"),
    ]
