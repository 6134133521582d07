"""Files as terminals and their programs write them, made by hand. Names and numbers are invented."""

import io
import struct
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import xlsxwriter

USB = (
    b"        5\t2026-09-14 06:58:12\t1\t0\t15\t0\n"
    b"     0071\t2026-09-14 06:59:40\t1\t0\t1\t0\n"
    b"     0071\t2026-09-14 15:02:03\t1\t1\t1\t0\n"
    b" \n"
)
CLOUD = b"10021\t2026-09-14 06:58:12\t1\t0\t0\n24387\t2026-09-14 07:00:02\t1\t0\t0\n"
TABULAR = "\ufeffDepartemen\tNama\tNo.ID\tTgl/Waktu\nSD\tSiti Aminah\t0001\t03/07/2026 07.28.54\n".encode()


def csv(*lines: str, mark: str = ";") -> bytes:
    """Return lines as a CSV file with this delimiter, from lines written with `;`."""
    return "\r\n".join(line.replace(";", mark) for line in lines).encode()


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    """Return an xlsx of these rows; dates and times become real ones."""
    return sheets({"Sheet1": rows})


def sheets(named: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """Return an xlsx of several sheets."""
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True})
    formats: dict[type, str] = {datetime: "yyyy-mm-dd hh:mm:ss", date: "yyyy-mm-dd"}
    for name, rows in named.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                shape = formats.get(type(value))
                if shape:
                    sheet.write_datetime(number, column, value, book.add_format({"num_format": shape}))
                else:
                    sheet.write(number, column, value)
    book.close()
    return data.getvalue()


def biff2(rows: Sequence[Sequence[object]], *, formats: Sequence[str] = ("General", "dd/mm/yyyy hh:mm")) -> bytes:
    """Return a BIFF2 file: text as labels, whole numbers and fractions as such, moments as days with format 1."""
    records = [(0x09, struct.pack("<HH", 2, 0x10))]
    records += [(0x1E, bytes([len(shape)]) + shape.encode()) for shape in formats]
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            records.append(_biff2_cell(struct.pack("<HH", number, column), value))
    records.append((0x0A, b""))
    return b"".join(struct.pack("<HH", kind, len(content)) + content for kind, content in records)


def _biff2_cell(place: bytes, value: object) -> tuple[int, bytes]:
    if isinstance(value, datetime):
        days = (value - datetime.fromisoformat("1899-12-30")).total_seconds() / 86400
        return 0x03, place + b"\0\x01\0" + struct.pack("<d", days)
    if isinstance(value, int):
        return 0x02, place + b"\0\0\0" + struct.pack("<H", value)
    if isinstance(value, float):
        return 0x03, place + b"\0\0\0" + struct.pack("<d", value)
    text = str(value).encode("cp1252")
    return 0x04, place + b"\0\0\0" + bytes([len(text)]) + text
