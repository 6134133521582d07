"""A month's sheet as a page shows it: groups of people, day cells with their words, sums and adjustments."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hadir.attendance.marks import Mark, mark_of
from hadir.months.causes import say_cause
from hadir.months.models import Adjustment
from hadir.months.queries import say_meaning
from hadir.months.sheet import MonthSheet, SheetAdjustment, SheetCell, SheetDay, SheetRow
from hadir.people.models import StaffKind
from hadir.rules.verdict import ABSENT, DAY_OFF, NOT_COUNTED, PENDING, PRESENT

COLUMNS = (PRESENT, "TL", "PSW", "DL", "I", "S", "C", ABSENT, PENDING)
"""What is counted of a person, in the order of the printed form."""


@dataclass(frozen=True, slots=True)
class DayHead:
    """One column: the date, the first letter of its weekday, whether nobody works, and what the calendar calls it."""

    date: date
    letter: str
    off: bool
    label: str


@dataclass(frozen=True, slots=True)
class GridCell:
    """One date of a person. `words`: what it means, empty where there is nothing to say; `told`: worth opening."""

    date: date
    classes: str
    letter: str
    words: str
    told: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """One person: the row of the sheet, its cells, and its counts in the order of `COLUMNS`."""

    row: SheetRow
    number: int
    cells: Sequence[GridCell]
    counts: Sequence[int]

    @property
    def minutes(self) -> int:
        """Minutes missed on final days, late and early together."""
        return self.row.totals.late + self.row.totals.early

    @property
    def said(self) -> Sequence[tuple[str, int]]:
        """Return the counts that are not zero with their letters, for a narrow screen."""
        return [(name, number) for name, number in zip(COLUMNS, self.counts, strict=True) if number]


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one kind of staff."""

    word: str
    rows: Sequence[GridRow]


