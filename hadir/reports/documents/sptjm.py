"""The statement of responsibility (SPTJM) of the head of a school for one month."""

from dataclasses import asdict
from datetime import datetime

from hadir.months.sheet import MonthSheet
from hadir.reports.documents import words
from hadir.reports.documents.layout import Layout, fill
from hadir.reports.documents.printing import Form
from hadir.reports.documents.rekap import Rekap


def sptjm_form(rekap: Rekap, sheet: MonthSheet, layout: Layout, *, now: datetime) -> Form:
    """Return the form; its figures and digest are those of the rekap."""
    known = {**words.school_words(sheet.school), "bulan": rekap.month}
    days, minutes, percent = rekap.sums
    figures = [(word, str(number)) for word, number in zip(rekap.day_columns, days, strict=True)]
    figures += [(f"menit {word}", str(number)) for word, number in zip(rekap.minute_columns, minutes, strict=True)]
    data = {
        "paper": layout.paper,
        "document_title": f"{layout.statement_title}, {rekap.place_line}",
        "crest": list(layout.crest.read_bytes()) if layout.crest else None,
        "head": asdict(rekap.head),
        "title": layout.statement_title,
        "provisional": rekap.provisional,
        "month": rekap.month,
        "who": [
            ("Nama", rekap.signer.name or "................................"),
            ("NIP", rekap.signer.nip or "................................"),
            ("Jabatan", rekap.signer.position.rstrip(",")),
            ("NPSN", sheet.school.npsn),
            ("Kecamatan", sheet.school.district),
        ],
        "statements": [fill(text, known) for text in layout.statement],
        "summary": [("orang", str(len(rekap.lines))), *figures, ("%", words.decimal_words(percent))],
        "digest": rekap.digest,
        "closing": fill(layout.closing, known),
        "signer": asdict(rekap.signer),
        "rules_line": rekap.rules_line,
        "place_line": rekap.place_line,
    }
    return Form("sptjm.typ", data, now=now)
