"""Excel files from before 1995 (BIFF2): attendance programs still write them, and no library reads them. Pure.

Layout: a file is records of u16 number, u16 length, content. Cells carry row, column, three bytes of attributes (the
second holds the number of the format), then the value. Source: the public documentation of the Excel file format.
"""

import struct
from datetime import datetime, timedelta

from hadir.core.tables.cells import Cell
from hadir.core.tables.problems import FileError
from hadir.core.tables.sheets import Table

MARK = b"\x09\x00\x04\x00"
MOST_ROWS = 65_536
MOST_COLUMNS = 256
MOST_CELLS = 4_000_000
_BLANK, _INTEGER, _NUMBER, _LABEL, _BOOLEAN, _FORMULA, _STRING, _END = 1, 2, 3, 4, 5, 6, 7, 10
_FORMAT, _CODEPAGE = 0x1E, 0x42
_CODEPAGES = {437: "cp437", 850: "cp850", 1250: "cp1250", 1252: "cp1252", 10000: "mac_roman", 32768: "mac_roman"}
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  Excel's days have no zone
_LAST_DAY = 2_958_466


def is_biff2(data: bytes) -> bool:
    """Tell such a file by its first record."""
    return data.startswith(MARK)


class _Sheet:
    """Cells while they are read."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], Cell] = {}
        self.formats: list[str] = []
        self.encoding = "cp1252"
        self.awaited: tuple[int, int] | None = None

    def take(self, number: int, content: bytes) -> None:
        """Read one record; records that are no cells are passed over."""
        if number == _FORMAT and content:
            self.formats.append(content[1 : 1 + content[0]].decode("latin-1"))
        elif number == _CODEPAGE and len(content) >= 2:
            self.encoding = _CODEPAGES.get(struct.unpack_from("<H", content)[0], "cp1252")
        elif number == _STRING and self.awaited is not None and content:
            self.cells[self.awaited] = self._text(content)
            self.awaited = None
        elif number in {_INTEGER, _NUMBER, _LABEL, _BOOLEAN, _FORMULA} and len(content) >= 8:
            row, column = struct.unpack_from("<HH", content)
            if column < MOST_COLUMNS:
                self.cells[row, column] = self._value(number, content[5], content[7:], (row, column))

    def _value(self, number: int, attribute: int, value: bytes, place: tuple[int, int]) -> Cell:
        if number == _LABEL:
            return self._text(value)
        if number == _INTEGER:
            return self._number(float(struct.unpack_from("<H", value)[0]), attribute) if len(value) >= 2 else None
        if number == _BOOLEAN:
            return None if len(value) < 2 or value[1] else bool(value[0])
        if len(value) < 8:
            return None
        if number == _FORMULA and value[6:8] == b"\xff\xff":
            # A result that is text follows in a record of its own.
            self.awaited = place if value[0] == 0 else None
            return None
        return self._number(struct.unpack_from("<d", value)[0], attribute)

    def _text(self, content: bytes) -> str:
        return content[1 : 1 + content[0]].decode(self.encoding, "replace")

    def _number(self, value: float, attribute: int) -> Cell:
        """Return a number, as a moment where its format says that it is a date or a time."""
        if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124  not a number
            return None
        place = attribute & 0x3F
        shape = self.formats[place].lower() if place < len(self.formats) else ""
        plain = "".join(piece for number, piece in enumerate(shape.split('"')) if number % 2 == 0)
        if not any(letter in plain for letter in "ymdh") or not 0 <= value < _LAST_DAY:
            return value
        moment = _EPOCH + timedelta(seconds=round(value * 86400))
        return moment if value >= 1 else moment.time()


def read_biff2(data: bytes) -> Table:
    """Return the one sheet of a BIFF2 file. Raises FileError `import_damaged`, `import_too_big`, `import_empty`."""
    sheet, place, ended = _Sheet(), 0, False
    while place + 4 <= len(data) and not ended:
        number, length = struct.unpack_from("<HH", data, place)
        content = data[place + 4 : place + 4 + length]
        if len(content) < length:
            raise FileError("import_damaged")
        sheet.take(number, content)
        ended = number == _END
        place += 4 + length
    if not ended:
        raise FileError("import_damaged")
    if not sheet.cells:
        raise FileError("import_empty")
    height = max(row for row, _ in sheet.cells) + 1
    width = max(column for _, column in sheet.cells) + 1
    if height * width > MOST_CELLS:
        raise FileError("import_too_big")
    rows: list[list[Cell]] = [[None] * width for _ in range(height)]
    for (row, column), value in sheet.cells.items():
        rows[row][column] = value
    return Table("", 1, rows)
