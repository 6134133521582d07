"""Settings: what is taken, what is refused and with which words, what is made."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.db import connection

from hadir.config.environment import SETTINGS, SettingError, read_environment

ROOT = Path(__file__).parents[3]


def test_every_setting_is_documented():
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE) == list(SETTINGS)


def test_no_other_setting_of_ours_is_read_anywhere():
    """Only `environment.py` reads the environment; the engine alone knows its two names by itself."""
    for path in (ROOT / "hadir").rglob("*.py"):
        if "tests" in path.parts:
            continue
        named = set(re.findall(r"""environ(?:\.get\(|\[)\s*["']([A-Z_]+)["']""", path.read_text(encoding="utf-8")))
        mine = {name for name in named if name.startswith(("HADIR_", "DATABASE"))}
        assert mine <= set(SETTINGS), path


def test_defaults(tmp_path: Path):
    found = read_environment({"HADIR_DATA": str(tmp_path)})
    assert found.database["NAME"] == tmp_path / "hadir.sqlite3"
    assert found.template_key_file == tmp_path / "keys" / "templates.key"
    assert found.hosts == ("localhost", "127.0.0.1", "[::1]")
    assert (found.public_url, found.debug, found.pack, found.log_level) == ("", False, "open", "INFO")
    assert not found.template_key_file.exists()


def test_the_public_address_is_a_host_too(tmp_path: Path):
    given = {"HADIR_DATA": str(tmp_path), "HADIR_PUBLIC_URL": "https://Hadir.example.go.id:8443/"}
    found = read_environment(given)
    assert found.public_url == "https://Hadir.example.go.id:8443"
    assert found.hosts == ("localhost", "127.0.0.1", "[::1]", "hadir.example.go.id")


def test_empty_values_count_as_not_set(tmp_path: Path):
    empty = dict.fromkeys(SETTINGS, "  ") | {"HADIR_DATA": str(tmp_path)}
    assert read_environment(empty) == read_environment({"HADIR_DATA": str(tmp_path)})


def test_the_secret_key_is_made_once_for_the_owner_only(tmp_path: Path):
    first = read_environment({"HADIR_DATA": str(tmp_path)}).secret_key
    assert len(first) >= 50
    assert read_environment({"HADIR_DATA": str(tmp_path)}).secret_key == first
    assert (tmp_path / "keys" / "django.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["django.key"]


def test_a_secret_key_may_be_given(tmp_path: Path):
    given = {"HADIR_DATA": str(tmp_path), "HADIR_SECRET_KEY": "k" * 32}
    assert read_environment(given).secret_key == "k" * 32
    (tmp_path / "secret").write_text("f" * 40 + "\n")
    file = {"HADIR_DATA": str(tmp_path), "HADIR_SECRET_KEY_FILE": str(tmp_path / "secret")}
    assert read_environment(file).secret_key == "f" * 40


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://hadir:p%40ss%2Fword@db.example:5433/hadir?sslmode=require",
            {"USER": "hadir", "PASSWORD": "p@ss/word", "HOST": "db.example", "PORT": "5433", "NAME": "hadir"}
            | {"OPTIONS": {"sslmode": "require"}},
        ),
        (
            "postgres://postgres:@/postgres?host=/run/postgresql",
            {"USER": "postgres", "PASSWORD": "", "HOST": "", "PORT": "", "NAME": "postgres"}
            | {"OPTIONS": {"host": "/run/postgresql"}},
        ),
        ("sqlite:////srv/hadir/h.sqlite3", {"NAME": Path("/srv/hadir/h.sqlite3")}),
        ("sqlite:///srv/hadir/h.sqlite3", {"NAME": Path("/srv/hadir/h.sqlite3")}),
    ],
)
def test_database_addresses(tmp_path: Path, url: str, expected: Mapping[str, object]):
    database = read_environment({"HADIR_DATA": str(tmp_path), "DATABASE_URL": url}).database
    assert {name: database[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("HADIR_DATA", "/proc/none/data", "tidak dapat dibuat"),
        ("DATABASE_URL", "mysql://localhost/hadir", "mulai dengan postgresql://"),
        ("DATABASE_URL", "hadir.sqlite3", "mulai dengan postgresql://"),
        ("DATABASE_URL", "postgresql://localhost", "nama basis data"),
        ("DATABASE_URL", "postgresql://localhost:99999/hadir", "port"),
        ("DATABASE_URL", "postgresql://localhost:port/hadir", "port"),
        ("DATABASE_URL", "sqlite://", "jalur lengkap"),
        ("DATABASE_URL", "sqlite://relative/file", "jalur lengkap"),
        ("HADIR_SECRET_KEY", "short", "terlalu pendek"),
        ("HADIR_SECRET_KEY_FILE", "/proc/none", "tidak dapat dibaca"),
        ("HADIR_HOSTS", "https://hadir.example", "bukan nama host"),
        ("HADIR_PUBLIC_URL", "hadir.example", "alamat lengkap"),
        ("HADIR_PUBLIC_URL", "ftp://hadir.example", "alamat lengkap"),
        ("HADIR_PUBLIC_URL", "https://hadir.example/sub", "dari akarnya"),
        ("HADIR_DEBUG", "yes", "0 atau 1"),
        ("HADIR_PACK", "../../etc", "nama paket"),
        ("HADIR_LOG_LEVEL", "LOUD", "DEBUG, INFO"),
    ],
)
def test_a_bad_value_is_refused_in_one_line(tmp_path: Path, name: str, value: str, words: str):
    with pytest.raises(SettingError, match=words) as error:
        read_environment({"HADIR_DATA": str(tmp_path)} | {name: value})
    assert error.value.name == name
    assert str(error.value).startswith(f"Pengaturan {name}: ")
    assert "\n" not in str(error.value)


def test_two_secrets_are_one_too_many(tmp_path: Path):
    with pytest.raises(SettingError, match="hanya satu"):
        read_environment({"HADIR_DATA": str(tmp_path), "HADIR_SECRET_KEY": "k" * 32, "HADIR_SECRET_KEY_FILE": "/x"})


def test_a_bad_value_stops_the_start(tmp_path: Path):
    environment = {**os.environ, "HADIR_DATA": str(tmp_path), "HADIR_DEBUG": "maybe", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", "import hadir.config.settings"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, "Pengaturan HADIR_DEBUG: isi 0 atau 1.\n")


@pytest.mark.django_db
def test_sqlite_runs_as_promised():
    if connection.vendor != "sqlite":
        pytest.skip("PRAGMA is SQLite's")
    with connection.cursor() as cursor:
        found = {}
        for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys", "secure_delete"):
            cursor.execute(f"PRAGMA {name}")
            found[name] = cursor.fetchone()[0]
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 20000,
        "foreign_keys": 1,
        "secure_delete": 1,
    }
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
