"""The rekap of a school's month as it stands on paper: words and cells, before any typesetting."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import translation

from hadir.attendance.queries import sentence
from hadir.months.sheet import MonthSheet, SheetAdjustment, SheetCell, SheetDay, SheetRow, SheetTotals
from hadir.people.models import StaffKind
from hadir.people.numbers import printed_nip
from hadir.reports.documents import words
from hadir.reports.documents.layout import Layout, Percent
from hadir.reports.documents.letterhead import Letterhead, Signer, letterhead
from hadir.rules.verdict import ABSENT, DAY_OFF, NOT_COUNTED, PENDING, PRESENT, TECHNICAL
from hadir.rules.words import SENTENCES, Reason

SIDES = ("TL", "PSW")
TOLD_RULES = frozenset({"R1", "R3", "R4", "R5", "R6"})
"""Rules whose sentences explain on a rekap why a day waits or lacks a scan."""
UNTOLD = frozenset(
    {"provisional", "nothing_yet", "declared_complete", "correction", "technical", "full_day", "not_assigned", "trial"}
)
ON_PAPER = {
    "day_not_over": "hari belum selesai.",
    "school_not_heard": "perangkat sekolah baru terdengar sampai {heard}.",
    "school_never_heard": "perangkat sekolah belum terdengar.",
}
"""Sentences that a note says without the hours of one date, so that many dates share it."""
UNNOTED_FLAGS = frozenset({"luar_jendela", "uji_coba"})
"""Flags that alone need no note: the day is decided and the scan outside changes nothing."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is printed in a day cell. `shape`: dot, text, late, early, both, duty, leave, absent, pending, off, empty;
    `top` and `bottom`: its one or two lines; `note`: number of its note, 0 for none."""

    shape: str
    top: str
    bottom: str
    note: int

    @property
    def words(self) -> str:
        """The cell in one line, as a spreadsheet has it: "TL1", "TL1 PSW2"."""
        if self.shape == "off":
            return ""
        return f"{self.top}{self.bottom}" if self.shape in {"late", "early"} else f"{self.top} {self.bottom}".strip()


@dataclass(frozen=True, slots=True)
class Line:
    """One person. `days`, `minutes`: numbers in the order of the columns; `percent` None: nothing decided yet."""

    number: int
    name: str
    id_line: str
    nip: str
    duty: str
    marks: tuple[Mark, ...]
    days: tuple[int, ...]
    minutes: tuple[int, ...]
    percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one kind of staff."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A numbered note: the dates it is about, and the sentence."""

    number: int
    dates: str
    text: str


@dataclass(frozen=True, slots=True)
class Carried:
    """A change to a closed month, in words."""

    name: str
    date: date
    old: str
    new: str
    cause: str
    late: int
    early: int
    absent: int

    @property
    def text(self) -> str:
        """The change in one sentence."""
        effect = [f"tanpa keterangan {self.absent:+d} hari"] if self.absent else []
        effect += [f"menit terlambat {self.late:+d}"] if self.late else []
        effect += [f"menit pulang awal {self.early:+d}"] if self.early else []
        told = f"; {', '.join(effect)}" if effect else ""
        return f"{self.name}, {words.date_words(self.date)}: semula {self.old}, menjadi {self.new}. {self.cause}{told}."


@dataclass(frozen=True, slots=True)
class Rekap:
    """A whole rekap. `sums`: the numbers of the last row; `facts`: the line under the title; `provisional`: the month
    is not closed."""

    head: Letterhead
    title: str
    month: str
    facts: tuple[tuple[str, str], ...]
    days: tuple[SheetDay, ...]
    day_columns: tuple[str, ...]
    minute_columns: tuple[str, ...]
    percent_title: str
    decimals: int
    groups: tuple[Group, ...]
    sums: tuple[tuple[int, ...], tuple[int, ...], Decimal | None]
    legend: tuple[tuple[Mark, str], ...]
    explanation: str
    notes: tuple[Note, ...]
    carried: tuple[Carried, ...]
    signer: Signer
    provisional: bool
    rules_line: str
    place_line: str
    digest: str

    @property
    def lines(self) -> list[Line]:
        """Everybody, in order."""
        return [line for group in self.groups for line in group.lines]


