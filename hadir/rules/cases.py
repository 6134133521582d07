"""Case tables: one day a row, with the answer an office expects, in CSV.

The columns FACTS hold what is known and ANSWERS what is expected; a column `catatan` may say why. Times are local and
written as in clocktext; lists are separated by `;`. A case is judged as if it were looked up long after the day.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from hadir.rules.clocktext import read_clock, read_span
from hadir.rules.day import judge_day
from hadir.rules.facts import Calendar, DayFacts, PartDay, Scan
from hadir.rules.pack import Pack
from hadir.rules.reader import PackError
from hadir.rules.values import DayRules
from hadir.rules.verdict import TECHNICAL, DayVerdict

T = TypeVar("T")
FACTS = ("id", "pola", "tanggal", "scan", "ketidakhadiran", "kalender", "terdengar_sampai")
ANSWERS = ("status", "kode", "menit_terlambat", "menit_pulang_awal", "final", "tanda")
NOTE = "catatan"
ZONE = ZoneInfo("Asia/Jakarta")
LATER = timedelta(days=4)
LARGEST_BYTES = 20_000_000
YEARS = range(2000, 2100)


class CaseError(Exception):
    """A table or a row that can't be read; the message names the row and the column, in Indonesian."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case: where it stands, its name, what differs as (column, got, expected), or why it could not be read."""

    line: int
    name: str
    differences: tuple[tuple[str, str, str], ...] = ()
    error: str = ""

    @property
    def passed(self) -> bool:
        """Whether the case was read and gave the expected answer."""
        return not (self.differences or self.error)


