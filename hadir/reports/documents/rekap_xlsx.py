"""The rekap as a spreadsheet: the same cells as on paper, its notes, and every person-day as a row."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from hadir.months.sheet import MonthSheet
from hadir.people.models import StaffKind
from hadir.people.numbers import printed_nip
from hadir.reports.documents.layout import Layout
from hadir.reports.documents.rekap import Line, Mark, Rekap
from hadir.reports.documents.words import WEEKDAYS, month_words
from hadir.reports.documents.workbook import Book, Value

FIRST_DAY = 3
"""The column of the first day: number, name and NIP come before."""
THICK, DASHED, THIN, HAIR = 5, 3, 1, 7
LIGHT_UP = 16
"""The hatch of days off, in the file format's numbers of patterns."""
MARKS: dict[str, dict[str, Any]] = {
    "dot": {},
    "text": {"bold": True},
    "late": {"left": THICK, "bold": True},
    "early": {"right": THICK, "bold": True},
    "both": {"left": THICK, "right": THICK, "bold": True},
    "duty": {"border": 2, "bold": True},
    "leave": {"border": THIN, "bg_color": "#E4E4E4"},
    "absent": {"bg_color": "#000000", "font_color": "#FFFFFF", "bold": True},
    "pending": {"border": DASHED},
    "off": {"pattern": LIGHT_UP, "fg_color": "#9A9A9A", "bg_color": "#FFFFFF"},
    "empty": {},
}
NAME_LETTERS, LINE_HEIGHT = 24, 12
"""So many letters of a name fit on a line of so many points."""
NO_ZERO = "0;-0;;@"


def rekap_xlsx(rekap: Rekap, sheet: MonthSheet, layout: Layout, *, now: datetime) -> bytes:
    """Return the workbook: Rekap for print, Catatan with the notes, Data with one row a person-day."""
    book = Book(title=f"{rekap.title}, {rekap.place_line}", now=now)
    page, notes, data = (
        book.sheet(name, paper=layout.paper, across=True, left=rekap.rules_line, right=rekap.place_line)
        for name in ("Rekap", "Catatan", "Data")
    )
    _Page(book, page, rekap).write()
    _notes(book, notes, rekap)
    _data(book, data, rekap, sheet)
    return book.content()


