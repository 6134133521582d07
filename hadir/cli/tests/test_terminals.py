"""Terminals from the command line, as others script it."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from hadir.cli.tests.test_commands import hadir
from hadir.conftest import NOW, World
from hadir.core import clock
from hadir.devices.models import Terminal
from hadir.gateways.tests.calls import GLOG, fkweb
from hadir.ledger.models import ConfirmedTime, TerminalScan
from hadir.terminals.limits import BY_ADDRESS, BY_SERIAL, BY_STRANGER

LINES = b"0701\t2026-09-14 06:58:48\t0\t15\t0\t0\t0\t0\t0\t0\t10881\n0702\t2026-09-14 06:59:10\t255\t1\t0\t0\t0\n"


@pytest.fixture(autouse=True)
def no_earlier_calls() -> None:
    for buckets in (BY_ADDRESS, BY_SERIAL, BY_STRANGER):
        buckets.clear()


def facts(*words: str) -> list[dict[str, Any]]:
    code, out, err = hadir(*words)
    assert (code, err) == (0, ""), err
    return [json.loads(line) for line in out.splitlines()]


def send(path: str, serial: str, body: bytes = LINES, table: str = "ATTLOG") -> str:
    response = Client().generic("POST", f"{path}/cdata?SN={serial}&table={table}", body, content_type="")
    return response.content.decode()


def test_add_prints_the_address_and_the_records_come_out(world: World):
    (made,) = facts("devices", "add", "CNYG001", "--kind", "zkteco", "--school", world.kota.npsn)
    assert (made["serial"], made["kind"], made["school"]) == ("CNYG001", "zkteco", world.kota.npsn)
    assert made["url"].endswith(f"/m/{made['secret']}")
    path = f"/m/{made['secret']}/iclock"
    assert send(path, "CNYG001") == "OK: 2"
    assert send(path, "CNYG001") == "OK: 2"
    first, second = facts("scans", "--json", "--device", "CNYG001")
    assert list(first) == [
        "device", "pin", "local_time", "state_raw", "verify_raw", "record_no", "source", "trust", "person", "flags",
        "received_at",
    ]  # fmt: skip
    assert {key: first[key] for key in list(first)[:9]} == {
        "device": "CNYG001",
        "pin": "0701",
        "local_time": "2026-09-14 06:58:48",
        "state_raw": "0",
        "verify_raw": "15",
        "record_no": "10881",
        "source": "push",
        "trust": "secret",
        "person": None,
    }
    assert (second["state_raw"], second["record_no"]) == ("255", "")
    (mapped,) = facts("devices", "map", "CNYG001", "0701", "Siti Aminah", "--json")
    assert mapped["person"] == str(world.siti.pk)
    assert facts("scans", "--json", "--device", "CNYG001")[0]["person"] == str(world.siti.pk)
    listed = next(fact for fact in facts("devices", "list", "--json") if fact["serial"] == "CNYG001")
    assert (listed["state"], listed["unknown_pins"], listed["uses_secret"]) == ("active", ["0702"], True)


def test_a_stranger_is_claimed_and_its_quarantine_comes_in(world: World):
    options = b"~DeviceName=X903,TransactionCount=71,UserCount=8,~OEMVendor=Solution,FWVersion=Ver 1.0"
    send("/iclock", "NEW1", options, "options")
    assert send("/iclock", "NEW1", LINES + b"cut\t2026-0") == "OK: 3"
    held = facts("quarantine", "--json")
    assert [(one["serial"], one["table"], one["lines"], one["reason"]) for one in held] == [
        ("NEW1", "OPTIONS", 0, "unknown_serial"),
        ("NEW1", "ATTLOG", 3, "unknown_serial"),
    ]
    assert held[1]["ip"] == "127.0.0.1"
    assert held[1]["path"].startswith("/iclock/cdata")
    seen = next(fact for fact in facts("devices", "list", "--json") if fact["serial"] == "NEW1")
    assert (seen["state"], seen["model"], seen["users"], seen["records"]) == ("unclaimed", "X903", 8, 71)
    (made,) = facts("devices", "claim", "NEW1", "--school", world.kota.npsn, "--json")
    assert (made["stored"], made["bad"], made["model"], made["ip"]) == (2, 1, "X903", "127.0.0.1")
    assert [scan["trust"] for scan in facts("scans", "--json", "--device", "NEW1")] == ["plain", "plain"]
    assert [one["reason"] for one in facts("quarantine", "--json") if one["replayed_at"] is None] == ["bad_line"]
    assert send("/iclock", "NEW1", LINES) == "OK: 2"
    assert TerminalScan.objects.count() == 2
    code, _out, err = hadir("devices", "claim", "NEW1", "--school", world.kota.npsn)
    assert (code, "claimed_already" in err) == (1, True)


def test_a_machine_that_never_called_is_not_claimed(world: World):
    code, _out, err = hadir("devices", "claim", "GHOST", "--school", world.kota.npsn)
    assert code == 1
    assert err.startswith("Error claim_not_heard: Mesin GHOST belum menghubungi server")


def test_without_its_secret_a_machine_is_not_believed_any_more(world: World):
    (made,) = facts("devices", "add", "CNYG001", "--kind", "zkteco", "--school", world.kota.npsn)
    assert send(f"/m/{made['secret']}/iclock", "CNYG001") == "OK: 2"
    forged = b"0701\t2026-09-14 05:00:00\t0\t15\t0\t0\t0\n"
    assert send("/iclock", "CNYG001", forged) == "OK: 1"
    assert send("/m/" + "x" * 16 + "/iclock", "CNYG001", forged + forged) == "OK: 2"
    assert TerminalScan.objects.count() == 2
    assert {one["reason"] for one in facts("quarantine", "--json")} == {"secret_missing", "secret_wrong"}
    listed = next(fact for fact in facts("devices", "list", "--json") if fact["serial"] == "CNYG001")
    assert listed["alerts"] == ["secret_missing"]
    (fresh,) = facts("devices", "secret", "CNYG001")
    assert send(f"/m/{made['secret']}/iclock", "CNYG001") == "OK: 2"
    assert send(f"/m/{fresh['secret']}/iclock", "CNYG001") == "OK: 2"


def test_commands_are_shown_first_sent_and_acknowledged(world: World):
    (made,) = facts("devices", "add", "CNYG001", "--kind", "zkteco", "--school", world.kota.npsn)
    path = f"/m/{made['secret']}/iclock"
    world.siti.name = "Siti\tPri=14"
    world.siti.save()
    words = ("devices", "commands", "CNYG001", "add_person", "--pin", "7", "--person", str(world.siti.pk), "--json")
    (draft,) = facts(*words)
    assert draft["command"] is None
    assert draft["text"].startswith("DATA UPDATE USERINFO PIN=7\tName=Siti Pri=14\tPri=0\t")
    (queued,) = facts(*words, "--yes")
    assert Client().get("/iclock/getrequest?SN=CNYG001").content == b"OK"
    number = queued["command"]
    assert Client().get(f"{path}/getrequest?SN=CNYG001").content.decode() == f"C:{number}:{draft['text']}\n"
    assert Client().get(f"{path}/getrequest?SN=CNYG001").content == b"OK"
    (sent,) = facts("devices", "commands", "CNYG001", "--json")
    assert (sent["sent_times"], sent["acknowledged_at"]) == (1, None)
    Client().generic("POST", f"{path}/devicecmd?SN=CNYG001", f"ID={number}&Return=-1001&CMD=DATA\n".encode())
    (done,) = facts("devices", "commands", "CNYG001", "--json")
    assert (done["return_code"], done["result"]) == (-1001, "mesin penuh")
    assert Terminal.objects.get().secret_seen_at is not None


def test_times_of_a_span_are_local_and_a_date_is_a_whole_day(world: World):
    facts("devices", "add", "CNYG001", "--kind", "zkteco", "--school", world.kota.npsn)

    def span(first: str, last: str) -> str:
        (draft,) = facts("devices", "commands", "CNYG001", "resend", "--from", first, "--to", last, "--json")
        return str(draft["text"]).removeprefix("DATA QUERY ATTLOG ")

    day = "StartTime=2026-09-01 00:00:00\tEndTime=2026-09-01 23:59:59"
    assert span("2026-09-01", "2026-09-01") == day
    assert span("2026-08-31T17:00:00+00:00", "2026-09-01T23:59:59+07:00") == day
    assert span("2026-09-01", "2026-09-01T16:59:59+00:00") == day
    wrong = ("devices", "commands", "CNYG001", "resend", "--from", "0001-01-01T00:00:00+07:00", "--to", "2026-09-01")
    assert hadir(*wrong)[0] == 2


def test_a_clock_is_put_right_once_and_in_local_time(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    (made,) = facts("devices", "add", "CNYG001", "--kind", "zkteco", "--school", world.kota.npsn)
    facts("devices", "map", "CNYG001", "7", "Siti Aminah", "--json")
    send(f"/m/{made['secret']}/iclock", "CNYG001", b"7\t2000-01-01 00:01:00\t0\t15\t0\t0\t0\n")
    (scan,) = facts("devices", "clock", "CNYG001", "--json")
    both = hadir("devices", "clock", "CNYG001", "--accept", scan["scan"], "--reject", "all", "--reason", "padam")
    assert both[0] == 2
    assert not ConfirmedTime.objects.exists()
    at = "2026-09-13T23:50:00+00:00"
    code, _out, err = hadir("devices", "clock", "CNYG001", "--accept", "all", "--at", at, "--reason", "padam")
    assert (code, err) == (0, "")
    assert ConfirmedTime.objects.get().at == datetime.fromisoformat("2026-09-14T06:50:00+07:00")
    assert facts("scans", "--json", "--device", "CNYG001")[0]["person"] == str(world.siti.pk)
    listed = next(fact for fact in facts("devices", "list", "--json") if fact["serial"] == "CNYG001")
    assert (listed["unknown_pins"], listed["waiting"]) == ([], 0)
    assert facts("devices", "map", "CNYG001", "--json") == []


def test_what_is_held_of_a_terminal_is_in_the_quarantine(world: World):
    facts("devices", "add", "CNYG001", "--kind", "zkteco", "--school", world.kota.npsn)
    code, _out, err = hadir("scans", "--device", "CNYG001", "--held")
    assert (code, "hadir quarantine --device CNYG001" in err) == (1, True)


def test_a_serial_in_other_capitals_is_pointed_out(world: World):
    facts("devices", "add", "cnyg001", "--kind", "zkteco", "--school", world.kota.npsn)
    code, _out, err = hadir("devices", "add", "CNYG001", "--kind", "zkteco", "--school", world.kota.npsn)
    assert (code, err.startswith("Error serial_twin: Mesin cnyg001")) == (1, True)
    hadir("devices", "revoke", "cnyg001")
    facts("devices", "add", "CNYG001", "--kind", "zkteco", "--school", world.kota.npsn)


def test_a_claimed_machine_without_a_way_for_a_secret_gets_none(world: World):
    assert fkweb(GLOG)
    (made,) = facts("devices", "claim", "C2609", "--school", world.kota.npsn, "--json")
    assert (made["kind"], made["secret"]) == ("fkweb", None)
    assert made["url"].endswith("/")
