"""The settings file: what it says, and how each mistake is named."""

from pathlib import Path

import pytest

from hadir.agent.faults import AgentError
from hadir.agent.settings import read_settings
from hadir.agent.signing import read_key
from hadir.agent.tests.conftest import KEY

GOOD = f"""[hadir]
server = https://hadir.example
kunci = {KEY.text()}

[mesin kantor]
alamat = 192.168.1.201
seri = CKUH204960119
sandi_komunikasi = 123456
langsung = ya

[mesin gerbang]
jenis = hikvision
alamat = 192.168.1.64
seri = DS0123456789
pengguna = hadir
sandi = rahasia-sekali
"""


def read(tmp_path: Path, text: str, encoding: str = "utf-8"):
    path = tmp_path / "agen.ini"
    path.write_text(text, encoding=encoding)
    return read_settings(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_good_file(tmp_path: Path, encoding: str):
    settings = read(tmp_path, GOOD, encoding)
    office, gate = settings.terminals
    assert (office.name, office.kind, office.port, office.comm_key, office.way, office.live) == (
        *("kantor", "zkteco", 4370, 123456),
        *("auto", True),
    )
    assert (gate.kind, gate.port, gate.user, gate.password) == ("hikvision", 80, "hadir", "rahasia-sekali")
    assert settings.every == 600
    assert settings.data == tmp_path / "data-agen"
    assert settings.key == KEY


def test_no_secret_shows_in_a_repr(tmp_path: Path):
    shown = repr(read(tmp_path, GOOD))
    assert KEY.text().rsplit(".", 1)[1] not in shown
    assert "rahasia-sekali" not in shown
    assert "123456," not in shown


@pytest.mark.parametrize(
    ("old", "new", "code", "named"),
    [
        ("https://hadir.example", "http://hadir.example", "config_value", "https"),
        ("https://hadir.example", "hadir.example", "config_value", "server"),
        (KEY.text(), "abc", "config_value", "kunci"),
        (KEY.text(), "", "config_value", "kunci"),
        ("192.168.1.201", "http://192.168.1.201/", "config_value", "alamat"),
        ("seri = CKUH204960119", "", "config_value", "seri"),
        ("CKUH204960119", "DS0123456789", "config_value", "seri"),
        ("CKUH204960119", "CKUH\u00e9", "config_value", "seri"),
        ("CKUH204960119", "C" * 65, "config_value", "seri"),
        ("DS0123456789", "DS0", "config_value", "seri"),
        ("sandi_komunikasi = 123456", "sandi_komunikasi = satu", "config_value", "sandi_komunikasi"),
        ("sandi_komunikasi = 123456", "sandi_komunikasi = 1234567", "config_value", "sandi_komunikasi"),
        ("langsung = ya", "langsung = mungkin", "config_value", "langsung"),
        ("langsung = ya", "jalur = serial", "config_value", "jalur"),
        ("langsung = ya", "kecepatan = 1", "config_unknown", "kecepatan"),
        ("pengguna = hadir", "sandi_komunikasi = 1", "config_unknown", "sandi_komunikasi"),
        ("jenis = hikvision", "jenis = fingerspot", "config_value", "jenis"),
        ("[mesin gerbang]", "[gerbang]", "config_value", "gerbang"),
        ("[hadir]", "[server]", "config_unreadable", "[hadir]"),
        ("[mesin kantor]", "[hadir]", "config_unreadable", "baris"),
    ],
)
def test_every_mistake_is_named(tmp_path: Path, old: str, new: str, code: str, named: str):
    with pytest.raises(AgentError) as wrong:
        read(tmp_path, GOOD.replace(old, new))
    assert wrong.value.code == code
    assert named in str(wrong.value)
    assert KEY.text().rsplit(".", 1)[1] not in str(wrong.value)


@pytest.mark.parametrize("serial", ["A", "3A1", "A/B:7", "MESIN 59", "C" * 64])
def test_every_serial_that_hadir_registers(tmp_path: Path, serial: str):
    assert read(tmp_path, GOOD.replace("CKUH204960119", serial)).terminals[0].serial == serial


def test_a_file_without_terminals_or_no_file(tmp_path: Path):
    with pytest.raises(AgentError) as empty:
        read(tmp_path, GOOD.split("[mesin", maxsplit=1)[0])
    assert empty.value.code == "config_no_terminal"
    with pytest.raises(AgentError) as missing:
        read_settings(tmp_path / "lain.ini")
    assert missing.value.code == "config_missing"


@pytest.mark.parametrize("text", ["", "hadir-agen.a.b", "hadir-agen.abcdefgh.!!", "lain.abcdefgh.AAAA", "a.b.c.d"])
def test_what_is_no_key(text: str):
    assert read_key(text) is None
    assert read_key(KEY.text() + "\n") == KEY