class _Page:
    """The sheet that looks like the paper."""

    def __init__(self, book: Book, sheet: Worksheet, rekap: Rekap) -> None:
        self.book, self.sheet, self.rekap = book, sheet, rekap
        self.counts = FIRST_DAY + len(rekap.days)
        self.minutes = self.counts + len(rekap.day_columns)
        self.percent = self.minutes + len(rekap.minute_columns)
        self.row = 0

    def write(self) -> None:
        """Write everything from top to bottom."""
        self._columns()
        self._top()
        self._heading()
        for group in self.rekap.groups:
            title = self.book.style(bold=True, bg_color="#EEEEEE", top=THIN, bottom=THIN)
            self._across(group.title, title)
            for line in group.lines:
                self._line(line)
        self._sums()
        self._end()

    def _columns(self) -> None:
        self.sheet.set_column(0, 0, 4)
        self.sheet.set_column(1, 1, 24)
        self.sheet.set_column(2, 2, 18)
        self.sheet.set_column(FIRST_DAY, self.counts - 1, 3.6)
        self.sheet.set_column(self.counts, self.percent, 4.6)

    def _across(self, text: str, style: Format) -> None:
        """Write a text over the whole width."""
        self.sheet.merge_range(self.row, 0, self.row, self.percent, "", style)
        self.sheet.write_string(self.row, 0, text, style)
        self.row += 1

    def _top(self) -> None:
        rekap, middle = self.rekap, {"align": "center"}
        for text in rekap.head.lines:
            self._across(text, self.book.style(**middle))
        self._across(rekap.head.name, self.book.style(bold=True, font_size=14, **middle))
        self._across(rekap.head.address, self.book.style(bottom=6, **middle))
        title = f"{rekap.title} (SEMENTARA)" if rekap.provisional else rekap.title
        self._across(title, self.book.style(bold=True, font_size=11, **middle))
        self._across("   ·   ".join(f"{word} {value}" for word, value in rekap.facts), self.book.style(**middle))

    def _heading(self) -> None:
        style = self.book.style(bold=True, align="center", valign="vcenter", border=THIN)
        top, bottom = self.row, self.row + 2
        for column, word in ((0, "No."), (1, "Nama"), (2, "NIP"), (self.percent, self.rekap.percent_title)):
            self.sheet.merge_range(top, column, bottom, column, "", style)
            self.sheet.write_string(top, column, word, style)
        spans = [("Tanggal", FIRST_DAY, self.counts), ("Hari", self.counts, self.minutes)]
        spans += [("Menit", self.minutes, self.percent)]
        for word, first, end in spans:
            if end - first > 1:
                self.sheet.merge_range(top, first, top, end - 1, "", style)
            if end > first:
                self.sheet.write_string(top, first, word, style)
        for place, day in enumerate(self.rekap.days, start=FIRST_DAY):
            self.sheet.write_number(top + 1, place, day.date.day, style)
            self.sheet.write_string(bottom, place, WEEKDAYS[day.date.weekday()][0], style)
        for place, word in enumerate((*self.rekap.day_columns, *self.rekap.minute_columns), start=self.counts):
            self.sheet.merge_range(top + 1, place, bottom, place, "", style)
            self.sheet.write_string(top + 1, place, word, style)
        self.row = bottom + 1
        self.sheet.freeze_panes(self.row, FIRST_DAY)
        self.sheet.repeat_rows(top, bottom)

    def _line(self, line: Line) -> None:
        plain = self.book.style(bottom=HAIR, valign="vcenter")
        self.sheet.set_row(self.row, LINE_HEIGHT * max(1, -(-len(line.name) // NAME_LETTERS)) + 3)
        self.sheet.write_number(
            self.row, 0, line.number, self.book.style(bottom=HAIR, valign="vcenter", align="center")
        )
        self.sheet.write_string(self.row, 1, line.name, self.book.style(bottom=HAIR, valign="vcenter", text_wrap=True))
        self.sheet.write_string(self.row, 2, line.nip or line.id_line, plain)
        for place, mark in enumerate(line.marks, start=FIRST_DAY):
            self.sheet.write_string(self.row, place, mark.words, self._mark(mark))
        self._figures(
            line.days, line.minutes, line.percent, {"bottom": HAIR, "valign": "vcenter", "num_format": NO_ZERO}
        )
        self.row += 1

    def _mark(self, mark: Mark) -> Format:
        size = 9 if len(mark.words) <= 3 else 7 if len(mark.words) <= 4 else 6
        look = {"bottom": HAIR, "align": "center", "valign": "vcenter", "font_size": size, "text_wrap": size == 6}
        return self.book.style(**look | MARKS[mark.shape])

    def _figures(self, days: Any, minutes: Any, percent: Any, look: dict[str, Any]) -> None:
        for place, number in enumerate((*days, *minutes), start=self.counts):
            edge = {"left": THIN} if place in {self.counts, self.minutes} else {}
            self.sheet.write_number(self.row, place, number, self.book.style(**look | edge))
        form = "0" if self.rekap.decimals == 0 else f"0.{'0' * self.rekap.decimals}"
        style = self.book.style(**look | {"num_format": form, "bold": True, "left": THIN})
        if percent is None:
            self.sheet.write_string(self.row, self.percent, "\N{EN DASH}", style)
        else:
            self.sheet.write_number(self.row, self.percent, percent, style)

    def _sums(self) -> None:
        look = {"bold": True, "top": THIN, "bottom": THIN}
        for column in range(self.counts):
            self.sheet.write_blank(self.row, column, None, self.book.style(**look))
        self.sheet.write_string(self.row, 1, "Jumlah", self.book.style(**look))
        days, minutes, percent = self.rekap.sums
        self._figures(days, minutes, percent, look | {"num_format": "0"})
        self.row += 2

    def _end(self) -> None:
        rekap, signer = self.rekap, self.rekap.signer
        codes = ", ".join(f"{mark.words or 'arsir'} = {told}" for mark, told in rekap.legend)
        told = [codes, rekap.explanation, *(f"{note.number}) {note.dates}: {note.text}" for note in rekap.notes)]
        told += [one.text for one in rekap.carried]
        for text in told:
            self.sheet.write_string(self.row, 1, text, self.book.style(font_size=8))
            self.row += 1
        self.row += 1
        left = [signer.second, "", "", "", signer.second_name, f"NIP {signer.second_nip}" if signer.second_nip else ""]
        right = [signer.place_and_date, signer.position, "", "", "", signer.name]
        right += [f"NIP {signer.nip}" if signer.nip else "", signer.signed_line]
        start = self.row
        for place, lines in ((1, ["", *left]), (max(self.counts - 10, FIRST_DAY), right)):
            for number, text in enumerate(lines):
                if text:
                    bold = text in {signer.name, signer.second_name}
                    self.sheet.write_string(start + number, place, text, self.book.style(bold=bold))
        self.sheet.print_area(0, 0, start + len(right), self.percent)


def _notes(book: Book, sheet: Worksheet, rekap: Rekap) -> None:
    rows: list[list[Value]] = [[note.number, note.dates, note.text] for note in rekap.notes]
    rows += [[None, "Penyesuaian", one.text] for one in rekap.carried]
    rows += [[None, word, value] for word, value in rekap.facts]
    rows += [[None, "Paket aturan", rekap.rules_line], [None, "Sidik isi SHA-256", rekap.digest]]
    book.table(sheet, 0, ("No.", "Tanggal", "Keterangan"), rows, (6, 26, 110))


def _data(book: Book, sheet: Worksheet, rekap: Rekap, month: MonthSheet) -> None:
    heads = (
        *("NPSN", "Sekolah", "Bulan", "Nama", "NIP", "NUPTK", "Status kepegawaian", "Tugas", "Tanggal", "Status"),
        *("Kode", "Menit terlambat", "Menit pulang awal", "Final", "Sebab belum final", "Catatan", "Sidik hari"),
    )
    widths = (10, 24, 16, 28, 21, 18, 12, 20, 13, 8, 14, 10, 10, 7, 22, 9, 66)
    book.table(sheet, 0, heads, _person_days(rekap, month), widths)


def _person_days(rekap: Rekap, month: MonthSheet) -> Iterator[list[Value]]:
    numbers = {line.number: line for line in rekap.lines}
    place = {day.date: number for number, day in enumerate(month.days)}
    when = month_words(month.year, month.month)
    for number, row in enumerate(month.rows, start=1):
        kind = str(StaffKind(row.staff_kind).label)
        person: list[Value] = [row.name, printed_nip(row.nip), row.nuptk, kind, row.duty]
        for cell in row.cells:
            note = numbers[number].marks[place[cell.date]].note
            yield [
                *(month.school.npsn, month.school.name, when, *person, cell.date, cell.status, " ".join(cell.codes)),
                *(cell.late, cell.early, "ya" if cell.final else "belum", cell.cause, note or None, cell.digest),
            ]
