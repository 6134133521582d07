"""What is kept of a call: the fields of a record, and those of one that cannot be read; nothing that came unasked."""

import json
from typing import Any

import pytest

from hadir.conftest import NOW, World
from hadir.devices.models import Terminal
from hadir.devices.services_terminal import add_terminal
from hadir.gateways.hikvision.tests.samples import JPEG, XML, bare, event, multipart
from hadir.gateways.tests.calls import FACE, GLOG, Now, call, fkweb, kept, log, post
from hadir.ledger.models import TerminalScan
from hadir.terminals.door import claim_terminal
from hadir.terminals.models import JournalEntry, KnownUser, Quarantined

pytestmark = pytest.mark.django_db


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


def test_that_something_unreadable_came_is_known_after_the_claim(world: World, now: Now):
    for _time in range(2):
        assert fkweb(GLOG[:-9], serial="LAIN1")["response_code"] == "OK"
    assert (Quarantined.objects.get().lines, b"20260914" in kept()) == (1, False)
    claimed = claim_terminal(serial="LAIN1", school=world.kota, by=None, now=now.moment)
    assert (claimed.stored, claimed.bad) == (0, 1)
    assert b"JSON is broken or cut off, 62 bytes" in bytes(Quarantined.objects.get(reason="bad_line").body)
