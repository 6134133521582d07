"""The Dapodik "Daftar PTK" (and lists that offices make from it) -> rows of staff, with what is doubtful in each.

The sheet has titles above, headings normally in row 5, no NPSN, 51 columns. Ten of them are read; the birth date only
to check a NIP. NIK, family card, mother's name, bank, address, telephone and the rest never leave this module.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain

from hadir.core.tables.cells import Cell, Number, key_of, read_date, read_number, read_yes, text_of
from hadir.core.tables.problems import FileError
from hadir.core.tables.sheets import Table
from hadir.imports.columns import (
    Headings,
    Layout,
    find_headings,
    is_numbering,
    refuse_without_headings,
    repeats_headings,
)
from hadir.imports.titles import school_in_titles, school_of_column
from hadir.people.names import name_key, school_key, split_titles
from hadir.people.numbers import read_nip

NAME_LIMIT, DUTY_LIMIT, TITLE_LIMIT = 160, 80, 40
TITLE_BACK_LIMIT = 60
SKIPPED_ROWS_TOLD = 50

# fmt: off
READ_OVER = (
    "Tempat Lahir", "Agama", "Alamat Jalan", "Alamat", "RT", "RW", "Nama Dusun", "Dusun", "Desa/Kelurahan",
    "Kecamatan", "Kode Pos", "Telepon", "HP", "Email", "SK CPNS", "Tanggal CPNS", "SK Pengangkatan",
    "TMT Pengangkatan", "Lembaga Pengangkatan", "Pangkat Golongan", "Sumber Gaji", "Nama Ibu Kandung",
    "Status Perkawinan", "Nama Suami/Istri", "NIP Suami/Istri", "Pekerjaan Suami/Istri", "TMT PNS",
    "Sudah Lisensi Kepala Sekolah", "Pernah Diklat Kepengawasan", "Keahlian Braille", "Keahlian Bahasa Isyarat",
    "NPWP", "Nama Wajib Pajak", "Kewarganegaraan", "Bank", "Nomor Rekening Bank", "Rekening Atas Nama", "NIK",
    "No KK", "Karpeg", "Karis/Karsu", "Lintang", "Bujur", "NUKS", "Jenjang", "Pendidikan", "Sertifikasi", "Jurusan",
    "Kompetensi", "Mengajar",
)
# fmt: on
"""Headings that Dapodik has and Hadir does not need: told by name, dropped with what stands below them."""

LAYOUT = Layout(
    wanted={
        "number": ("no", "nomor", "nourut"),
        "name": (
            *("nama", "namalengkap", "namaptk", "namagtk", "namaguru", "namapegawai", "namaguruptk"),
            *("namadangelar", "namalengkapdangelar", "namalengkapdengangelar", "namagurupegawai", "namagurudanpegawai"),
            *("namapendidik", "namaptkdangelar", "namagurudangelar", "namapegawaidangelar"),
        ),
        "nuptk": ("nuptk",),
        "sex": ("jk", "lp", "jeniskelamin", "kelamin"),
        "born": ("tanggallahir", "tgllahir"),
        "nip": (
            *("nip", "nipbaru", "nippns", "nippnspppk", "nippnsnipppk", "ninip", "nipni", "nipnrp"),
            # NI PPPK, NIP PPPK and NI P3K, alone and beside NIP.
            *(text for ni in ("nipppk", "nippppk", "nip3k", "nipp3k") for text in (ni, f"nip{ni}", f"{ni}nip")),
            *("nipnipppknrp", "nipnrpnipppk"),
        ),
        "status": ("statuskepegawaian", "statuspegawai", "statuskepeg", "status"),
        "kind": ("jenisptk", "jenisgtk", "jenispegawai", "tugasutama", "jabatan", "tugas"),
        "extra": ("tugastambahan",),
        "begins": ("tmttugas", "tanggalmulaitugas", "mulaitugas", "tmtpengangkatan"),
        "home": ("induk", "sekolahinduk", "ptkinduk", "statusinduk"),
        "npsn": ("npsn",),
        "school": ("namasekolah", "sekolah", "satuanpendidikan", "tempattugas", "unitkerja"),
    },
    needed=frozenset({"name"}),
    telling=frozenset({"nuptk", "nip", "status", "kind"}),
    at_least=3,
    known={key_of(name): name for name in READ_OVER},
)
OTHER_LISTS = {"import_pupils": frozenset({"nisn", "nipd", "rombelsaatini", "namaayah"})}

# Status Kepegawaian as Dapodik writes it -> the kind of staff. What is not here is asked.
STAFF_KINDS: Mapping[str, str] = {
    "pns": "PNS",
    "pnsdiperbantukan": "PNS",
    "pnsdepag": "PNS",
    "pnskemenag": "PNS",
    "cpns": "CPNS",
    "pppk": "PPPK",
    "p3k": "PPPK",
    "asnpppk": "PPPK",
    "asnp3k": "PPPK",
    "pppkpenuhwaktu": "PPPK",
    "p3kpenuhwaktu": "PPPK",
    "pppkparuhwaktu": "PPPK_PW",
    "p3kparuhwaktu": "PPPK_PW",
    "pppkpw": "PPPK_PW",
    "gtypty": "GTY",
    "gty": "GTY",
    "pty": "GTY",
    "gurutetapyayasan": "GTY",
    "pegawaitetapyayasan": "GTY",
    "guruhonorsekolah": "HONORER",
    "tenagahonorsekolah": "HONORER",
    "honordaerahtkiprovinsi": "HONORER",
    "honordaerahtkiikabkota": "HONORER",
    "gurubantupusat": "HONORER",
    "honorer": "HONORER",
    "honor": "HONORER",
    "guruhonor": "HONORER",
    "guruhonorer": "HONORER",
    "tenagahonor": "HONORER",
    "tenagahonorer": "HONORER",
    "honorsekolah": "HONORER",
    "honordaerah": "HONORER",
    "sukwan": "HONORER",
    "gurusukwan": "HONORER",
    "tenagasukwan": "HONORER",
    "gurutidaktetap": "HONORER",
    "pegawaitidaktetap": "HONORER",
    "gtt": "HONORER",
    "ptt": "HONORER",
    "gttptt": "HONORER",
}
_NPSN = re.compile(r"npsn\W*([0-9]{8})(?![0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One row of the list, only with what attendance needs.

    `row` and `sheet` say where it stands. `nip_text` and `nuptk_text` show a number that could not be read.
    `staff_kind` is empty where `status` says nothing known. `doubts` are codes of what a person must decide, `notes` of
    what is only worth a look. `home` is None where the list does not say.
    """

    row: int
    name: str
    sheet: str = ""
    title_front: str = ""
    title_back: str = ""
    salutation: str = ""
    nip: str = ""
    nip_text: str = ""
    nuptk: str = ""
    nuptk_text: str = ""
    status: str = ""
    staff_kind: str = ""
    duty: str = ""
    home: bool | None = None
    begins: date | None = None
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name as it is compared."""
        return name_key(self.name)


@dataclass(frozen=True, slots=True)
class StaffList:
    """What a file says: the school it names ("" if none), its rows, headings dropped, rows that are no person's.

    `unread_nip`: letters of dropped columns that seem to hold NIP although no column was found to be it.
    """

    school: str
    npsn: str
    rows: tuple[StaffRow, ...]
    dropped: tuple[str, ...] = ()
    skipped: tuple[int, ...] = ()
    unread_nip: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    schools: dict[str, str] = field(default_factory=dict)
    npsns: set[str] = field(default_factory=set)
    rows: list[StaffRow] = field(default_factory=list)
    dropped: dict[str, None] = field(default_factory=dict)
    skipped: list[int] = field(default_factory=list)
    unread_nip: dict[str, None] = field(default_factory=dict)

    def see_school(self, name: str) -> None:
        """Keep the name of a school, once."""
        if key := school_key(name):
            self.schools.setdefault(key, name[:NAME_LIMIT])


def read_staff_list(tables: Sequence[Table]) -> StaffList:
    """Read the list of one school's staff from the tables of a file.

    Tables without the headings are left out (offices add sheets of their own).
    Raises FileError `import_no_headings`, `import_pupils`, `import_no_rows`, `import_two_schools`.
    """
    found = [(table, headings) for table in tables if (headings := find_headings(table, LAYOUT))]
    if not found:
        raise refuse_without_headings(tables, OTHER_LISTS)
    reading = _Reading()
    for table, headings in found:
        _read_table(table, headings, reading, sheet=table.name if len(found) > 1 else "")
    if len(reading.schools) > 1 or len(reading.npsns) > 1:
        names = sorted(reading.schools.values()) if len(reading.schools) > 1 else sorted(reading.npsns)
        raise FileError("import_two_schools", schools=", ".join(names[:3]))
    if not reading.rows:
        raise FileError("import_no_rows")
    return StaffList(
        school=next(iter(reading.schools.values()), ""),
        npsn=next(iter(reading.npsns), ""),
        rows=tuple(_without_copies(reading.rows)),
        dropped=tuple(reading.dropped),
        skipped=tuple(reading.skipped[:SKIPPED_ROWS_TOLD]),
        unread_nip=tuple(reading.unread_nip),
    )


def _read_table(table: Table, headings: Headings, reading: _Reading, *, sheet: str) -> None:
    _read_titles(table.rows[: headings.row], reading)
    reading.dropped.update(dict.fromkeys(headings.dropped))
    if "nip" not in headings.columns:
        reading.unread_nip.update({letter: None for name, letter in headings.unknown.items() if "nip" in name})
    body = list(enumerate(table.rows[headings.body :], table.first_row + headings.body))
    numbered = sum(_is_counted(row, headings) for _number, row in body)
    between: list[Sequence[Cell]] = []
    for number, row in body:
        if not any(text_of(cell) for cell in row) or is_numbering(row):
            continue
        if repeats_headings(row, headings, LAYOUT):
            # A second list below the first: the lines just above it are its titles.
            _read_titles(between[-6:], reading)
            between.clear()
            continue
        staff = _read_row(row, headings.columns, number, sheet)
        if staff is None or (numbered and not _is_counted(row, headings) and not _says_more(row, headings)):
            between.append(row)
            reading.skipped.append(number)
            continue
        between.clear()
        reading.rows.append(staff)
        _read_school_columns(row, headings.columns, reading)


def _is_counted(row: Sequence[Cell], headings: Headings) -> bool:
    column = headings.columns.get("number")
    text = text_of(row[column]).rstrip(".") if column is not None and column < len(row) else ""
    return text.isascii() and text.isdecimal()


def _says_more(row: Sequence[Cell], headings: Headings) -> bool:
    """Tell whether a row without a number holds more of a person than a name: a footer's signature does not."""
    told = ("nuptk", "sex", "nip", "status", "kind")
    filled = [word for word in told if _cell(row, headings.columns, word) not in (None, "")]
    return len(filled) > 1