@dataclass(frozen=True, slots=True)
class Sums:
    """What the whole sheet adds up to. `attendance`: percent of all decided working days, None while there are none."""

    counts: Sequence[int]
    people: int
    late: int
    early: int
    provisional: int
    attendance: float | None

    def of(self, name: str) -> int:
        """Return the sum of one column."""
        return self.counts[COLUMNS.index(name)]

    minutes = property(lambda self: self.late + self.early)
    present = property(lambda self: self.of(PRESENT) + self.of("DL"))
    lates = property(lambda self: self.of("TL"))
    absent = property(lambda self: self.of(ABSENT))
    pending = property(lambda self: self.of(PENDING))
    leave = property(lambda self: self.of("I") + self.of("S") + self.of("C"))


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet, ready to be shown."""

    heads: Sequence[DayHead]
    groups: Sequence[Group]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Told:
    """Adjustments of one date that are alike, in words: whose, what the day was and is, why, and what that does."""

    people: Sequence[tuple[uuid.UUID, str]]
    date: date
    old: str
    new: str
    cause: str
    effect: str


def grid_of(sheet: MonthSheet) -> Grid:
    """Return a sheet as a page shows it."""
    number, groups = 0, []
    # Before the first judged day the school did not use Hadir: nothing is known of its holidays either.
    begun = min((cell.date for row in sheet.rows for cell in row.cells), default=sheet.first)
    for kind, rows in groupby(sheet.rows, key=lambda row: row.staff_kind):
        made = []
        for row in rows:
            number += 1
            cells = {cell.date: cell for cell in row.cells}
            made.append(
                GridRow(row, number, [_cell(day, cells.get(day.date), begun) for day in sheet.days], counts_of(row))
            )
        groups.append(Group(str(StaffKind(kind).label), made))
    heads = [
        DayHead(day.date, date_format(day.date, "D")[:1], day.off and day.date >= begun, day.label)
        for day in sheet.days
    ]
    return Grid(heads, groups, _sums(sheet))


def counts_of(row: SheetRow) -> Sequence[int]:
    """Return the counts of a person in the order of `COLUMNS`."""
    totals = row.totals
    return [totals.codes_of(name) if name in {"TL", "PSW"} else totals.count(name) for name in COLUMNS]


def pending_dates(sheet: MonthSheet) -> Mapping[str, Mapping[date, int]]:
    """Return the dates on which days wait, by cause, each with the number of people."""
    found: dict[str, dict[date, int]] = {}
    for row in sheet.rows:
        for cell in row.cells:
            if cell.status == PENDING:
                days = found.setdefault(cell.cause, {})
                days[cell.date] = days.get(cell.date, 0) + 1
    return {cause: dict(sorted(days.items())) for cause, days in found.items()}


def _cell(day: SheetDay, cell: SheetCell | None, begun: date) -> GridCell:
    if cell is None:
        return GridCell(day.date, "dc-off" if day.off and day.date >= begun else "", "", "", told=False)
    mark = mark_of(cell.status, cell.codes, cell.late, cell.early, final=cell.final)
    return GridCell(day.date, mark.cell, _letter(cell, mark), mark.word, told=_is_told(cell))


def _letter(cell: SheetCell, mark: Mark) -> str:
    """Return what stands in the cell; presence needs no letter."""
    if cell.status == PRESENT:
        return ""
    return "" if cell.status in {DAY_OFF, NOT_COUNTED} else mark.letter


def _is_told(cell: SheetCell) -> bool:
    """Tell whether the story of a day is worth a link: whatever is not a plain day at work or off."""
    return cell.status not in {PRESENT, DAY_OFF, NOT_COUNTED} or bool(cell.late or cell.early or cell.flags)


def _sums(sheet: MonthSheet) -> Sums:
    counts = [sum(column) for column in zip(*(counts_of(row) for row in sheet.rows), strict=True)] or [0] * len(COLUMNS)
    rated = [(row.totals.attendance, _decided(row)) for row in sheet.rows if row.totals.attendance is not None]
    weight = sum(days for _percent, days in rated)
    return Sums(
        counts=counts,
        people=len(sheet.rows),
        late=sum(row.totals.late for row in sheet.rows),
        early=sum(row.totals.early for row in sheet.rows),
        provisional=sum(row.totals.provisional_minutes for row in sheet.rows),
        attendance=float(sum((percent or 0) * days for percent, days in rated) / weight) if weight else None,
    )


def _decided(row: SheetRow) -> int:
    """Return the working days of a person that do not wait."""
    return row.totals.working_days - row.totals.count(PENDING)


def carried_words(adjustments: Iterable[SheetAdjustment]) -> Sequence[Told]:
    """Return the adjustments that a sheet carries, in words, by date."""
    return _together(
        (
            (one.person, one.name),
            (
                one.date,
                _meaning_words(one.old),
                _meaning_words(one.new),
                one.cause,
                _effect(one.late + one.early, one.absent),
            ),
        )
        for one in adjustments
    )


def found_words(adjustments: Iterable[Adjustment]) -> Sequence[Told]:
    """Return what changed in a closed month since, in words, by date."""
    return _together(
        (
            (one.person_id, one.person.full_name),
            (
                one.day,
                _meaning_words(say_meaning(one.old)),
                _meaning_words(say_meaning(one.new)),
                say_cause(one.cause, one.params),
                _effect(one.late + one.early, one.absent),
            ),
        )
        for one in adjustments
    )


def _together(found: Iterable[tuple[tuple[uuid.UUID, str], tuple[date, str, str, str, str]]]) -> Sequence[Told]:
    """Put people to whom the same happened on the same date into one line; a holiday changes a whole school."""
    alike: dict[tuple[date, str, str, str, str], list[tuple[uuid.UUID, str]]] = {}
    for person, said in found:
        alike.setdefault(said, []).append(person)
    lines = [Told(sorted(people, key=lambda one: one[1]), *said) for said, people in alike.items()]
    return sorted(lines, key=lambda told: told.date)


def _meaning_words(meaning: str) -> str:
    """Return "Hadir, TL1" for "H TL1"."""
    status, *codes = meaning.split()
    if status == "-":
        return _("tidak ada hari")
    word = mark_of(status).word
    return ", ".join([word, *codes])


def _effect(minutes: int, absent: int) -> str:
    """Return what an adjustment adds or takes, "+12 menit"; a word where nothing counts anew."""
    parts = []
    if minutes:
        parts.append(ngettext("%(minutes)s menit", "%(minutes)s menit", abs(minutes)) % {"minutes": _signed(minutes)})
    if absent:
        parts.append(
            ngettext("%(days)s hari tanpa keterangan", "%(days)s hari tanpa keterangan", abs(absent))
            % {"days": _signed(absent)}
        )
    return ", ".join(parts) or _("hitungan menit tetap")


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else f"\N{MINUS SIGN}{-number}"
