"""Spreadsheets: a thin hand over XlsxWriter. Text is always text, numbers are numbers, dates are dates."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Value = str | int | Decimal | date | None
FONT = "Arial"
PAPERS = {"a4": 9, "f4": 14}
"""Numbers of the papers in the file format; 14 is Folio, 216 x 330 mm."""
FOOT_LENGTH, SHORTEST, CUT, BETWEEN = 255, 60, "\N{HORIZONTAL ELLIPSIS}", " · "
"""The file format holds so many letters of a foot, its commands among them; a longer one is lost wholly."""
FOOT = "&L&7{left}&R&7{right} · halaman &P dari &N"


class Book:
    """A workbook in memory. `rows_in_order`: rows are only written downwards, so that memory stays flat."""

    def __init__(self, *, title: str, now: datetime, rows_in_order: bool = False) -> None:
        self._stream = io.BytesIO()
        options = {
            "in_memory": not rows_in_order,
            "constant_memory": rows_in_order,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        self.file = xlsxwriter.Workbook(self._stream, options)
        self.file.set_properties({"title": title[:250], "created": now.replace(tzinfo=None), "author": "Hadir"})
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def style(self, **properties: Any) -> Format:
        """Return the format with these properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.file.add_format({"font_name": FONT, "font_size": 9, **properties})
        return self._formats[key]

    def sheet(self, name: str, *, paper: str, across: bool, left: str, right: str) -> Worksheet:
        """Add a sheet that prints one page wide, with its foot: `left`, and `right` with the page number.

        Both are parts with " · " between. Where they are too long together the longest parts are shortened, first in
        `right`; the last part of `left` (a digest) stays whole.
        """
        sheet = self.file.add_worksheet(name)
        sheet.set_paper(PAPERS[paper])
        if across:
            sheet.set_landscape()
        else:
            sheet.set_portrait()
        sheet.set_margins(left=0.4, right=0.4, top=0.45, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(_foot(left, right))
        sheet.hide_gridlines(2)
        return sheet

    def content(self) -> bytes:
        """Close the workbook and return its bytes."""
        self.file.close()
        return self._stream.getvalue()

    def table(
        self, sheet: Worksheet, top: int, heads: Sequence[str], rows: Iterable[Sequence[Value]], widths: Sequence[float]
    ) -> int:
        """Write a plain table with a frozen, repeated head; return the row after it."""
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        head = self.style(bold=True, bottom=1, text_wrap=True, valign="vcenter")
        for column, word in enumerate(heads):
            sheet.write_string(top, column, word, head)
        sheet.freeze_panes(top + 1, 0)
        sheet.repeat_rows(top)
        row = top
        for row, values in enumerate(rows, start=top + 1):
            for column, value in enumerate(values):
                self.write(sheet, row, column, value)
        return row + 1

    def write(self, sheet: Worksheet, row: int, column: int, value: Value, style: Format | None = None) -> None:
        """Write one value by its kind; nothing for None."""
        if value is None:
            return
        if isinstance(value, str):
            sheet.write_string(row, column, value, style or self.style())
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, style or self.style(num_format="d mmm yyyy"))
        else:
            sheet.write_number(row, column, value, style or self.style())


def _foot(left: str, right: str) -> str:
    """Return a page's foot, where "&" begins a command and counts twice for itself."""
    room = FOOT_LENGTH - len(FOOT.format(left="", right=""))
    right = _shortened(right, max(room - _length(left), SHORTEST))
    *before, last = left.split(BETWEEN)
    # The last part of the left side is the digest: whole, or it is no use.
    kept = f"{BETWEEN}{last}" if before else last
    left = _shortened(BETWEEN.join(before), room - _length(right) - _length(kept)) + kept
    return FOOT.format(left=_escaped(left), right=_escaped(right))


def _shortened(text: str, room: int) -> str:
    """Return a text that takes so much room, if need be with less of its longest parts: the name of a school."""
    parts = text.split(BETWEEN)
    while _length(BETWEEN.join(parts)) > room and max(map(_length, parts)) > len(CUT):
        place = max(range(len(parts)), key=lambda number: _length(parts[number]))
        parts[place] = parts[place].removesuffix(CUT)[:-1].rstrip() + CUT
    return BETWEEN.join(parts)


def _length(text: str) -> int:
    return len(_escaped(text))


def _escaped(text: str) -> str:
    return text.replace("&", "&&")
