"""The whole way over sockets: a simulated terminal, the agent's program, the server, the ledger."""
# ruff: noqa: DTZ001  a terminal's times have no zone

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hadir.agent.cli import main
from hadir.agent.hikvision import read_page
from hadir.agent.tests.rows import row40, user72
from hadir.agent.tests.simulator import SimulatedTerminal
from hadir.conftest import NOW, World
from hadir.devices.services_terminal import add_terminal
from hadir.gateways.agent.models import AgentKey
from hadir.gateways.agent.services import issue_key, revoke_key
from hadir.gateways.hikvision.events import read_answer
from hadir.ledger.models_terminal import TerminalScan

START = datetime(2026, 9, 14, 6, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_from_the_terminal_into_the_ledger(world: World, live_server: Any, tmp_path: Path):
    key = issue_key(school=world.kota, by=None, now=NOW)
    with SimulatedTerminal(
        [row40(f"070{n % 9}", START + timedelta(seconds=n)) for n in range(2300)],
        [user72(n, f"070{n}", f"Guru {n}") for n in range(9)],
        serial="CKUH204960119",
    ) as terminal:
        (tmp_path / "agen.ini").write_text(
            f"[hadir]\nserver = {live_server.url}\nkunci = {key.text()}\n[mesin kantor]\nalamat = 127.0.0.1\n"
            f"port = {terminal.port}\nseri = CKUH204960119\n",
            encoding="utf-8",
        )
        config = ["--config", str(tmp_path / "agen.ini")]
        assert main(["check", *config]) == 1  # not registered yet
        assert main(["once", *config]) == 1
        assert TerminalScan.objects.count() == 0
        add_terminal(serial="CKUH204960119", kind="zkteco", schools=[world.kota], by=None, now=NOW)
        assert main(["once", *config]) == 0  # what waited has come
        assert TerminalScan.objects.count() == 2300
        terminal.rows.append(row40("0701", START + timedelta(hours=3)))
        assert main(["once", *config]) == 0
        assert main(["check", *config]) == 0
    assert TerminalScan.objects.count() == 2301
    assert set(TerminalScan.objects.values_list("source", "trust")) == {("agent", "hmac")}
    row = AgentKey.objects.get()
    assert row.last_heard_at is not None
    revoke_key(key=row, by=None, now=NOW)
    assert main(["once", "--config", str(tmp_path / "agen.ini")]) == 1


def test_pulled_and_pushed_events_of_hikvision_are_the_same_records():
    """The agent reads AcsEvent by itself; what it makes of an event must be what the gateway makes of it."""
    base = {"major": 5, "time": "2026-09-14T06:58:12+07:00", "employeeNoString": "001", "serialNo": 139}
    rows = [
        {**base, "minor": 75, "attendanceStatus": "checkIn"},
        {**base, "minor": 38, "attendanceStatus": "undefined"},
        {**base, "minor": 1},
        {**base, "minor": 76},
        {**base, "minor": 75, "employeeNoString": ""},
        {"major": 5, "minor": 22, "time": "2026-09-14T06:58:12+07:00", "serialNo": 140},
    ]
    answer = {"AcsEvent": {"responseStatusStrg": "OK", "totalMatches": len(rows), "InfoList": rows}}
    pushed = [event.punch for event in read_answer(json.dumps(answer).encode()).events if event.punch is not None]
    pulled, _more, _count = read_page(answer)
    assert [(one.pin, one.local_time, one.state, one.verify, one.record_no) for one in pulled] == [
        (one.pin, one.local_time, one.state_raw, one.verify_raw, one.record_no) for one in pushed
    ]
