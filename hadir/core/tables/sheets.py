"""A file's bytes -> its tables. What kind of file it is, is seen from the bytes, never believed from the name."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import python_calamine as calamine

from hadir.core.tables.cells import UNCOMPUTED, Cell, text_of
from hadir.core.tables.formulas import uncomputed_cells
from hadir.core.tables.problems import FileError

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 25_000
"""A list of people is never longer; readers of longer ones say so."""
MAX_CELLS = 4_000_000
MAX_SHEETS = 40
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# BIFF2, BIFF3 and BIFF4 begin with a BOF record of their own, without the OLE container of later ones.
_OLD_XLS = re.compile(rb"\x09[\x00\x02\x04](\x04|\x06)\x00")
_MARKUP = re.compile(rb"\s*<(!doctype html|html|head|body|table|meta|style|div)\b", re.IGNORECASE)
_TAG_FIRST = re.compile(rb"\s*<[a-z!]", re.IGNORECASE)
_TABLE_TAG = re.compile(rb"<(html|body|table|t[rdh])\b", re.IGNORECASE)
"""Programs write a web page with any tag first, or a comment: the table in it tells."""
MARKUP_SEARCHED = 64 * 1024
_XML = re.compile(rb"\s*<\?xml|\s*<(?:\w+:)?Workbook\b", re.IGNORECASE)
_OTHER = (
    b"%PDF",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"MZ",
    b"\x7fELF",
)
DELIMITERS = (";", ",", "\t", "|")


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: its name, the number of its first row as Excel shows it, and its rows from there (ragged is fine)."""

    name: str
    first_row: int
    rows: list[list[Cell]]


def read_tables(
    data: bytes, *, max_rows: int = MAX_ROWS, max_sheets: int = MAX_SHEETS, formulas: bool = False
) -> list[Table]:
    """Return every table that holds something: the visible sheets of a workbook (xlsx, xls, xlsb, ods), or one CSV.

    `formulas`: what an xlsx holds as a formula without a value stands there as `UNCOMPUTED`, else as nothing.
    Raises FileError `import_empty`, `import_too_big`, `import_wrong_kind`, `import_html`, `import_xml`,
    `import_xls_old`, `import_password`, `import_damaged`.
    """
    if len(data) > MAX_BYTES:
        raise FileError("import_too_big")
    if not data.strip(b"\0\t\r\n \xef\xbb\xbf"):
        raise FileError("import_empty")
    if is_workbook(data):
        tables = list(_read_workbook(data, max_rows, max_sheets, formulas))
    else:
        tables = [Table("", 1, _read_csv(data, max_rows))]
    filled = [table for table in tables if table.rows]
    if not filled:
        raise FileError("import_empty")
    return filled


def is_workbook(data: bytes) -> bool:
    """Tell a workbook from text by its first bytes; raises FileError for what is neither."""
    head = data[:2048].removeprefix(b"\xef\xbb\xbf")
    if head.startswith(b"PK"):
        return True
    if head.startswith(_OLE):
        # An encrypted xlsx is an OLE file with this stream; its name is in UTF-16.
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise FileError("import_password")
        return True
    if _OLD_XLS.match(head):
        raise FileError("import_xls_old")
    if _is_web_page(data, head):
        raise FileError("import_html")
    if _XML.match(head):
        raise FileError("import_xml")
    if head.startswith(_OTHER):
        raise FileError("import_wrong_kind")
    return False


