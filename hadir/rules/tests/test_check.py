"""`check FILE.csv`: what it prints and returns, and what it says about a table that can't be read."""

import runpy
from pathlib import Path

import pytest

from hadir.rules import check
from hadir.rules.cases import LARGEST_BYTES, CaseError, run_cases
from hadir.rules.tests.packs import CONTOH, changed_text

HEADER = (
    "id,pola,tanggal,scan,ketidakhadiran,kalender,terdengar_sampai,status,kode,menit_terlambat,menit_pulang_awal,"
    "final,tanda"
)
GOOD = "baik,5hari,2026-09-14,07:21:40;16:02:10,,,+1 00:00,H,,0,0,ya,"
WRONG = "salah,5hari,2026-09-14,07:35;16:00,,,+1 00:00,H,TL2,6,0,ya,tanpa_pulang"


def written(tmp_path: Path, *rows: str, header: str = HEADER, end: str = "\n") -> Path:
    path = tmp_path / "kasus.csv"
    path.write_bytes(end.join((header, *rows, "")).encode())
    return path


def ran(path: Path, pack: object = check.DEFAULT_PACK, *folders: Path) -> tuple[int, str, str]:
    said: list[str] = []
    complained: list[str] = []
    status = check.check(path, str(pack), say=said.append, complain=complained.append, folders=folders)
    return status, "".join(f"{line}\n" for line in said), "".join(f"{line}\n" for line in complained)


def test_all_passed(tmp_path: Path):
    assert ran(written(tmp_path, GOOD)) == (0, "1 passed, 0 failed\n", "")


def test_every_difference_is_told_with_got_and_expected(tmp_path: Path):
    assert ran(written(tmp_path, GOOD, WRONG)) == (
        1,
        "salah (baris 3): kode: got TL1, expected TL2\n"
        "salah (baris 3): menit_terlambat: got 5, expected 6\n"
        "salah (baris 3): tanda: got (kosong), expected tanpa_pulang\n"
        "1 passed, 1 failed\n",
        "",
    )


def test_a_table_from_a_spreadsheet(tmp_path: Path):
    """A byte order mark, CRLF, empty rows, quotes, spaces in lists, another order of flags, a note: no difference."""
    path = written(
        tmp_path,
        '"baik",5hari,2026-09-14,"05:00; 07:22",,,+1 00:00,H,PSW4,0,0225,ya,"tanpa_pulang; luar_jendela",catatan',
        ",,,,,,,,,,,,,",
        header="\ufeff" + HEADER + ",catatan",
        end="\r\n",
    )
    assert ran(path) == (0, "1 passed, 0 failed\n", "")


def test_another_pack_by_name_and_by_file(tmp_path: Path):
    pack = tmp_path / "sumenep.toml"
    pack.write_bytes(changed_text(("terlambat_menit = 0", "terlambat_menit = 9")))
    path = written(tmp_path, WRONG.replace("TL2,6,0,ya,tanpa_pulang", ",0,0,ya,"))
    assert ran(path)[0] == 1
    assert ran(path, pack) == (0, "1 passed, 0 failed\n", "")
    assert ran(path, "sumenep", tmp_path)[0] == 0
    assert ran(path, "tidak-ada") == (
        2,
        "",
        "tidak-ada: paket aturan ini tidak ada; berkasnya bernama tidak-ada.toml.\n",
    )


def test_main_uses_the_streams_of_the_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("sys.argv", ["hadir rules", "check", str(written(tmp_path, GOOD))])
    assert check.main() == 0
    assert capsys.readouterr().out == "1 passed, 0 failed\n"
    monkeypatch.setattr("sys.argv", ["hadir rules", "check", str(tmp_path / "hilang.csv")])
    assert check.main() == 2
    assert "tidak dapat dibaca" in capsys.readouterr().err


def test_it_can_be_run_without_the_rest_of_hadir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.argv", ["rules", "check", str(written(tmp_path, WRONG))])
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("hadir.rules", run_name="__main__")
    assert caught.value.code == 1