def _cell(row: Sequence[Cell], columns: Mapping[str, int], word: str) -> Cell:
    place = columns.get(word)
    return row[place] if place is not None and place < len(row) else None


def _read_titles(rows: Sequence[Sequence[Cell]], reading: _Reading) -> None:
    """Find the school in the lines above the headings, by name and by NPSN."""
    for cell in (cell for row in rows for cell in row):
        reading.npsns.update(_NPSN.findall(text_of(cell)))
    reading.see_school(school_in_titles(rows))


def _read_school_columns(row: Sequence[Cell], columns: Mapping[str, int], reading: _Reading) -> None:
    if name := text_of(_cell(row, columns, "school")):
        reading.see_school(school_of_column(name))
    if digits := read_number(_cell(row, columns, "npsn"), (8,)).digits:
        reading.npsns.add(digits)


def _read_row(row: Sequence[Cell], columns: Mapping[str, int], number: int, sheet: str) -> StaffRow | None:
    """Read one row; None where the cell of the name holds no name."""
    written = text_of(_cell(row, columns, "name"))
    if not key_of(written) or key_of(written).isdecimal():
        return None
    split = split_titles(written)
    nip = read_number(_cell(row, columns, "nip"), (18,))
    nuptk = read_number(_cell(row, columns, "nuptk"), (16,))
    status = text_of(_cell(row, columns, "status"))[:DUTY_LIMIT]
    kind = STAFF_KINDS.get(key_of(status), "")
    sex = _sex(text_of(_cell(row, columns, "sex")))
    staff = StaffRow(
        row=number,
        sheet=sheet[:NAME_LIMIT],
        name=split.name[:NAME_LIMIT],
        title_front=split.front[:TITLE_LIMIT],
        title_back=split.back[:TITLE_BACK_LIMIT],
        salutation={"L": "Bapak", "P": "Ibu"}.get(sex, ""),
        nip=nip.digits,
        nip_text=nip.text,
        nuptk=nuptk.digits,
        nuptk_text=nuptk.text,
        status=status,
        staff_kind=kind,
        duty=_duty(text_of(_cell(row, columns, "kind")), text_of(_cell(row, columns, "extra"))),
        home=read_yes(_cell(row, columns, "home")),
        begins=read_date(_cell(row, columns, "begins")),
    )
    doubts = [*_number_doubts("nip", nip), *_number_doubts("nuptk", nuptk)]
    if not kind:
        doubts.append("status_unknown" if status else "status_missing")
    if len(split.name) > NAME_LIMIT:
        doubts.append("name_long")
    notes = _nip_notes(staff, sex, read_date(_cell(row, columns, "born")))
    return replace(staff, doubts=tuple(doubts), notes=tuple(notes))


