"""The register of machines as a spreadsheet, one line a machine, as an asset register wants it."""

import io
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from hadir.terminals.queries import RegisterRow


def register_file(rows: Sequence[RegisterRow], now: datetime) -> bytes:
    """Return the file. Serials and NPSN are text; nothing that somebody typed is ever taken for a formula."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet(_("Mesin"))
        bold, money = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "#,##0"})
        day = book.add_format({"num_format": "dd/mm/yyyy", "align": "left"})
        heads = (
            *("NPSN", _("Sekolah"), _("Nama mesin"), _("Jenis"), _("Merek"), _("Tipe"), _("Nomor seri")),
            *(_("Harga (rupiah)"), _("Tanggal beli"), _("Sumber dana"), _("Kondisi"), _("Dipakai di")),
            *(_("Terdaftar sejak"), _("Dinonaktifkan")),
        )
        for place, (head, width) in enumerate(
            zip(heads, (10, 30, 22, 12, 14, 16, 20, 15, 13, 14, 13, 22, 14, 14), strict=True)
        ):
            sheet.write_string(0, place, str(head), bold)
            sheet.set_column(place, place, width)
        for number, row in enumerate(rows, start=1):
            terminal, device = row.terminal, row.terminal.device
            texts = (row.npsn, row.school, device.name, device.get_kind_display(), terminal.brand, terminal.model)
            for place, text in enumerate((*texts, terminal.serial)):
                sheet.write_string(number, place, str(text))
            if terminal.price is not None:
                sheet.write_number(number, 7, terminal.price, money)
            if terminal.bought_on:
                sheet.write_datetime(number, 8, datetime.combine(terminal.bought_on, datetime.min.time()), day)
            marks = (terminal.get_fund_display(), terminal.get_condition_display(), terminal.where_used)
            for place, text in enumerate(marks, start=9):
                sheet.write_string(number, place, str(text))
            if row.since:
                sheet.write_datetime(number, 12, datetime.combine(row.since, datetime.min.time()), day)
            if device.revoked_at:
                ended = localtime(device.revoked_at).replace(tzinfo=None)
                sheet.write_datetime(number, 13, ended, day)
        sheet.freeze_panes(1, 3)
        sheet.autofilter(0, 0, max(len(rows), 1), len(heads) - 1)
        sheet.set_landscape()
        sheet.set_footer(f"&L{localtime(now):%d/%m/%Y %H.%M}&R&P / &N")
    return stream.getvalue()
