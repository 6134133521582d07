"""The settings file: INI, with words that the person who fills it in knows. Every mistake is named with its place."""

from __future__ import annotations

import configparser
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Mapping
from urllib.parse import urlsplit

from hadir.agent.faults import AgentError
from hadir.agent.link import PORT
from hadir.agent.signing import Key, read_key

HADIR_WORDS = ("server", "kunci", "data", "jeda_menit", "sertifikat", "izinkan_http")
TERMINAL_WORDS = {
    "zkteco": ("jenis", "alamat", "port", "seri", "sandi_komunikasi", "jalur", "langsung"),
    "hikvision": ("jenis", "alamat", "port", "seri", "pengguna", "sandi", "https"),
}
SERIALS = {
    # Whatever Hadir registers; a test holds both together.
    "zkteco": r"[!-~](?:[ -~]{0,62}[!-~])?",
    # Looked for inside a longer text, where two letters are found by chance.
    "hikvision": r"[A-Za-z0-9._-]{4,64}",
}
WAYS = ("auto", "tcp", "udp")
LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class TerminalSettings:
    """One terminal. `comm_key` and `password` are secrets."""

    name: str
    kind: str
    host: str
    port: int
    serial: str
    comm_key: int = field(default=0, repr=False)
    way: str = "auto"
    live: bool = False
    user: str = ""
    password: str = field(default="", repr=False)
    https: bool = False


@dataclass(frozen=True)
class Settings:
    """All of them. `every` is in seconds."""

    server: str
    key: Key
    data: Path
    every: float
    terminals: tuple[TerminalSettings, ...]
    certificate: str = ""


def read_settings(path: Path) -> Settings:
    """Read the file. Raises AgentError `config_*`."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        # Notepad of old Windows begins a UTF-8 file with a mark.
        parser.read_string(path.read_text(encoding="utf-8-sig"), source=path.name)
    except FileNotFoundError:
        raise AgentError("config_missing", path=path) from None
    except (OSError, UnicodeDecodeError) as error:
        raise AgentError("config_unreadable", path=path, cause=type(error).__name__) from None
    except configparser.Error as error:
        # The message of the parser would quote the line, which may hold a key.
        cause = "baris {}".format(getattr(error, "lineno", "?"))
        raise AgentError("config_unreadable", path=path, cause=cause) from None
    if not parser.has_section("hadir"):
        raise AgentError("config_unreadable", path=path, cause="bagian [hadir] tidak ada")
    office = _Section("hadir", dict(parser["hadir"]), HADIR_WORDS)
    terminals = tuple(
        _terminal(name, dict(parser[name])) for name in parser.sections() if name != "hadir" and _is_terminal(name)
    )
    if not terminals:
        raise AgentError("config_no_terminal")
    _serials_differ(terminals)
    return Settings(
        server=_server(office),
        key=_key(office),
        data=(path.parent / office.text("data", "data-agen")).resolve(),
        every=office.number("jeda_menit", 10, 1, 24 * 60) * 60.0,
        terminals=terminals,
        certificate=office.text("sertifikat", ""),
    )


class _Section:
    """One section of the file with its readers."""

    def __init__(self, name: str, values: Mapping[str, str], known: tuple[str, ...]) -> None:
        self.name, self._values = name, values
        for word in values:
            if word not in known:
                raise AgentError("config_unknown", section=name, name=word, known=", ".join(known))

    def wrong(self, word: str, cause: str) -> AgentError:
        return AgentError("config_value", section=self.name, name=word, cause=cause)

    def text(self, word: str, default: str) -> str:
        return self._values.get(word, "").strip() or default

    def needed(self, word: str) -> str:
        value = self.text(word, "")
        if not value:
            raise self.wrong(word, "belum diisi")
        return value

    def number(self, word: str, default: int, least: int, most: int) -> int:
        text = self.text(word, str(default))
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise self.wrong(word, f"harus angka {least} sampai {most}")
        return int(text)

    def yes(self, word: str) -> bool:
        text = self.text(word, "tidak").lower()
        if text not in ("ya", "tidak"):
            raise self.wrong(word, "harus ya atau tidak")
        return text == "ya"

    def choice(self, word: str, default: str, choices: tuple[str, ...]) -> str:
        text = self.text(word, default).lower()
        if text not in choices:
            raise self.wrong(word, "harus salah satu dari " + ", ".join(choices))
        return text


def _is_terminal(name: str) -> bool:
    if name.split()[:1] != ["mesin"]:
        raise AgentError("config_value", section=name, name="bagian", cause="namanya harus [hadir] atau [mesin NAMA]")
    return True


def _terminal(name: str, values: dict[str, str]) -> TerminalSettings:
    kind = values.get("jenis", "zkteco").strip().lower()
    if kind not in TERMINAL_WORDS:
        raise AgentError("config_value", section=name, name="jenis", cause="harus zkteco atau hikvision")
    section = _Section(name, values, TERMINAL_WORDS[kind])
    host = section.needed("alamat")
    if not re.fullmatch(r"[A-Za-z0-9.:-]+", host):
        raise section.wrong("alamat", "tulis alamat IP saja, misalnya 192.168.1.201")
    serial = section.needed("seri")
    if not re.fullmatch(SERIALS[kind], serial):
        raise section.wrong("seri", "tulis nomor seri seperti di menu Info mesin")
    label = " ".join(name.split()[1:]) or serial
    if kind == "hikvision":
        https = section.yes("https")
        return TerminalSettings(
            label,
            kind,
            host,
            section.number("port", 443 if https else 80, 1, 65535),
            serial,
            user=section.needed("pengguna"),
            password=section.needed("sandi"),
            https=https,
        )
    return TerminalSettings(
        label,
        kind,
        host,
        section.number("port", PORT, 1, 65535),
        serial,
        comm_key=section.number("sandi_komunikasi", 0, 0, 999999),
        way=section.choice("jalur", "auto", WAYS),
        live=section.yes("langsung"),
    )


def _serials_differ(terminals: tuple[TerminalSettings, ...]) -> None:
    seen: dict[str, str] = {}
    for terminal in terminals:
        if terminal.serial in seen:
            cause = f"sama dengan mesin {seen[terminal.serial]}"
            raise AgentError("config_value", section="mesin " + terminal.name, name="seri", cause=cause)
        seen[terminal.serial] = terminal.name


def _server(section: _Section) -> str:
    address = section.needed("server").rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise section.wrong("server", "tulis alamat lengkap, misalnya https://hadir.contoh.go.id")
    if parts.scheme == "http" and parts.hostname not in LOCAL and not section.yes("izinkan_http"):
        raise section.wrong("server", "harus https, supaya catatan tidak dapat dibaca orang di jalan")
    return address


def _key(section: _Section) -> Key:
    key = read_key(section.needed("kunci"))
    if key is None:
        raise section.wrong("kunci", "bukan kunci agen. Salin utuh dari Hadir, satu baris")
    return key
