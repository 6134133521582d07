"""A list of schools (CSV or sheet) -> rows: NPSN, name, kecamatan, jenjang, pulau, zona waktu, alamat."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hadir.core.tables.cells import UNCOMPUTED, Cell, key_of, read_number, text_of
from hadir.core.tables.problems import FileError
from hadir.core.tables.sheets import Table
from hadir.imports.columns import Layout, find_headings, is_numbering, refuse_without_headings, repeats_headings

NAME_LIMIT, PLACE_LIMIT, ADDRESS_LIMIT = 160, 120, 200

# fmt: off
READ_OVER = (
    "Status", "Status Sekolah", "Kelurahan", "Desa/Kelurahan", "Desa", "Kab/Kota", "Kabupaten", "Provinsi",
    "Akreditasi", "Lintang", "Bujur", "Email", "Telepon", "Kepala Sekolah", "Operator", "Kode Pos",
)
# fmt: on

LAYOUT = Layout(
    wanted={
        "number": ("no", "nomor", "nourut"),
        "npsn": ("npsn", "nonpsn", "kodesekolah"),
        "name": ("namasekolah", "nama", "namasatuanpendidikan", "sekolah", "satuanpendidikan"),
        "district": ("kecamatan", "kec", "namakecamatan"),
        "level": ("jenjang", "bentukpendidikan", "bp", "jenjangpendidikan", "bentuk"),
        "island": ("pulau", "namapulau"),
        "zone": ("zonawaktu", "zona", "timezone"),
        "address": ("alamat", "alamatjalan", "alamatsekolah", "jalan"),
    },
    needed=frozenset({"npsn", "name"}),
    telling=frozenset({"npsn"}),
    at_least=2,
    known={key_of(name): name for name in READ_OVER},
)
OTHER_LISTS = {"import_staff_here": frozenset({"nuptk", "jenisptk", "statuskepegawaian"})}

LEVELS: Mapping[str, str] = {
    "tk": "TK",
    "tamankanakkanak": "TK",
    "tkn": "TK",
    "sd": "SD",
    "sdn": "SD",
    "sekolahdasar": "SD",
    "sdnegeri": "SD",
    "smp": "SMP",
    "smpn": "SMP",
    "sekolahmenengahpertama": "SMP",
    "smpnegeri": "SMP",
}
ZONES: Mapping[str, str] = {
    "wib": "Asia/Jakarta",
    "asiajakarta": "Asia/Jakarta",
    "utc7": "Asia/Jakarta",
    "wita": "Asia/Makassar",
    "asiamakassar": "Asia/Makassar",
    "utc8": "Asia/Makassar",
    "wit": "Asia/Jayapura",
    "asiajayapura": "Asia/Jayapura",
    "utc9": "Asia/Jayapura",
}
_LEVEL_IN_NAME = re.compile(r"(?:upt\w*\s+(?:satdik\s+)?|satdik\s+)?(sdn?|smpn?|tkn?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """One row of the list. Empty text: the list does not say. `npsn_text` shows an NPSN that could not be read."""

    row: int
    name: str
    npsn: str = ""
    npsn_text: str = ""
    district: str = ""
    level: str = ""
    island: str = ""
    time_zone: str = ""
    address: str = ""
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SchoolList:
    """What a file says of schools, and the headings that were dropped."""

    rows: tuple[SchoolRow, ...]
    dropped: tuple[str, ...] = ()


def read_school_list(tables: Sequence[Table]) -> SchoolList:
    """Read the first table that has the headings NPSN and name.

    Raises FileError `import_no_school_headings`, `import_staff_here`, `import_no_rows`.
    """
    for table in tables:
        headings = find_headings(table, LAYOUT)
        if headings is None:
            continue
        body = enumerate(table.rows[headings.body :], table.first_row + headings.body)
        rows = [
            _read_row(row, headings.columns, number)
            for number, row in body
            if not is_numbering(row) and not repeats_headings(row, headings, LAYOUT)
        ]
        kept = [row for row in rows if row is not None]
        if not kept:
            raise FileError("import_no_rows")
        return SchoolList(tuple(_doubt_twins(kept)), headings.dropped)
    error = refuse_without_headings(tables, OTHER_LISTS)
    raise error if error.code != "import_no_headings" else FileError("import_no_school_headings")


def _read_row(row: Sequence[Cell], columns: Mapping[str, int], number: int) -> SchoolRow | None:
    cells = {word: row[place] if place < len(row) else None for word, place in columns.items()}
    texts = {word: "" if cell == UNCOMPUTED else text_of(cell) for word, cell in cells.items()}
    name = texts["name"]
    npsn = read_number(cells["npsn"], (8,))
    if not key_of(name) or key_of(name).isdecimal() or not (npsn.digits or npsn.text or texts.get("district")):
        return None
    level_text, zone_text = texts.get("level", ""), texts.get("zone", "")
    level, zone = read_level(level_text, name), ZONES.get(key_of(zone_text), "")
    wrong = {
        "npsn_missing": not npsn.digits and not npsn.text,
        f"npsn_{npsn.fault}": bool(npsn.fault),
        "level_outside": not level and bool(level_text),
        "zone_unknown": not zone and bool(key_of(zone_text)),
        "name_long": len(name) > NAME_LIMIT,
    }
    island = re.sub(r"^p(ulau|\.)\s*(?=\S)", "", texts.get("island", ""), flags=re.IGNORECASE)
    return SchoolRow(
        row=number,
        name=name[:NAME_LIMIT],
        npsn=npsn.digits,
        npsn_text=npsn.text,
        district=re.sub(r"^kec(amatan|\.)?\s+", "", texts.get("district", ""), flags=re.IGNORECASE)[:PLACE_LIMIT],
        level=level,
        island="" if key_of(island) in {"", "0", "daratan", "mainland", "madura"} else island[:PLACE_LIMIT],
        time_zone=zone,
        address=texts.get("address", "")[:ADDRESS_LIMIT],
        doubts=tuple(code for code, doubted in wrong.items() if doubted),
    )


def read_level(text: str, name: str) -> str:
    """Return TK, SD or SMP from the column, else from the beginning of the school's name; "" where neither tells."""
    if key_of(text):
        return LEVELS.get(key_of(text), "")
    match = _LEVEL_IN_NAME.match(name)
    return LEVELS[match[1].casefold()] if match else ""


def _doubt_twins(rows: Sequence[SchoolRow]) -> list[SchoolRow]:
    """Leave out copies; doubt two rows with one NPSN."""
    unique = {replace(row, row=0): row for row in reversed(rows)}
    kept = sorted(unique.values(), key=lambda row: row.row)
    seen = Counter(row.npsn for row in kept if row.npsn)
    return [replace(row, doubts=(*row.doubts, "twice_in_file")) if seen[row.npsn] > 1 else row for row in kept]
