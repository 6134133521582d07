"""What an office enters for the allowance (TPP): days without explanation, late and early codes, minutes, percent.

The percent is by the table that the office has chosen, and there is none by itself: the tables that come with Hadir
are examples, off until an office switches one on (`aktif` in its rule pack) and names it in its layout.
"""

import csv
import io
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from hadir.core.clock import month_bounds
from hadir.core.errors import HadirError
from hadir.months.sheet import MonthSheet, SheetRow
from hadir.months.sheet_building import line_of
from hadir.people.models import Assignment, StaffKind
from hadir.people.numbers import printed_nip
from hadir.reports.documents import words
from hadir.reports.documents.layout import Layout
from hadir.reports.documents.sources import sheet_for
from hadir.reports.documents.tallies import Packs
from hadir.reports.documents.workbook import Book, Value
from hadir.reports.export import plain_cell
from hadir.reports.whole_days import Held, merged
from hadir.rules.pack import Pack
from hadir.rules.period import DayLine, judge_period
from hadir.rules.verdict import ABSENT, PENDING
from hadir.schools.models import School

CODES = tuple(f"{side}{number}" for side in ("TL", "PSW") for number in range(1, 5))
HEADS = (
    *("NIP", "Nama", "Status kepegawaian", "NPSN", "Sekolah", "Hari kerja", "TK"),
    *CODES,
    *("Menit terlambat", "Menit pulang awal", "Tertunda", "Potongan %", "Keadaan bulan", "Paket aturan", "Sidik rekap"),
)
WIDTHS = (21, 30, 14, 10, 26, 8, 6, *(6 for _ in CODES), 10, 10, 9, 10, 12, 24, 66)
CLOSED, OPEN = "ditutup", "sementara"


@dataclass(frozen=True, slots=True)
class _Month:
    """A school's month with its digest, made once for all its people."""

    sheet: MonthSheet
    digest: str
    pack: Pack
    closed: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """A person's row at one school."""

    row: SheetRow
    month: _Month


def tpp_rows(
    schools: Iterable[School], year: int, month: int, layout: Layout, *, now: datetime
) -> Iterator[Sequence[Value]]:
    """Yield a row a person, in the order of the schools (loaded by `with_places`).

    People of several of these schools come last, each once, with the days of all of them. A school without people that
    month is left out. Raises HadirError `deduction_unusable`, `rule_pack_unusable`.
    """
    first, last = month_bounds(year, month)
    several = _at_several(first, last)
    packs = Packs(last)
    held: dict[uuid.UUID, list[_Part]] = {}
    for school in schools:
        try:
            sheet, signed = sheet_for(school, year, month, now=now)
        except HadirError as error:
            if error.code != "month_empty":
                raise
            continue
        month_of_school = _Month(sheet, sheet.digest(), packs.of(school), closed=signed is not None)
        for row in sheet.rows:
            if row.person in several:
                held.setdefault(row.person, []).append(_Part(row, month_of_school))
            else:
                yield _values([_Part(row, month_of_school)], layout, last)
    for parts in held.values():
        yield _values(parts, layout, last)


def _at_several(first: date, last: date) -> set[uuid.UUID]:
    """Return who is assigned to more than one school in a period."""
    held = Assignment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first), valid_from__lte=last)
    counted = held.order_by().values("person").annotate(places=Count("school", distinct=True)).filter(places__gt=1)
    return set(counted.values_list("person", flat=True))


def _values(parts: Sequence[_Part], layout: Layout, last: date) -> Sequence[Value]:
    row, months = parts[0].row, [part.month for part in parts]
    lines = merged(Held(line_of(cell), cell.cause) for part in parts for cell in part.row.cells)
    versions = dict.fromkeys(one for month in months for one in (*month.sheet.rules, month.sheet.period_rules))
    return (
        printed_nip(row.nip),
        row.name,
        str(StaffKind(row.staff_kind).label),
        months[0].sheet.school.npsn,
        "; ".join(month.sheet.school.name for month in months),
        *_counted(lines, months[0].pack, row.staff_kind, layout, last),
        CLOSED if all(month.closed for month in months) else OPEN,
        "; ".join(versions),
        "; ".join(month.digest for month in months),
    )


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
