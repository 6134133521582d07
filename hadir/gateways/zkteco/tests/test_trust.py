"""Machines that are believed later, and machines that get a new secret."""

from datetime import timedelta
from typing import Any

import pytest

from hadir.conftest import NOW, World
from hadir.core import clock
from hadir.devices.services_terminal import add_terminal, renew_secret
from hadir.gateways.zkteco.tests.machines import Machine
from hadir.ledger.models import TerminalScan
from hadir.ledger.services_terminal import PunchOutcome
from hadir.terminals import door, intake
from hadir.terminals.commands import draft_command, queue_command
from hadir.terminals.diagnosis import findings
from hadir.terminals.models import Alert, Caller, Command, Quarantined
from hadir.terminals.queries import standing_of

MINUTE = timedelta(minutes=1)


def flags() -> list[tuple[int | None, list[str]]]:
    return list(TerminalScan.objects.order_by("local_time").values_list("skew", "flags"))


def test_what_came_before_the_machine_was_added_is_taken_in_when_it_is_believed(machine: Machine, world: World):
    machine.folder, machine.serial = "/iclock", "NEW"
    assert machine.records("2026-09-14 06:50:00") == "OK: 1"
    machine.records("2000-01-01 06:50:00")
    machine.at(NOW + 5 * MINUTE)
    terminal, secret = add_terminal(serial="NEW", kind="zkteco", schools=[world.kota], by=None, now=clock.now())
    assert findings(standing_of(terminal, now=clock.now()), now=clock.now())[1].head.startswith("2 catatan ditahan")
    machine.at(NOW + 6 * MINUTE)
    machine.folder, machine.terminal = f"/m/{secret}/iclock", terminal
    machine.get("cdata?options=all&pushver=2.4.1")
    assert flags() == [(None, ["clock_absurd"]), (None, [])]
    assert set(TerminalScan.objects.values_list("trust", "received_at")) == {("plain", NOW)}
    assert not Caller.objects.exists(), "nothing is left to claim"
    assert (standing_of(machine.known(), now=clock.now()).early, Command.objects.get().kind) == (0, "time")


def test_what_came_without_the_secret_is_taken_in_part_by_part_once_it_is_used(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(door, "MOST_BODIES_A_CALL", 2)
    machine.at(NOW + timedelta(hours=1))
    secret, machine.folder = machine.folder, "/iclock"
    for minute in range(5):
        assert machine.records(f"2026-09-14 07:0{minute}:00") == "OK: 1"
    machine.folder = secret
    left = []
    for _call in range(3):
        machine.get("getrequest")
        left.append(standing_of(machine.known(), now=clock.now()))
    assert [standing.early for standing in left] == [3, 1, 0]
    assert any("sedang dimasukkan" in one.head for one in findings(left[0], now=clock.now()))
    machine.get("getrequest")
    assert [skew for skew, _flags in flags()] == [None] * 5
    assert not Caller.objects.exists()


def test_a_body_over_which_we_stumble_stops_neither_the_machine_nor_the_others(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
):
    machine.at(NOW + timedelta(hours=1))
    secret, machine.folder = machine.folder, "/iclock"
    for pin in ("6", "7"):
        machine.records("2026-09-14 07:00:00", pin=pin)
    take_in = intake.take_in

    def broken(**given: Any) -> PunchOutcome:
        if given["reading"].punches[0].pin == "6":
            raise ValueError("6")
        return take_in(**given)

    monkeypatch.setattr(door, "take_in", broken)
    machine.folder = secret
    assert machine.get("getrequest").endswith(":CHECK\n")
    assert [scan.pin for scan in TerminalScan.objects.all()] == ["7"]
    assert Quarantined.objects.get(replayed_at=None).reason == "bad_line"
    monkeypatch.undo()
    door.release_quarantine(terminal=machine.known(), reason="diperbaiki", by=None, now=NOW)
    assert TerminalScan.objects.count() == 2


def test_what_comes_in_its_name_later_waits_for_a_person(machine: Machine):
    machine.get("getrequest")
    machine.at(NOW + timedelta(hours=1))
    secret, machine.folder = machine.folder, "/iclock"
    machine.records("2026-09-14 07:00:00")
    Quarantined.objects.update(reason="unknown_serial")
    machine.folder = secret
    machine.get("getrequest")
    assert not TerminalScan.objects.exists()


KEYS = ("4a9594af164f2b9779b59e8554b5df26", "0" * 32, "1" * 32)


def test_a_new_secret_gives_commands_back_to_a_machine_with_another_key(machine: Machine):
    start = "cdata?options=all&pushcommkey="
    for key in KEYS[:2]:
        machine.get(start + key)
    queue_command(draft=draft_command(terminal=machine.known(), kind="time"), by=None, now=NOW)
    assert machine.get("getrequest") == "OK"
    heads = [one.head for one in findings(standing_of(machine.known(), now=NOW), now=NOW)]
    assert "Perintah ditahan: kunci mesin berubah" in heads
    former, machine.folder = machine.folder, f"/m/{renew_secret(terminal=machine.known(), by=None, now=NOW)}/iclock"
    machine.get(start + KEYS[1])
    assert machine.get("getrequest").startswith("C:")
    right, machine.folder = machine.folder, former
    machine.get(start + KEYS[2])
    machine.folder = right
    queue_command(draft=draft_command(terminal=machine.known(), kind="info"), by=None, now=NOW)
    assert machine.get("getrequest").startswith("C:"), "who has the former secret only, pins no key"
    machine.get(start + KEYS[0])
    queue_command(draft=draft_command(terminal=machine.known(), kind="send_new"), by=None, now=NOW)
    assert machine.get("getrequest") == "OK", "the new key is pinned as the first was"


def test_a_new_secret_does_not_open_the_door_without_one(machine: Machine):
    machine.get("getrequest")
    former, secret = machine.folder, renew_secret(terminal=machine.known(), by=None, now=NOW)
    machine.at(NOW + timedelta(days=2))
    for number, folder in enumerate(("/iclock", former)):
        machine.folder = folder
        assert machine.records(f"2026-09-14 07:00:0{number}") == "OK: 1"
    assert not TerminalScan.objects.exists()
    assert list(Quarantined.objects.order_by("id").values_list("reason", flat=True)) == [
        "secret_missing", "secret_wrong"
    ]  # fmt: skip
    assert Alert.objects.filter(kind="secret_missing").exists()
    machine.folder = f"/m/{secret}/iclock"
    machine.records("2026-09-14 07:00:02")
    assert TerminalScan.objects.get().trust == "secret"
