"""The conversation over minutes and nights: clock, completeness, commands, claims, limits."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client

from hadir.conftest import NOW, World
from hadir.core import clock
from hadir.devices.hearing import hearings
from hadir.devices.models import Terminal
from hadir.gateways.zkteco import conversation
from hadir.gateways.zkteco.access_control import codes_for
from hadir.gateways.zkteco.tests.machines import Machine
from hadir.ledger.models import TerminalScan
from hadir.terminals import door, journal
from hadir.terminals.commands import draft_command, queue_command
from hadir.terminals.journal import prune_journal
from hadir.terminals.limits import BY_SERIAL
from hadir.terminals.models import Alert, Caller, Command, JournalEntry, Quarantined

MINUTE = timedelta(minutes=1)


def test_a_record_made_just_now_measures_the_clock(machine: Machine):
    machine.get("cdata?options=all&pushver=2.4.1")
    machine.records("2026-09-14 06:05:00")
    assert TerminalScan.objects.get().skew is None, "it has just begun: this may be a backlog"
    for minute in range(2, 12, 2):
        machine.at(NOW + minute * MINUTE)
        machine.get("getrequest")
    machine.records("2026-09-14 07:03:00")
    machine.at(NOW + 11 * MINUTE)
    machine.records("2026-09-14 07:15:58")
    skews = list(TerminalScan.objects.order_by("received_at").values_list("skew", flat=True))
    assert skews == [None, -720, -2]
    assert TerminalScan.objects.filter(flags__0="clock_off").count() == 1
    assert machine.known().clock_skew == -2


def test_a_backlog_measures_nothing(machine: Machine):
    for minute in range(0, 10, 2):
        machine.at(NOW + minute * MINUTE)
        machine.get("getrequest")
    machine.records(*(f"2026-09-14 05:{minute:02}:00" for minute in range(20)))
    machine.records("2026-09-14 05:30:00")
    assert not TerminalScan.objects.exclude(skew=None).exists()


def test_what_was_asked_for_again_measures_nothing(machine: Machine):
    for minute in range(0, 10, 2):
        machine.at(NOW + minute * MINUTE)
        machine.get("getrequest")
    first = datetime.fromisoformat("2026-09-01")
    draft = draft_command(terminal=machine.known(), kind="resend", first=first, last=first + timedelta(days=2))
    queue_command(draft=draft, by=None, now=NOW)
    assert "DATA QUERY ATTLOG StartTime=2026-09-01 00:00:00\tEndTime=2026-09-03 00:00:00" in machine.get("getrequest")
    machine.records("2026-09-02 07:00:00")
    assert TerminalScan.objects.get().skew is None


def test_polls_say_up_to_when_everything_was_handed_in(world: World, machine: Machine):
    machine.get("cdata?options=all")
    machine.at(NOW + MINUTE / 2)
    machine.get("getrequest")
    assert machine.known().device.handed_in_until is None, "it has just begun and may have a backlog"
    machine.at(NOW + 3 * MINUTE)
    machine.get("getrequest")
    assert machine.known().device.handed_in_until == NOW + 3 * MINUTE
    machine.at(NOW + 9 * MINUTE)
    machine.records(*(f"2026-09-14 05:{minute:02}:00" for minute in range(20)))
    machine.at(NOW + 9 * MINUTE + MINUTE / 6)
    machine.get("getrequest")
    assert machine.known().device.handed_in_until == NOW + 3 * MINUTE, "it polls between two blocks of a backlog"
    machine.at(NOW + 12 * MINUTE)
    machine.get("getrequest")
    heard = [one for one in hearings([world.kota.pk])[world.kota.pk] if one.is_terminal]
    assert [(one.handed_in_until, one.since) for one in heard] == [(NOW + 12 * MINUTE, NOW)]


def test_commands_are_sent_again_until_acknowledged(machine: Machine):
    queue_command(draft=draft_command(terminal=machine.known(), kind="info"), by=None, now=NOW)
    number = Command.objects.get().pk
    assert machine.get("getrequest") == f"C:{number}:INFO\n"
    machine.at(NOW + 9 * MINUTE)
    assert machine.get("getrequest") == "OK"
    machine.at(NOW + 11 * MINUTE)
    assert machine.get("getrequest") == f"C:{number}:INFO\n"
    assert machine.post("devicecmd", f"ID={number}&Return=0&CMD=INFO\n~DeviceName=X903\n".encode()) == "OK"
    assert machine.known().model == "X903"
    machine.at(NOW + 30 * MINUTE)
    assert machine.get("getrequest") == "OK"
    assert machine.post("devicecmd", b"ID=999999&Return=0&CMD=DATA\nID=x&Return=0\n\xff") == "OK"
    queue_command(draft=draft_command(terminal=machine.known(), kind="time"), by=None, now=NOW)
    for time in range(8):
        machine.at(NOW + timedelta(hours=1 + time))
        machine.get("getrequest")
    assert Command.objects.get(kind="time").result == "mesin tidak menjawab"


def test_at_night_counts_are_compared(machine: Machine):
    machine.records("2026-09-14 06:05:00", "2026-09-14 06:06:00")
    night = NOW + timedelta(hours=19)
    machine.at(night)
    order = machine.get("getrequest")
    number = Command.objects.get().pk
    assert order == f"C:{number}:VERIFY SUM ATTLOG StartTime=2026-09-14 00:00:00\tEndTime=2026-09-14 23:59:59\n"
    machine.post("devicecmd", f"ID={number}&Return=0&CMD=VERIFY SUM&AttlogSum=3\n".encode())
    assert Alert.objects.get().kind == "count_differs"
    assert "DATA QUERY ATTLOG StartTime=2026-09-14 00:00:00" in machine.get("getrequest")
    machine.at(night + timedelta(days=1))
    again = machine.get("getrequest")
    second = Command.objects.filter(kind="reconcile").latest("pk").pk
    assert f"C:{second}:VERIFY SUM" in again
    machine.post("devicecmd", f"ID={second}&Return=-1002&CMD=VERIFY\n".encode())
    machine.at(night + timedelta(days=2))
    assert "VERIFY" not in machine.get("getrequest")


def test_in_its_first_night_it_is_not_asked_of_the_day_before_it_came(machine: Machine):
    two_in_the_morning = NOW - timedelta(hours=5)
    Terminal.objects.update(claimed_at=two_in_the_morning)
    machine.at(two_in_the_morning + MINUTE)
    assert machine.get("getrequest") == "OK"
    machine.at(two_in_the_morning + timedelta(days=1))
    assert "VERIFY SUM ATTLOG StartTime=2026-09-14" in machine.get("getrequest")


def test_a_changed_address_or_key_is_an_alert_and_loses_nothing(machine: Machine):
    machine.get("cdata?options=all&pushcommkey=4a9594af164f2b9779b59e8554b5df26")
    machine.address = "10.0.0.99"
    assert machine.records("2026-09-14 07:00:00") == "OK: 1"
    queue_command(draft=draft_command(terminal=machine.known(), kind="time"), by=None, now=NOW)
    machine.get("cdata?options=all&pushcommkey=00000000000000000000000000000000")
    assert machine.get("getrequest") == "OK", "another key: no commands"
    machine.get("cdata?options=all&pushcommkey=4a9594af164f2b9779b59e8554b5df26")
    assert machine.get("getrequest").startswith("C:")
    assert {alert.kind for alert in Alert.objects.all()} == {"address_changed", "key_changed"}
    assert "4a9594af" not in str(list(Terminal.objects.values_list())) + str(list(JournalEntry.objects.values_list()))


def test_the_access_control_dialect(machine: Machine, settings: Any):
    start = "cdata?options=all&pushver=3.1.2&DeviceType=acc"
    assert Client().get("/iclock/cdata?SN=NEW&options=all&pushver=3.1.2&DeviceType=acc").content == b"OK"
    assert Client().post("/iclock/registry?SN=NEW", b"DeviceType=acc", content_type="x/y").status_code == 406
    codes = codes_for("CNYG001", settings.SECRET_KEY.encode())
    assert machine.get(start).startswith(f"registry=ok\nRegistryCode={codes.registry}\n")
    assert machine.post("registry", b"DeviceType=acc,~DeviceName=SenseFace 3A") == f"RegistryCode={codes.registry}"
    assert f"SessionID={codes.session}\n" in machine.post("push", b"")
    line = (
        b"time=2026-09-14 06:58:48\tpin=0701\tcardno=0\teventaddr=1\tevent=3\tinoutstatus=0\tverifytype=15\tindex=9\r\n"
    )
    assert machine.post("cdata?table=rtlog", line, HTTP_COOKIE=f"token={codes.token('CNYG001')}") == "OK"
    assert machine.post("cdata?table=rtlog", line) == "OK"
    assert machine.post("cdata?table=rtstate", b"time=2026-09-14 06:58:48\tsensor=00\r\n") == "OK"
    scan = TerminalScan.objects.get()
    assert (scan.pin, scan.state_raw, scan.verify_raw, scan.record_no) == ("0701", "0", "15", "9")
    people = b"user uid=1\tcardno=99\tpin=0701\tpassword=123456\tname=Siti\r\n"
    assert machine.post("cdata?table=tabledata&tablename=user&count=1", people) == "user=1"
    assert machine.known().device.known_users.get().name == "Siti"
    assert b"123456" not in b"".join(bytes(entry.body) for entry in JournalEntry.objects.all())
    assert machine.post("querydata?type=tabledata&tablename=user&cmdid=1", people) == "user=1"


def test_events_cut_at_every_byte_are_the_events_that_were_written(machine: Machine):
    """Of the access-control dialect: two people, whatever is cut off, and at the end each once with its number."""
    line = (
        "time=2026-09-14 06:58:{0}\tpin={1}\tcardno=0\teventaddr=1\tevent=0\tinoutstatus=0\tverifytype={2}\tindex={3}"
    )
    body = "".join(line.format(*one) + "\r\n" for one in (("48", "0007", 15, 123), ("50", "18", 4, 124))).encode()
    for end in range(1, len(body) + 1):
        assert machine.post("cdata?table=rtlog", body[:end]) == "OK", end
    rows = list(TerminalScan.objects.order_by("local_time").values_list("pin", "verify_raw", "state_raw"))
    assert rows == [("0007", "15", "0"), ("18", "4", "0")]
    assert set(TerminalScan.objects.values_list("record_no", flat=True)) <= {"", "123", "124"}


TRANSACTION = (
    "transaction cardno=4711\tpin={0}\tverified=15\tdoorid=1\teventtype={1}\tinoutstate=0\ttime_second={2}\r\n"
)


@pytest.mark.parametrize(
    "address",
    ["cdata?table=tabledata&tablename=transaction&count=4", "querydata?type=tabledata&tablename=transaction&cmdid=1"],
)
def test_stored_events_of_people_wait_since_their_time_cannot_be_read(machine: Machine, world: World, address: str):
    rows = [("0701", 0, 858437928), ("0", 8, 858437929), ("18", 27, 858437930), ("19", 3, 858437931)]
    body = "".join(TRANSACTION.format(*row) for row in rows).encode()
    for _time in range(2):
        assert machine.post(address, body) == "transaction=4"
    held = Quarantined.objects.get()
    assert (held.reason, held.table, held.lines) == ("bad_line", "TRANSACTION", 2)
    assert [line.split("\t")[1] for line in bytes(held.body).decode().split("\n")] == ["pin=0701", "pin=19"]
    machine.folder, machine.serial = "/iclock", "NEW"
    assert machine.post(address, body) == "transaction=4"
    assert door.claim_terminal(serial="NEW", school=world.kota, by=None, now=NOW).bad == 2
    assert not TerminalScan.objects.exists()
    kept = [bytes(row.body) for rows in (JournalEntry, Quarantined) for row in rows.objects.all()]
    assert not any(b"4711" in one for one in kept)


def test_ten_megabytes_are_taken_and_more_is_too_large(machine: Machine):
    line = b"7\t2026-09-14 06:58:48\t0\t15\t0\t0\t0\t0\t0\t0\t%d\n"
    body = b"".join(line % number for number in range(100, 40_100))
    body += b"#" * (10 * 1024 * 1024 - len(body))
    assert machine.post("cdata?table=ATTLOG", body) == "OK: 40001"
    assert JournalEntry.objects.latest("at").is_cut
    assert machine.post("cdata?table=BIODATA", b"x" * 13 * 1024 * 1024) == "too large"


def test_a_flood_is_turned_away_without_ok(machine: Machine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(BY_SERIAL, "burst", 5)
    monkeypatch.setattr(BY_SERIAL, "rate", 0)
    answers = [machine.get("getrequest") for _time in range(7)]
    assert answers == ["OK"] * 5 + ["WAIT"] * 2


def test_a_full_quarantine_withholds_ok(machine: Machine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(door, "MOST_POSTS", 2)
    monkeypatch.setattr(door, "MOST_CALLERS_PER_ADDRESS", 2)

    def send(serial: str, number: int) -> str:
        body = b"7\t2026-09-14 06:58:%02d\t0\t15\t0\n" % number
        return Client().generic("POST", f"/iclock/cdata?SN={serial}&table=ATTLOG", body).content.decode()

    assert [send("NEW", number) for number in (1, 2, 3, 1)] == ["OK: 1", "OK: 1", "WAIT", "OK: 1"]
    assert [send("OTHER", 1), send("THIRD", 1)] == ["OK: 1", "WAIT"]
    assert Caller.objects.get(serial="NEW").refused == 1
    assert Quarantined.objects.count() == 3
    assert send("", 1) == "WAIT"
    assert machine.get("getrequest") == "OK"


def test_long_after_add_a_call_without_the_secret_waits_for_a_claim(world: World, machine: Machine):
    machine.at(NOW + timedelta(hours=1))
    machine.folder = "/iclock"
    assert machine.records("2026-09-14 07:00:00") == "OK: 1"
    assert Quarantined.objects.get().reason == "not_claimed"
    made = door.claim_terminal(serial="CNYG001", school=world.kota, by=None, now=clock.now())
    assert (made.stored, made.secret) == (1, "")
    assert machine.records("2026-09-14 07:00:00") == "OK: 1"
    assert TerminalScan.objects.get().trust == "plain"


def test_our_own_mistake_loses_nothing(machine: Machine, monkeypatch: pytest.MonkeyPatch):
    def broken(*_arguments: object, **_options: object) -> None:
        raise ValueError("a record: 7 Siti")

    with monkeypatch.context() as patch:
        patch.setattr(conversation, "take_in", broken)
        assert machine.records("2026-09-14 07:00:00") == "WAIT"
    assert machine.records("2026-09-14 07:00:00") == "OK: 1"


def test_a_body_without_its_length_stays_with_the_machine(machine: Machine):
    """The server cannot tell where such a body ends, and hands none of it on."""
    assert machine.post("cdata?table=ATTLOG", b"") == "WAIT"
    assert machine.known().last_error == "tanpa Content-Length, isi tidak terbaca"
    assert machine.post("cdata?table=ATTLOG", b"", CONTENT_LENGTH="0") == "OK: 0"
    assert machine.post("cdata?table=options", b"") == "OK"
    assert machine.post("push", b"").startswith("ServerVersion=")
    machine.folder, machine.serial = "/iclock", "NEW"
    assert machine.post("cdata?table=ATTLOG", b"") == "WAIT"
    assert Caller.objects.get().posts == 0
    assert machine.records("2026-09-14 07:00:00") == "OK: 1"


def test_a_database_that_is_down_is_503(machine: Machine, monkeypatch: pytest.MonkeyPatch):
    def down(*_arguments: object, **_options: object) -> None:
        raise OperationalError

    monkeypatch.setattr(conversation, "take_in", down)
    response = Client().generic("POST", f"{machine.folder}/cdata?SN=CNYG001&table=ATTLOG", b"7\n")
    assert (response.status_code, response.content) == (503, b"busy")


def test_the_journal_is_kept_for_ninety_days(machine: Machine):
    machine.records("2026-09-14 07:00:00", "rubbish")
    assert prune_journal(now=NOW + timedelta(days=89)) == 0
    assert prune_journal(now=NOW + timedelta(days=91)) == 2
    assert TerminalScan.objects.count() == 1


def test_a_flood_does_not_fill_the_journal(machine: Machine, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(journal, "MOST_A_DAY", 100)
    cache.clear()
    for minute in range(4):
        machine.records(f"2026-09-14 07:0{minute}:00")
    assert [bool(entry.body) for entry in JournalEntry.objects.order_by("id")] == [True, True, True, False]
    assert TerminalScan.objects.count() == 4


def test_a_pruned_stranger_has_room_again(machine: Machine):
    machine.folder, machine.serial = "/iclock", "NEW"
    machine.records("2026-09-14 07:00:00")
    machine.at(NOW + timedelta(days=80))
    machine.records("2026-12-03 07:00:00")
    assert prune_journal(now=NOW + timedelta(days=91)) == 1
    caller = Caller.objects.get()
    assert (caller.posts, caller.lines, caller.bytes) == (1, 1, len(bytes(Quarantined.objects.get().body)))
    assert prune_journal(now=NOW + timedelta(days=200)) == 2
    assert not Caller.objects.exists()
