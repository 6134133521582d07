"""Sheets made for the tests, in the layout of Dapodik's "Daftar PTK" (51 columns), with invented people."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import xlsxwriter
import xlwt
from xlsxwriter.worksheet import Worksheet

# fmt: off
HEADINGS = (
    "No", "Nama", "NUPTK", "JK", "Tempat Lahir", "Tanggal Lahir", "NIP", "Status Kepegawaian", "Jenis PTK", "Agama",
    "Alamat Jalan", "RT", "RW", "Nama Dusun", "Desa/Kelurahan", "Kecamatan", "Kode Pos", "Telepon", "HP", "Email",
    "Tugas Tambahan", "SK CPNS", "Tanggal CPNS", "SK Pengangkatan", "TMT Pengangkatan", "Lembaga Pengangkatan",
    "Pangkat Golongan", "Sumber Gaji", "Nama Ibu Kandung", "Status Perkawinan", "Nama Suami/Istri", "NIP Suami/Istri",
    "Pekerjaan Suami/Istri", "TMT PNS", "Sudah Lisensi Kepala Sekolah", "Pernah Diklat Kepengawasan",
    "Keahlian Braille", "Keahlian Bahasa Isyarat", "NPWP", "Nama Wajib Pajak", "Kewarganegaraan", "Bank",
    "Nomor Rekening Bank", "Rekening Atas Nama", "NIK", "No KK", "Karpeg", "Karis/Karsu", "Lintang", "Bujur", "NUKS",
)
# fmt: on
SECRET = "RAHASIA-PRIBADI"
"""Stands in every column that must be dropped; found nowhere afterwards."""

READ = {"No", "Nama", "NUPTK", "JK", "Tanggal Lahir", "NIP", "Status Kepegawaian", "Jenis PTK", "Tugas Tambahan"}
READ |= {"TMT Pengangkatan"}
TITLES = (
    ("Daftar PTK",),
    ("SDN Sapeken II",),
    ("Kecamatan Kec. Sapeken, Kabupaten Kab. Sumenep, Provinsi Prov. Jawa Timur",),
    ("Tanggal Unduh: 2026-11-20 08:15:00", "", "Pengunduh: operator (operator@contoh.example)"),
)


Rows = list[list[str | float]]


@dataclass(frozen=True, slots=True)
class Someone:
    """An invented member of staff."""

    name: str
    nip: str | float = ""
    nuptk: str | float = ""
    sex: str = "P"
    born: str = "1985-02-03"
    status: str = "Guru Honor Sekolah"
    kind: str = "Guru Kelas"
    extra: str = ""
    begins: str = "2010-07-01"

    def cells(self, number: int) -> list[str | float]:
        """The row of 51 cells as Dapodik writes it, everything private marked."""
        told: dict[str, str | float] = {
            "No": number,
            "Nama": self.name,
            "NUPTK": self.nuptk,
            "JK": self.sex,
            "Tanggal Lahir": self.born,
            "NIP": self.nip,
            "Status Kepegawaian": self.status,
            "Jenis PTK": self.kind,
            "Tugas Tambahan": self.extra,
            "TMT Pengangkatan": self.begins,
        }
        return [told.get(heading, SECRET) for heading in HEADINGS]


ROFIAH = Someone("ROFI'AH", nip="198502032010012011", nuptk="1535763664230123", status="PNS")
ACHMAD = Someone("Achmad Ba'its", nuptk="2535763664230124", sex="L", status="PPPK", nip="199001012024211003")
SITI = Someone("Siti Maḍura", sex="P", status="Tenaga Honor Sekolah", kind="Penjaga Sekolah")
HEAD = Someone(
    "Drs. Moh. Hasan, M.Pd.", nip="197001011995031002", sex="L", born="1970-01-01", status="PNS", extra="Kepala Sekolah"
)
STAFF = (ROFIAH, ACHMAD, SITI, HEAD)


def workbook(
    rows: Sequence[Sequence[str | float]],
    *,
    name: str = "Daftar PTK",
    dress: Callable[[Worksheet], object] | None = None,
) -> bytes:
    """Return an xlsx of these rows; `dress` may add merged cells and the like."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value != "":
                    sheet.write(number, column, value)
        if dress is not None:
            dress(sheet)
    return buffer.getvalue()


def dapodik_rows(staff: Sequence[Someone] = STAFF, *, school: str = "SDN Sapeken II") -> Rows:
    """Return the whole sheet: four lines of titles, headings in row 5, data from row 6."""
    titles: Rows = [[school] if number == 1 else list(title) for number, title in enumerate(TITLES)]
    return [*titles, list(HEADINGS), *(someone.cells(number) for number, someone in enumerate(staff, 1))]


def dapodik(staff: Sequence[Someone] = STAFF, *, school: str = "SDN Sapeken II") -> bytes:
    """Return the sheet as Dapodik hands it out: titles merged over several columns."""

    def merge_titles(sheet: Worksheet) -> None:
        for row, text in ((0, "Daftar PTK"), (1, school)):
            sheet.merge_range(row, 0, row, 20, text)

    return workbook(dapodik_rows(staff, school=school), dress=merge_titles)


def old_workbook(rows: Sequence[Sequence[str | float]]) -> bytes:
    """Return an xls (BIFF8), as Excel 97 to 2003 wrote it and as older programs of offices still do."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Daftar PTK")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def csv_file(rows: Sequence[Sequence[str | float]], *, delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """Return the rows as a spreadsheet program exports them."""
    lines = [delimiter.join(_quoted(str(value), delimiter) for value in row) for row in rows]
    return "\r\n".join(lines).encode(encoding)


def _quoted(text: str, delimiter: str) -> str:
    return '"' + text.replace('"', '""') + '"' if delimiter in text or '"' in text else text
