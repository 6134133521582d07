"""A school's day as a CSV file (RFC 4180, UTF-8 with a mark that office programs look for)."""

import csv
import io
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hadir.people.numbers import printed_nip
from hadir.reports.board import Board

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""First letters that make a spreadsheet run a cell as a formula (OWASP, CSV injection)."""


def plain_cell(text: str) -> str:
    """Return the text so that no spreadsheet takes it for a formula: an apostrophe goes before a dangerous letter."""
    return f"'{text}" if text.lstrip(" \N{NO-BREAK SPACE}\ufeff").startswith(DANGEROUS) else text


def _time(moment: datetime | None) -> str:
    """Return "06:58" in the active time zone: with a colon, which every spreadsheet takes for a time."""
    return localtime(moment).strftime("%H:%M") if moment else ""


def board_file(board: Board) -> bytes:
    """Return the file: one line a person, each with school and date, so that files can be joined below each other."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(
        [
            "NPSN",
            _("Sekolah"),
            _("Tanggal"),
            _("Nama"),
            "NIP",
            _("Tugas"),
            _("Keadaan"),
            pgettext("waktu datang", "Masuk"),
            pgettext("waktu pulang", "Pulang"),
            _("Terlihat di"),
            _("Contoh"),
            _("Keterangan"),
        ]
    )
    for row in board.rows:
        cells = [
            board.school.npsn,
            board.school.name,
            board.day.isoformat(),
            row.name,
            printed_nip(row.nip),
            row.duty,
            row.mark.word,
            _time(row.first),
            _time(row.last),
            row.place,
            _("ya") if row.sample else "",
            " ".join(row.notes),
        ]
        writer.writerow([plain_cell(cell) for cell in cells])
    return stream.getvalue().encode("utf-8-sig")
