"""One person's year on paper and as a spreadsheet: a row a month, what it adds up to, and every day that counts."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hadir.attendance.models import PersonDay
from hadir.core.errors import HadirError
from hadir.months.sheet import SheetCell, SheetDay, SheetSchool, SheetTotals
from hadir.people.models import Person, StaffKind
from hadir.people.numbers import printed_nip
from hadir.reports.documents import words
from hadir.reports.documents.layout import Layout
from hadir.reports.documents.letterhead import Letterhead, letterhead
from hadir.reports.documents.printing import Form
from hadir.reports.documents.rekap import Mark, count_of, legend_of, mark_of, minutes_of, percent_of
from hadir.reports.documents.tallies import Packs, home_of
from hadir.reports.documents.workbook import Book, Value
from hadir.reports.held_days import Stored, whole_and_seen
from hadir.reports.whole_days import look_back, proposal_of, with_run_before
from hadir.rules.period import DayLine, PeriodVerdict, is_missed, judge_period
from hadir.rules.verdict import ABSENT, DAY_OFF

LONGEST = 31


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month: a mark for each of 31 columns, and its figures."""

    name: str
    marks: tuple[Mark, ...]
    days: tuple[int, ...]
    minutes: tuple[int, ...]
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class YearSheet:
    """A person's year, before typesetting. `stored`: the person-days it was made of, for the sheet of rows."""

    head: Letterhead
    name: str
    facts: tuple[tuple[str, str], ...]
    months: tuple[MonthLine, ...]
    total: MonthLine
    summary: tuple[tuple[str, str], ...]
    legend: tuple[tuple[Mark, str], ...]
    stored: tuple[PersonDay, ...]
    year: int
    rules_line: str
    place_line: str
    digest: str


def year_sheet(
    person: Person, year: int, layout: Layout, *, now: datetime, schools: Collection[Any] | None = None
) -> YearSheet:
    """Return a person's year at all their schools (only at `schools` unless None).

    Whether a date counts as absent, and the step, are decided over all schools, for every reader alike.

    Raises HadirError `no_assignment` for somebody who never belonged anywhere, `rule_pack_unusable`.
    """
    last = date(year, 12, 31)
    home = home_of(person, last)
    if home is None:
        raise HadirError("no_assignment")
    first = date(year, 1, 1)
    rows = PersonDay.objects.filter(person=person, day__gte=look_back(first), day__lte=last)
    rows = rows.select_related("school").order_by("day", "school")
    found = list(rows)
    whole, seen = whole_and_seen([_stored(row) for row in found], schools)
    stored = tuple(row for row in found if row.day >= first and (schools is None or row.school_id in schools))
    lines = [line for line in seen if line.day >= first]
    pack = Packs(last).of(home.school)
    verdict = judge_period(with_run_before(whole, first), pack=pack, staff_kind=home.staff_kind) if lines else None
    digest = _digest(person, year, stored)
    school = SheetSchool.of(home.school)
    versions = ", ".join(sorted({row.rules for row in stored})) or pack.version
    return YearSheet(
        head=letterhead(school, layout),
        name=person.full_name,
        facts=(
            ("Nama", person.full_name),
            ("NIP", printed_nip(person.nip) or "tanpa NIP"),
            ("Status", str(StaffKind(home.staff_kind).label)),
            ("Tugas", home.duty),
            ("Tahun", str(year)),
        ),
        months=tuple(_month(year, month, lines, layout) for month in range(1, 13)),
        total=_line("Jumlah", (), lines, layout),
        summary=_summary([line for line in whole if line.day >= first], verdict, year),
        legend=legend_of(
            {line.status for line in lines}, {code for line in lines for code in line.codes}, layout.codes
        ),
        stored=stored,
        year=year,
        rules_line=(
            f"Paket aturan {versions} · dicetak {words.moment_words(now, school.time_zone)} · "
            f"sidik isi SHA-256 {words.grouped_digest(digest)}"
        ),
        place_line=f"{person.full_name} · {school.name} · NPSN {school.npsn} · {year}",
        digest=digest,
    )


def _stored(row: PersonDay) -> Stored:
    line = DayLine(row.day, row.status, tuple(row.codes), row.late, row.early, row.final)
    return Stored(row.person_id, row.school_id, line, row.cause)


def _digest(person: Person, year: int, stored: Sequence[PersonDay]) -> str:
    content = [str(person.pk), year, [[row.day.isoformat(), row.status, row.codes, row.digest] for row in stored]]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _month(year: int, month: int, lines: Sequence[DayLine], layout: Layout) -> MonthLine:
    here = {line.day.day: line for line in lines if line.day.month == month}
    length = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    marks = [
        mark_of(_cell(here.get(number)), SheetDay(date(year, month, number), False, ""), layout.codes)
        for number in range(1, length + 1)
    ]
    marks += [Mark("empty", "", "", 0)] * (LONGEST - length)
    return _line(words.MONTHS[month - 1], marks, list(here.values()), layout)


def _cell(line: DayLine | None) -> SheetCell | None:
    if line is None:
        return None
    return SheetCell(line.day, line.status, line.codes, line.late, line.early, line.final, (), "", (), "")


