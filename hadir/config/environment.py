"""Settings come from the environment and from nowhere else; docs/settings.md lists them. Read and checked here.

A bad value raises `SettingError`; `settings.py` prints its one line and ends the process with exit code 2.
"""

import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

CHECKOUT = Path(__file__).resolve().parents[2]
SETTINGS = (
    "HADIR_DATA",
    "DATABASE_URL",
    "HADIR_SECRET_KEY",
    "HADIR_SECRET_KEY_FILE",
    "HADIR_TEMPLATE_KEY_FILE",
    "HADIR_HOSTS",
    "HADIR_PUBLIC_URL",
    "HADIR_DEBUG",
    "HADIR_PACK",
    "HADIR_LOG_LEVEL",
    "HADIR_FINGERSPOT_URL",
    "HADIR_FINGERSPOT_TOKEN_FILE",
    "HADIR_HIKVISION_KINDS",
)
"""Every name that is read; docs/settings.md is tested against this."""

SECRET_KEY_LENGTH = 32


class SettingError(Exception):
    """A setting has a value that cannot work. The text is one Indonesian line that says what to do."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"Pengaturan {name}: {problem}")
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """All settings, checked. Paths are absolute; `database` is an entry of Django's DATABASES."""

    data: Path
    database: Mapping[str, Any]
    secret_key: str
    template_key_file: Path
    hosts: tuple[str, ...]
    public_url: str
    debug: bool
    pack: str
    log_level: str
    fingerspot_url: str
    fingerspot_token_file: Path | None
    hikvision_kinds: tuple[tuple[int, int], ...]


def read_environment(environ: Mapping[str, str]) -> Environment:
    """Read and check every setting; an empty value counts as not set.

    Makes the data folder and the secret key file where they are missing. Raises `SettingError`.
    """
    given = {name: environ[name].strip() for name in SETTINGS if environ.get(name, "").strip()}
    data = _folder("HADIR_DATA", given.get("HADIR_DATA"), CHECKOUT / "data")
    public_url = _public_url(given.get("HADIR_PUBLIC_URL", ""))
    return Environment(
        data=data,
        database=_database(given.get("DATABASE_URL"), data),
        secret_key=_secret_key(given, data),
        template_key_file=Path(given.get("HADIR_TEMPLATE_KEY_FILE", data / "keys" / "templates.key")).absolute(),
        hosts=_hosts(given.get("HADIR_HOSTS", "localhost,127.0.0.1,[::1]"), public_url),
        public_url=public_url,
        debug=_switch("HADIR_DEBUG", given.get("HADIR_DEBUG", "0")),
        pack=_pack(given.get("HADIR_PACK", "open")),
        log_level=_log_level(given.get("HADIR_LOG_LEVEL", "INFO")),
        fingerspot_url=_service_url("HADIR_FINGERSPOT_URL", given.get("HADIR_FINGERSPOT_URL", "")),
        fingerspot_token_file=_file(given.get("HADIR_FINGERSPOT_TOKEN_FILE")),
        hikvision_kinds=_event_kinds(given.get("HADIR_HIKVISION_KINDS", "5/1,5/38,5/75")),
    )


def _folder(name: str, value: str | None, default: Path) -> Path:
    path = Path(value).expanduser().absolute() if value else default
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(name, f"folder {path} tidak dapat dibuat ({error.strerror}). Pilih folder lain.") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise SettingError(name, f"folder {path} tidak dapat ditulisi. Beri izin tulis atau pilih folder lain.")
    return path


