"""What an office enters for the allowance (TPP): days without explanation, late and early codes, minutes, percent.

The percent is by the table that the office has chosen, and there is none by itself: the tables that come with Hadir
are examples, off until an office switches one on (`aktif` in its rule pack) and names it in its layout.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from hadir.core.clock import month_bounds
from hadir.core.errors import HadirError
from hadir.months.sheet_building import line_of
from hadir.people.models import StaffKind
from hadir.people.numbers import printed_nip
from hadir.reports.documents import words
from hadir.reports.documents.layout import Layout
from hadir.reports.documents.tpp_parts import Part, SchoolMonth, carried_absent, parts_of
from hadir.reports.documents.workbook import Book, Value
from hadir.reports.export import plain_cell
from hadir.reports.held_days import Stored, whole_and_seen
from hadir.rules.pack import Pack
from hadir.rules.period import DayLine, judge_period
from hadir.rules.verdict import ABSENT, PENDING
from hadir.schools.models import School

CODES = tuple(f"{side}{number}" for side in ("TL", "PSW") for number in range(1, 5))
HEADS = (
    *("NIP", "Nama", "Status kepegawaian", "NPSN", "Sekolah", "Hari kerja", "TK"),
    *CODES,
    *("Menit terlambat", "Menit pulang awal", "Tertunda"),
    *("Penyesuaian TK", "Penyesuaian menit terlambat", "Penyesuaian menit pulang awal"),
    *("Potongan %", "Keadaan bulan", "Paket aturan", "Sidik rekap"),
)
"""The three of *penyesuaian* are what later facts changed in earlier, closed months: signed differences, carried into
this month and in none of its other columns."""
WIDTHS = (21, 30, 14, 10, 26, 8, 6, *(6 for _ in CODES), 10, 10, 9, 12, 12, 12, 10, 12, 24, 66)
CLOSED, OPEN = "ditutup", "sementara"


def tpp_rows(
    schools: Iterable[School], year: int, month: int, layout: Layout, *, now: datetime
) -> Iterator[Sequence[Value]]:
    """Yield a row a person, in the order of the schools (loaded by `with_places`).

    People of several schools come last, each once, with the days at those of them that were asked for; whether a date
    counts as absent is decided over all of them. Raises HadirError `deduction_unusable`, `rule_pack_unusable`.
    """
    _first, last = month_bounds(year, month)
    for parts in parts_of(schools, year, month, now=now):
        yield _values(parts, layout, last)


def _values(parts: Sequence[Part], layout: Layout, last: date) -> Sequence[Value]:
    shown = [part for part in parts if part.shown]
    row, months = shown[0].row, [part.month for part in shown]
    counted = _counted(_lines(parts), months[0].pack, row.staff_kind, layout, last)
    carried = [one for part in shown for one in part.carried]
    return (
        printed_nip(row.nip),
        row.name,
        str(StaffKind(row.staff_kind).label) if row.staff_kind else "",
        months[0].sheet.school.npsn,
        "; ".join(month.sheet.school.name for month in months),
        *counted[:-1],
        carried_absent(parts) if carried else 0,
        sum(one.late for one in carried),
        sum(one.early for one in carried),
        counted[-1],
        CLOSED if all(month.closed for month in months) else OPEN,
        _rules(months, reckoned=counted[-1] is not None),
        "; ".join(month.digest for month in months),
    )


def _lines(parts: Sequence[Part]) -> list[DayLine]:
    """Return the dates of a person at the schools asked for."""
    stored = [
        Stored(part.row.person, part.month.sheet.school.id, line_of(cell), cell.cause)
        for part in parts
        for cell in part.row.cells
    ]
    _whole, seen = whole_and_seen(stored, {part.month.sheet.school.id for part in parts if part.shown})
    return seen


def _rules(months: Sequence[SchoolMonth], *, reckoned: bool) -> str:
    """Return the versions of the rule pack: those that judged and added up, and another one that gave the percent."""
    versions = "; ".join(
        dict.fromkeys(one for month in months for one in (*month.sheet.rules, month.sheet.period_rules))
    )
    used = months[0].pack.version
    if not reckoned or all(month.sheet.period_rules == used for month in months):
        return versions
    return f"{versions}; potongan dihitung dengan {used}"


def _counted(lines: Sequence[DayLine], pack: Pack, staff_kind: str, layout: Layout, last: date) -> tuple[Value, ...]:
    """Return working days, TK, the codes, minutes, pending days and the percent."""
    table = chosen_table(pack, layout, last)
    if not lines:
        return (0, 0, *(0 for _ in CODES), 0, 0, 0, None)
    total = judge_period(lines, pack=pack, staff_kind=staff_kind, deduction_table=table)
    return (
        total.working_days,
        total.statuses.get(ABSENT, 0),
        *(total.codes.get(code, 0) for code in CODES),
        total.late,
        total.early,
        total.statuses.get(PENDING, 0),
        total.deduction.percent if total.deduction else None,
    )


def chosen_table(pack: Pack, layout: Layout, day: date) -> str | None:
    """Return the key of the deduction table that the office has chosen; None where it has chosen none.

    Raises HadirError `deduction_unusable` for a table that the pack does not have, or that is only an example.
    """
    key = layout.deduction_table
    if not key:
        return None
    tables = pack.period_rules(day).deductions
    if key not in tables:
        known = ", ".join(tables) or "belum ada"
        raise HadirError("deduction_unusable", table=key, cause=f"tidak ada di paket {pack.name} (yang ada: {known})")
    if not tables[key].active:
        raise HadirError("deduction_unusable", table=key, cause="masih contoh, belum diaktifkan kantor")
    return key


def tpp_xlsx(rows: Iterable[Sequence[Value]], year: int, month: int, layout: Layout, *, now: datetime) -> bytes:
    """Return the list as a workbook; rows are written as they come."""
    title = f"Bahan TPP {words.month_words(year, month)}"
    book = Book(title=title, now=now, rows_in_order=True)
    told = f"dicetak {words.moment_words(now, 'Asia/Jakarta')}"
    sheet = book.sheet("TPP", paper=layout.paper, across=True, left=f"Hadir · {told}", right=title)
    book.table(sheet, 0, HEADS, rows, WIDTHS)
    return book.content()


def tpp_csv(rows: Iterable[Sequence[Value]]) -> bytes:
    """Return the list as CSV (RFC 4180, UTF-8 with a mark that office programs look for); percent with a point."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(HEADS)
    for row in rows:
        writer.writerow(["" if one is None else plain_cell(one) if isinstance(one, str) else str(one) for one in row])
    return stream.getvalue().encode("utf-8-sig")
