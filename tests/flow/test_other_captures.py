"""Hikvision, Fingerspot and AiFace byte for byte over a socket, and files by command."""

import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from websockets.sync.client import connect

from hadir.cli.web import make_server, stop_server
from hadir.conftest import NOW, World
from hadir.devices.models import Device, Terminal
from hadir.devices.services_terminal import add_terminal
from hadir.gateways.aiface import websocket
from hadir.gateways.aiface.websocket import make_socket_server
from hadir.gateways.fkweb.protocol import frame
from hadir.gateways.hikvision.tests.samples import bare, event
from hadir.ledger.models import TerminalScan
from hadir.terminals.models import Caller, JournalEntry, Quarantined
from tests.flow.traffic import CAPTURES, Server

INDEX: list[dict[str, Any]] = (
    json.loads((CAPTURES / "index.json").read_text(encoding="utf-8")) if (CAPTURES / "index.json").exists() else []
)
FAMILIES = {"fk_glog": "fkweb", "fs_webhook": "fingerspot-cloud", "hik_json": "hikvision", "hik_multipart": "hikvision"}
REQUESTS = [entry for entry in INDEX if entry["kind"] in FAMILIES]
FILES = [entry for entry in INDEX if entry["kind"] in {"attlog_dat", "table"}]
no_captures = pytest.mark.skipif(not INDEX, reason=f"no captures in {CAPTURES}; HADIR_TEST_DATA names another folder")
each = pytest.mark.parametrize("entry", REQUESTS, ids=[entry["file"] for entry in REQUESTS])
each_file = pytest.mark.parametrize("entry", FILES, ids=[entry["file"] for entry in FILES])


def rows() -> list[tuple[str, str, str, str, str]]:
    found = TerminalScan.objects.order_by("local_time", "id")
    return list(found.values_list("pin", "local_time", "state_raw", "verify_raw", "record_no"))


def expected(entry: dict[str, Any]) -> list[tuple[str, str, str, str, str]]:
    """Return the rows that the index promises: `[pin, time, state, verify]`, and for Hikvision the event's number."""
    found = []
    for pin, when, state, verify, *number in entry["expect"]:
        moment = datetime.fromisoformat(when).replace(tzinfo=None)
        found.append((pin, f"{moment:%Y-%m-%d %H:%M:%S}", str(state), str(verify), str(number[0]) if number else ""))
    return found


class Line:
    """How one capture is sent: its bytes in pieces, to the address of a terminal."""

    def __init__(self, entry: dict[str, Any], serial: str, secret: str) -> None:
        whole = (CAPTURES / entry["file"]).read_bytes()
        head, blank, body = whole.partition(b"\r\n\r\n")
        self.family = FAMILIES[entry["kind"]]
        self.is_request = bool(blank) and head.startswith(b"POST ")
        self.body = body if self.is_request else whole
        self.headers = head.split(b"\r\n")[1:] if self.is_request else [b"Content-Type: application/json"]
        self.serial, self.secret = serial, secret

    def request(self, body: bytes, *, length: bool = True) -> bytes:
        """Return a request with this body, with its true Content-Length or with none."""
        path = {"fkweb": "/", "hikvision": f"/hik/{self.secret}", "fingerspot-cloud": f"/fingerspot/{self.secret}"}
        headers = [line for line in self.headers if not line.lower().startswith(b"content-length")]
        headers = [f"dev_id: {self.serial}".encode() if line.startswith(b"dev_id") else line for line in headers]
        headers += [f"Content-Length: {len(body)}".encode()] if length else []
        return f"POST {path[self.family]} HTTP/1.1\r\n".encode() + b"\r\n".join(headers) + b"\r\n\r\n" + body


