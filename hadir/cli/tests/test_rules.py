"""`hadir rules check`."""

from pathlib import Path
from typing import Any

import pytest

from hadir.cli.main import main
from hadir.rules.pack import BUILT_IN

CASES = (
    "id,pola,tanggal,scan,ketidakhadiran,kalender,terdengar_sampai,"
    "status,kode,menit_terlambat,menit_pulang_awal,final,tanda\n"
    "telat,5hari,2026-09-14,07:35;16:00,,,+1 00:00,H,TL1,5,0,ya,\n"
)


def test_a_table_of_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    table = tmp_path / "kasus.csv"
    table.write_text(CASES, encoding="utf-8")
    assert main(["rules", "check", str(table)]) == 0
    assert capsys.readouterr().out == "1 passed, 0 failed\n"
    table.write_text(CASES.replace("TL1,5", "TL1,6"), encoding="utf-8")
    assert main(["rules", "check", str(table)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said == ["telat (baris 2): menit_terlambat: got 5, expected 6", "0 passed, 1 failed"]


def test_the_office_keeps_its_packs_in_its_data(tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]):
    settings.HADIR_DATA = tmp_path
    table = tmp_path / "kasus.csv"
    table.write_text(CASES.replace("TL1,5", ",0"), encoding="utf-8")
    pack = (BUILT_IN / "contoh.toml").read_text(encoding="utf-8").replace("terlambat_menit = 0", "terlambat_menit = 5")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "sumenep.toml").write_text(pack, encoding="utf-8")
    assert main(["rules", "check", str(table), "--pack", "sumenep"]) == 0
    assert main(["rules", "check", str(table), "--pack", "pamekasan"]) == 2
    assert "pamekasan.toml" in capsys.readouterr().err
