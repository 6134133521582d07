"""What kinds of leave there are, for whom, how long, and who decides: dated data from a TOML file.

The project's example is in `packs/contoh.toml`; an office keeps its own as `HADIR_DATA/leave/kantor.toml`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from hadir.core.errors import HadirError
from hadir.people.models import StaffKind
from hadir.rules.reader import Node, PackError, read_root

BUILT_IN = Path(__file__).parent / "packs" / "contoh.toml"
FORMAT = 1
COUNTINGS = ("hari_kerja", "hari")
PERIODS = ("tahun", "bulan", "kali")
CORRECTION = "K"
DUTY = "DL"
KINDS = ("I", "S", "CT", "CB", "CS", "CM", "CAP", "CLTN", DUTY, CORRECTION)


@dataclass(frozen=True, slots=True)
class KindRule:
    """One kind from a date on. `limit`: days (or corrections) per `period` (tahun, bulan, kali), None without one.

    `working_days`: counted in working days, else calendar days. `carried`: days of last year that may be added,
    `carried_two`: where two years were not used. `head_days`: up to how many days the head decides; more go to the
    dinas. `document_from`: from how many days a document is needed, 0 never. `back_days`: filed later than so many days
    after its first day it goes to the dinas. `instead_of`: kinds that are not open in a calendar year with this one;
    what was taken of them already counts against its limit. `after_years`: years of service it is meant for, told to
    who decides. `active`: False where the office has not switched it on.
    """

    valid_from: date
    source: str
    note: str
    name: str
    staff_kinds: frozenset[str]
    working_days: bool
    limit: int | None
    period: str
    carried: int
    carried_two: int
    head_days: int
    document_from: int
    back_days: int
    partly: bool
    instead_of: frozenset[str]
    after_years: int
    active: bool


LeaveRules = Mapping[str, tuple[KindRule, ...]]


def rule_of(kind: str, day: date, staff: Collection[str] = ()) -> KindRule:
    """Return the open rule of a kind on a date. Raises HadirError `leave_kind_unknown`, `leave_rules_unusable`."""
    found = filed_rule(kind, day, staff)
    if found is None or not found.active:
        raise HadirError("leave_kind_unknown", kind=kind)
    return found


def filed_rule(kind: str, day: date, staff: Collection[str] = ()) -> KindRule | None:
    """Return the rule for what was filed already, also where the kind is switched off now; None where it is gone.

    `staff`: the kinds of staff of whom it is about; the rule of the first that has an open one. Where none of them has
    a rule, and where none is named, that of anybody.
    """
    rows = [row for row in leave_rules().get(kind, ()) if row.valid_from <= day]
    newest = {one: row for row in rows for one in row.staff_kinds}
    found = [newest[one] for one in staff if one in newest] or [row for row in reversed(rows) if row in newest.values()]
    return next((row for row in found if row.active), found[0] if found else None)


def kinds_on(day: date, staff: Collection[str] = ()) -> Mapping[str, KindRule]:
    """Return the kinds that are open on a date, in the order of the file; `staff` as for `filed_rule`."""
    rows = {key: filed_rule(key, day, staff) for key in leave_rules()}
    return {key: row for key, row in rows.items() if row is not None and row.active}


def kinds_instead_of(kind: str, day: date) -> Mapping[str, KindRule]:
    """Return the kinds after which this one is not open in the same calendar year."""
    return {key: row for key, row in kinds_on(day).items() if kind in row.instead_of}


def leave_rules() -> LeaveRules:
    """Return the office's rules, else the example; read again when the file changed. Raises `leave_rules_unusable`."""
    own = Path(settings.HADIR_DATA) / "leave" / "kantor.toml"
    path = own if own.is_file() else BUILT_IN
    return _loaded(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _loaded(path: Path, _changed_at: int) -> LeaveRules:
    try:
        return read_rules(path.read_bytes())
    except (PackError, OSError) as error:
        raise HadirError("leave_rules_unusable", cause=str(error).rstrip(".")) from error


def read_rules(data: bytes) -> LeaveRules:
    """Read the file's bytes and check them as a whole. Raises PackError with the place."""
    root = read_root(data, FORMAT)
    for key in ("nama", "judul", "catatan"):
        root.text(key)
    kinds = root.table("jenis")
    found = {}
    for key in list(kinds.left):
        if key not in KINDS:
            raise PackError("pack_unknown_key", f"jenis.{key}", "jenis ini tidak dikenal.")
        rows = sorted((_rule(node) for node in kinds.tables(key)), key=lambda row: row.valid_from)
        _check_together(key, rows)
        found[key] = tuple(rows)
    kinds.done()
    root.done()
    return found


def _check_together(key: str, rows: Sequence[KindRule]) -> None:
    for number, row in enumerate(rows):
        if key in row.instead_of:
            raise PackError("pack_value", f"jenis.{key}", "tanpa: sebuah jenis tidak menggantikan dirinya sendiri.")
        for other in rows[number + 1 :]:
            if row.valid_from == other.valid_from and row.staff_kinds & other.staff_kinds:
                both = ", ".join(sorted(row.staff_kinds & other.staff_kinds))
                told = f"dua aturan mulai {row.valid_from} untuk {both}; sisakan satu."
                raise PackError("pack_value", f"jenis.{key}", told)


def _rule(node: Node) -> KindRule:
    limit = node.count("batas") if node.has("batas") else None
    rule = KindRule(
        valid_from=node.day("berlaku_mulai"),
        source=node.text("sumber"),
        note=node.text("catatan", ""),
        name=node.text("nama"),
        staff_kinds=frozenset(node.texts("untuk")),
        working_days=_one_of(node, "hitung", COUNTINGS) == "hari_kerja",
        limit=limit,
        period=_one_of(node, "per", PERIODS) if limit is not None else "kali",
        carried=node.count("bawa") if node.has("bawa") else 0,
        carried_two=node.count("bawa_dua_tahun") if node.has("bawa_dua_tahun") else 0,
        head_days=node.count("kepala_sampai_hari"),
        document_from=node.count("dokumen_mulai_hari"),
        back_days=node.count("mundur_hari"),
        partly=node.flag("sebagian", default=False),
        instead_of=frozenset(node.texts("tanpa")) if node.has("tanpa") else frozenset(),
        after_years=node.count("sesudah_tahun") if node.has("sesudah_tahun") else 0,
        active=node.flag("aktif", default=True),
    )
    for kind in rule.staff_kinds - set(StaffKind.values):
        raise node.fail("untuk", f"status kepegawaian {kind} tidak dikenal.")
    for kind in rule.instead_of - set(KINDS):
        raise node.fail("tanpa", f"jenis {kind} tidak dikenal.")
    node.done()
    return rule


def _one_of(node: Node, key: str, words: tuple[str, ...]) -> str:
    word = node.text(key)
    if word not in words:
        raise node.fail(key, f"harus salah satu dari: {', '.join(words)}.")
    return word