def rekap_of(sheet: MonthSheet, layout: Layout, signer: Signer, *, now: datetime) -> Rekap:
    """Return the rekap of a sheet in this layout; `now` is the moment of printing."""
    with translation.override("id"):
        notes = Notes()
        groups = _groups(sheet, layout, notes)
        month = words.month_words(sheet.year, sheet.month)
        digest = sheet.digest()
        place = f"{sheet.school.name} · NPSN {sheet.school.npsn} · {month}"
        return Rekap(
            head=letterhead(sheet.school, layout),
            title=layout.title,
            month=month,
            facts=_facts(sheet, month),
            days=sheet.days,
            day_columns=layout.days,
            minute_columns=layout.minutes,
            percent_title=layout.percent.title,
            decimals=layout.percent.decimals,
            groups=groups,
            sums=_sums(sheet, layout),
            legend=_legend(sheet, layout),
            explanation=_explanation(layout.percent),
            notes=tuple(notes.listed()),
            carried=tuple(_carried(one) for one in sheet.adjustments),
            signer=signer,
            provisional=signer.signed_at is None,
            rules_line=(
                f"Paket aturan {', '.join(sheet.rules) or sheet.period_rules} · "
                f"dicetak {words.moment_words(now, sheet.school.time_zone)} · "
                f"sidik isi SHA-256 {words.grouped_digest(digest)}"
            ),
            place_line=place if signer.signed_at else f"SEMENTARA · {place}",
            digest=digest,
        )


def _facts(sheet: MonthSheet, month: str) -> tuple[tuple[str, str], ...]:
    hours = " dan ".join(title.lower() for title in sheet.hours[:2])
    through = words.date_words(sheet.complete_through) if sheet.complete_through else "belum ada"
    return (
        ("Bulan", month),
        ("NPSN", sheet.school.npsn),
        ("Kecamatan", sheet.school.district),
        ("Hari kerja", f"{sheet.working_days}, {hours}" if hours else str(sheet.working_days)),
        ("Data lengkap sampai", through),
    )


class Notes:
    """Sentences with their numbers, in the order in which they first appear."""

    def __init__(self) -> None:
        self._dates: dict[str, list[date]] = {}

    def number_of(self, cell: SheetCell) -> int:
        """Return the number of a cell's note, 0 where it needs none."""
        text = _note_text(cell)
        if not text:
            return 0
        self._dates.setdefault(text, []).append(cell.date)
        return list(self._dates).index(text) + 1

    def listed(self) -> list[Note]:
        """Return the notes."""
        return [
            Note(number, words.days_words(dates), text)
            for number, (text, dates) in enumerate(self._dates.items(), start=1)
        ]


def _note_text(cell: SheetCell) -> str:
    """Return what a reader must know of a day that waits or lacks a scan, at most two sentences."""
    if cell.status == NOT_COUNTED or (cell.final and not set(cell.flags) - UNNOTED_FLAGS):
        return ""
    told = [
        ON_PAPER[key].format(**params) if key in ON_PAPER else sentence(Reason(key, tuple(params.items()))).text
        for key, params in cell.reasons
        if key in SENTENCES and key not in UNTOLD and SENTENCES[key][0] in TOLD_RULES
    ]
    # A waiting day ends with what it waits for; a scan that is missing is told in the order of the day.
    return " ".join(told[:2] if cell.final else told[-2:])


def _groups(sheet: MonthSheet, layout: Layout, notes: Notes) -> tuple[Group, ...]:
    groups: list[Group] = []
    number = 0
    for kind in StaffKind:
        lines = []
        for row in sheet.rows:
            if row.staff_kind == kind.value:
                number += 1
                lines.append(_line(number, row, sheet.days, layout, notes))
        if lines:
            groups.append(Group(str(kind.label).upper(), tuple(lines)))
    return tuple(groups)


def _line(number: int, row: SheetRow, days: Sequence[SheetDay], layout: Layout, notes: Notes) -> Line:
    cells = {cell.date: cell for cell in row.cells}
    nip = printed_nip(row.nip)
    return Line(
        number=number,
        name=row.name,
        id_line=nip or (f"NUPTK {row.nuptk}" if row.nuptk else "tanpa NIP"),
        nip=nip,
        duty=row.duty,
        marks=tuple(mark_of(cells.get(day.date), day, layout.codes, notes) for day in days),
        days=tuple(count_of(row.totals, column) for column in layout.days),
        minutes=tuple(minutes_of(row.totals, column) for column in layout.minutes),
        percent=percent_of(row.totals, layout.percent),
    )


def mark_of(cell: SheetCell | None, day: SheetDay, codes: Mapping[str, str], notes: Notes | None = None) -> Mark:
    """Return what is printed for a day; `notes` gives its note a number."""
    if cell is None:
        return Mark("off" if day.off else "empty", "", "", 0)
    note = notes.number_of(cell) if notes else 0
    shapes = {ABSENT: "absent", PENDING: "pending", DAY_OFF: "off", NOT_COUNTED: "text", "DL": "duty"}
    if cell.status == PRESENT:
        return _present(cell, codes, note)
    printed = "\N{EN DASH}" if cell.status == NOT_COUNTED else codes.get(cell.status, cell.status)
    return Mark(shapes.get(cell.status, "leave"), "" if cell.status == DAY_OFF else printed, "", note)