def _sex(text: str) -> str:
    return {"l": "L", "lakilaki": "L", "pria": "L", "p": "P", "perempuan": "P", "wanita": "P"}.get(key_of(text), "")


def _duty(kind: str, extra: str) -> str:
    """Return "Guru Kelas, Kepala Sekolah" from Jenis PTK and Tugas Tambahan; each said once."""
    parts = [part for part in (kind, extra) if key_of(part) not in {"", "0", "tidakada", "lainnya"}]
    return ", ".join({key_of(part): part for part in parts}.values())[:DUTY_LIMIT]


def _number_doubts(name: str, number: Number) -> Iterator[str]:
    if number.fault:
        yield f"{name}_{number.fault}"


def _nip_notes(staff: StaffRow, sex: str, born: date | None) -> Iterator[str]:
    """Say where a NIP of a PNS tells another birth date or sex than the row: worth a look, never a reason to refuse."""
    reading = read_nip(staff.nip) if staff.staff_kind in {"PNS", "CPNS"} else None
    if reading is None:
        return
    if born is not None and reading.born != born:
        yield "nip_birth_differs"
    if sex and reading.sex != sex:
        yield "nip_sex_differs"


def _without_copies(rows: Sequence[StaffRow]) -> Iterator[StaffRow]:
    """Leave out what is written twice word for word, and doubt what shares a number or, without one, a name."""
    unique: dict[StaffRow, StaffRow] = {}
    for row in rows:
        if row.nip or row.nuptk:
            unique.setdefault(replace(row, row=0, sheet=""), row)
        else:
            unique[row] = row
    kept = list(unique.values())
    marks: dict[str, int] = {}
    for mark in chain.from_iterable(_marks(row) for row in kept):
        marks[mark] = marks.get(mark, 0) + 1
    for row in kept:
        twice = any(marks[mark] > 1 for mark in _marks(row))
        yield replace(row, doubts=(*row.doubts, "twice_in_file")) if twice else row


def _marks(row: StaffRow) -> list[str]:
    numbers = [f"nip {row.nip}"] * bool(row.nip) + [f"nuptk {row.nuptk}"] * bool(row.nuptk)
    return numbers or [f"name {row.key}"]
