"""Requests of real machines and of the vendor's manual, byte for byte, over a socket, to the running server."""

import socket

import pytest

from hadir.conftest import World
from hadir.gateways.zkteco.results import read_results
from hadir.ledger.models import TerminalScan
from hadir.terminals.models import Caller, Quarantined
from tests.flow.traffic import CAPTURES, Capture, Server, add, captures

FOUND = captures()
pytestmark = pytest.mark.skipif(not FOUND, reason=f"no captures in {CAPTURES}; HADIR_TEST_DATA names another folder")
each = pytest.mark.parametrize("capture", FOUND, ids=[one.name for one in FOUND])
with_body = pytest.mark.parametrize(
    "capture", [one for one in FOUND if one.body], ids=[one.name for one in FOUND if one.body]
)


def rows() -> list[tuple[str, str, str, str]]:
    found = TerminalScan.objects.order_by("local_time", "id")
    return list(found.values_list("pin", "local_time", "state_raw", "verify_raw"))


def expected(capture: Capture) -> list[tuple[str, str, str, str]]:
    if capture.entry["kind"] not in {"attlog", "rtlog"}:
        return []
    return [(pin, time, str(state), str(verify)) for pin, time, state, verify in capture.entry["expect"]]


@each
def test_it_is_read_as_expected_and_twice_is_once(world: World, server: Server, capture: Capture):
    _terminal, folder = add(world, capture.serial)
    for _time in range(2):
        response = server.send(capture.method, folder + capture.target, capture.body, capture.headers)
        assert response.status == 200
        assert response.getheader("Content-Type") == "text/plain"
        assert response.getheader("Date", "").endswith("GMT")
        assert not response.getheader("Set-Cookie")
        assert not response.getheader("Content-Encoding")
        if capture.entry["kind"] == "init":
            assert response.text.startswith(f"GET OPTION FROM: {capture.serial}\n")
            assert "\nTimeZone=7\n" in response.text
        else:
            assert response.text.startswith("OK")
        if capture.entry["kind"] == "attlog":
            assert response.text == f"OK: {len(capture.entry['expect'])}"
        assert rows() == expected(capture)
    if capture.entry["kind"] == "devicecmd":
        found = [[one.number, one.code, one.command] for one in read_results(capture.body)]
        assert found == capture.entry["expect"]


@each
def test_with_a_serial_nobody_knows_it_goes_into_quarantine(world: World, server: Server, capture: Capture):
    add(world, capture.serial)
    target = capture.target.replace(f"SN={capture.serial}", "SN=SOMEBODYELSE")
    response = server.send(capture.method, target, capture.body, capture.headers)
    assert response.status == 200
    assert "C:" not in response.text
    assert not TerminalScan.objects.exists()
    assert Caller.objects.get().serial == "SOMEBODYELSE"
    assert Quarantined.objects.count() == (capture.method == "POST")


@with_body
def test_cut_anywhere_it_neither_fails_nor_says_what_was_not_there(world: World, server: Server, capture: Capture):
    """Records at every byte; of other bodies every seventh, since nothing of them becomes a record."""
    _terminal, folder = add(world, capture.serial)
    allowed = set(expected(capture))
    for end in range(0, len(capture.body), 1 if allowed else 7):
        response = server.send(capture.method, folder + capture.target, capture.body[:end], capture.headers)
        assert response.status == 200, end
    assert set(rows()) <= allowed
    server.send(capture.method, folder + capture.target, capture.body, capture.headers)
    assert rows() == expected(capture)


@pytest.mark.parametrize("capture", [one for one in FOUND if one.entry["kind"] == "attlog"], ids=lambda one: one.name)
def test_without_its_length_the_machine_keeps_it(world: World, server: Server, capture: Capture):
    _terminal, folder = add(world, capture.serial)
    head = f"POST {folder}{capture.target} HTTP/1.1\r\nConnection: close\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as line:
        line.sendall(head + capture.body)
        line.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\nWAIT")
    response = server.send(capture.method, folder + capture.target, capture.body, capture.headers)
    assert response.text == f"OK: {len(capture.entry['expect'])}"
    assert rows() == expected(capture)
