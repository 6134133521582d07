"""The rekap on paper and as a spreadsheet: every cell is the sheet's, and every name fits."""

import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import typst
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from hadir.months.sheet import MonthSheet
from hadir.people.numbers import printed_nip
from hadir.reports.documents.printing import LETTERS, TEMPLATES, letters
from hadir.reports.documents.rekap import Line, Rekap, count_of
from hadir.reports.documents.rekap_pdf import rekap_data, rekap_form, rekap_pdf
from hadir.reports.documents.rekap_xlsx import rekap_xlsx
from hadir.reports.documents.sptjm import sptjm_form
from hadir.reports.documents.tests.made import HARD_NAMES, NOW, layout_of, rekap_made, sheet_of
from hadir.reports.documents.words import days_words, decimal_words

FIRST_DAY = 3


def read(sheet: MonthSheet, rekap: Rekap) -> CalamineWorkbook:
    """Return the workbook of a rekap as a reader of spreadsheets sees it."""
    return CalamineWorkbook.from_filelike(io.BytesIO(rekap_xlsx(rekap, sheet, layout_of(), now=NOW)))


def rows_of(book: CalamineWorkbook, name: str) -> list[list[Any]]:
    """Return all rows of a sheet."""
    return book.get_sheet_by_name(name).to_python(skip_empty_area=False)


@pytest.mark.parametrize("people", [1, 40, 120])
def test_every_cell_of_the_spreadsheet_is_the_sheets(people: int):
    sheet = sheet_of(people, names=HARD_NAMES, adjustments=2)
    rekap = rekap_made(sheet, layout_of())
    book = read(sheet, rekap)
    page = {int(row[0]): row for row in rows_of(book, "Rekap") if isinstance(row[0], float)}
    assert sorted(page) == list(range(1, people + 1))
    printed = {"H": "•", "L": "", "T": "T", "A": "A"}
    for number, person in enumerate(sheet.rows, start=1):
        row = page[number]
        assert row[1] == person.name
        assert row[2] == (printed_nip(person.nip) or "tanpa NIP")
        for place, cell in enumerate(person.cells, start=FIRST_DAY):
            expected = " ".join(cell.codes) if cell.codes else printed.get(cell.status, cell.status)
            expected = {"TEKNIS": "AT", "DL": "• DL" if cell.status == "H" else "DL"}.get(expected, expected)
            assert row[place] == expected, (person.name, cell)
        after = FIRST_DAY + len(person.cells)
        counts = [count_of(person.totals, column) for column in rekap.day_columns]
        assert row[after : after + 9] == counts
        assert row[after + 9 : after + 11] == [person.totals.late, person.totals.early]
        present = person.totals.count("H") + person.totals.count("DL")
        decided = person.totals.working_days - person.totals.count("T")
        assert row[after + 11] == pytest.approx(100 * present / decided, abs=0.0501)


def test_the_last_row_is_the_sum_of_the_others():
    sheet = sheet_of(40)
    rekap = rekap_made(sheet, layout_of())
    page = rows_of(read(sheet, rekap), "Rekap")
    people = [row for row in page if isinstance(row[0], float)]
    total = next(row for row in page if row[1] == "Jumlah")
    for place in range(FIRST_DAY + 31, FIRST_DAY + 31 + 11):
        assert total[place] == sum(row[place] for row in people)


def test_every_person_day_is_a_row_with_a_real_date():
    sheet = sheet_of(3)
    rows = rows_of(read(sheet, rekap_made(sheet, layout_of())), "Data")
    assert len(rows) == 1 + 3 * 31
    assert rows[1][8] == date(2026, 10, 1)
    assert [row[9] for row in rows[1:32]] == [cell.status for cell in sheet.rows[0].cells]
    assert [row[16] for row in rows[1:32]] == [cell.digest for cell in sheet.rows[0].cells]


def test_no_name_is_ever_a_formula():
    sheet = sheet_of(len(HARD_NAMES), names=HARD_NAMES)
    content = rekap_xlsx(rekap_made(sheet, layout_of()), sheet, layout_of(), now=NOW)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/"):
                text = parts.read(name).decode()
                assert "<f>" not in text
                assert "<hyperlink" not in text


@pytest.mark.parametrize(("people", "pages"), [(1, 1), (12, 1), (40, 3), (120, 6)])
def test_the_paper_has_its_pages_and_the_signature_is_not_alone(people: int, pages: int):
    layout = layout_of()
    form = rekap_form(rekap_made(sheet_of(people), layout), layout, now=NOW)
    assert form.page_of("signature") == form.page_of("rows")
    pictures = form.pictures(ppi=36)
    assert len(pictures) in {pages, pages + 1}
    assert form.page_of("signature") == len(pictures)


@pytest.mark.parametrize("paper", ["a4", "f4"])
def test_names_of_any_letters_are_set_as_they_are(paper: str):
    layout = layout_of(f'[kertas]\nukuran = "{paper}"')
    rekap = rekap_made(sheet_of(len(HARD_NAMES), names=HARD_NAMES), layout, signed=True)
    assert rekap_pdf(rekap, layout, now=NOW).startswith(b"%PDF-")


def printed(made: bytes) -> list[str]:
    """Return the lines of a PDF as a reader copies and searches them, without white space."""
    pages = PdfReader(io.BytesIO(made)).pages
    return ["".join(line.split()) for page in pages for line in page.extract_text().splitlines()]


def row_of(line: Line) -> str:
    """Return a person's row as printed, without white space: a present day is a dot that is no text, 0 is nothing."""
    marks = [f"{mark.top.strip('•')}{mark.bottom}{mark.note or ''}" for mark in line.marks if mark.shape != "off"]
    figures = [str(one) for one in line.days + line.minutes if one]
    whole = [str(line.number), line.name, line.id_line, *marks, *figures, decimal_words(line.percent)]
    return "".join("".join(whole).split())