def _line(name: str, marks: Sequence[Mark], lines: Sequence[DayLine], layout: Layout) -> MonthLine:
    settled = [line for line in lines if line.final]
    totals = SheetTotals(
        statuses=Counter(line.status for line in lines),
        codes=Counter(code for line in lines for code in line.codes if line.final or not is_missed(code)),
        working_days=sum(line.status not in {DAY_OFF, "-"} for line in lines),
        late=sum(line.late for line in settled),
        early=sum(line.early for line in settled),
    )
    return MonthLine(
        name=name,
        marks=tuple(marks),
        days=tuple(count_of(totals, column) for column in layout.days),
        minutes=tuple(minutes_of(totals, column) for column in layout.minutes),
        percent=percent_of(totals, layout.percent),
    )


def _summary(lines: Sequence[DayLine], verdict: PeriodVerdict | None, year: int) -> tuple[tuple[str, str], ...]:
    if verdict is None:
        return (("Isi", f"Belum ada hari yang tercatat pada {year}."),)
    count = verdict.years[-1]
    absent = [line.day for line in lines if line.status == ABSENT and line.final]
    told = [
        ("Tanpa keterangan", f"{count.absent} hari" + (f": {words.days_words(absent)}" if absent else "")),
        ("Menit yang dijadikan hari", f"{count.minutes} menit menjadi {count.minute_days} hari"),
        ("Jumlah hari tidak masuk", f"{count.unexcused} hari pada {year}"),
    ]
    proposal = proposal_of(count, verdict)
    if proposal is not None:
        reached = proposal.reached
        row = f" ({reached.step.days} hari berturut-turut)" if proposal.in_a_row else ""
        step = f"{reached.step.sanction}{row}, tercapai {words.date_words(reached.on)}."
        told.append(("Langkah PP 94/2021", f"{step} Usulan; seorang pejabat yang memutuskan."))
    if verdict.pending:
        told.append(("Tertunda, tidak dihitung", words.days_words(verdict.pending)))
    return tuple(told)


def year_form(sheet: YearSheet, layout: Layout, *, now: datetime) -> Form:
    """Return the form for print."""
    data = {
        "paper": layout.paper,
        "document_title": f"Kehadiran setahun, {sheet.place_line}",
        "crest": list(layout.crest.read_bytes()) if layout.crest else None,
        "head": asdict(sheet.head),
        "title": f"KEHADIRAN TAHUN {sheet.year}",
        "facts": sheet.facts,
        "day_columns": layout.days,
        "minute_columns": layout.minutes,
        "percent_title": layout.percent.title,
        "months": [_printed(one) for one in sheet.months],
        "sums": _printed(sheet.total),
        "legend": [{"mark": asdict(mark), "words": told} for mark, told in sheet.legend],
        "summary": sheet.summary,
        "rules_line": sheet.rules_line,
        "place_line": sheet.place_line,
    }
    return Form("year.typ", data, now=now)


def _printed(line: MonthLine) -> Mapping[str, Any]:
    return asdict(line) | {"percent": words.decimal_words(line.percent)}


def year_xlsx(sheet: YearSheet, layout: Layout, *, now: datetime) -> bytes:
    """Return the workbook: the months with their figures, and one row a person-day."""
    book = Book(title=f"Kehadiran {sheet.year}, {sheet.name}", now=now)
    months, about, days = (
        book.sheet(name, paper=layout.paper, across=True, left=sheet.rules_line, right=sheet.place_line)
        for name in ("Tahun", "Ringkasan", "Data")
    )
    heads = ("Bulan", *map(str, range(1, LONGEST + 1)), *layout.days, *(f"Menit {one}" for one in layout.minutes), "%")
    rows = [_row(one) for one in (*sheet.months, sheet.total)]
    figures = len(layout.days) + len(layout.minutes) + 1
    book.table(months, 0, heads, rows, (11, *[5.0] * LONGEST, *[6.0] * figures))
    told: list[list[Value]] = [[word, value] for word, value in (*sheet.facts, *sheet.summary)]
    told += [["Paket aturan", sheet.rules_line], ["Sidik isi SHA-256", sheet.digest]]
    book.table(about, 0, ("Hal", "Isi"), told, (28, 110))
    columns = (
        "Tanggal",
        "NPSN",
        "Sekolah",
        "Status",
        "Kode",
        "Menit terlambat",
        "Menit pulang awal",
        "Final",
        "Sidik hari",
    )
    book.table(days, 0, columns, _person_days(sheet), (13, 10, 28, 8, 14, 10, 10, 7, 66))
    return book.content()


def _row(line: MonthLine) -> list[Value]:
    marks: list[Value] = [mark.words for mark in line.marks] or [""] * LONGEST
    return [line.name, *marks, *line.days, *line.minutes, line.percent]


def _person_days(sheet: YearSheet) -> Iterator[list[Value]]:
    for row in sheet.stored:
        yield [
            *(row.day, row.school.npsn, row.school.name, row.status, " ".join(row.codes), row.late, row.early),
            *("ya" if row.final else "belum", row.digest),
        ]