CELLS = [
    ("id", "", "belum diisi"),
    ("pola", "7hari", "'7hari' tidak ada di paket contoh pada tanggal itu; yang ada: 5hari, 6hari"),
    ("tanggal", "14-09-2026", "tulis seperti 2026-01-31"),
    ("tanggal", "2026-02-30", "tulis seperti 2026-01-31"),
    ("tanggal", "2300-01-01", "di luar tahun 2000 sampai 2099"),
    ("tanggal", "2019-12-31", "baru berlaku 2020-01-01"),
    ("scan", "07:20;7.30", "jam '7.30' tidak terbaca; tulis JJ:MM, JJ:MM:DD, atau +1 JJ:MM"),
    ("scan", "24:00", "jam '24:00' tidak terbaca"),
    ("scan", "+2 07:00", "jam '+2 07:00' tidak terbaca"),
    ("ketidakhadiran", "XX", "'XX' tidak dikenal; yang ada: DL, S, I"),
    ("ketidakhadiran", "I 10:00-09:00", "berakhir sebelum dimulai"),
    ("ketidakhadiran", "I 10:00", "tulis JJ:MM-JJ:MM"),
    ("ketidakhadiran", "CT 07:00-09:00", "CT tidak berlaku untuk sebagian hari di paket ini"),
    ("ketidakhadiran", "K", "jam '' tidak terbaca"),
    ("ketidakhadiran", "TEKNIS 07:00-09:00", "'TEKNIS 07:00-09:00' tidak dikenal"),
    ("kalender", "libur panjang", "'libur panjang' tidak dikenal; yang ada: libur, cuti bersama, libur siswa"),
    ("terdengar_sampai", "besok", "jam 'besok' tidak terbaca"),
    ("status", "", "belum diisi"),
    ("menit_terlambat", "-1", "'-1' bukan jumlah menit"),
    ("menit_pulang_awal", "", "'' bukan jumlah menit"),
    ("final", "yes", "'yes' bukan ya atau tidak"),
]


@pytest.mark.parametrize(("column", "text", "message"), CELLS, ids=[f"{row[0]}:{row[1]}" for row in CELLS])
def test_a_cell_that_cannot_be_read_names_row_and_column(tmp_path: Path, column: str, text: str, message: str):
    cells = GOOD.split(",")
    cells[HEADER.split(",").index(column)] = text
    status, out, err = ran(written(tmp_path, GOOD.replace("baik", "lain"), ",".join(cells)))
    assert (status, err) == (1, "")
    name = cells[0] or "(tanpa id)"
    assert out.startswith(f"{name}: baris 3, kolom {column}: ")
    assert message in out
    assert out.endswith("1 passed, 1 failed\n")


def test_a_code_for_hours_only_cannot_stand_for_a_day(tmp_path: Path):
    pack = tmp_path / "jam.toml"
    pack.write_bytes(changed_text(('nama = "Izin"\nsehari = true', 'nama = "Izin"\nsehari = false')))
    cells = GOOD.split(",")
    cells[4] = "I"
    _status, out, _err = ran(written(tmp_path, ",".join(cells)), pack)
    assert "kolom ketidakhadiran: I tidak berlaku untuk sehari penuh di paket ini." in out


ROWS = [
    ("two of one name", [GOOD, GOOD], "baik: baris 3, kolom id: 'baik' sudah dipakai baris lain."),
    ("a cell too few", [GOOD.removesuffix(",")], "baik: baris 2: berisi 12 kolom, seharusnya 13."),
    ("a cell too many", [GOOD + ","], "baik: baris 2: berisi 14 kolom, seharusnya 13."),
]


@pytest.mark.parametrize(("rows", "message"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_row_that_cannot_be_read(tmp_path: Path, rows: list[str], message: str):
    status, out, _err = ran(written(tmp_path, *rows))
    assert status == 1
    assert out.splitlines()[0] == message


TABLES = [
    ("empty", b"", "berkas ini kosong"),
    ("only empty rows", b"\n,,\n", "berkas ini kosong"),
    ("semicolons", HEADER.replace(",", ";").encode(), "kolom dipisah titik koma"),
    ("a column missing", HEADER.removesuffix(",tanda").encode(), "belum ada tanda"),
    ("a column misspelt", HEADER.replace("pola", "pol").encode(), "belum ada pola; tidak dikenal 'pol'"),
    ("a column twice", (HEADER + ",id").encode(), "ada nama yang tertulis dua kali"),
    ("not UTF-8", (HEADER + "\nés").encode("latin-1"), "tidak memakai UTF-8"),
    ("an open quote", (HEADER + '\n"baik').encode(), "baris 2: bukan CSV yang benar"),
    ("a NUL", (HEADER + "\n\0").encode(), "baris"),
    ("too large", b" " * (LARGEST_BYTES + 1), "lebih besar dari 20 MB"),
]


@pytest.mark.parametrize(("data", "message"), [row[1:] for row in TABLES], ids=[row[0] for row in TABLES])
def test_what_is_no_case_table(tmp_path: Path, data: bytes, message: str):
    path = tmp_path / "kasus.csv"
    path.write_bytes(data)
    status, out, err = ran(path)
    assert message in err + out
    assert status == (1 if out else 2)


def test_a_file_that_is_not_there(tmp_path: Path):
    status, out, err = ran(tmp_path / "tidak-ada.csv")
    assert (status, out) == (2, "")
    assert "tidak dapat dibaca" in err


def test_nothing_is_judged_before_it_is_asked_for():
    """A wrong header is found even when nobody looks at the cases one by one."""
    with pytest.raises(CaseError):
        list(run_cases(b"id,pola\n", CONTOH))
