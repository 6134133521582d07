"""A rule pack: dated values from a TOML file, checked when loaded, asked for a date when used.

The packs of the project are in `hadir/rules/packs/`; an office keeps edited copies in a folder of its own. What each
key means is in docs/rules.md.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from hadir.rules import packparts as parts
from hadir.rules.patterns import Pattern
from hadir.rules.reader import Node, PackError, read_root
from hadir.rules.values import (
    Band,
    Conversion,
    Dated,
    DayRules,
    Deduction,
    Discipline,
    Grace,
    Leave,
    Missing,
    PeriodRules,
    Series,
    Window,
)
from hadir.rules.verdict import ABSENT, PRESENT, TECHNICAL

T = TypeVar("T")
BUILT_IN = Path(__file__).parent / "packs"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
FORMAT = 1
STAFF_KINDS = frozenset({"PNS", "CPNS", "PPPK", "PPPK_PW", "HONORER", "GTY"})
"""The kinds of staff of `hadir.people`, as a test assures."""
JUDGED = frozenset({PRESENT, ABSENT, TECHNICAL})
"""What a decided working day may be besides a leave or a band."""


@dataclass(frozen=True, slots=True)
class DaySeries:
    """The values of `aturan` that judge a day."""

    window: Series[Window]
    apart: Series[timedelta]
    side_cap: Series[Decimal]
    no_arrival: Series[Missing]
    no_departure: Series[Missing]
    grace: Series[Grace]
    late_bands: Series[tuple[Band, ...]]
    early_bands: Series[tuple[Band, ...]]


@dataclass(frozen=True, slots=True)
class Pack:
    """A loaded pack. `version` is its name and the first 12 hex digits of the SHA-256 of its bytes."""

    name: str
    title: str
    note: str
    version: str
    patterns: Mapping[str, Series[Pattern]]
    day: DaySeries
    conversion: Series[Conversion]
    counts_as_present: Series[frozenset[str]]
    leave: Mapping[str, Series[Leave]]
    discipline: Mapping[str, Series[Discipline]]
    deductions: Mapping[str, Series[Deduction]]

    def day_rules(self, day: date) -> DayRules:
        """Return the values in force on this date; PackError `pack_gap` where one begins later."""
        return DayRules(
            version=self.version,
            patterns=_in_force(self.patterns, day),
            window=_required(self.day.window, day),
            apart=_required(self.day.apart, day),
            side_cap=_required(self.day.side_cap, day),
            no_arrival=_required(self.day.no_arrival, day),
            no_departure=_required(self.day.no_departure, day),
            grace=_required(self.day.grace, day),
            late_bands=_required(self.day.late_bands, day),
            early_bands=_required(self.day.early_bands, day),
            leave=_in_force(self.leave, day),
        )

    def period_rules(self, day: date) -> PeriodRules:
        """Return the values for adding up that are in force on this date; PackError `pack_gap` where one begins
        later."""
        return PeriodRules(
            version=self.version,
            conversion=_required(self.conversion, day),
            counts_as_present=_required(self.counts_as_present, day),
            discipline=_in_force(self.discipline, day),
            deductions=_in_force(self.deductions, day),
        )


def load_pack(name: str, folders: Iterable[Path] = ()) -> Pack:
    """Load a pack by name from the office's folders, first one first, then from the project.

    Raises PackError `pack_missing`, or what is wrong with the file.
    """
    if not NAME.fullmatch(name):
        raise PackError("pack_missing", name, "nama paket hanya memakai huruf kecil, angka dan tanda hubung.")
    for folder in (*folders, BUILT_IN):
        path = folder / f"{name}.toml"
        if path.is_file():
            return load_pack_file(path)
    raise PackError("pack_missing", name, f"paket aturan ini tidak ada; berkasnya bernama {name}.toml.")


def load_pack_file(path: Path) -> Pack:
    """Load a pack from a file; PackError says what is wrong and where, beginning with the file's name."""
    try:
        return read_pack(path.read_bytes())
    except OSError as error:
        raise PackError("pack_missing", path.name, f"berkas tidak dapat dibaca ({error.strerror}).") from error
    except PackError as error:
        raise PackError(error.code, path.name, str(error)) from error


def read_pack(data: bytes) -> Pack:
    """Read a pack from the bytes of its file and check it as a whole."""
    root = read_root(data, FORMAT)
    pack = _read_root(root, hashlib.sha256(data).hexdigest()[:12])
    root.done()
    _check_shares(pack.day)
    _check_reach(pack)
    _check_names(pack)
    return pack


def _read_root(root: Node, digest: str) -> Pack:
    rules = root.table("aturan")
    name = root.text("nama")
    if not NAME.fullmatch(name):
        raise root.fail("nama", "hanya huruf kecil, angka dan tanda hubung.")
    pack = Pack(
        name=name,
        title=root.text("judul"),
        note=root.text("catatan"),
        version=f"{name}-{digest}",
        patterns=parts.read_all(root.table("pola"), parts.read_pattern),
        day=_read_day(rules),
        conversion=parts.read_series(rules, "menit_ke_hari", parts.read_conversion),
        counts_as_present=parts.read_series(rules, "persen_hadir", parts.read_present),
        leave=parts.read_all(root.table("ketidakhadiran"), parts.read_leave),
        discipline=_resolved(parts.read_all(root.table("disiplin"), lambda _kind, node: parts.read_discipline(node))),
        deductions=parts.read_all(root.table("potongan"), parts.read_deduction),
    )
    rules.done()
    return pack


