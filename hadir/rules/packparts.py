"""How each key of a rule pack is read. What a key means is in docs/rules.md."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import TypeVar

from hadir.rules.clocktext import read_span
from hadir.rules.patterns import Hours, Pattern
from hadir.rules.reader import Node
from hadir.rules.values import (
    Band,
    Conversion,
    Dated,
    Deduction,
    Discipline,
    Grace,
    Leave,
    Missing,
    Series,
    Step,
    Window,
)

T = TypeVar("T")
WEEKDAYS = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
DAY = timedelta(days=1)
MINUTES = 24 * 60
"""Most minutes of any value: a day."""
DAYS = 366
"""Most days of any value: a year."""


def read_series(parent: Node, key: str, read: Callable[[Node], T]) -> Series[T]:
    """Read the dated values of one key; each begins on another date."""
    rows: list[Dated[T]] = []
    for node in parent.tables(key):
        valid_from, source, note = node.day("berlaku_mulai"), node.text("sumber"), node.text("catatan")
        if not source.strip():
            raise node.fail("sumber", "kosong; tulis dari mana nilai ini.")
        if any(row.valid_from == valid_from for row in rows):
            raise node.fail("berlaku_mulai", f"{valid_from.isoformat()} sudah dipakai nilai lain dari kunci ini.")
        rows.append(Dated(valid_from, source, note, read(node)))
        node.done()
    if not rows:
        raise parent.fail(key, "belum punya nilai; tulis paling sedikit satu.")
    return Series(parent.path(key), tuple(sorted(rows, key=lambda row: row.valid_from)))


def read_all(parent: Node, read: Callable[[str, Node], T]) -> dict[str, Series[T]]:
    """Read every key of a table as dated values, in the order of the file."""
    return {key: read_series(parent, key, partial(read, key)) for key in list(parent.left)}


def read_pattern(key: str, node: Node) -> Pattern:
    """Read the hours of a working pattern by weekday."""
    days = node.table("hari")
    hours = {number: read_hours(days.table(name)) for number, name in enumerate(WEEKDAYS) if days.has(name)}
    days.done()
    if not hours:
        raise node.fail("hari", "belum berisi satu hari pun.")
    return Pattern(key, node.text("judul"), hours, node.flag("tetap_di_hari_libur", default=False))


def read_hours(node: Node) -> Hours:
    """Read the hours of one weekday: at most a day long, with its breaks inside and a minute of work between them."""
    start, end = node.read("jam", read_span)
    if start >= DAY or end - start > DAY:
        raise node.fail("jam", "harus mulai pada hari itu dan paling lama 24 jam.")
    breaks = []
    for text in node.texts("istirahat"):
        try:
            span = read_span(text)
        except ValueError as error:
            raise node.fail("istirahat", f"{error}.") from None
        if span[0] < start or span[1] > end:
            raise node.fail("istirahat", f"{text} tidak di dalam jam kerja.")
        breaks.append(span)
    node.done()
    hours = Hours(start, end, tuple(breaks))
    if hours.net_minutes < 1:
        raise node.fail("istirahat", "menutupi seluruh jam kerja; hari tanpa jam kerja tidak ditulis.")
    return hours


def read_window(node: Node) -> Window:
    """Read how long before and after a shift its scans count."""
    return Window(
        timedelta(minutes=node.count("sebelum_menit", most=MINUTES)),
        timedelta(minutes=node.count("sesudah_menit", most=MINUTES)),
    )


def read_apart(node: Node) -> timedelta:
    """Read how far arrival and departure must be apart."""
    return timedelta(minutes=node.count("menit", least=1, most=MINUTES))


def read_share(node: Node) -> Decimal:
    """Read a share of a day."""
    return node.number("bagian_hari", most=1)


def read_missing(node: Node) -> Missing:
    """Read what a missing arrival or departure counts."""
    return Missing(node.text("kode"), read_share(node))


def read_grace(node: Node) -> Grace:
    """Read the minutes that are forgiven."""
    return Grace(node.count("terlambat_menit", most=MINUTES), node.count("pulang_awal_menit", most=MINUTES))


def read_bands(node: Node) -> tuple[Band, ...]:
    """Read codes by minutes, fewest first."""
    bands: list[Band] = []
    for row in node.tables("golongan"):
        band = Band(row.text("kode"), row.count("mulai_menit", least=1, most=MINUTES))
        if bands and band.minutes <= bands[-1].minutes:
            raise row.fail("mulai_menit", "harus lebih besar dari golongan sebelumnya.")
        row.done()
        bands.append(band)
    return tuple(bands)


def read_conversion(node: Node) -> Conversion:
    """Read how many minutes make a day, or that they never do."""
    minutes = node.count("menit_per_hari", least=1, most=MINUTES)
    return Conversion(minutes if node.flag("aktif") else None)


def read_present(node: Node) -> frozenset[str]:
    """Read which statuses count as present in the percentage."""
    return frozenset(node.texts("status"))


def read_leave(code: str, node: Node) -> Leave:
    """Read a code of absence."""
    leave = Leave(
        code=code,
        name=node.text("nama"),
        whole=node.flag("sehari", default=False),
        part=node.flag("sebagian", default=False),
        evidence=node.flag("bukti_hadir", default=False),
        may_scan=node.flag("boleh_scan", default=False),
    )
    if not (leave.whole or leave.part):
        raise node.fail("sehari", "isi sehari = true, sebagian = true, atau keduanya.")
    return leave


def read_discipline(node: Node) -> Discipline | str:
    """Read the steps for a kind of staff, or the kind whose steps it shares."""
    if node.has("seperti"):
        return node.text("seperti")
    steps: list[Step] = []
    for row in node.tables("langkah"):
        step = _read_step(row)
        if steps and step.days <= steps[-1].days:
            raise row.fail("hari", "harus lebih besar dari langkah sebelumnya.")
        steps.append(step)
    in_a_row = _read_step(node.table("berturut_turut")) if node.has("berturut_turut") else None
    return Discipline(tuple(steps), in_a_row)


def _read_step(row: Node) -> Step:
    step = Step(row.count("hari", least=1, most=DAYS), row.text("hukuman"))
    row.done()
    return step


def read_deduction(key: str, node: Node) -> Deduction:
    """Read a table of deductions in percent of the allowance."""
    percent, free = node.table("persen"), node.table("hari_bebas")
    return Deduction(
        key=key,
        title=node.text("judul"),
        active=node.flag("aktif"),
        percent={code: percent.number(code, most=100) for code in list(percent.left)},
        free_days={code: free.count(code, most=DAYS) for code in list(free.left)},
        daily_cap=node.number("batas_harian_persen", most=100) if node.has("batas_harian_persen") else None,
        cap=node.number("batas_persen", most=100, default=Decimal(100)),
    )
