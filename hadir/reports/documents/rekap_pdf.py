"""The rekap as a PDF for print."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from hadir.reports.documents.layout import Layout
from hadir.reports.documents.printing import Form
from hadir.reports.documents.rekap import Line, Rekap
from hadir.reports.documents.words import WEEKDAYS, decimal_words

FEW_NOTES = 9
"""So many notes and adjustments stand beside the signature; more get lines of their own before it."""
TOGETHER = 3
"""So many people at least share the last page with the signature."""
LONG_WORD = 18
WIDTHS = {"a4": 275, "f4": 308}
NAME_WIDTH, FIXED_WIDTH = 38.0, 7 + 10.5
DAY_WIDTHS = (4.5, 5.2)


def rekap_pdf(rekap: Rekap, layout: Layout, *, now: datetime) -> bytes:
    """Return the PDF. Raises HadirError `document_failed`."""
    return rekap_form(rekap, layout, now=now).pdf(tagged=False)


def rekap_form(rekap: Rekap, layout: Layout, *, now: datetime) -> Form:
    """Return the form, with a page break before the last few people where the signature would stand without any.

    Notes that fill pages come between people and signature; then the last of the notes stand beside it.
    """
    data = rekap_data(rekap, layout)
    form = Form("rekap.typ", data, now=now)
    if _together(form):
        return form
    data["split"] = max(len(rekap.lines) - TOGETHER + 1, 2)
    parted = Form("rekap.typ", data, now=now)
    return parted if _together(parted) else form


def _together(form: Form) -> bool:
    return form.page_of("signature") == form.page_of("rows")


def rekap_data(rekap: Rekap, layout: Layout) -> dict[str, Any]:
    """Return what the template reads; figures that need a comma are words already."""
    days, minutes, percent = rekap.sums
    return {
        "paper": layout.paper,
        "document_title": f"{rekap.title}, {rekap.place_line}",
        "crest": list(layout.crest.read_bytes()) if layout.crest else None,
        "head": asdict(rekap.head),
        "title": rekap.title,
        "provisional": rekap.provisional,
        "facts": rekap.facts,
        "days": [{"number": day.date.day, "letter": WEEKDAYS[day.date.weekday()][0]} for day in rekap.days],
        "day_width": _day_width(rekap, layout),
        "day_columns": rekap.day_columns,
        "minute_columns": rekap.minute_columns,
        "percent_title": rekap.percent_title,
        "groups": [{"title": group.title, "lines": [_line(one) for one in group.lines]} for group in rekap.groups],
        "sums": {"days": days, "minutes": minutes, "percent": decimal_words(percent)},
        "legend": [{"mark": asdict(mark), "words": told} for mark, told in rekap.legend],
        "explanation": rekap.explanation,
        "notes": [asdict(note) for note in rekap.notes],
        "carried": [one.text for one in rekap.carried],
        "few_notes": len(rekap.notes) + len(rekap.carried) <= FEW_NOTES,
        "signer": asdict(rekap.signer),
        "rules_line": rekap.rules_line,
        "place_line": rekap.place_line,
        "split": 0,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "number": line.number,
        "name": line.name,
        "id_line": line.id_line,
        "long": any(len(word) > LONG_WORD for word in line.name.split()),
        "marks": [asdict(mark) for mark in line.marks],
        "days": line.days,
        "minutes": line.minutes,
        "percent": decimal_words(line.percent),
    }


def _day_width(rekap: Rekap, layout: Layout) -> float:
    """Return the millimetres of a day's column: what names and figures leave, within what can be read."""
    figures = sum(7.4 if len(word) > 2 else 6.1 for word in rekap.day_columns) + 8.6 * len(rekap.minute_columns)
    room = (WIDTHS[layout.paper] - FIXED_WIDTH - NAME_WIDTH - figures) / len(rekap.days)
    return round(min(max(room, DAY_WIDTHS[0]), DAY_WIDTHS[1]), 2)
