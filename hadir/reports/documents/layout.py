"""What an office may change about its documents: `layout.toml`, the project's with the office's own values over it."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from hadir.core.errors import HadirError
from hadir.rules.reader import Node, PackError

NAME = "layout.toml"
DEFAULT = Path(__file__).with_name(NAME)
FORMAT = 1
PAPERS = ("a4", "f4")
DAY_COLUMNS = re.compile(r"H|DL|I|S|C|A|T|L|HK|MH|(TL|PSW)[1-4]?|C[A-Z]{1,4}")
MINUTE_COLUMNS = ("TL", "PSW")
PLACES = frozenset({"sekolah", "SEKOLAH", "npsn", "kecamatan", "wilayah", "WILAYAH", "alamat", "pulau", "bulan"})
PICTURES = (".png", ".jpg", ".jpeg", ".svg")
CODE_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Percent:
    """(days of `present`) / (working days - days of `without`), with so many decimals."""

    title: str
    present: tuple[str, ...]
    without: tuple[str, ...]
    decimals: int


@dataclass(frozen=True, slots=True)
class Signature:
    """Texts of the signature block; `second` empty: one signature only."""

    place: str
    position: str
    second: str
    second_name: str
    second_nip: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A checked layout. Texts hold places like `{sekolah}`; `crest` is a file that exists, or None."""

    paper: str
    heading: tuple[str, ...]
    name: str
    address: tuple[str, ...]
    crest: Path | None
    title: str
    days: tuple[str, ...]
    minutes: tuple[str, ...]
    percent: Percent
    codes: Mapping[str, str]
    signature: Signature
    statement_title: str
    statement: tuple[str, ...]
    closing: str
    deduction_table: str


def fill(text: str, words: Mapping[str, str]) -> str:
    """Return a text of a layout with its places filled."""
    return text.format_map(words)


def fill_known(texts: tuple[str, ...], words: Mapping[str, str]) -> list[str]:
    """Return the texts filled, without those that name a place for which there is no word."""
    return [fill(text, words) for text in texts if all(words[place] for place in re.findall(r"\{(\w+)\}", text))]


def office_layout() -> Layout:
    """Return the layout in force, read again when its file changed. Raises HadirError `layout_unusable`."""
    path = settings.HADIR_DATA / "reports" / NAME
    return _loaded(path, path.stat().st_mtime_ns if path.is_file() else None)


@lru_cache(maxsize=4)
def _loaded(path: Path, changed_at: int | None) -> Layout:
    return read_layout("" if changed_at is None else _text_of(path), path.parent)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise HadirError("layout_unusable", line="-", cause=f"berkas {NAME} tidak dapat dibaca") from error


def read_layout(text: str, folder: Path) -> Layout:
    """Read an office's layout over the project's; `folder` holds its coat of arms.

    Raises HadirError `layout_unusable` with the line and what to do.
    """
    try:
        own = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = place[1] if place else str(text.count("\n") + 1)
        raise HadirError("layout_unusable", line=line, cause="tanda bacanya bukan TOML yang benar") from error
    merged = _over(tomllib.loads(DEFAULT.read_text(encoding="utf-8"), parse_float=Decimal), own)
    try:
        return _read(Node("", merged), folder)
    except PackError as error:
        cause = str(error).rstrip(".")
        raise HadirError("layout_unusable", line=line_of(text, error.place) or "-", cause=cause) from error