def _database(url: str | None, data: Path) -> dict[str, Any]:
    if url is None:
        return sqlite_database(data / "hadir.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path)
        if parts.netloc or not path.startswith("/") or path == "/":
            raise SettingError("DATABASE_URL", "tulis jalur lengkap, misalnya sqlite:////srv/hadir/hadir.sqlite3.")
        return sqlite_database(Path("/" + path.lstrip("/")))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SettingError("DATABASE_URL", "mulai dengan postgresql:// atau sqlite:///.")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise SettingError("DATABASE_URL", "nama basis data belum ada, misalnya postgresql://hadir@localhost/hadir.")
    try:
        port = parts.port
    except ValueError as error:
        raise SettingError("DATABASE_URL", "port harus angka 1-65535.") from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def sqlite_database(path: Path) -> dict[str, Any]:
    """Return Django's entry for one SQLite file.

    WAL lets boards read while kiosks write. Transactions begin IMMEDIATE: a transaction that first reads and then
    writes would otherwise fail at once, without waiting, when another one wrote in between. Commits wait for the disk
    (FULL): a kiosk forgets a record once it has the receipt. Deleted templates are overwritten, not only freed.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        # Tests run on a file too: a database in memory has no WAL and no second connection.
        "TEST": {"NAME": path.with_name(f"test-{path.name}")},
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000; PRAGMA foreign_keys=ON; "
                "PRAGMA secure_delete=ON; PRAGMA cache_size=-16384;"
            ),
        },
    }


def _secret_key(given: Mapping[str, str], data: Path) -> str:
    if "HADIR_SECRET_KEY" in given and "HADIR_SECRET_KEY_FILE" in given:
        raise SettingError("HADIR_SECRET_KEY", "isi hanya satu: HADIR_SECRET_KEY atau HADIR_SECRET_KEY_FILE.")
    if "HADIR_SECRET_KEY" in given:
        return _long_enough("HADIR_SECRET_KEY", given["HADIR_SECRET_KEY"])
    if "HADIR_SECRET_KEY_FILE" in given:
        path = Path(given["HADIR_SECRET_KEY_FILE"]).expanduser()
    else:
        path = data / "keys" / "django.key"
        _make_secret_key_once(path)
    try:
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError("HADIR_SECRET_KEY_FILE", f"berkas {path} tidak dapat dibaca.") from error
    return _long_enough("HADIR_SECRET_KEY_FILE", key)


def _make_secret_key_once(path: Path) -> None:
    """Write a new key beside the final name and link it there: two processes starting together agree on one key."""
    if path.exists():
        return
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        finally:
            draft.unlink()
    except OSError as error:
        raise SettingError("HADIR_DATA", f"kunci {path} tidak dapat dibuat ({error.strerror}).") from error


def _long_enough(name: str, key: str) -> str:
    if len(key) < SECRET_KEY_LENGTH:
        raise SettingError(name, f"kunci terlalu pendek; pakai sedikitnya {SECRET_KEY_LENGTH} huruf acak.")
    return key


def _hosts(value: str, public_url: str) -> tuple[str, ...]:
    """Return the hosts named, and that of the public address in any case."""
    hosts = [host.strip() for host in value.split(",") if host.strip()]
    for host in hosts:
        if "/" in host or " " in host:
            raise SettingError(
                "HADIR_HOSTS", f"'{host}' bukan nama host; tulis misalnya hadir.sumenepkab.go.id,localhost."
            )
    public = urlsplit(public_url).hostname
    return tuple(dict.fromkeys([*hosts, public] if public else hosts))


def _public_url(value: str) -> str:
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise SettingError("HADIR_PUBLIC_URL", "tulis alamat lengkap, misalnya https://hadir.sumenepkab.go.id.")
    if parts.path.strip("/"):
        raise SettingError("HADIR_PUBLIC_URL", "Hadir memakai alamat dari akarnya; hapus bagian sesudah nama host.")
    return f"{parts.scheme}://{parts.netloc}"


def _service_url(name: str, value: str) -> str:
    """Return the address of a service; a key goes there, so plain http is for this computer only."""
    if not value:
        return ""
    parts = urlsplit(value)
    if parts.query or parts.fragment or not parts.hostname or parts.scheme not in {"http", "https"}:
        raise SettingError(name, "tulis alamat lengkap, misalnya https://developer.fingerspot.io/api.")
    if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise SettingError(name, "alamat harus https: kuncinya ikut dikirim.")
    return value.rstrip("/")


def _event_kinds(value: str) -> tuple[tuple[int, int], ...]:
    """Return pairs of major and minor event kind."""
    kinds = [tuple(part.strip().split("/")) for part in value.split(",")]
    if not all(len(kind) == 2 and all(number.isascii() and number.isdecimal() for number in kind) for kind in kinds):
        raise SettingError("HADIR_HIKVISION_KINDS", "tulis jenis kejadian dengan koma, misalnya 5/1,5/38,5/75.")
    return tuple((int(major), int(minor)) for major, minor in kinds)


def _file(value: str | None) -> Path | None:
    return Path(value).expanduser().absolute() if value else None


def _switch(name: str, value: str) -> bool:
    if value not in {"0", "1"}:
        raise SettingError(name, "isi 0 atau 1.")
    return value == "1"


def _pack(value: str) -> str:
    if not all(letter.isascii() and (letter.isalnum() or letter in "-_") for letter in value):
        raise SettingError("HADIR_PACK", "nama paket hanya huruf, angka, - dan _, misalnya open.")
    return value


def _log_level(value: str) -> str:
    level = value.upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR"} or level not in logging.getLevelNamesMapping():
        raise SettingError("HADIR_LOG_LEVEL", "isi DEBUG, INFO, WARNING atau ERROR.")
    return level
