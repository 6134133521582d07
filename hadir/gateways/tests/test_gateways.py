"""What the gateways make of calls: gaps, clocks, strangers, floods, bodies that are long or too large."""

import json
from datetime import datetime, timedelta

import pytest
from django.test import Client

from hadir.conftest import NOW, World
from hadir.devices.models import Device, Terminal
from hadir.devices.services_terminal import add_terminal
from hadir.gateways.hikvision.models import HeardSerials
from hadir.gateways.hikvision.services import missing_serials
from hadir.gateways.hikvision.tests.samples import bare, event
from hadir.gateways.tests.calls import Now, at, heartbeat, log, post
from hadir.ledger.models import TerminalScan
from hadir.terminals.door import claim_terminal
from hadir.terminals.limits import BY_SERIAL
from hadir.terminals.models import Caller, Quarantined

pytestmark = pytest.mark.django_db


def test_a_wrong_offset_is_noted_and_the_wall_clock_counts(hik: tuple[Terminal, str], now: Now):
    post(hik[1], heartbeat(now.moment))
    terminal = Terminal.objects.get(pk=hik[0].pk)
    assert terminal.options["clock_offset_minutes"] == "510"
    assert terminal.clock_skew == 0
    assert terminal.last_request == "POST heartBeat"


def test_holes_are_kept_and_filled(hik: tuple[Terminal, str], now: Now):
    post(hik[1], at(now.moment, 10, 9))
    post(hik[1], at(now.moment, 14, 13, subEventType=22))
    assert missing_serials(hik[0].device) == [(11, 13)]
    post(hik[1], at(now.moment, 12, 11, currentEvent=False))
    assert missing_serials(hik[0].device) == [(11, 11), (13, 13)]
    assert HeardSerials.objects.get().missing == 2


def until(terminal: Terminal) -> datetime | None:
    return Device.objects.get(pk=terminal.pk).handed_in_until


def test_a_sign_of_life_after_silence_proves_nothing(hik: tuple[Terminal, str], now: Now):
    post(hik[1], heartbeat(now.moment))
    assert until(hik[0]) is None
    now.later(minutes=1)
    post(hik[1], at(now.moment, 10, 9))
    assert until(hik[0]) == now.moment, "an event without a hole before it"
    now.later(minutes=5)
    post(hik[1], heartbeat(now.moment))
    proven = now.moment
    assert until(hik[0]) == proven
    now.later(hours=2)
    post(hik[1], heartbeat(now.moment))
    now.later(minutes=5)
    post(hik[1], heartbeat(now.moment))
    assert until(hik[0]) == proven, "what it stored meanwhile may still come"
    post(hik[1], at(now.moment, 13, 12))
    assert until(hik[0]) == proven, "two numbers are missing"
    for number in (11, 12):
        post(hik[1], at(now.moment - timedelta(hours=1), number, number - 1, currentEvent=False))
    now.later(minutes=1)
    post(hik[1], at(now.moment, 14, 13))
    assert until(hik[0]) == now.moment


def test_every_event_of_a_body_is_kept_before_it_is_answered(hik: tuple[Terminal, str]):
    parts = [bare(event(serialNo=number, employeeNoString=f"{number}")) for number in range(1, 1102)]
    body = b"".join(b"--MIME\r\nContent-Type: application/json\r\n\r\n" + part + b"\r\n" for part in parts)
    assert post(hik[1], body + b"--MIME--\r\n").status_code == 200
    assert TerminalScan.objects.count() == 1101


def test_an_unknown_hikvision_waits_and_is_claimed(world: World, now: Now):
    told = event() | {"shortSerialNumber": "K99"}
    for _time in range(2):
        assert post("/hik/bukanrahasiakami", bare(told)).status_code == 200
    assert not TerminalScan.objects.exists()
    assert Caller.objects.get().serial == "K99"
    now.later(minutes=3)
    claimed = claim_terminal(serial="K99", school=world.kota, by=None, now=now.moment)
    assert (claimed.stored, claimed.bad) == (1, 0)
    assert TerminalScan.objects.get().pin == "0071"


def test_without_any_name_nothing_is_kept():
    told = event()
    del told["macAddress"]
    assert post("/hik/bukanrahasiakami", bare(told)).status_code == 403
    assert not Quarantined.objects.exists()


@pytest.mark.parametrize("path", ["/hik/x", "/fingerspot/x", "/pub/api/x", "/fkweb/x"])
@pytest.mark.parametrize(
    "body", [b"", b"\0" * 100, b"{", b"[]", b"\xff" * 50, b'{"cmd":"sendlog"}', b'{"type":"attlog"}']
)
@pytest.mark.usefixtures("world")
def test_no_body_makes_it_fail(path: str, body: bytes):
    headers = {"HTTP_REQUEST_CODE": "realtime_glog", "HTTP_DEV_ID": "X1"}
    assert post(path, body, **headers).status_code < 500
    assert Client().get(path).status_code < 500
    assert not TerminalScan.objects.exists()


@pytest.mark.parametrize("path", ["/hik/x", "/fingerspot/x", "/pub/api", "/fkweb/x"])
@pytest.mark.usefixtures("world")
def test_a_body_that_is_too_large_is_not_taken_in(path: str):
    headers = {"HTTP_REQUEST_CODE": "realtime_glog", "HTTP_DEV_ID": "X1"}
    assert post(path, b" " * (9 * 1024 * 1024), **headers).status_code == 413


def test_a_flood_is_turned_away(hik: tuple[Terminal, str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(BY_SERIAL, "rate", 0)
    while BY_SERIAL.take("127.0.0.1"):
        pass
    answer = post(hik[1], heartbeat(NOW))
    assert (answer.status_code, answer.content) == (429, b"later")


def test_aiface_over_http(world: World):
    _, secret = add_terminal(serial="AI100", kind="aiface", schools=[world.kota], by=None, now=NOW)
    record = {"enrollid": 71, "name": "Siti", "time": "2026-09-14 06:58:12", "mode": 8, "inout": 0, "event": 0}
    body = {"cmd": "sendlog", "sn": "AI100", "count": 1, "logindex": 3, "record": [record]}
    for _time in range(2):
        answer = post(f"/pub/api/{secret}", json.dumps(body).encode())
        assert answer.json() == {
            "ret": "sendlog", "result": True, "count": 1, "logindex": 3, "cloudtime": "2026-09-14 07:05:00",
        }  # fmt: skip
    assert TerminalScan.objects.get().pin == "71"


def test_every_record_of_a_message_is_kept_before_it_is_confirmed(aiface: str):
    records = [{"enrollid": number, "time": "2026-09-14 06:58:12"} for number in range(1, 5202)]
    assert post(aiface, log(records, 5201)).json()["result"] is True
    assert TerminalScan.objects.count() == 5201
