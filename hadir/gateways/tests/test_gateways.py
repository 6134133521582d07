"""What the gateways make of calls: gaps, clocks, doubles, strangers, floods, bodies that are too large."""

import io
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from hadir.conftest import NOW, World
from hadir.core import clock
from hadir.devices.models import Device, Terminal
from hadir.devices.services_terminal import add_terminal
from hadir.gateways.fingerspot.services import take_in_pulled
from hadir.gateways.hikvision.models import HeardSerials
from hadir.gateways.hikvision.services import missing_serials
from hadir.gateways.hikvision.tests.samples import JPEG, XML, bare, event, multipart
from hadir.ledger.models import TerminalScan
from hadir.terminals.door import claim_terminal
from hadir.terminals.limits import BY_ADDRESS, BY_SERIAL, BY_STRANGER
from hadir.terminals.models import Caller, JournalEntry, KnownUser, Quarantined

pytestmark = pytest.mark.django_db
wall = datetime.fromisoformat


class Now:
    """The clock of a test."""

    def __init__(self) -> None:
        self.moment = NOW

    def __call__(self) -> datetime:
        return self.moment

    def later(self, **parts: float) -> None:
        self.moment += timedelta(**parts)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    for buckets in (BY_ADDRESS, BY_SERIAL, BY_STRANGER):
        buckets.clear()
    stands = Now()
    monkeypatch.setattr(clock, "now", stands)
    return stands


def post(path: str, body: bytes, **extra: Any) -> Any:
    return Client().generic("POST", path, body, **({"content_type": "application/json"} | extra))


@pytest.fixture
def hik(world: World) -> tuple[Terminal, str]:
    terminal, secret = add_terminal(serial="DS-K1T341", kind="hikvision", schools=[world.kota], by=None, now=NOW)
    return terminal, f"/hik/{secret}"


def at(moment: datetime, serial: int, front: int, **inner: Any) -> bytes:
    """Return an event with this number, made at a moment, on a clock that is right but for its offset."""
    local = moment.astimezone(NOW.tzinfo) + timedelta(hours=7)
    told = event(serialNo=serial, frontSerialNo=front, **inner)
    return bare(told | {"dateTime": f"{local:%Y-%m-%dT%H:%M:%S}+08:30"})


def heartbeat(moment: datetime) -> bytes:
    local = moment + timedelta(hours=7)
    return bare({"eventType": "heartBeat", "dateTime": f"{local:%Y-%m-%dT%H:%M:%S}+08:30", "macAddress": "a4:d5"})


def test_a_photograph_never_reaches_the_disk(hik: tuple[Terminal, str]):
    answer = post(hik[1], multipart(event(name="Siti Aminah"), picture=JPEG), content_type="multipart/form-data")
    assert (answer.status_code, answer.content) == (200, b"OK")
    scan = TerminalScan.objects.get()
    assert (scan.pin, scan.local_time, scan.verify_raw, scan.record_no, scan.trust) == (
        "0071", "2026-09-14 06:58:12", "5/75", "139", "secret",
    )  # fmt: skip
    assert KnownUser.objects.get().name == "Siti Aminah"
    assert b"JFIF" not in bytes(JournalEntry.objects.get().body)


SECRETS = {"FaceTemplate": "VEVNUExBVEU=", "Picture": "/9j/4AAQ", "password": "135790", "cardNo": "3141592653"}


def kept() -> bytes:
    """Return all that journal and quarantine hold."""
    bodies = [bytes(entry.body) for entry in JournalEntry.objects.all()]
    bodies += [bytes(held.body) + held.detail.encode() for held in Quarantined.objects.all()]
    return b"\n".join(bodies)


def without_secrets() -> bool:
    return not [value for value in SECRETS.values() if value.encode() in kept()]


XML_SECRETS = "".join(f"<{name}>{value}</{name}>" for name, value in SECRETS.items()).encode()


@pytest.mark.parametrize(
    "body",
    [
        bare(event(**SECRETS) | SECRETS),
        multipart(event(**SECRETS, name="Siti", FaceInfo=SECRETS) | SECRETS, picture=JPEG),
        XML.replace(b"</AccessControllerEvent>", XML_SECRETS + b"</AccessControllerEvent>"),
        bare({"EventNotificationAlert": event(**SECRETS) | SECRETS}),
        bare(event(**SECRETS) | {"dateTime": "kemarin"}),
        bare(event() | {"AccessControllerEvent": [event(**SECRETS)["AccessControllerEvent"]]}),
        bare(event(**SECRETS))[:-3],
    ],
    ids=["json", "multipart", "xml", "alert", "no time", "list", "cut"],
)
def test_what_comes_unasked_with_an_event_never_reaches_the_disk(hik: tuple[Terminal, str], body: bytes):
    for path in (hik[1], "/hik/bukanrahasiakami"):
        assert post(path, body).status_code in {200, 403}
        assert without_secrets()
    assert TerminalScan.objects.count() or Quarantined.objects.filter(reason="bad_line").exists()


