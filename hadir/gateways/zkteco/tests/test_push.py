"""The push door over HTTP: the whole conversation, whatever way the firmware writes it."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from hadir.conftest import NOW, World
from hadir.core import clock
from hadir.devices.models import Terminal
from hadir.devices.services_terminal import add_terminal
from hadir.ledger.models import TerminalScan
from hadir.schools.models import School
from hadir.terminals import door as terminal_door
from hadir.terminals.door import claim_terminal
from hadir.terminals.limits import BY_ADDRESS, BY_SERIAL, BY_STRANGER
from hadir.terminals.models import Alert, Caller, JournalEntry, KnownUser, Quarantined

LINE = b"7\t2026-09-14 07:04:30\t0\t15\t0\t0\t0\t0\t0\t0\t10881\n"


@pytest.fixture(autouse=True)
def at_seven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for buckets in (BY_ADDRESS, BY_SERIAL, BY_STRANGER):
        buckets.clear()


@pytest.fixture
def door(world: World) -> tuple[Terminal, str]:
    terminal, secret = add_terminal(serial="CNYG001", kind="zkteco", schools=[world.kota], by=None, now=NOW)
    return terminal, f"/m/{secret}/iclock"


def post(path: str, body: bytes, **extra: Any) -> str:
    response = Client().generic("POST", path, body, **({"content_type": ""} | extra))
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == "text/plain"
    assert not response.cookies
    return response.content.decode()


def get(path: str, **extra: Any) -> str:
    response = Client().get(path, **extra)
    assert response.status_code == 200
    assert "GMT" in response.headers["Date"]
    return response.content.decode()


@pytest.mark.parametrize("zone", [("Asia/Jakarta", 7), ("Asia/Makassar", 8), ("Asia/Jayapura", 9)])
def test_it_begins_with_options(world: World, door: tuple[Terminal, str], zone: tuple[str, int]):
    world.kota.time_zone = zone[0]
    world.kota.save()
    text = get(f"{door[1]}/cdata?SN=CNYG001&options=all&language=69&pushver=2.4.0&PushOptionsFlag=1")
    lines = text.split("\n")
    assert lines[0] == "GET OPTION FROM: CNYG001"
    assert f"TimeZone={zone[1]}" in lines
    assert {"Realtime=1", "Encrypt=None", "TransFlag=TransData AttLog\tOpLog", "ATTLOGStamp=9999"} <= set(lines)
    assert not any(line.endswith("Stamp=0") for line in lines)
    assert "\r" not in text


INIT = "cdata?SN={0}&options=all&pushver=2.4.1"


def test_a_machine_that_is_not_believed_gets_the_zone_of_its_school(
    world: World, door: tuple[Terminal, str], monkeypatch: pytest.MonkeyPatch
):
    world.kota.time_zone = "Asia/Jayapura"
    world.kota.save()
    get(f"{door[1]}/{INIT.format('CNYG001')}")
    add_terminal(serial="LATE03", kind="zkteco", schools=[world.kota], by=None, now=NOW)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=16))
    for serial in ("CNYG001", "LATE03"):
        assert "\nTimeZone=9\n" in get(f"/iclock/{INIT.format(serial)}")
    assert Caller.objects.count() == 2, "both wait for a person"


def test_a_machine_that_nobody_knows_gets_the_zone_of_most_schools(world: World):
    assert "\nTimeZone=7\n" in get(f"/iclock/{INIT.format('NEW1')}")
    School.objects.exclude(pk=world.kota.pk).update(time_zone="Asia/Makassar")
    assert "\nTimeZone=8\n" in get(f"/iclock/{INIT.format('NEW1')}")


@pytest.mark.parametrize("by_claim", [True, False])
def test_a_machine_that_becomes_a_schools_reads_its_options_anew(world: World, *, by_claim: bool):
    world.kota.time_zone = "Asia/Makassar"
    world.kota.save()
    assert "\nTimeZone=7\n" in get(f"/iclock/{INIT.format('NEW1')}")
    if by_claim:
        claim_terminal(serial="NEW1", school=world.kota, by=None, now=NOW)
    else:
        add_terminal(serial="NEW1", kind="zkteco", schools=[world.kota], by=None, now=NOW)
    assert get("/iclock/getrequest?SN=NEW1").endswith(":CHECK\n")
    assert "\nTimeZone=8\n" in get(f"/iclock/{INIT.format('NEW1')}")


@pytest.mark.parametrize(
    "spelling",
    ["{0}/cdata", "{0}/cdata.aspx", "{0}/iclock/cdata", "{0}//cdata", "/ICLOCK/iclock/CDATA.ASPX", "/iclock/cdata/"],
)
def test_every_spelling_of_the_address(door: tuple[Terminal, str], spelling: str):
    path = spelling.format(door[1])
    assert post(f"{path}?SN=CNYG001&table=ATTLOG&Stamp=9999", LINE) == "OK: 1"
    assert TerminalScan.objects.get().record_no == "10881"


@pytest.mark.usefixtures("world")
def test_the_folder_itself_is_answered_like_everything_in_it():
    for path in ("/iclock", "/iclock/", "/ICLOCK", "/iclock/iclock"):
        assert get(f"{path}?SN=NEW1") == "OK"
    assert Client().get("/iclocks?SN=NEW1").status_code == 404


@pytest.mark.parametrize("kind", ["", "text/plain", "application/push;charset=UTF-8",
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"])  # fmt: skip
def test_any_content_type(door: tuple[Terminal, str], kind: str):
    body = LINE.replace(b"\n", b"\r\n")
    assert (
        post(f"{door[1]}/cdata?SN=CNYG001&table=ATTLOG", body, content_type=kind, HTTP_HOST="10.1.2.3:8080") == "OK: 1"
    )
    scan = TerminalScan.objects.get()
    assert (scan.pin, scan.local_time, scan.state_raw, scan.verify_raw) == ("7", "2026-09-14 07:04:30", "0", "15")
    assert (scan.trust, scan.source) == ("secret", "push")


def test_bad_lines_are_counted_and_kept(door: tuple[Terminal, str]):
    body = LINE + b"8\t2026-09-1\nrubbish\n" + LINE.replace(b"7\t", b"0009\t", 1)
    assert post(f"{door[1]}/cdata?SN=CNYG001&table=ATTLOG", body) == "OK: 4"
    assert post(f"{door[1]}/cdata?SN=CNYG001&table=ATTLOG", body) == "OK: 4"
    assert sorted(TerminalScan.objects.values_list("pin", flat=True)) == ["0009", "7"]
    held = Quarantined.objects.get()
    assert (held.reason, held.lines) == ("bad_line", 2)
    assert bytes(held.body) == b"8\t2026-09-1\nrubbish"
    listed = StringIO()
    call_command("quarantine", "--json", stdout=listed)
    assert "8 | 2026-09-1" in listed.getvalue(), "its fields are told apart"
    door[0].refresh_from_db()
    assert door[0].parse_errors == 4


EVENT = b"time=2026-09-14 06:58:48\tpin=%b\tcardno=0\tevent=0\tinoutstatus=0\tverifytype=15\tindex=9"


@pytest.mark.parametrize(
    ("table", "body"),
    [
        ("rtlog", EVENT % b"7\x01" + b"\r\n"),
        ("rtlog", EVENT % (b"7" * 70) + b"\r\n"),
        ("rtlog", (EVENT % b"7")[:-9]),
        ("ATTLOG", b"7\x01\t2026-09-14 06:58:48\t0\t15\t0\n"),
        ("ATTLOG", b"7\xff\t2026-09-14 06:58:48\t0\t15\t0\n"),
        ("ATTLOG", b"7\t2026-09-14 06:58:48\t0\t1"),
    ],
)
def test_a_pin_that_would_become_another_is_held_back(
    world: World, door: tuple[Terminal, str], table: str, body: bytes
):
    """Also from a machine that is claimed later: what was kept of it is read like what came."""
    post(f"{door[1]}/cdata?SN=CNYG001&table={table}", body)
    assert Quarantined.objects.get().reason == "bad_line"
    post(f"/iclock/cdata?SN=NEW1&table={table}", body)
    claimed = claim_terminal(serial="NEW1", school=world.kota, by=None, now=NOW)
    assert (claimed.stored, claimed.bad) == (0, 1)
    assert not TerminalScan.objects.exists()


def test_what_is_no_text_is_shown_byte_by_byte(door: tuple[Terminal, str]):
    for pin in (b"7\xff", b"7\xfe", b"7\x01", b"7\x02"):
        post(f"{door[1]}/cdata?SN=CNYG001&table=ATTLOG", pin + b"\t2026-09-14 06:58:48\t0\t15\t0\n")
    held = sorted(bytes(row.body).decode().partition("\t")[0] for row in Quarantined.objects.all())
    assert held == [r"7\x01", r"7\x02", r"7\xfe", r"7\xff"]


def test_a_mark_of_utf_8_before_the_first_record_is_no_part_of_its_pin(world: World, door: tuple[Terminal, str]):
    for folder, serial in ((door[1], "CNYG001"), ("/iclock", "NEW1")):
        assert post(f"{folder}/cdata?SN={serial}&table=options", b"\xef\xbb\xbf~DeviceName=X903,FWVersion=8") == "OK"
        assert post(f"{folder}/cdata?SN={serial}&table=ATTLOG", b"\xef\xbb\xbf" + LINE) == "OK: 1"
    claimed = claim_terminal(serial="NEW1", school=world.kota, by=None, now=NOW)
    assert (claimed.stored, claimed.bad) == (1, 0)
    assert set(TerminalScan.objects.values_list("pin", flat=True)) == {"7"}
    assert set(Terminal.objects.values_list("model", flat=True)) == {"X903"}


def test_a_record_of_five_fields_needs_no_last_line_end(door: tuple[Terminal, str]):
    body = b"46\t2026-09-14 06:58:48\t0\t15\t0"
    for end in range(1, len(body) + 1):
        assert post(f"{door[1]}/cdata?SN=CNYG001&table=ATTLOG", body[:end]) == "OK: 1"
    scan = TerminalScan.objects.get()
    assert (scan.pin, scan.local_time, scan.state_raw, scan.verify_raw) == ("46", "2026-09-14 06:58:48", "0", "15")


def test_passwords_templates_and_photographs_are_not_kept(door: tuple[Terminal, str]):
    body = (
        b"USER PIN=6\tName=Siti\tPri=14\tPasswd=geheim99\tCard=[15CD5B07]\tGrp=1\n"
        b"FP PIN=6\tFID=1\tSize=12\tValid=1\tTMP=T0Nz\rKl+\tmm==\n"
        b"OPLOG 23\t14\t2026-09-14 07:00:00\t0\t0\t0\t0\n"
        b"BIOPHOTO PIN=6\tFileName=6.jpg\tType=9\tSize=8\tContent=/9j/4AAQ\n"
    )
    assert post(f"{door[1]}/cdata?SN=CNYG001&table=OPERLOG&OpStamp=1", body) == "OK: 4"
    assert post(f"{door[1]}/cdata?SN=CNYG001&table=BIODATA", b"BIODATA Pin=6\tTmp=T0NzKl==\n") == "OK: 1"
    photo = b"PIN=20260914070000-6.jpg\nSN=CNYG001\nsize=4\nCMD=uploadphoto\0\xff\xd8\xff\xe0"
    assert post(f"{door[1]}/cdata?SN=CNYG001&table=ATTPHOTO", photo) == "OK"
    assert post(f"{door[1]}/fdata?SN=CNYG001&table=ATTPHOTO", photo) == "OK"
    post("/iclock/cdata?SN=OTHER&table=OPERLOG", body)
    post("/iclock/cdata?SN=OTHER&table=ATTLOG", body)
    kept = b"".join([bytes(row.body) for rows in (JournalEntry, Quarantined) for row in rows.objects.all()])
    for secret in (b"geheim99", b"15CD5B07", b"T0Nz", b"Kl+", b"4AAQ", b"\xff\xd8"):
        assert secret not in kept
    user = KnownUser.objects.get()
    assert (user.pin, user.name, user.is_admin) == ("6", "Siti", True)
    assert [alert.kind for alert in Alert.objects.filter(device=door[0].device)] == ["log_deleted"]


@pytest.mark.parametrize(
    ("method", "address", "answer"),
    [
        ("POST", "cdata?SN={0}", "OK"),
        ("POST", "cdata?SN={0}&table=", "OK"),
        ("POST", "cdata?SN={0}&table=OPERLOG", "OK: 2"),
        ("POST", "cdata?SN={0}&table=ATT_LOG", "OK: 2"),
        ("POST", "cdata?SN={0}&table=BIODATA", "OK: 2"),
        ("POST", "fdata?SN={0}&table=ATTLOG", "OK"),
        ("POST", "edata?SN={0}&table=ATTLOG", "OK"),
        ("POST", "getrequest?SN={0}", "OK"),
        ("POST", "devicecmd?SN={0}", "OK"),
        ("PUT", "fdata?SN={0}&table=ATTLOG", "OK"),
    ],
)
def test_records_at_the_wrong_place_wait_for_a_person(
    world: World, door: tuple[Terminal, str], method: str, address: str, answer: str
):
    body = b"OPLOG 4\t14\t2026-09-14 07:00:00\t0\t0\t0\t0\n" + LINE
    for folder, serial in ((door[1], "CNYG001"), ("/iclock", "NEW1")):
        for _time in range(2):
            response = Client().generic(method, f"{folder}/{address.format(serial)}", body)
            assert (response.status_code, response.content.decode()) == (200, answer)
    assert not TerminalScan.objects.exists()
    held = {row.serial: row for row in Quarantined.objects.all()}
    assert sorted(held) == ["CNYG001", "NEW1"]
    assert bytes(held["CNYG001"].body) == LINE.strip()
    assert (held["CNYG001"].reason, held["NEW1"].lines) == ("bad_line", 1)
    door[0].refresh_from_db()
    assert (door[0].parse_errors, door[0].last_error) == (2, "1 baris tidak terbaca")
    assert claim_terminal(serial="NEW1", school=world.kota, by=None, now=NOW).bad == 1
    assert not TerminalScan.objects.exists()


def test_a_whole_memory_at_the_wrong_place_is_held_back_to_its_last_line(door: tuple[Terminal, str]):
    body = b"".join(LINE.replace(b"10881", b"%d" % number) for number in range(10_000, 13_000))
    assert post(f"{door[1]}/cdata?SN=CNYG001&table=ATT_LOG", body) == "OK: 3000"
    held = Quarantined.objects.all()
    assert (len(held), sum(row.lines for row in held)) == (3, 3000)
    assert b"\n".join(sorted(bytes(row.body) for row in held)) == body.strip()


def test_records_that_are_put_are_records(door: tuple[Terminal, str]):
    response = Client().put(f"{door[1]}/cdata?SN=CNYG001&table=ATTLOG", LINE, content_type="text/plain")
    assert response.content == b"OK: 1"
    assert TerminalScan.objects.get().record_no == "10881"


@pytest.mark.usefixtures("world")
def test_at_the_wrong_place_there_is_no_ok_where_there_is_no_room(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(terminal_door, "MOST_POSTS", 0)
    assert post("/iclock/edata?SN=NEW1", LINE) == "WAIT"
    assert post("/iclock/edata?SN=NEW1", b"nothing of attendance") == "OK"


@pytest.mark.usefixtures("world")
def test_a_stranger_waits_in_quarantine_and_learns_nothing():
    text = get("/iclock/cdata?SN=NEW1&options=all&pushver=2.4.1")
    assert text.startswith("GET OPTION FROM: NEW1\n")
    options = b"~DeviceName=X903,TransactionCount=71,UserCount=8,~OEMVendor=ZKTECO CO., LTD.,FWVersion=Ver 1.0"
    assert post("/iclock/cdata?SN=NEW1&table=options", options) == "OK"
    assert post("/iclock/cdata?SN=NEW1&table=ATTLOG&Stamp=9999", LINE * 2) == "OK: 2"
    assert post("/iclock/cdata?SN=NEW1&table=ATTLOG&Stamp=9999", LINE * 2) == "OK: 2"
    assert get("/iclock/getrequest?SN=NEW1") == "OK"
    caller = Caller.objects.get()
    assert (caller.model, caller.firmware, caller.users, caller.records) == ("X903", "Ver 1.0", 8, 71)
    assert [row.table for row in Quarantined.objects.all()] == ["OPTIONS", "ATTLOG"]
    assert not TerminalScan.objects.exists()
