"""The web server: nothing of a request or an answer ever lies in a file, and the log holds no secrets."""

import http.client
import logging
import tempfile
import threading
from collections.abc import Iterator

import pytest

from hadir.cli.web import free_port, make_server, stop_server
from hadir.core.errors import HadirError


@pytest.fixture
def port() -> Iterator[int]:
    server = make_server("127.0.0.1", 0, threads=1)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield int(server.effective_port)
    stop_server(server)
    thread.join(timeout=5)


def ask(port: int, method: str, path: str, body: bytes | None = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body, {"Host": "localhost", "Authorization": "Bearer geheim-token"})
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_large_upload_stays_in_memory(port: int, monkeypatch: pytest.MonkeyPatch):
    """4 MB of body: waitress by default writes what is over 512 KiB into a temporary file."""

    def forbidden(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a request was written to disk")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, forbidden)
    assert ask(port, "POST", "/api/nowhere", b"x" * 4_000_000) == 404


def test_the_log_has_path_and_status_only(port: int, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO, logger="hadir.access"):
        assert ask(port, "GET", "/api/nowhere?kode=rahasia") == 404
    (line,) = [record.getMessage() for record in caplog.records if record.name == "hadir.access"]
    assert line.startswith("GET /api/nowhere 404 ")
    assert "rahasia" not in caplog.text
    assert "geheim" not in caplog.text


def test_a_port_in_use_is_a_refusal_that_names_a_free_one(port: int):
    with pytest.raises(HadirError) as error:
        make_server("127.0.0.1", port)
    assert error.value.code == "port_in_use"
    assert 0 < int(str(error.value.values["other"])) < 65536


def test_an_address_of_another_machine_is_a_refusal():
    with pytest.raises(HadirError) as error:
        make_server("192.0.2.1", free_port())
    assert error.value.code == "address_unusable"