def test_an_event_that_cannot_be_read_is_held_with_its_fields(hik: tuple[Terminal, str], world: World, now: Now):
    broken = bare(event(serialNo=140) | {"dateTime": "kemarin", "shortSerialNumber": "K99"})
    parts = [bare(event()), broken, b'{"eventType": "Acc']
    body = b"".join(b"--MIME\r\n\r\n" + part + b"\r\n" for part in parts) + b"--MIME--\r\n"
    for path in (hik[1], "/hik/bukanrahasiakami"):
        assert post(path, body).status_code == 200
    assert TerminalScan.objects.get().pin == "0071"
    held = Quarantined.objects.get(reason="bad_line")
    assert held.lines == 2
    assert b'"employeeNoString": "0071"' in bytes(held.body)
    assert b"kemarin" in bytes(held.body)
    claimed = claim_terminal(serial="K99", school=world.kota, by=None, now=now.moment)
    assert (claimed.stored, claimed.bad) == (1, 1)


@pytest.mark.parametrize(
    "pin", ["09\u000006", "3\u00001", "7\u0000", "\ud800", "0\u200b7", "7" * 33, "7" * 70, 7.0, True, 10**40]
)
def test_a_number_that_cannot_be_kept_as_it_is_is_nobody_elses(
    hik: tuple[Terminal, str], cloud: tuple[Terminal, str], aiface: str, pin: Any, world: World, now: Now
):
    glog = json.dumps(json.loads(GLOG) | {"user_id": pin}).encode()
    add_terminal(serial="REVO1", kind="fkweb", schools=[world.kota], by=None, now=NOW)
    post(hik[1], bare(event(employeeNoString=pin)))
    post(cloud[1], call(pin=pin))
    post(aiface, log([FACE | {"enrollid": pin}]))
    fkweb(glog, serial="REVO1")
    assert not TerminalScan.objects.exists()
    assert sorted(Quarantined.objects.values_list("kind", "reason", "lines")) == [
        (kind, "bad_line", 1) for kind in ("aiface", "fingerspot-cloud", "fkweb", "hikvision")
    ]
    shown = json.dumps(pin)[:20].strip('"').encode()
    assert kept().count(shown) >= 8, "in the journal and as an unreadable line"
    Quarantined.objects.all().delete()
    fkweb(glog, serial="LAIN1")
    claimed = claim_terminal(serial="LAIN1", school=world.kota, by=None, now=now.moment)
    assert (claimed.stored, claimed.bad) == (0, 1)


@pytest.mark.parametrize("when", ["2026-09-14 06:5\u00008:12", "2026-09-14 06:58:1\u00002"])
def test_a_time_with_a_letter_that_cannot_be_kept_is_no_time(hik: tuple[Terminal, str], aiface: str, when: str):
    post(hik[1], bare(event() | {"dateTime": when}))
    post(aiface, log([FACE | {"time": when}]))
    assert not TerminalScan.objects.exists()
    assert Quarantined.objects.filter(reason="bad_line").count() == 2


@pytest.mark.parametrize("pin", ["", None])
def test_an_event_with_another_number_only_is_no_attendance_and_is_held(hik: tuple[Terminal, str], pin: str | None):
    for _time in range(2):
        post(hik[1], bare(event(employeeNoString=pin, employeeNo=71)))
    assert not TerminalScan.objects.exists()
    held = Quarantined.objects.get()
    assert (held.reason, held.lines, b'"employeeNo": 71' in bytes(held.body)) == ("bad_line", 1, True)


@pytest.mark.parametrize("change", [{"employeeNo": 0}, {"employeeNo": 71, "subEventType": 76}])
def test_an_event_of_nobody_or_a_refusal_is_no_line(hik: tuple[Terminal, str], change: dict[str, Any]):
    post(hik[1], bare(event(employeeNoString=None, **change)))
    assert not TerminalScan.objects.exists()
    assert not Quarantined.objects.exists()


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