def _present(cell: SheetCell, codes: Mapping[str, str], note: int) -> Mark:
    """Return the mark of a day at work: a dot, or what was missed, or the part of it that was excused."""
    late = next((code for code in cell.codes if code.startswith("TL")), "")
    early = next((code for code in cell.codes if code.startswith("PSW")), "")
    if late and early:
        return Mark("both", late, early, note)
    if late or early:
        side = SIDES[bool(early)]
        return Mark("late" if late else "early", side, (late or early).removeprefix(side), note)
    if TECHNICAL in cell.codes:
        return Mark("text", codes.get(TECHNICAL, TECHNICAL), "", note)
    part = next(iter(cell.codes), "")
    return Mark("dot", codes.get(PRESENT, PRESENT), part, note)


def count_of(totals: SheetTotals, column: str) -> int:
    """Return the number of a day column; HK: working days, MH: days that minutes make."""
    if column in {"HK", "MH"}:
        return totals.working_days if column == "HK" else totals.minute_days
    if column.startswith(SIDES):
        return totals.codes_of(column)
    return totals.count(column)


def minutes_of(totals: SheetTotals, column: str) -> int:
    """Return the minutes of one side."""
    return totals.late if column == "TL" else totals.early


def percent_of(totals: SheetTotals, percent: Percent) -> Decimal | None:
    """Return the percent by the formula of the layout, None while no working day is decided."""
    return _percent([totals], percent)


def _percent(rows: Sequence[SheetTotals], percent: Percent) -> Decimal | None:
    present = sum(totals.count(status) for totals in rows for status in percent.present)
    decided = sum(totals.working_days - sum(map(totals.count, percent.without)) for totals in rows)
    return words.rounded(Decimal(100) * present / decided, percent.decimals) if decided > 0 else None


def _sums(sheet: MonthSheet, layout: Layout) -> tuple[tuple[int, ...], tuple[int, ...], Decimal | None]:
    rows = [row.totals for row in sheet.rows]
    return (
        tuple(sum(count_of(totals, column) for totals in rows) for column in layout.days),
        tuple(sum(minutes_of(totals, column) for totals in rows) for column in layout.minutes),
        _percent(rows, layout.percent),
    )


def _legend(sheet: MonthSheet, layout: Layout) -> tuple[tuple[Mark, str], ...]:
    cells = [cell for row in sheet.rows for cell in row.cells]
    return legend_of({cell.status for cell in cells}, {code for cell in cells for code in cell.codes}, layout.codes)


def legend_of(statuses: Set[str], used: Set[str], codes: Mapping[str, str]) -> tuple[tuple[Mark, str], ...]:
    """Return the marks that every form explains, and those of `statuses` and codes `used` that are rarer."""
    marks = [
        (Mark("dot", codes.get(PRESENT, PRESENT), "", 0), "hadir"),
        (
            Mark("late", "TL", "1", 0),
            "terlambat: 1 (1\N{EN DASH}30), 2 (31\N{EN DASH}60), 3 (61\N{EN DASH}90), 4 (dari 91 menit)",
        ),
        (Mark("early", "PSW", "1", 0), "pulang sebelum waktunya, jenjang sama"),
        (Mark("duty", codes.get("DL", "DL"), "", 0), "dinas luar"),
        (Mark("leave", codes.get("I", "I"), "", 0), "izin"),
        (Mark("leave", codes.get("S", "S"), "", 0), "sakit"),
    ]
    leave = sorted(statuses - {PRESENT, ABSENT, PENDING, DAY_OFF, NOT_COUNTED, "DL", "I", "S"})
    marks += [(Mark("leave", codes.get(one, one), "", 0), LEAVE.get(one, one)) for one in leave]
    if TECHNICAL in used:
        marks.append((Mark("text", codes.get(TECHNICAL, TECHNICAL), "", 0), "hadir, alasan teknis"))
    marks += [
        (Mark("absent", codes.get(ABSENT, ABSENT), "", 0), "tanpa keterangan"),
        (Mark("pending", codes.get(PENDING, PENDING), "", 0), "tertunda, tidak dihitung"),
        (Mark("off", "", "", 0), "libur"),
    ]
    if NOT_COUNTED in statuses:
        marks.append((Mark("text", "\N{EN DASH}", "", 0), "tidak dihitung (uji coba)"))
    return tuple(marks)


LEAVE: Mapping[str, str] = {
    "CT": "cuti tahunan",
    "CB": "cuti besar",
    "CS": "cuti sakit",
    "CM": "cuti melahirkan",
    "CAP": "cuti karena alasan penting",
    "CLTN": "cuti di luar tanggungan negara",
}


def _explanation(percent: Percent) -> str:
    above, below = " + ".join(percent.present), " \N{MINUS SIGN} ".join(["hari kerja", *percent.without])
    return f"H memuat hari dengan TL dan PSW. Persentase = ({above}) : ({below})."


def _carried(one: SheetAdjustment) -> Carried:
    return Carried(one.name, one.date, one.old, one.new, one.cause.rstrip("."), one.late, one.early, one.absent)
