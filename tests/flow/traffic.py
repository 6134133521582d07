"""Requests of terminals, as they were recorded, sent to a running server byte for byte."""

import http.client
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hadir.conftest import NOW, World
from hadir.devices.models import Terminal
from hadir.devices.services_terminal import add_terminal

PROJECT = Path(__file__).resolve().parents[2]
CAPTURES = Path(os.environ.get("HADIR_TEST_DATA") or PROJECT.parent / "shared" / "data") / "captures"


@dataclass(frozen=True, slots=True)
class Capture:
    """One request as a machine sent it: the first line, its headers as they came, the exact body."""

    name: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    entry: dict[str, Any]

    @property
    def serial(self) -> str:
        found = [part[3:] for part in self.target.partition("?")[2].split("&") if part.startswith("SN=")]
        return found[0] if found else ""


def read_capture(path: Path, entry: dict[str, Any]) -> Capture:
    head, _blank, body = path.read_bytes().partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    method, target, _version = first.split(" ")
    pairs = tuple((line.partition(":")[0], line.partition(":")[2].strip()) for line in rest)
    return Capture(path.name, method, target, pairs, body, entry)


def captures() -> list[Capture]:
    """Return the captures of ADMS terminals; none where the folder is not on this machine."""
    if not (CAPTURES / "index.json").exists():
        return []
    kinds = {"init", "options", "attlog", "operlog", "getrequest", "devicecmd", "attphoto", "biodata", "rtlog"}
    index = json.loads((CAPTURES / "index.json").read_text(encoding="utf-8"))
    return [
        read_capture(CAPTURES / entry["file"], entry)
        for entry in index
        if entry["kind"] in kinds and entry["file"].endswith(".http")
    ]


@dataclass(frozen=True, slots=True)
class Server:
    """A server on a port, and a machine's way of speaking to it."""

    port: int

    def send(self, method: str, target: str, body: bytes = b"", headers: tuple[tuple[str, str], ...] = ()) -> Any:
        """Send one request with exactly these headers and Content-Length; return the response with `.text`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            if method == "POST":
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            response = connection.getresponse()
            response.text = response.read().decode("latin-1")  # type: ignore[attr-defined]
            return response
        finally:
            connection.close()


def add(world: World, serial: str) -> tuple[Terminal, str]:
    """Register a terminal and return it with the folder of its secret address."""
    terminal, secret = add_terminal(serial=serial, kind="zkteco", schools=[world.kota], by=None, now=NOW)
    return terminal, f"/m/{secret}"
