"""What was made while the line was down, was asked for, or was not taken: it measures no clock and may still come."""

from datetime import timedelta

import pytest

from hadir.conftest import NOW
from hadir.gateways.zkteco import conversation
from hadir.gateways.zkteco.tests.machines import Machine
from hadir.ledger.models import TerminalScan
from hadir.terminals.commands import draft_command, queue_command

MINUTE = timedelta(minutes=1)


def polls(machine: Machine, first: float, last: float) -> None:
    """Let it poll every minute, from one minute to another."""
    for half in range(round(first * 2), round(last * 2) + 1, 2):
        machine.at(NOW + half * MINUTE / 2)
        machine.get("getrequest")


def flags(pin: str = "7") -> list[tuple[int | None, list[str]]]:
    return list(TerminalScan.objects.filter(pin=pin).order_by("local_time").values_list("skew", "flags"))


@pytest.mark.parametrize("first_call", ["poll", "options", "records"])
def test_what_was_made_while_the_line_was_down_is_no_evidence_against_the_clock(machine: Machine, first_call: str):
    """Thirteen minutes without a line, and then a few correct records: `NOW` is 07.05."""
    polls(machine, 0, 10)
    machine.at(NOW + 24 * MINUTE)
    if first_call != "records":
        machine.get("getrequest" if first_call == "poll" else "cdata?options=all&pushver=2.4.1")
        assert machine.known().device.handed_in_until == NOW + 10 * MINUTE, "records may still be in it"
    machine.at(NOW + 24 * MINUTE + MINUTE / 60)
    machine.records("2026-09-14 07:15:31", "2026-09-14 07:15:32", "2026-09-14 07:16:00")
    machine.at(NOW + 24.2 * MINUTE)
    machine.records("2026-09-14 07:17:00")
    assert flags() == [(None, [])] * 4
    assert machine.known().clock_skew is None
    polls(machine, 25, 26)
    assert machine.known().device.handed_in_until == NOW + 26 * MINUTE, "it has been polling again for a while"
    polls(machine, 27, 30)
    machine.at(NOW + 30.5 * MINUTE)
    machine.records("2026-09-14 07:35:30", pin="8")
    machine.records("2026-09-14 07:15:30", pin="9")
    assert flags("8") == [(0, [])], "its clock is measured again"
    assert flags("9") == [(-20 * 60, ["clock_off"])]


def test_a_line_that_breaks_again_and_again_measures_nothing(machine: Machine):
    polls(machine, 0, 5)
    for cut in range(10, 70, 10):
        machine.at(NOW + cut * MINUTE)
        machine.get("getrequest")
        assert machine.known().device.handed_in_until == NOW + 4 * MINUTE
        machine.at(NOW + (cut + 0.1) * MINUTE)
        machine.records(f"2026-09-14 06:{cut - 9:02}:00")
    assert flags() == [(None, [])] * 6
    polls(machine, 61, 64)
    assert machine.known().device.handed_in_until == NOW + 64 * MINUTE


def test_without_a_gap_a_wrong_clock_is_seen_at_once(machine: Machine):
    polls(machine, 0, 10)
    machine.at(NOW + 13 * MINUTE)
    machine.records("2026-09-14 06:58:00")
    assert flags() == [(-20 * 60, ["clock_off"])], "three minutes are no gap"


def test_what_was_asked_to_be_sent_now_measures_nothing(machine: Machine):
    polls(machine, 0, 10)
    queue_command(draft=draft_command(terminal=machine.known(), kind="send_new"), by=None, now=NOW)
    assert machine.get("getrequest").endswith(":LOG\n")
    machine.records("2026-09-13 06:50:00", "2026-09-13 14:00:00")
    assert flags() == [(None, [])] * 2


def test_what_our_mistake_left_in_the_machine_measures_nothing(machine: Machine, monkeypatch: pytest.MonkeyPatch):
    def broken(*_arguments: object, **_options: object) -> None:
        raise ValueError("ours")

    polls(machine, 0, 10)
    with monkeypatch.context() as patch:
        patch.setattr(conversation, "take_in", broken)
        for minute in range(11, 40):
            machine.at(NOW + minute * MINUTE)
            assert machine.records("2026-09-14 07:15:30") == "WAIT"
            machine.get("getrequest")
            assert machine.known().device.handed_in_until == NOW + 10 * MINUTE, "it still has that record"
    machine.at(NOW + 40 * MINUTE)
    assert machine.records("2026-09-14 07:15:30") == "OK: 1"
    assert flags() == [(None, [])]