@pytest.fixture
def cloud(world: World) -> tuple[Terminal, str]:
    terminal, secret = add_terminal(serial="C2609", kind="fingerspot-cloud", schools=[world.kota], by=None, now=NOW)
    return terminal, f"/fingerspot/{secret}"


def call(pin: str = "7", scan: str = "2026-09-14 06:58", cloud_id: str = "C2609", state: str = "0") -> bytes:
    data = {"pin": pin, "scan": scan, "verify": "4", "status_scan": state}
    return json.dumps({"type": "attlog", "cloud_id": cloud_id, "data": data}).encode()


def pulled(*scans: str) -> bytes:
    rows = [{"pin": "7", "scan_date": scan, "verify": 4, "status_scan": 0} for scan in scans]
    return json.dumps({"success": True, "data": rows}).encode()


def times() -> list[str]:
    return list(TerminalScan.objects.order_by("local_time").values_list("local_time", flat=True))


def test_a_webhook_and_a_pull_are_one_record(cloud: tuple[Terminal, str], now: Now):
    for _time in range(2):
        assert post(cloud[1], call()).status_code == 200
    outcome = take_in_pulled(
        terminal=cloud[0], body=pulled("2026-09-14 06:58:41", "2026-09-14 06:59:02"), now=now.moment
    )
    assert (outcome.stored, outcome.known) == (1, 1)
    assert post(cloud[1], call(scan="2026-09-14 06:59")).status_code == 200
    assert times() == ["2026-09-14 06:58:00", "2026-09-14 06:59:02"]
    assert set(TerminalScan.objects.values_list("source", "trust")) == {("cloud", "secret")}


def states() -> list[tuple[str, str]]:
    return list(TerminalScan.objects.order_by("local_time", "state_raw").values_list("local_time", "state_raw"))


def test_another_key_in_the_same_minute_is_another_record(cloud: tuple[Terminal, str], now: Now):
    for state in ("0", "1", "0", "1"):
        assert post(cloud[1], call(state=state)).status_code == 200
    assert states() == [("2026-09-14 06:58:00", "0"), ("2026-09-14 06:58:00", "1")]
    rows = [
        {"pin": "7", "scan_date": f"2026-09-14 06:58:{second}", "status_scan": key}
        for second, key in ((10, 0), (41, 1), (50, 2))
    ]
    for new in (1, 0):
        body = json.dumps({"success": True, "data": rows}).encode()
        assert take_in_pulled(terminal=cloud[0], body=body, now=now.moment).stored == new
    assert post(cloud[1], call(state="2")).status_code == 200
    assert states()[2:] == [("2026-09-14 06:58:50", "2")]


@pytest.mark.parametrize("state", ["scan in", "", "scan out"])
def test_a_key_told_in_another_way_is_no_other_record(cloud: tuple[Terminal, str], now: Now, state: str):
    take_in_pulled(terminal=cloud[0], body=pulled("2026-09-14 06:58:41"), now=now.moment)
    assert post(cloud[1], call(state=state)).status_code == 200
    assert states() == [("2026-09-14 06:58:41", "0")]


def test_a_call_of_another_cloud_id_waits(cloud: tuple[Terminal, str]):
    assert post(cloud[1], call(cloud_id="AWAN1", scan="2026-09-13 06:58")).status_code == 200
    assert times() == ["2026-09-13 06:58:00"], "the first one behind the secret is this terminal's"
    assert post(cloud[1], call(cloud_id="LAIN")).status_code == 200
    assert post(cloud[1], call(cloud_id="AWAN1", scan="2026-09-14 06:57")).status_code == 200
    assert times() == ["2026-09-13 06:58:00", "2026-09-14 06:57:00"]
    assert Quarantined.objects.get().serial == "LAIN"


def test_the_first_cloud_id_stays_also_where_it_is_the_serial(cloud: tuple[Terminal, str]):
    assert post(cloud[1], call(scan="2026-09-13 06:58")).status_code == 200
    assert post(cloud[1], call(cloud_id="LAIN", scan="2026-09-13 06:59")).status_code == 200
    assert times() == ["2026-09-13 06:58:00"]
    assert (Quarantined.objects.get().serial, Quarantined.objects.get().reason) == ("LAIN", "unknown_serial")