def _over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Put the values of `own` over those of `base`; tables are joined, everything else is replaced."""
    merged = dict(base)
    for key, value in own.items():
        before = merged.get(key)
        merged[key] = _over(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return merged


def line_of(text: str, place: str) -> int | None:
    """Return the line on which a key stands ("rekap.persen.desimal"), of its table where the key itself is absent."""
    table = place.rpartition(".")[0]
    here, found = "", None
    for number, line in enumerate(text.splitlines(), 1):
        heading = re.match(r"\s*\[\s*([\w.]+)\s*\]", line)
        if heading:
            here = heading[1]
            if here in {table, place}:
                found = number
        written = re.match(r'\s*"?([\w.]+)"?\s*=', line)
        if written and f"{here}.{written[1]}".lstrip(".") == place:
            return number
    return found


def _read(root: Node, folder: Path) -> Layout:
    if root.count("format") != FORMAT:
        raise root.fail("format", f"versi Hadir ini membaca format {FORMAT}.")
    paper, head, recap = root.table("kertas"), root.table("kop"), root.table("rekap")
    codes, sign, statement, tpp = (root.table(key) for key in ("kode", "tanda_tangan", "pernyataan", "tpp"))
    percent = recap.table("persen")
    layout = Layout(
        paper=_chosen(paper, "ukuran", PAPERS),
        heading=_lines(head, "baris"),
        name=_line(head, "nama"),
        address=_lines(head, "alamat"),
        crest=_crest(head, folder),
        title=_line(recap, "judul"),
        days=_columns(recap, "hari"),
        minutes=_minutes(recap),
        percent=Percent(
            _line(percent, "judul"), _columns(percent, "hadir"), _columns(percent, "kurangi"), _decimals(percent)
        ),
        codes=_codes(codes),
        signature=Signature(*(_line(sign, key) for key in ("tempat", "jabatan", "kedua", "nama_kedua", "nip_kedua"))),
        statement_title=_line(statement, "judul"),
        statement=_lines(statement, "isi"),
        closing=_line(statement, "penutup"),
        deduction_table=tpp.text("tabel"),
    )
    for node in (percent, paper, head, recap, codes, sign, statement, tpp, root):
        node.done()
    return layout


def _chosen(node: Node, key: str, values: tuple[str, ...]) -> str:
    value = node.text(key)
    if value not in values:
        raise node.fail(key, f"pilih salah satu: {', '.join(values)} (tertulis: {value!r}).")
    return value


def _line(node: Node, key: str) -> str:
    return _checked(node, key, node.text(key))


def _lines(node: Node, key: str) -> tuple[str, ...]:
    return tuple(_checked(node, key, text) for text in node.texts(key))


def _checked(node: Node, key: str, text: str) -> str:
    """Refuse a place that nothing fills, and a single brace."""
    for place in re.findall(r"\{(\w*)\}", text):
        if place not in PLACES:
            raise node.fail(key, f"{{{place}}} tidak dikenal; yang ada: {', '.join(sorted(PLACES))}.")
    if re.search(r"[{}]", re.sub(r"\{\w+\}", "", text)):
        raise node.fail(key, "kurung kurawal harus berpasangan, seperti {sekolah}.")
    return text


def _columns(node: Node, key: str) -> tuple[str, ...]:
    columns = node.texts(key)
    for column in columns:
        if not DAY_COLUMNS.fullmatch(column):
            raise node.fail(key, f"{column!r} bukan kode kehadiran.")
    if len(set(columns)) < len(columns):
        raise node.fail(key, "ada kode yang ditulis dua kali.")
    return tuple(columns)


def _minutes(node: Node) -> tuple[str, ...]:
    columns = node.texts("menit")
    if not set(columns) <= set(MINUTE_COLUMNS):
        raise node.fail("menit", "hanya TL (terlambat) dan PSW (pulang sebelum waktunya).")
    return tuple(columns)


def _decimals(node: Node) -> int:
    number = node.count("desimal")
    if number > 2:
        raise node.fail("desimal", "paling banyak 2.")
    return number


def _codes(node: Node) -> dict[str, str]:
    codes = {key: node.text(key) for key in list(node.left)}
    for key, text in codes.items():
        if key != "TEKNIS" and not DAY_COLUMNS.fullmatch(key):
            raise node.fail(key, "bukan kode kehadiran.")
        if not 0 < len(text) <= CODE_LENGTH:
            raise node.fail(key, f"harus 1 sampai {CODE_LENGTH} huruf.")
    if codes.get("T", "").upper() == "TK":
        raise node.fail("T", "TK berarti tanpa keterangan; pakai huruf lain untuk tertunda.")
    printed = list(codes.values())
    for key, text in codes.items():
        if printed.count(text) > 1:
            raise node.fail(key, "dua kode dicetak dengan huruf yang sama.")
    return codes


def _crest(node: Node, folder: Path) -> Path | None:
    name = node.text("lambang")
    if not name:
        return None
    path = folder / name
    if path.name != name or path.suffix.lower() not in PICTURES:
        raise node.fail("lambang", "tulis hanya nama berkas PNG, JPG atau SVG, tanpa folder.")
    if not path.is_file():
        raise node.fail("lambang", f"berkas {name} tidak ada di folder layout.toml.")
    return path
