"""The side-by-side comparison as a spreadsheet: one sheet with the date, one with the agreement by date."""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hadir.terminals.comparison import Mark
from hadir.terminals.queries_comparison import Comparison

RESULTS: Mapping[str, Any] = {
    "same": gettext_lazy("Sama"),
    "minutes": gettext_lazy("Selisih menit"),
    "machine": gettext_lazy("Hanya sidik jari"),
    "face": gettext_lazy("Hanya wajah"),
    "machine_out": gettext_lazy("Pulang hanya sidik jari"),
    "face_out": gettext_lazy("Pulang hanya wajah"),
}
"""Each result as people read it."""
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def comparison_file(found: Comparison, now: datetime) -> bytes:
    """Return the file. Times are text with a colon; nothing that somebody typed is ever taken for a formula."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, OPTIONS) as book:
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        _day_sheet(book, found, bold)
        _days_sheet(book, found, bold)
        for sheet in book.worksheets():
            sheet.set_landscape()
            sheet.set_footer(f"&L{found.school.npsn} {localtime(now):%d/%m/%Y %H.%M}&R&P / &N")
    return stream.getvalue()


def _day_sheet(book: Any, found: Comparison, bold: Any) -> None:
    sheet = book.add_worksheet(f"{found.day:%Y-%m-%d}")
    sheet.write_string(0, 0, f"{found.school.name} ({found.school.npsn}), {found.day:%d/%m/%Y}")
    heads = (
        *(_("Nama"), _("Sidik jari masuk"), _("Sidik jari pulang"), _("Wajah masuk"), _("Wajah pulang")),
        *(_("Hasil"), _("Selisih (menit)"), _("Yang kami ketahui")),
    )
    for place, (head, width) in enumerate(zip(heads, (28, 11, 11, 11, 11, 22, 10, 44), strict=True)):
        sheet.write_string(2, place, str(head), bold)
        sheet.set_column(place, place, width)
    for number, line in enumerate(found.lines, start=3):
        marks = (line.machine.first, line.machine.last, line.face.first, line.face.last)
        cells = (line.person.name, *map(_time, marks), str(RESULTS[line.result]))
        for place, text in enumerate(cells):
            sheet.write_string(number, place, text)
        if line.result == "minutes":
            sheet.write_number(number, 6, line.minutes)
        sheet.write_string(number, 7, line.cause)
    if found.skew:
        ahead = _("Jam mesin lebih cepat %(minutes)s menit; sudah diperhitungkan dalam hasil.")
        behind = _("Jam mesin lebih lambat %(minutes)s menit; sudah diperhitungkan dalam hasil.")
        text = (ahead if found.skew > 0 else behind) % {"minutes": found.skew_minutes}
        sheet.write_string(len(found.lines) + 4, 0, text)
    sheet.freeze_panes(3, 1)


def _days_sheet(book: Any, found: Comparison, bold: Any) -> None:
    sheet = book.add_worksheet(_("Per hari"))
    for place, head in enumerate((_("Tanggal"), _("Sama"), _("Orang tercatat"), _("Persen"), _("Sudah lewat"))):
        sheet.write_string(0, place, str(head), bold)
    sheet.set_column(0, 4, 14)
    for number, day in enumerate(found.days, start=1):
        sheet.write_string(number, 0, f"{day.day:%Y-%m-%d}")
        for place, value in enumerate((day.same, day.total, day.percent), start=1):
            sheet.write_number(number, place, value)
        sheet.write_string(number, 4, _("ya") if day.is_over else _("belum"))


def _time(mark: Mark | None) -> str:
    return localtime(mark.shown).strftime("%H:%M:%S") if mark else ""