def run_cases(data: bytes, pack: Pack) -> Iterator[Outcome]:
    """Judge every case of a table; CaseError when it is no such table at all."""
    table = csv.reader(io.StringIO(_decoded(data), newline=""), strict=True)
    columns: list[str] | None = None
    names: set[str] = set()
    while True:
        try:
            cells = next(table)
        except StopIteration:
            break
        except csv.Error as error:
            raise CaseError(f"baris {table.line_num}: bukan CSV yang benar ({error}).") from error
        if not any(cell.strip() for cell in cells):
            continue
        if columns is None:
            columns = _header(cells)
        else:
            yield _outcome(table.line_num, cells, columns, pack, names)
    if columns is None:
        raise CaseError("berkas ini kosong; baris pertama harus berisi nama kolom.")


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST_BYTES:
        raise CaseError(f"berkas lebih besar dari {LARGEST_BYTES // 1_000_000} MB; bagi menjadi beberapa berkas.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CaseError("berkas tidak memakai UTF-8; simpan sebagai CSV UTF-8.") from error


def _header(cells: list[str]) -> list[str]:
    columns = [cell.strip() for cell in cells]
    if len(columns) == 1 and columns[0].count(";") >= len(FACTS):
        raise CaseError("baris 1: kolom dipisah titik koma; pakai koma, karena titik koma memisah isi daftar.")
    missing = [name for name in (*FACTS, *ANSWERS) if name not in columns]
    extra = [name for name in columns if name not in {*FACTS, *ANSWERS, NOTE}]
    if missing or extra or len(set(columns)) < len(columns):
        told = [f"belum ada {', '.join(missing)}"] if missing else []
        told += [f"tidak dikenal {', '.join(map(repr, extra))}"] if extra else []
        raise CaseError(f"baris 1: nama kolom tidak cocok: {'; '.join(told) or 'ada nama yang tertulis dua kali'}.")
    return columns


def _outcome(line: int, cells: list[str], columns: list[str], pack: Pack, names: set[str]) -> Outcome:
    if len(cells) != len(columns):
        name = cells[0].strip()
        return Outcome(line, name, error=f"baris {line}: berisi {len(cells)} kolom, seharusnya {len(columns)}.")
    row = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    try:
        _check_name(row["id"], names)
        expected = _expected(row)
        facts, rules = read_facts(row, pack)
    except _CellError as error:
        told = f"baris {line}, kolom {error.column}: {error.message}"
        return Outcome(line, row["id"], error=told if told.endswith(".") else told + ".")
    got = answers(judge_day(facts, rules))
    different = tuple((name, got[name], expected[name]) for name in ANSWERS if got[name] != expected[name])
    return Outcome(line, row["id"], different)


def answers(verdict: DayVerdict) -> dict[str, str]:
    """Return a verdict as the answer columns of a case table."""
    return {
        "status": verdict.status,
        "kode": ";".join(verdict.codes),
        "menit_terlambat": str(verdict.late),
        "menit_pulang_awal": str(verdict.early),
        "final": "ya" if verdict.final else "tidak",
        "tanda": ";".join(verdict.flags),
    }


class _CellError(Exception):
    """What is wrong with one cell."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column
        self.message = message


def _check_name(name: str, names: set[str]) -> None:
    if not name:
        raise _CellError("id", "belum diisi; beri setiap kasus nama sendiri")
    if name in names:
        raise _CellError("id", f"{name!r} sudah dipakai baris lain")
    names.add(name)


def _expected(row: Mapping[str, str]) -> dict[str, str]:
    """Return the expected answers in the form of `answers`, whatever the spaces in lists and the order of flags."""
    expected = {name: row[name] for name in ANSWERS}
    for name in ("menit_terlambat", "menit_pulang_awal"):
        if not (row[name].isascii() and row[name].isdigit()):
            raise _CellError(name, f"{row[name]!r} bukan jumlah menit; tulis bilangan bulat, 0 bila tidak ada")
        expected[name] = str(int(row[name]))
    if row["final"] not in {"ya", "tidak"}:
        raise _CellError("final", f"{row['final']!r} bukan ya atau tidak")
    if not row["status"]:
        raise _CellError("status", "belum diisi")
    expected["kode"] = ";".join(_items(row["kode"]))
    expected["tanda"] = ";".join(sorted(_items(row["tanda"])))
    return expected


def read_facts(row: Mapping[str, str], pack: Pack) -> tuple[DayFacts, DayRules]:
    """Return the facts of one row and the rules in force on its date."""
    day = _read("tanggal", row["tanggal"], _read_day)
    try:
        rules = pack.day_rules(day)
    except PackError as error:
        raise _CellError("tanggal", str(error)) from None
    if row["pola"] not in rules.patterns:
        known = ", ".join(rules.patterns)
        raise _CellError("pola", f"{row['pola']!r} tidak ada di paket {pack.name} pada tanggal itu; yang ada: {known}")
    midnight = datetime.combine(day, time(), ZONE)
    scans = tuple(Scan(midnight + _read("scan", text, read_clock)) for text in _items(row["scan"]))
    absences = _Absences(rules, midnight)
    for text in _items(row["ketidakhadiran"]):
        absences.add(text)
    heard = row["terdengar_sampai"]
    facts = DayFacts(
        day=day,
        zone=ZONE,
        now=midnight + LATER,
        pattern=rules.patterns[row["pola"]],
        scans=scans,
        full_days=tuple(absences.full_days),
        part_days=tuple(absences.part_days),
        corrections=tuple(absences.corrections),
        technical=absences.technical,
        calendar=frozenset(_read("kalender", text, _read_calendar) for text in _items(row["kalender"])),
        heard_until=midnight + _read("terdengar_sampai", heard, read_clock) if heard else None,
    )
    return facts, rules


class _Absences:
    """What the column `ketidakhadiran` holds: `CT`, `I 07:30-10:00`, `K 07:20`, `TEKNIS`."""

    def __init__(self, rules: DayRules, midnight: datetime) -> None:
        self.rules, self.midnight = rules, midnight
        self.full_days: list[str] = []
        self.part_days: list[PartDay] = []
        self.corrections: list[datetime] = []
        self.technical = False

    def add(self, text: str) -> None:
        """Take one item of the list."""
        code, _space, hours = text.partition(" ")
        if code == TECHNICAL and not hours:
            self.technical = True
        elif code == "K":
            self.corrections.append(self.midnight + _read("ketidakhadiran", hours, read_clock))
        elif code not in self.rules.leave:
            known = ", ".join((*self.rules.leave, TECHNICAL, "K"))
            raise _CellError("ketidakhadiran", f"{text!r} tidak dikenal; yang ada: {known}")
        elif hours and self.rules.leave[code].part:
            start, end = _read("ketidakhadiran", hours, read_span)
            self.part_days.append(PartDay(code, self.midnight + start, self.midnight + end))
        elif not hours and self.rules.leave[code].whole:
            self.full_days.append(code)
        else:
            kind = "sebagian hari" if hours else "sehari penuh"
            raise _CellError("ketidakhadiran", f"{code} tidak berlaku untuk {kind} di paket ini")


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(";") if item.strip()]


def _read(column: str, text: str, read: Callable[[str], T]) -> T:
    try:
        return read(text)
    except ValueError as error:
        raise _CellError(column, str(error)) from None


def _read_day(text: str) -> date:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        raise ValueError(f"tanggal {text!r} tidak terbaca; tulis seperti 2026-01-31") from None
    if day.year not in YEARS:
        raise ValueError(f"tanggal {text!r} di luar tahun {YEARS.start} sampai {YEARS.stop - 1}")
    return day


def _read_calendar(text: str) -> Calendar:
    try:
        return Calendar(text)
    except ValueError:
        known = ", ".join(Calendar)
        raise ValueError(f"{text!r} tidak dikenal; yang ada: {known}") from None