def test_a_serial_that_is_not_the_cloud_id_is_another_machine(cloud: tuple[Terminal, str]):
    for cloud_id, scan in (("AWAN1", "2026-09-13 06:58"), ("C2609", "2026-09-13 06:59"), ("", "2026-09-13 07:00")):
        assert post(cloud[1], call(cloud_id=cloud_id, scan=scan)).status_code == 200
    assert times() == ["2026-09-13 06:58:00", "2026-09-13 07:00:00"]
    assert (Quarantined.objects.get().serial, Quarantined.objects.get().reason) == ("C2609", "secret_wrong")


def test_a_terminal_with_records_keeps_the_cloud_id_under_which_they_came(cloud: tuple[Terminal, str]):
    assert post(cloud[1], call(scan="2026-09-13 06:58")).status_code == 200
    Terminal.objects.update(options={})  # as it was before cloud ids were noted
    assert post(cloud[1], call(cloud_id="LAIN", scan="2026-09-13 06:59")).status_code == 200
    assert post(cloud[1], call(scan="2026-09-13 07:00")).status_code == 200
    assert times() == ["2026-09-13 06:58:00", "2026-09-13 07:00:00"]


def test_the_cloud_id_of_another_cloud_terminal_is_never_taken_over(cloud: tuple[Terminal, str], world: World):
    add_terminal(serial="AWAN1", kind="fingerspot-cloud", schools=[world.kota], by=None, now=NOW)
    assert post(cloud[1], call(cloud_id="AWAN1")).status_code == 200
    assert not TerminalScan.objects.exists()
    assert (Quarantined.objects.get().serial, Quarantined.objects.get().reason) == ("AWAN1", "secret_wrong")


GLOG = b'{"user_id":"13","io_time":"20260914065812","io_mode":1,"verify_mode":1}'


def fkweb(body: bytes, path: str = "/", serial: str = "C2609") -> Any:
    return post(path, body, HTTP_REQUEST_CODE="realtime_glog", HTTP_DEV_ID=serial, HTTP_TRANS_ID="7")


def test_one_machine_by_fkweb_and_by_the_cloud(world: World):
    add_terminal(serial="C2609", kind="fkweb", schools=[world.kota], by=None, now=NOW)
    _, secret = add_terminal(serial="AWAN", kind="fingerspot-cloud", schools=[world.kota], by=None, now=NOW)
    for _time in range(2):
        assert fkweb(GLOG)["response_code"] == "OK"
        assert post(f"/fingerspot/{secret}", call()).status_code == 200
    rows = TerminalScan.objects.order_by("local_time").values_list("device__terminal__serial", "pin")
    assert list(rows) == [("AWAN", "7"), ("C2609", "13")]
    assert not Quarantined.objects.exists()


def test_one_machine_that_waits_in_two_languages_is_claimed_whole(world: World, now: Now):
    assert fkweb(GLOG)["response_code"] == "OK"
    assert post("/fingerspot/bukanrahasiakami", call()).status_code == 200
    claimed = claim_terminal(serial="C2609", school=world.kota, by=None, now=now.moment)
    assert (claimed.stored, claimed.bad) == (2, 0)


def test_users_with_templates_are_dropped(cloud: tuple[Terminal, str]):
    body = json.dumps({"type": "get_userinfo", "cloud_id": "C2609", "data": {"template": "rahasia"}}).encode()
    assert post(cloud[1], body).status_code == 200
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize("scan", ["2026-09-14 06:58", "kemarin"])
def test_what_comes_unasked_with_a_call_never_reaches_the_disk(cloud: tuple[Terminal, str], scan: str):
    told = json.loads(call(scan=scan)) | SECRETS
    told["data"] |= SECRETS | {"photo": SECRETS["Picture"], "template": SECRETS["FaceTemplate"]}
    for path, cloud_id in ((cloud[1], "C2609"), ("/fingerspot/bukanrahasiakami", "LAIN")):
        assert post(path, json.dumps(told | {"cloud_id": cloud_id}).encode()).status_code == 200
        assert without_secrets()
        assert scan.encode() in kept()
    assert Quarantined.objects.filter(serial="LAIN", lines=1).exists()


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


@pytest.fixture
def aiface(world: World) -> str:
    _, secret = add_terminal(serial="AI100", kind="aiface", schools=[world.kota], by=None, now=NOW)
    return f"/pub/api/{secret}"


def log(records: object, count: int = 1) -> bytes:
    return json.dumps({"cmd": "sendlog", "sn": "AI100", "count": count, "logindex": 19, "record": records}).encode()


FACE = {"enrollid": 71, "name": "Siti", "time": "2026-09-14 06:58:12", "mode": 8, "inout": 0, "image": "/9j/4AAQ"}