def _is_web_page(data: bytes, head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        # Tags are ASCII: without the NUL of UTF-16 they read as they do otherwise.
        data = data[2 : 2 * MARKUP_SEARCHED].replace(b"\0", b"")
        head = data[:2048]
    if _XML.match(head):
        return b"<html" in head.lower()
    tagged = _TAG_FIRST.match(head) is not None and _TABLE_TAG.search(data[:MARKUP_SEARCHED]) is not None
    return tagged or _MARKUP.match(head) is not None


def _read_workbook(data: bytes, max_rows: int, max_sheets: int, formulas: bool) -> Iterator[Table]:
    if data.startswith(b"PK"):
        _look_into_zip(data)
    blank = uncomputed_cells(data) if formulas and data.startswith(b"PK") else {}
    try:
        with calamine.load_workbook(io.BytesIO(data)) as book:
            shown = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.visible is calamine.SheetVisibleEnum.Visible and sheet.typ is calamine.SheetTypeEnum.WorkSheet
            ]
            for name in shown[:max_sheets]:
                yield _read_sheet(book.get_sheet_by_name(name), max_rows, blank.get(name, ()))
    except calamine.PasswordError:
        raise FileError("import_password") from None
    except (calamine.CalamineError, ValueError, OverflowError):
        # Also the library's own words may quote cells: they go no further.
        raise FileError("import_damaged") from None
    except BaseException as problem:
        # A panic of the native reader is a BaseException of a type it does not export.
        if type(problem).__name__ == "PanicException":
            raise FileError("import_damaged") from None
        raise


def _look_into_zip(data: bytes) -> None:
    """Refuse what is no workbook, or would unpack to far more than a list of staff can be."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {entry.filename.lower() for entry in archive.infolist()}
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError):
        raise FileError("import_damaged") from None
    if size > 20 * MAX_BYTES:
        raise FileError("import_too_big")
    if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
        raise FileError("import_wrong_kind")


def _read_sheet(sheet: calamine.CalamineSheet, max_rows: int, blank: Iterable[tuple[int, int]]) -> Table:
    start = sheet.start
    if start is None:
        return Table(sheet.name, 1, [])
    if sheet.height > max_rows or sheet.height * max(sheet.width, 1) > MAX_CELLS:
        raise FileError("import_too_big")
    # Columns count from A, so that a column without a heading can be named by its letter.
    rows: list[list[Cell]] = [[None] * start[1] + list(row) for row in sheet.to_python(skip_empty_area=True)]
    for row, column in blank:
        if 0 <= row - start[0] < len(rows) and column < len(rows[row - start[0]]):
            rows[row - start[0]][column] = rows[row - start[0]][column] or UNCOMPUTED
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        _fill_down(rows, top - start[0], bottom - start[0], left)
    return Table(sheet.name, start[0] + 1, _without_end(rows))


def _fill_down(rows: list[list[Cell]], top: int, bottom: int, column: int) -> None:
    """Give every row of a merged cell its value; in other columns a merged cell stays one value."""
    if not 0 <= top < len(rows) or column >= len(rows[top]):
        return
    for row in rows[top + 1 : bottom + 1]:
        if not text_of(row[column]):
            row[column] = rows[top][column]


def _read_csv(data: bytes, max_rows: int) -> list[list[Cell]]:
    text = decode_text(data)
    delimiter, text = _delimiter(text)
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(list(row))
            if len(rows) > max_rows:
                raise FileError("import_too_big")
    except csv.Error:
        raise FileError("import_damaged") from None
    return _without_end(rows)


def decode_text(data: bytes, *, damaged: bool = False) -> str:
    """Decode by byte order mark, then UTF-8, then what Excel on Windows writes (cp1252).

    NUL stands in no text. `damaged`: leave it where it is, for a reader who knows which lines it spoils.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\0" in data and not damaged:
        raise FileError("import_wrong_kind")
    else:
        encodings = ("utf-8-sig", "cp1252", "latin-1")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError("import_damaged")


def _delimiter(text: str) -> tuple[str, str]:
    """Return the delimiter and the text without Excel's own `sep=` line.

    The line of headings decides where there is one (addresses are full of commas), else the widest line.
    """
    if match := re.match(r"sep=([^\r\n])\r?\n", text):
        return match[1], text[match.end() :]
    lines = text[:200_000].splitlines()[:80]
    headings = [line for line in lines if re.search(r"\b(nama|npsn)\b", line, re.IGNORECASE)]
    widths = {mark: max((line.count(mark) for line in headings or lines), default=0) for mark in DELIMITERS}
    return max(DELIMITERS, key=lambda mark: widths[mark]), text


def _without_end(rows: list[list[Cell]]) -> list[list[Cell]]:
    while rows and not any(text_of(cell) for cell in rows[-1]):
        rows.pop()
    return rows
