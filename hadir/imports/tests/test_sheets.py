"""Kinds of files, seen from their bytes."""

import io
import zipfile

import pytest
import xlsxwriter

from hadir.core.tables.cells import UNCOMPUTED, Number, read_number
from hadir.core.tables.problems import FileError
from hadir.core.tables.sheets import MAX_BYTES, MAX_ROWS, read_tables
from hadir.imports.tests.made import csv_file, dapodik, workbook

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
BIFF2 = bytes.fromhex("0900040002001000")
BIFF4 = bytes.fromhex("090406000000100000000000")
NAMES: list[list[str | float]] = [["No", "Nama", "NIP"], [1, "Rofi'ah; Maḍura", "x,y"], [2, "Ba'its", ""]]


def zip_of(*names: str, size: int = 10) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"0" * size)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "import_empty", id="nothing"),
        pytest.param(b"\xef\xbb\xbf \r\n\r\n", "import_empty", id="blank"),
        pytest.param(workbook([]), "import_empty", id="empty workbook"),
        pytest.param(b"x" * (MAX_BYTES + 1), "import_too_big", id="many bytes"),
        pytest.param(b"a;b\n" * (MAX_ROWS + 1), "import_too_big", id="many rows"),
        pytest.param(workbook([["x"]] * (MAX_ROWS + 1)), "import_too_big", id="many rows in a sheet"),
        pytest.param(zip_of("xl/workbook.xml", size=20 * MAX_BYTES + 1), "import_too_big", id="unpacks to too much"),
        pytest.param(b"%PDF-1.7 ...", "import_wrong_kind", id="pdf"),
        pytest.param(b"\xff\xd8\xff\xe0 jpeg", "import_wrong_kind", id="photo"),
        pytest.param(b"abc\0\0\0\x01\x02", "import_wrong_kind", id="binary"),
        pytest.param(zip_of("word/document.xml"), "import_wrong_kind", id="docx"),
        pytest.param(b"<html><table><tr><td>Nama</td></tr></table></html>", "import_html", id="html"),
        pytest.param(b"\xef\xbb\xbf\r\n<TABLE border=1><tr><td>Nama", "import_html", id="table"),
        pytest.param(
            b"<center><h3>Daftar PTK</h3></center><table border=1><tr>", "import_html", id="another tag first"
        ),
        pytest.param(b"\n<!-- x --><table><tr><td>Nama</td>", "import_html", id="comment first"),
        pytest.param("<html><table><tr><td>Nama".encode("utf-16"), "import_html", id="html in utf-16"),
        pytest.param(b'<?xml version="1.0"?><html xmlns="x"><body>', "import_html", id="xhtml"),
        pytest.param(b'<?xml version="1.0"?><Workbook xmlns="urn:x"><Worksheet>', "import_xml", id="xml 2003"),
        pytest.param(BIFF2, "import_xls_old", id="biff2"),
        pytest.param(BIFF4, "import_xls_old", id="biff4"),
        pytest.param(OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "import_password", id="password"),
        pytest.param(OLE + b"\0" * 600, "import_damaged", id="broken xls"),
        pytest.param(dapodik()[:3000], "import_damaged", id="cut off"),
        pytest.param(zip_of("xl/workbook.xml"), "import_damaged", id="empty xlsx"),
    ],
)
def test_files_that_are_no_list(data: bytes, code: str):
    with pytest.raises(FileError) as caught:
        read_tables(data)
    assert caught.value.code == code


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_of_any_program(delimiter: str, encoding: str):
    (table,) = read_tables(csv_file(NAMES, delimiter=delimiter, encoding=encoding))
    assert table.rows == [[str(cell) for cell in row] for row in NAMES]


def test_csv_of_excel_on_windows():
    (table,) = read_tables("No;Nama;NIP\r\n1;Ba\u2019its Mé;\r\n".encode("cp1252"))
    assert table.rows[1] == ["1", "Ba\u2019its Mé", ""]


def test_csv_with_a_tag_in_it_is_no_web_page():
    (table,) = read_tables(b"<Nama>;NIP\r\nAchmad;1\r\n")
    assert table.rows[0] == ["<Nama>", "NIP"]


def test_csv_that_names_its_delimiter():
    (table,) = read_tables(b"sep=|\r\nNo|Nama;x,y\r\n1|Ba'its\r\n")
    assert table.rows == [["No", "Nama;x,y"], ["1", "Ba'its"]]


def test_commas_of_addresses_do_not_outvote_the_headings():
    (table,) = read_tables(b"NPSN;Nama\r\n20531234;SDN A, Jl. B, C, D, E, F\r\n")
    assert table.rows[1] == ["20531234", "SDN A, Jl. B, C, D, E, F"]


def test_a_formula_that_was_not_computed_is_seen_where_it_is_asked_for():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet("Guru & Tendik")
        sheet.write_row(1, 1, ["No", "Nama", "NIP"])
        sheet.write_row(2, 1, [1, "Rofi'ah"])
        sheet.write_formula(2, 3, '=CONCATENATE("1985","0203")', value="")
        sheet.write_formula(3, 3, '=IF(1=2,"x","")', value="")
        sheet.write_formula(4, 3, "=1+1", value=2)
    done = io.BytesIO()
    with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(done, "w") as written:
        for name in made.namelist():
            content = made.read(name)
            if name == "xl/worksheets/sheet1.xml":
                # So Excel writes what gave an empty text.
                content = content.replace(b'<c r="D4"', b'<c r="D4" t="str"')
            written.writestr(name, content)
    (table,) = read_tables(done.getvalue(), formulas=True)
    assert [row[3] for row in table.rows] == ["NIP", UNCOMPUTED, "", 2.0]
    assert read_number(table.rows[1][3], (18,)) == Number(fault="formula", text=UNCOMPUTED)
    (table,) = read_tables(done.getvalue())
    assert table.rows[1][3] == ""


def test_rows_keep_the_numbers_that_excel_shows():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("Kosong")
        hidden = book.add_worksheet("Tersembunyi")
        hidden.write(0, 0, "x")
        hidden.hide()
        book.add_worksheet("Isi").write(4, 2, "Nama")
    (table,) = read_tables(buffer.getvalue())
    assert (table.name, table.first_row, table.rows) == ("Isi", 5, [[None, None, "Nama"]])