@pytest.mark.parametrize("records", [None, 5, True, "2026-09-14 06:58:12 /9j/4AAQ", FACE, [7], [FACE | {"time": "x"}]])
def test_an_aiface_record_that_cannot_be_read_is_held_without_its_picture(aiface: str, records: object):
    for _time in range(2):
        answer = post(aiface, log(records))
        assert (answer.status_code, answer.json()["result"], answer.json()["logindex"]) == (200, True, 19)
    assert not TerminalScan.objects.exists()
    held = Quarantined.objects.get()
    assert (held.reason, held.lines, b"4AAQ" in bytes(held.body)) == ("bad_line", 1, False)
    assert (b'"enrollid": 71' in bytes(held.body)) == ("71" in json.dumps(records))
    assert all(b"4AAQ" not in bytes(entry.body) for entry in JournalEntry.objects.all())


def test_an_aiface_record_without_a_list_waits_for_the_claim_as_it_does_after(world: World, now: Now):
    for records in (FACE, None, [FACE]):
        assert post("/pub/api", log(records)).json()["result"] is True
    assert all(b"4AAQ" not in bytes(held.body) for held in Quarantined.objects.all())
    claimed = claim_terminal(serial="AI100", school=world.kota, by=None, now=now.moment)
    assert (claimed.stored, claimed.bad) == (1, 2)


def test_an_aiface_message_without_records_says_nothing(aiface: str):
    assert post(aiface, log([], 0)).json()["result"] is True
    assert post(aiface, log(None, 0)).json()["result"] is True
    assert not Quarantined.objects.exists()


def test_every_record_of_a_message_is_kept_before_it_is_confirmed(aiface: str):
    records = [{"enrollid": number, "time": "2026-09-14 06:58:12"} for number in range(1, 5202)]
    assert post(aiface, log(records, 5201)).json()["result"] is True
    assert TerminalScan.objects.count() == 5201


@pytest.fixture
def service(tmp_path: Any) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A small fingerspot.io on this computer, and what it was asked."""
    asked: list[dict[str, Any]] = []

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(told | {"key": self.headers["Authorization"], "path": self.path})
            self.send_response(200)
            self.end_headers()
            self.wfile.write(pulled(f"{told['start_date']} 06:58:41"))

        def log_message(self, *_arguments: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    (tmp_path / "token").write_text("kunci\n")
    yield f"http://127.0.0.1:{server.server_port}/api", asked
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


def test_a_pull_asks_two_days_at_a_time(
    cloud: tuple[Terminal, str], service: tuple[str, list[dict[str, Any]]], settings: Any, tmp_path: Any
):
    settings.HADIR_FINGERSPOT_URL, settings.HADIR_FINGERSPOT_TOKEN_FILE = service[0], tmp_path / "token"
    out = io.StringIO()
    arguments = ["pull", cloud[0].serial, "--from", "2026-09-10", "--to", "2026-09-12", "--json"]
    for new in (2, 0):
        out = io.StringIO()
        call_command("fingerspot", *arguments, stdout=out)
        assert json.loads(out.getvalue())["new"] == new
    assert [(one["start_date"], one["end_date"]) for one in service[1][:2]] == [
        ("2026-09-10", "2026-09-11"), ("2026-09-12", "2026-09-12"),
    ]  # fmt: skip
    assert (service[1][0]["key"], service[1][0]["path"]) == ("Bearer kunci", "/api/get_attlog")
    assert times() == ["2026-09-10 06:58:41", "2026-09-12 06:58:41"]


@pytest.mark.parametrize(
    ("url", "dates", "code"),
    [
        ("", ["2026-09-10"], "pull_unset"),
        ("http://127.0.0.1:9/api", ["2026-09-10"], "pull_failed"),
        ("http://127.0.0.1:9/api", ["2026-09-10", "--to", "2026-09-09"], "pull_dates"),
        ("http://127.0.0.1:9/api", ["2027-09-10"], "pull_dates"),
    ],
)
def test_a_pull_that_cannot_be(
    cloud: tuple[Terminal, str], settings: Any, tmp_path: Any, url: str, dates: list[str], code: str
):
    (tmp_path / "token").write_text("kunci\n")
    settings.HADIR_FINGERSPOT_URL, settings.HADIR_FINGERSPOT_TOKEN_FILE = url, tmp_path / "token"
    said = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("fingerspot", "pull", cloud[0].serial, "--from", *dates, stderr=said)
    assert said.getvalue().startswith(f"Error {code}: ")
