"""An agent's settings beside a simulated terminal and a server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hadir.agent.settings import Settings, read_settings
from hadir.agent.signing import Key
from hadir.agent.tests.fake_server import FakeServer
from hadir.agent.tests.simulator import SimulatedTerminal

KEY = Key("testkunci123", bytes(range(32)))


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """A server that takes the agent's key."""
    with FakeServer(KEY) as running:
        yield running


@pytest.fixture
def settings_for(tmp_path: Path) -> Callable[..., Settings]:
    """Write a settings file for terminals and read it back."""

    def write(server_url: str, *terminals: SimulatedTerminal, more: str = "") -> Settings:
        lines = ["[hadir]", f"server = {server_url}", f"kunci = {KEY.text()}", "data = data"]
        for number, terminal in enumerate(terminals):
            lines += [f"[mesin {number}]", "jenis = zkteco", "alamat = 127.0.0.1", f"port = {terminal.port}"]
            lines += [f"seri = {terminal.serial}", f"sandi_komunikasi = {terminal.comm_key}", more]
        path = tmp_path / "agen.ini"
        path.write_text("\n".join(lines), encoding="utf-8")
        return read_settings(path)

    return write