@pytest.mark.parametrize("people", [1, 60])
def test_every_row_is_printed_once_with_its_marks_and_figures(people: int):
    layout = layout_of()
    rekap = rekap_made(sheet_of(people), layout)
    lines = printed(rekap_pdf(rekap, layout, now=NOW))
    assert [one for one in lines if "Guru" in one and "S.Pd." in one][:people] == [row_of(one) for one in rekap.lines]
    days, minutes, percent = rekap.sums
    sums = "".join(str(one) for one in days + minutes) + decimal_words(percent)
    assert lines.count(f"Jumlah{sums}") == 1


def test_a_name_is_found_in_the_paper_beside_one_that_is_broken():
    layout = layout_of()
    rekap = rekap_made(sheet_of(len(HARD_NAMES), names=HARD_NAMES), layout, signed=True)
    text = "".join(printed(rekap_pdf(rekap, layout, now=NOW)))
    from_right, marked = HARD_NAMES[4], HARD_NAMES[6]  # a reader orders these two as it likes
    for name in set(HARD_NAMES) - {from_right, marked}:
        assert "".join(name.split()) in text


def test_every_letter_of_the_names_has_a_font():
    if not LETTERS.is_dir():
        pytest.skip("build/fonts is missing: make build/fonts/.ready")
    layout = layout_of()
    data = rekap_data(rekap_made(sheet_of(len(HARD_NAMES), names=HARD_NAMES), layout), layout)
    compiler = typst.Compiler(
        TEMPLATES / "rekap.typ",
        root=TEMPLATES,
        font_paths=letters(),
        sys_inputs={"data": json.dumps(data, default=str)},
    )
    _made, warnings = compiler.compile_with_warnings(format="pdf")
    assert [warning.message for warning in warnings] == []


def test_notes_that_fill_pages_come_before_the_signature():
    layout = layout_of()
    rekap = rekap_made(sheet_of(60, holes=31, adjustments=40), layout)
    assert len(rekap.notes) >= 25
    form = rekap_form(rekap, layout, now=NOW)
    assert form.page_of("signature") == len(form.pictures(ppi=30))


def test_what_is_not_closed_says_so_and_what_is_signed_does_not():
    layout = layout_of()
    sheet = sheet_of(3)
    draft, final = rekap_made(sheet, layout), rekap_made(sheet, layout, signed=True)
    assert draft.provisional
    assert draft.place_line.startswith("SEMENTARA")
    assert not final.provisional
    assert "SEMENTARA" not in final.place_line
    assert final.signer.name == "Siti Aminah, M.Pd."
    assert final.signer.signed_line == "Ditandatangani di Hadir 1 November 2026 pukul 07.05 WIB"
    for rekap in (draft, final):
        assert sheet.digest()[:4] in rekap.rules_line
        assert "contoh-8f3a2b1c9d0e" in rekap.rules_line


def test_a_waiting_day_has_a_note_with_its_cause_and_dates():
    rekap = rekap_made(sheet_of(2, holes=3), layout_of())
    note = rekap.notes[0]
    assert note.dates == "1 Oktober"
    assert note.text == "perangkat sekolah baru terdengar sampai 01-10-2026 06.40."
    assert rekap.lines[0].marks[0].shape == "pending"
    assert rekap.lines[0].marks[0].note == rekap.lines[1].marks[0].note == 1


def test_adjustments_tell_old_new_cause_and_effect():
    rekap = rekap_made(sheet_of(1, adjustments=1), layout_of())
    assert [one.text for one in rekap.carried] == [
        "Hosnol Khotimah, 1 September 2026: semula A, menjadi H TL1. Catatan datang; "
        "tanpa keterangan -1 hari, menit terlambat +9."
    ]


def test_the_percent_follows_the_layout():
    sheet = sheet_of(1)
    totals = sheet.rows[0].totals
    other = layout_of('[rekap.persen]\nhadir = ["H"]\nkurangi = []\ndesimal = 2')
    line = rekap_made(sheet, other).lines[0]
    assert line.percent == round(Decimal(100) * totals.count("H") / totals.working_days, 2)


def test_the_statement_is_one_page_for_any_letters():
    layout = layout_of()
    sheet = sheet_of(2, names=HARD_NAMES)
    form = sptjm_form(rekap_made(sheet, layout, signed=True), sheet, layout, now=NOW)
    assert len(form.pictures(ppi=36)) == 1


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([24], "24 September"),
        ([25, 24], "24 dan 25 September"),
        ([1, 2, 3, 4, 7], "1\N{EN DASH}4 dan 7 September"),
        ([1, 3, 5, 3], "1, 3 dan 5 September"),
    ],
)
def test_dates_are_told_shortly(days: list[int], words: str):
    assert days_words(date(2026, 9, day) for day in days) == words


def test_dates_of_several_months_stand_apart():
    assert days_words([date(2026, 9, 30), date(2026, 10, 1)]) == "30 September; 1 Oktober"


def test_a_coat_of_arms_is_printed(tmp_path: Path):
    (tmp_path / "l.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><rect width='9' height='9'/></svg>"
    )
    with_arms = layout_of('[kop]\nlambang = "l.svg"', tmp_path)
    sheet = sheet_of(1)
    plain = rekap_form(rekap_made(sheet, layout_of()), layout_of(), now=NOW).pictures(ppi=36)
    assert rekap_form(rekap_made(sheet, with_arms), with_arms, now=NOW).pictures(ppi=36) != plain