def _read_day(rules: Node) -> DaySeries:
    return DaySeries(
        window=parts.read_series(rules, "jendela", parts.read_window),
        apart=parts.read_series(rules, "jarak_scan", parts.read_apart),
        side_cap=parts.read_series(rules, "batas_sisi", parts.read_share),
        no_arrival=parts.read_series(rules, "tanpa_masuk", parts.read_missing),
        no_departure=parts.read_series(rules, "tanpa_pulang", parts.read_missing),
        grace=parts.read_series(rules, "toleransi", parts.read_grace),
        late_bands=parts.read_series(rules, "golongan_terlambat", parts.read_bands),
        early_bands=parts.read_series(rules, "golongan_pulang_awal", parts.read_bands),
    )


def _resolved(kinds: Mapping[str, Series[Discipline | str]]) -> dict[str, Series[Discipline]]:
    """Put the steps of another kind in the place of `seperti`: those in force on each date, so that a kind that shares
    them follows every later change."""
    resolved: dict[str, Series[Discipline]] = {}
    for kind, one in kinds.items():
        ends = [*(row.valid_from for row in one.rows[1:]), date.max]
        rows = [each for row, end in zip(one.rows, ends, strict=True) for each in _shared(row, end, one.key, kinds)]
        resolved[kind] = Series(one.key, tuple(rows))
    return resolved


def _shared(
    row: Dated[Discipline | str], end: date, key: str, kinds: Mapping[str, Series[Discipline | str]]
) -> Iterable[Dated[Discipline]]:
    """Yield what a row means until `end`: itself, or the steps of the kind that it names and each change of them."""
    if isinstance(row.value, Discipline):
        yield Dated(row.valid_from, row.source, row.note, row.value)
        return
    other = kinds.get(row.value)
    changes = [one.valid_from for one in other.rows if row.valid_from < one.valid_from < end] if other else []
    for moment in (row.valid_from, *changes):
        found = other.row_on(moment) if other else None
        if found is None or isinstance(found.value, str):
            message = f"{row.value} tidak punya langkah sendiri pada {moment.isoformat()}."
            raise PackError("pack_value", f"{key}.seperti", message)
        told = row if moment == row.valid_from else found
        yield Dated(moment, told.source, told.note, found.value)


def _check_shares(day: DaySeries) -> None:
    """Not scanning must never pay, and somebody seen must never lose more than the day: on no date of the pack."""
    changes = {row.valid_from for one in (day.side_cap, day.no_arrival, day.no_departure) for row in one.rows}
    for moment in sorted(changes):
        cap = day.side_cap.on(moment)
        for one in (day.no_arrival, day.no_departure):
            missing = one.on(moment)
            if cap is None or missing is None:
                continue
            if missing.share < cap:
                message = f"kurang dari aturan.batas_sisi pada {moment.isoformat()}: tidak merekam menguntungkan."
                raise PackError("pack_value", f"{one.key}.bagian_hari", message)
            if missing.share + cap > 1:
                message = f"bersama aturan.batas_sisi lebih dari satu hari pada {moment.isoformat()}."
                raise PackError("pack_value", f"{one.key}.bagian_hari", message)


def _check_reach(pack: Pack) -> None:
    """A window must close on the day after its date at the latest: the facts of a day are gathered a day around it."""
    for one in pack.patterns.values():
        for moment in sorted({row.valid_from for each in (one, pack.day.window) for row in each.rows}):
            pattern, window = one.on(moment), pack.day.window.on(moment)
            if pattern is None or window is None:
                continue
            if any(hours.end + window.after > 2 * parts.DAY for hours in pattern.hours.values()):
                message = "bersama aturan.jendela.sesudah_menit melewati akhir hari berikutnya"
                raise PackError("pack_value", one.key, f"{message} (mulai {moment.isoformat()}).")


def _check_names(pack: Pack) -> None:
    """A misspelt kind of staff or code would be without effect, so each must be one that can occur."""
    for kind, one in pack.discipline.items():
        _check_known(kind, STAFF_KINDS, one.key)
    day, leave = pack.day, set(pack.leave)
    tables = [(one.key, row.value) for one in pack.deductions.values() for row in one.rows]
    priced = {code for _key, table in tables for code in table.percent}
    missing = {row.value.code for one in (day.no_arrival, day.no_departure) for row in one.rows}
    late, early = ({band.code for row in one.rows for band in row.value} for one in (day.late_bands, day.early_bands))
    bands = late | early
    for side, own in ((late, day.no_arrival), (early, day.no_departure)):
        for row in own.rows:
            # A code of its own for a missing side has a percent of its own.
            _check_known(row.value.code, side | (priced - bands - leave - JUDGED), f"{own.key}.kode")
    for key, table in tables:
        for part, codes in (("persen", table.percent), ("hari_bebas", table.free_days)):
            for code in codes:
                _check_known(code, {*JUDGED, *leave, *bands, *missing}, f"{key}.{part}.{code}")
    for status in {status for row in pack.counts_as_present.rows for status in row.value}:
        _check_known(status, {*JUDGED, *leave}, f"{pack.counts_as_present.key}.status")


def _check_known(name: str, known: Collection[str], place: str) -> None:
    if name not in known:
        words = ", ".join(sorted(known))
        raise PackError("pack_unknown_key", place, f"{name} tidak dikenal; periksa ejaannya. Yang ada: {words}.")


def _required(series: Series[T], day: date) -> T:
    value = series.on(day)
    if value is None:
        first = series.rows[0].valid_from.isoformat()
        raise PackError("pack_gap", series.key, f"baru berlaku {first}; tidak ada nilai untuk {day.isoformat()}.")
    return value


def _in_force(group: Mapping[str, Series[T]], day: date) -> dict[str, T]:
    values = {key: one.on(day) for key, one in group.items()}
    return {key: value for key, value in values.items() if value is not None}