def send(port: int, data: bytes, *, hang_up: bool = False) -> bytes:
    """Send bytes as they are and return all that comes back; `hang_up`: say no more after them."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(data)
        if hang_up:
            line.shutdown(socket.SHUT_WR)
        answer = b""
        while not _is_whole(answer):
            piece = line.recv(65536)
            if not piece:
                break
            answer += piece
        return answer


def _is_whole(answer: bytes) -> bool:
    head, blank, body = answer.partition(b"\r\n\r\n")
    lengths = [int(line[16:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length: ")]
    return bool(blank) and bool(lengths) and len(body) >= lengths[0]


def add(world: World, entry: dict[str, Any], serial: str = "") -> Line:
    serial = serial or entry.get("sn") or "MESIN59"
    _, secret = add_terminal(
        serial=serial, kind=FAMILIES[entry["kind"]], schools=[world.kota], by=None, now=datetime.now(NOW.tzinfo)
    )
    return Line(entry, serial, secret)


@no_captures
@each
def test_it_is_read_as_expected_and_twice_is_once(world: World, server: Server, entry: dict[str, Any]):
    line = add(world, entry)
    for _time in range(2):
        answer = send(server.port, line.request(line.body))
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"Set-Cookie" not in answer
        if line.family == "fkweb":
            assert b"\r\nresponse_code: OK\r\n" in answer
            assert b"\r\ntrans_id: RTLogSendAction\r\n" in answer
            assert b"Connection: close" in answer
        assert rows() == expected(entry)


@no_captures
@each
def test_cut_anywhere_it_neither_fails_nor_says_what_was_not_there(world: World, server: Server, entry: dict[str, Any]):
    """A body with a record at every byte, others at every seventh."""
    line = add(world, entry)
    for end in range(0, len(line.body), 1 if entry["expect"] else 7):
        answer = send(server.port, line.request(line.body[:end]))
        assert answer[:10] in {b"HTTP/1.1 2", b"HTTP/1.1 4"}, (end, answer[:200])
    assert set(rows()) <= set(expected(entry))
    send(server.port, line.request(line.body))
    assert rows() == expected(entry)


@no_captures
@each
def test_under_another_name_it_goes_into_quarantine(world: World, server: Server, entry: dict[str, Any]):
    line = add(world, entry, "LAIN")
    line.secret = "abcdefghjkmnpqrs"
    line.serial = "TIDAKDIKENAL"
    answer = send(server.port, line.request(line.body))
    assert answer.startswith(b"HTTP/1.1 ")
    assert not answer.startswith(b"HTTP/1.1 5")
    assert not TerminalScan.objects.exists()
    assert Caller.objects.count() == 1
    assert Quarantined.objects.count() == bool(entry["expect"]) or line.family == "hikvision"


@no_captures
def test_fkweb_without_a_length_byte_for_byte(world: World, server: Server):
    (entry,) = [entry for entry in REQUESTS if entry["kind"] == "fk_glog"]
    line = add(world, entry)
    whole = (CAPTURES / entry["file"]).read_bytes()
    for end in range(0, len(whole), 3):
        assert not send(server.port, whole[:end], hang_up=True).startswith(b"HTTP/1.1 5")
    assert set(rows()) <= set(expected(entry))
    for _time in range(2):
        assert b"\r\nresponse_code: OK\r\n" in send(server.port, whole)
        assert rows() == expected(entry)
    assert TerminalScan.objects.get().trust == "plain"
    assert line.serial == entry["sn"]


def fkweb(code: str, body: bytes, **headers: str) -> bytes:
    told = {"request_code": code, "dev_id": "REVO1", "trans_id": "77", "Content-Length": str(len(body))} | headers
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"POST /hdata.aspx HTTP/1.0\r\n{head}\r\n".encode() + body


@pytest.fixture
def revo(world: World) -> Terminal:
    now = datetime.now(NOW.tzinfo)
    return add_terminal(serial="REVO1", kind="fkweb", schools=[world.kota], by=None, now=now)[0]


@pytest.mark.usefixtures("revo")
def test_fkweb_sets_a_clock_that_is_off_once_and_has_no_other_work(server: Server):
    poll = frame({"fk_name": "Revo", "fk_time": "20150101000000", "fk_info": {"firmware": "x"}})
    first = send(server.port, fkweb("receive_cmd", poll))
    assert b"\r\ncmd_code: SET_TIME\r\n" in first
    assert b'{"time":"20' in first
    second = send(server.port, fkweb("receive_cmd", poll))
    assert b"\r\nresponse_code: ERROR_NO_CMD\r\n" in second
    assert b"\r\ncmd_code: \r\n" in second
    assert b"\r\ntrans_id: 77\r\n" in second
    assert b"response_code: OK" in send(server.port, fkweb("send_cmd_result", b"", cmd_return_code="OK"))
    terminal = Terminal.objects.get()
    assert (terminal.model, terminal.firmware) == ("Revo", "x")
    assert terminal.clock_skew is not None
    assert terminal.clock_skew < -300_000_000


@pytest.mark.usefixtures("revo")
def test_fkweb_without_a_length_before_its_json_and_with_a_header_twice(server: Server):
    body = b'{"user_id":"71","io_time":"20260914065812","io_mode":1,"verify_mode":1}\n\0'
    head = b"POST / HTTP/1.0\r\nContent-Type: application/octet-stream\r\nrequest_code: realtime_glog\r\n"
    head += b"dev_id: REVO1\r\nContent-Type: application/octet-stream\r\ntrans_id: 9\r\n"
    answer = send(server.port, head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
    assert answer.startswith(b"HTTP/1.0 200 ")
    assert b"\r\ntrans_id: 9\r\n" in answer
    assert rows() == [("71", "2026-09-14 06:58:12", "1", "finger", "")]


@pytest.mark.usefixtures("revo")
def test_fkweb_in_blocks_and_templates_that_nobody_asked_for(server: Server):
    log = frame({"user_id": "0071", "io_time": "20260914065812", "io_mode": 1, "verify_mode": 20, "log_image": "BIN_1"})
    log += (6).to_bytes(4, "little") + b"\xff\xd8JPEG"
    for number, piece in ((1, log[:50]), (2, log[50:80]), (0, log[80:])):
        assert b"response_code: OK" in send(server.port, fkweb("realtime_glog", piece, blk_no=str(number)))
    assert rows() == [("0071", "2026-09-14 06:58:12", "1", "face", "")]
    template = frame({"user_id": "0071", "enroll_data": "BIN_1"}) + b"\x03\x00\x00\x00\x01\x02\x03"
    assert b"response_code: OK" in send(server.port, fkweb("realtime_enroll_data", template))
    kept = b"".join(bytes(entry.body) for entry in JournalEntry.objects.all())
    assert b"JPEG" not in kept
    assert b"enroll_data" not in kept


def at(path: str, body: bytes, *headers: str) -> bytes:
    """Return a POST to an address, without a Host."""
    lines = [f"POST {path} HTTP/1.0", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.mark.usefixtures("revo")
@pytest.mark.parametrize("path", ["/HDATA.ASPX", "//hdata.aspx/", "//", "/FkWeb", "/upload/log.aspx", "/masuk/"])
def test_fkweb_at_any_address(server: Server, path: str):
    headers = ["request_code: realtime_glog", "dev_id: REVO1", "trans_id: 77"]
    answer = send(server.port, at(path, LOG, *headers))
    assert answer.startswith(b"HTTP/1.0 200 ")
    assert b"\r\ntrans_id: 77\r\n" in answer
    assert len(rows()) == 1


@pytest.mark.parametrize(("kind", "name"), [("hikvision", "hik"), ("fingerspot-cloud", "fingerspot")])
def test_addresses_in_capitals_and_with_doubled_slashes(
    world: World, server: Server, kind: str, name: str, caplog: pytest.LogCaptureFixture
):
    now = datetime.now(NOW.tzinfo)
    _, secret = add_terminal(serial="M1", kind=kind, schools=[world.kota], by=None, now=now)
    data = {"pin": "0071", "scan": "2026-09-14 06:58", "verify": "4", "status_scan": "0"}
    body = json.dumps({"type": "attlog", "cloud_id": "M1", "data": data}).encode() if name != "hik" else bare(event())
    for path in (
        f"/{name.upper()}/{secret}",
        f"//{name}/{secret}",
        f"/{name}//{secret.upper()}/",
        f"/{name}/{secret}/x",
    ):
        assert send(server.port, at(path, body)).startswith(b"HTTP/1.0 200 ")
    assert len(rows()) == 1
    assert not Quarantined.objects.exists()
    assert send(server.port, f"GET /{name.upper()}// HTTP/1.0\r\n\r\n".encode()).startswith(b"HTTP/1.0 405 ")
    assert "Traceback" not in caplog.text
    assert not [record for record in caplog.records if record.exc_info]


LOG = b'{"user_id":"0071","io_time":"20260914065812","io_mode":1,"verify_mode":20,"log_image":"} \\" {"}'


def unmeasured(body: bytes, code: str = "realtime_glog", **headers: str) -> bytes:
    """Return a request without Content-Length."""
    lines = [line for line in fkweb(code, b"", **headers).split(b"\r\n") if b"Content-Length" not in line]
    return b"\r\n".join(lines) + body


@pytest.mark.usefixtures("revo")
def test_fkweb_without_any_length(server: Server):
    for body in (LOG, LOG + b"\n\0", len(LOG).to_bytes(4, "little") + LOG):
        answer = send(server.port, unmeasured(body))
        assert answer.startswith(b"HTTP/1.0 200 ")
        assert b"\r\ntrans_id: 77\r\n" in answer
    for end in range(0, len(LOG), 5):
        assert not send(server.port, unmeasured(LOG[:end]), hang_up=True).startswith(b"HTTP/1.0 5")
    assert rows() == [("0071", "2026-09-14 06:58:12", "1", "face", "")]


@pytest.mark.usefixtures("revo")
def test_fkweb_in_blocks_that_only_blk_len_measures(server: Server):
    log = len(LOG).to_bytes(4, "little") + LOG + (6).to_bytes(4, "little") + b"\xff\xd8JPEG"
    for number, piece in ((1, log[:50]), (2, log[50:80]), (0, log[80:])):
        answer = send(server.port, unmeasured(piece, blk_no=str(number), blk_len=str(len(piece))))
        assert b"response_code: OK" in answer
    poll = frame({"fk_name": "Revo", "fk_time": "20150101000000"})
    answer = send(server.port, unmeasured(poll, "receive_cmd", blk_len=str(len(poll))))
    assert b"\r\ncmd_code: SET_TIME\r\n" in answer
    assert b"response_code: ERROR_NO_CMD" in send(server.port, unmeasured(b"", "receive_cmd"))
    assert rows() == [("0071", "2026-09-14 06:58:12", "1", "face", "")]


def test_a_port_for_machines_has_no_pages(
    world: World,
    transactional_db: None,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    add_terminal(serial="REVO1", kind="fkweb", schools=[world.kota], by=None, now=datetime.now(NOW.tzinfo))
    running = make_server("127.0.0.1", 0, threads=1, log_requests=False, only_terminals=True)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    try:
        port = int(running.effective_port)
        for path in ("/", "/masuk/", "/api/", "/perangkat/", "/static/office/base.css"):
            head = f"GET {path} HTTP/1.0\r\n\r\n".encode()
            assert send(port, head).startswith(b"HTTP/1.0 404 ")
        body = frame({"user_id": "1", "io_time": "20260914065812"})
        assert b"response_code: OK" in send(port, fkweb("realtime_glog", body))
    finally:
        stop_server(running)
        thread.join(timeout=5)


@pytest.fixture
def socket_port(transactional_db: None) -> Iterator[int]:  # noqa: ARG001
    running = make_socket_server("127.0.0.1", 0)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield int(running.socket.getsockname()[1])
    running.shutdown()
    thread.join(timeout=5)


RECORD = {"enrollid": 71, "name": "Siti", "time": "2026-09-14 06:58:12", "mode": 8, "inout": 0, "image": "/9j/4AAQ"}


def test_aiface_over_its_websocket(world: World, socket_port: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(websocket, "QUIET", 1)
    now = datetime.now(NOW.tzinfo)
    _, secret = add_terminal(serial="AI100", kind="aiface", schools=[world.kota], by=None, now=now)
    log = json.dumps({"cmd": "sendlog", "count": 1, "logindex": 10, "record": [RECORD]})
    with connect(f"ws://127.0.0.1:{socket_port}/pub/chat/{secret}") as line:
        line.send(json.dumps({"cmd": "reg", "sn": "AI100", "devinfo": {"modelname": "AiFace"}}))
        assert json.loads(line.recv(timeout=10))["nosenduser"] is True
        for _time in range(2):
            line.send(log)
            told = json.loads(line.recv(timeout=10))
            assert (told["ret"], told["result"], told["count"], told["logindex"]) == ("sendlog", True, 1, 10)
        line.send(json.dumps({"cmd": "sendlog", "count": 1, "logindex": 11, "record": None}))
        assert json.loads(line.recv(timeout=10))["logindex"] == 11
        line.send("{ broken")
        line.send(json.dumps({"cmd": "senduser", "enrollid": 71, "record": "template"}))
        assert json.loads(line.recv(timeout=10))["ret"] == "senduser"
        Terminal.objects.update(last_init_at=None)
        waited = time.monotonic() + 15
        while time.monotonic() < waited and not Device.objects.filter(handed_in_until__isnull=False).exists():
            time.sleep(0.2)
    assert Device.objects.filter(kind="aiface", handed_in_until__isnull=False).exists(), "quiet, and there"
    assert rows() == [("71", "2026-09-14 06:58:12", "0", "8", "")]
    assert TerminalScan.objects.get().trust == "secret"
    kept = b"".join(bytes(entry.body) for entry in JournalEntry.objects.all())
    assert b"4AAQ" not in kept
    assert b"template" not in kept


def test_aiface_unclaimed_waits_in_quarantine(socket_port: int):
    with connect(f"ws://127.0.0.1:{socket_port}/pub/chat") as line:
        line.send(json.dumps({"cmd": "reg", "sn": "AIX"}))
        line.recv(timeout=10)
        line.send(json.dumps({"cmd": "sendlog", "count": 1, "logindex": 0, "record": [RECORD]}))
        assert json.loads(line.recv(timeout=10))["result"] is True
    assert not TerminalScan.objects.exists()
    assert Quarantined.objects.get().lines == 1


@no_captures
@each_file
def test_files_by_command(world: World, entry: dict[str, Any], db: None):  # noqa: ARG001
    add_terminal(serial="USB1", kind="file", schools=[world.kota], by=None, now=NOW)
    path: Path = CAPTURES / entry["file"]
    lines = [line for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    records = len(lines) - (entry["kind"] == "table")
    for new in (records, 0):
        out = io.StringIO()
        call_command("import", "scans", str(path), "--device", "USB1", "--yes", "--json", stdout=out)
        assert json.loads(out.getvalue())["applied"]["new"] == new
    assert TerminalScan.objects.count() == records
