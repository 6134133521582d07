"""The layout of documents: the project's own is right, an office writes only what it changes, errors name the line."""

from pathlib import Path

import pytest

from hadir.core.errors import HadirError
from hadir.reports.documents.layout import DEFAULT, office_layout, read_layout

WRONG = [
    ("[kop\nbaris = []", "1", "TOML"),
    ('[kertas]\n\nukuran = "a3"', "3", "a4, f4"),
    ('[kop]\nnama = "{sekola}"', "2", "{sekola}"),
    ('[kop]\nbaris = ["satu", 2]', "2", "teks"),
    ('[kop]\nnama = "{SEKOLAH"', "2", "kurung kurawal"),
    ('[rekap]\njudul = "A"\nhari = ["H", "Q"]', "3", "'Q'"),
    ('[rekap]\nhari = ["H", "H"]', "2", "dua kali"),
    ('[rekap]\nmenit = ["H"]', "2", "TL"),
    ("[rekap.persen]\ndesimal = 3", "2", "paling banyak 2"),
    ('[kode]\nT = "TK"', "2", "tanpa keterangan"),
    ('[kode]\nH = "hadir"', "2", "1 sampai 4"),
    ('[kode]\nA = "T"', "2", "sama"),
    ('[kode]\nHadir = "H"', "2", "bukan kode"),
    ('[kop]\nlambang = "../rahasia.png"', "2", "tanpa folder"),
    ('[kop]\nlambang = "tidak-ada.png"', "2", "tidak ada"),
    ("[kop]\nwarna = 1", "2", "tidak dikenal"),
    ("format = 2", "1", "format 1"),
    ("[tpp]\ntabel = 1", "2", "teks"),
]


def test_the_projects_own_layout_is_right(tmp_path: Path):
    layout = read_layout("", tmp_path)
    assert layout.days == ("H", "TL", "PSW", "DL", "I", "S", "C", "A", "T")
    assert layout.paper == "a4"
    assert layout.deduction_table == ""
    assert read_layout(DEFAULT.read_text(encoding="utf-8"), tmp_path) == layout


def test_an_office_writes_only_what_it_changes(tmp_path: Path):
    (tmp_path / "lambang.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    text = (
        '[kop]\nbaris = ["PEMERINTAH"]\nlambang = "lambang.svg"\n[rekap.persen]\ndesimal = 0\n[kertas]\nukuran = "f4"'
    )
    layout = read_layout(text, tmp_path)
    assert (layout.heading, layout.paper, layout.percent.decimals) == (("PEMERINTAH",), "f4", 0)
    assert layout.crest == tmp_path / "lambang.svg"
    assert layout.percent.present == ("H", "DL")


@pytest.mark.parametrize(("text", "line", "word"), WRONG, ids=[word for _, _, word in WRONG])
def test_a_wrong_layout_names_its_line(text: str, line: str, word: str, tmp_path: Path):
    with pytest.raises(HadirError) as refused:
        read_layout(text, tmp_path)
    assert refused.value.code == "layout_unusable"
    assert f"baris {line}:" in refused.value.message
    assert word in refused.value.message


def test_the_offices_file_is_read_again_when_it_changed(settings: object, tmp_path: Path):
    settings.HADIR_DATA = tmp_path  # type: ignore[attr-defined]
    assert office_layout().title.startswith("REKAPITULASI")
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "layout.toml").write_text('[rekap]\njudul = "DAFTAR HADIR"\n')
    assert office_layout().title == "DAFTAR HADIR"
    (folder / "layout.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(HadirError, match="tidak dapat dibaca"):
        office_layout()
