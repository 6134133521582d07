"""Sheets of any size and shape for tests, without a database; and names that are hard to print."""

import hashlib
import random
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hadir.months.sheet import MonthSheet, SheetAdjustment, SheetCell, SheetDay, SheetRow, SheetSchool
from hadir.months.sheet_building import line_of, totals_of
from hadir.reports.documents.layout import Layout, read_layout
from hadir.reports.documents.letterhead import Signed, signer_of
from hadir.reports.documents.rekap import Rekap, rekap_of
from hadir.rules.pack import load_pack
from hadir.rules.period import judge_period

NOW = datetime(2026, 11, 1, 0, 5, tzinfo=UTC)
RULES = "contoh-8f3a2b1c9d0e"
HARD_NAMES = (
    '#panic("x") *tebal* _miring_ $x^2$ @acuan <label> \\u{41} // komentar [',
    '=HYPERLINK("http://jahat.example","klik")',
    "+62 Budi",
    "@SUM(A1:A9)",
    "محمد عبد الله الشريف",
    "王小明 陳大文",
    "R. Â. Sêttong Rèng Madhurâ é̱ ạ̊",
    "Raden Ayu Siti Khadijah Binti Haji Abdurrahman Wahid Al-Maduri Sumenepiyah Putri, S.Pd.",
    "Donaudampfschifffahrtsgesellschaftskapitänswitwenversicherungspolicenverwaltungsrat",
    "Ahmad & Sons <b>",
)
KINDS: tuple[tuple[float, str, tuple[str, ...], int, int, str], ...] = (
    (0.02, "DL", (), 0, 0, ""),
    (0.03, "S", (), 0, 0, ""),
    (0.04, "I", (), 0, 0, ""),
    (0.05, "CT", (), 0, 0, ""),
    (0.055, "CLTN", (), 0, 0, ""),
    (0.065, "A", (), 0, 0, ""),
    (0.08, "T", (), 0, 0, "school_not_heard"),
    (0.12, "H", ("TL2",), 40, 0, ""),
    (0.15, "H", ("PSW3",), 0, 70, ""),
    (0.16, "H", ("TL1", "PSW2"), 5, 40, ""),
    (0.17, "H", ("TEKNIS",), 0, 0, ""),
    (0.18, "H", ("DL",), 0, 0, ""),
    (2.0, "H", (), 0, 0, ""),
)


def sheet_of(
    people: int, *, names: tuple[str, ...] = (), seed: int = 1, adjustments: int = 0, holes: int = 0
) -> MonthSheet:
    """Return October 2026 (31 days) of a school; `holes` more days of each person wait, each with its own sentence."""
    dice = random.Random(seed)  # noqa: S311  not a secret
    days = tuple(
        SheetDay(day, day.weekday() == 6, "") for day in (date(2026, 10, 1) + timedelta(number) for number in range(31))
    )
    rows = [_row(number, people, names, days, dice, holes) for number in range(people)]
    return MonthSheet(
        school=SheetSchool(
            *(uuid.UUID(int=1), "20529999", "SD Negeri Labuhan Jati 2", "SD", "Jalan Pelabuhan 14, Labuhan Jati"),
            *("Gayam", "Sapudi", "Kabupaten Uji", "Asia/Jakarta"),
        ),
        year=2026,
        month=10,
        days=days,
        rows=tuple(rows),
        rules=(RULES,),
        period_rules=RULES,
        hours=("Enam hari kerja",),
        adjustments=tuple(
            SheetAdjustment(
                uuid.UUID(int=2),
                "Hosnol Khotimah",
                date(2026, 9, 1) + timedelta(number),
                "A",
                "H TL1",
                "Catatan datang.",
                9,
                0,
            )
            for number in range(adjustments)
        ),
        provisional=True,
        complete_through=date(2026, 10, 31),
    )


def _row(
    number: int, people: int, names: tuple[str, ...], days: tuple[SheetDay, ...], dice: random.Random, holes: int
) -> SheetRow:
    kind = "PNS" if number < people * 0.5 else "PPPK" if number < people * 0.8 else "HONORER"
    cells = tuple(_cell(number, day, dice, holes) for day in days)
    pack = load_pack("contoh")
    verdict = judge_period([line_of(cell) for cell in cells], pack=pack, staff_kind=kind)
    return SheetRow(
        person=uuid.UUID(int=1000 + number),
        name=names[number] if number < len(names) else f"Guru {number + 1}, S.Pd.",
        nip=f"19800101200001{number:04}" if kind != "HONORER" else "",
        nuptk="",
        staff_kind=kind,
        duty="Kepala sekolah" if number == 0 else "Guru kelas",
        cells=cells,
        totals=totals_of(verdict),
    )


def _cell(number: int, day: SheetDay, dice: random.Random, holes: int) -> SheetCell:
    chance = dice.random()
    _limit, status, codes, late, early, cause = next(one for one in KINDS if chance < one[0])
    if day.off:
        status, codes, late, early, cause = "L", (), 0, 0, ""
    elif day.date.day <= holes:
        status, codes, late, early, cause = "T", (), 0, 0, "school_not_heard"
    heard = f"{day.date:%d-%m-%Y} 06.40"
    reasons: tuple[tuple[str, dict[str, str | int]], ...] = (("school_not_heard", {"heard": heard, "end": "20.00"}),)
    digest = hashlib.sha256(f"{number} {day.date}".encode()).hexdigest()
    return SheetCell(day.date, status, codes, late, early, not cause, (), cause, reasons if cause else (), digest)


def layout_of(text: str = "", folder: Path = Path()) -> Layout:
    """Return a layout: the project's with `text` over it."""
    return read_layout(text, folder)


def rekap_made(sheet: MonthSheet, layout: Layout, *, signed: bool = False) -> Rekap:
    """Return the rekap of a sheet, signed by its head or not."""
    by: Any = Signed("Siti Aminah, M.Pd.", "198001012000012001", NOW, sheet.digest()) if signed else None
    return rekap_of(sheet, layout, signer_of(sheet, layout, by, now=NOW), now=NOW)
