"""The whole agent: terminals on one side, a server on the other, and everything that breaks between them."""
# ruff: noqa: DTZ001  a terminal's times have no zone

import hashlib
import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hadir.agent import link
from hadir.agent import pull as pulling
from hadir.agent.cli import main
from hadir.agent.faults import AgentError
from hadir.agent.forward import Server
from hadir.agent.lock import reading
from hadir.agent.pull import pull
from hadir.agent.records import Record
from hadir.agent.runner import FIRST_WAIT, LONGEST_WAIT, Backoff, Runner
from hadir.agent.settings import Settings
from hadir.agent.store import Position, Store
from hadir.agent.tests.fake_server import FakeServer, error
from hadir.agent.tests.rows import FEBRUARY_30, event32, row8, row40, user72
from hadir.agent.tests.simulator import Faults, SimulatedTerminal

START = datetime(2026, 9, 14, 6, 0, 0)
USERS = [user72(number, str(number), f"Guru {number}") for number in range(1, 6)]
Configure = Callable[..., Settings]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "TIMEOUT", 1.0)
    monkeypatch.setattr(link, "TIMEOUT", 1.0)


def rows(count: int, first: int = 0) -> list[bytes]:
    return [row40(str(n % 5 + 1), START + timedelta(seconds=n)) for n in range(first, first + count)]


def once(settings: Settings) -> int:
    return main(["once", "--config", str(settings.data.parent / "agen.ini")])


def test_a_pull_arrives_and_the_next_sends_only_what_is_new(server: FakeServer, settings_for: Configure):
    with SimulatedTerminal(rows(2500), USERS) as terminal:
        settings = settings_for(server.url, terminal)
        assert once(settings) == 0
        assert len(server.records) == 2500
        assert [len(told["punches"]) for told in server.requests] == [1000, 1000, 500]
        assert server.records[0] == ("SIM7007001", "1", "2026-09-14 06:00:00", "0", "1", "")
        terminal.rows += rows(3, 2500)
        assert once(settings) == 0
    assert len(server.records) == 2503
    assert len(server.requests[-1]["punches"]) == 3
    assert [told["sequence"] for told in server.requests] == [1, 2, 3, 4]


def test_the_report_travels_with_the_last_records(server: FakeServer, settings_for: Configure):
    with SimulatedTerminal([*rows(1500), row40("3", FEBRUARY_30)], USERS) as terminal:
        once(settings_for(server.url, terminal))
    assert [told["report"] is None for told in server.requests] == [True, False]
    report = server.reports[0]
    assert report["outcome"] == "ok"
    assert report["complete_until"] == report["at"]
    assert report["terminal_clock"] == "2026-09-14 07:00:00"
    assert (report["users"], report["records"], report["capacity"]) == (5, 1501, 100000)
    assert report["odd"] == {"bad_date": 1}
    assert report["people"][0] == ["1", "Guru 1"]


def test_a_failure_is_reported_and_claims_nothing(server: FakeServer, settings_for: Configure):
    with SimulatedTerminal(rows(5), USERS, comm_key=77) as terminal:
        settings = settings_for(server.url, terminal)
        terminal.comm_key = 88
        assert once(settings) == 1
    assert server.reports[0]["outcome"] == "wrong_comm_key"
    assert "complete_until" not in server.reports[0]


def test_another_terminal_at_this_address_is_not_read(server: FakeServer, settings_for: Configure):
    with SimulatedTerminal(rows(5), USERS) as terminal:
        settings = settings_for(server.url, terminal)
        terminal.serial = "LAIN0001"
        assert once(settings) == 1
    assert server.records == []
    assert server.reports[0]["outcome"] == "other_serial"


def test_a_clock_that_fell_back_loses_nothing(server: FakeServer, settings_for: Configure):
    """Records of the year 2000 come after those of 2026, and are new all the same."""
    with SimulatedTerminal(rows(50), USERS) as terminal:
        settings = settings_for(server.url, terminal)
        once(settings)
        terminal.rows.append(row40("2", datetime(2000, 1, 1, 0, 5, 0)))
        once(settings)
    assert server.records[-1][2] == "2000-01-01 00:05:00"


def test_a_log_that_was_cleared_at_the_terminal_is_read_from_its_beginning(server: FakeServer, settings_for: Configure):
    with SimulatedTerminal(rows(50), USERS) as terminal:
        settings = settings_for(server.url, terminal)
        once(settings)
        terminal.rows = [*rows(60)[40:]]
        once(settings)
    assert len(server.records) == len(set(server.records)) == 60


@pytest.mark.parametrize(
    ("count", "uncounted"), [(11, 1), (5, 1), (6, 1), (9, 1), (21, 1), (41, 1), (4, -1), (9, -1), (880, 80)]
)
def test_a_terminal_that_counts_wrong_for_a_while_loses_nothing(
    server: FakeServer, settings_for: Configure, count: int, uncounted: int
):
    made = [row40(f"0{n % 5 + 1}02", START + timedelta(seconds=n), state=n % 3, verify=15) for n in range(count + 1)]
    with SimulatedTerminal(made[:-1], USERS, faults=Faults(uncounted=uncounted)) as terminal:
        settings = settings_for(server.url, terminal)
        assert once(settings) == 1
        assert (server.records, server.reports[-1]["outcome"]) == ([], "record_size")
        terminal.faults.uncounted = 0
        assert once(settings) == 0
        assert len(server.records) == len(set(server.records)) == count
        terminal.rows, terminal.faults.uncounted = made, 1
        once(settings)
        terminal.faults.uncounted = 0
        once(settings)
    assert server.records == [
        ("SIM7007001", f"0{n % 5 + 1}02", f"{START + timedelta(seconds=n)}", str(n % 3), "15", "")
        for n in range(count + 1)
    ]


def test_what_was_once_read_in_other_steps_is_read_anew(server: FakeServer, settings_for: Configure):
    """An agent of before did not note the length of the records beside how far it had read."""
    with SimulatedTerminal(rows(11), USERS) as terminal:
        settings = settings_for(server.url, terminal)
        whole = b"".join(terminal.rows)
        Store(settings.data).keep_pull(
            terminal.serial,
            [Record("1", START, "0", "1")],
            position=Position(len(whole), hashlib.sha256(whole).hexdigest()),
            uids=None,
            report=None,
            now=datetime.now(UTC),
        )
        assert once(settings) == 0
    assert len(server.records) == len(set(server.records)) == 11


def test_tcp_that_garbles_is_tried_over_udp(server: FakeServer, settings_for: Configure):
    with SimulatedTerminal(rows(2500), USERS, faults=Faults(stalls=True)) as terminal:
        assert once(settings_for(server.url, terminal)) == 0
    assert len(server.records) == 2500


def test_a_hang_up_is_made_good_by_the_next_try(server: FakeServer, settings_for: Configure):
    with SimulatedTerminal(rows(2500), USERS, faults=Faults(hang_ups=1), udp=False) as terminal:
        settings = settings_for(server.url, terminal)
        assert once(settings) == 1
        assert server.records == []
        assert once(settings) == 0
    assert len(server.records) == 2500


# Records without a PIN


def short(uid: int, second: int) -> bytes:
    return row8(uid, START + timedelta(seconds=second))


def test_a_deleted_users_records_never_become_the_newcomers(server: FakeServer, settings_for: Configure):
    """Uid 9 is nobody; later somebody with PIN 77 gets it. Only what was made after the agent saw that is theirs."""
    with SimulatedTerminal([short(1, n) for n in range(20)] + [short(9, 30)], USERS) as terminal:
        settings = settings_for(server.url, terminal)
        once(settings)
        assert len(server.records) == 20
        terminal.users = [*USERS, user72(9, "77")]
        terminal.rows.append(short(9, 40))
        once(settings)
        terminal.rows = [*terminal.rows[5:], short(9, 50)]  # the log was cut, so all is read again
        once(settings)
    assert [row[2] for row in server.records if row[1] == "77"] == ["2026-09-14 06:00:40", "2026-09-14 06:00:50"]
    assert server.reports[-1]["odd"] == {"unknown_uid": 1}


def test_a_uid_that_changed_hands_is_kept_aside(server: FakeServer, settings_for: Configure):
    with SimulatedTerminal([short(1, n) for n in range(20)], USERS) as terminal:
        settings = settings_for(server.url, terminal)
        once(settings)
        terminal.users = [user72(1, "500"), *USERS[1:]]
        terminal.rows.append(short(1, 30))  # before or after the change? nobody knows
        once(settings)
        terminal.rows.append(short(1, 40))
        once(settings)
        terminal.rows = terminal.rows[3:]
        once(settings)
    assert [row[1:3] for row in server.records[20:]] == [("500", "2026-09-14 06:00:40")]
    assert {row[1] for row in server.records[:20]} == {"1"}
    assert server.reports[-1]["odd"] == {"uid_moved": 1}


# Sending


def test_a_lost_receipt_is_no_second_record(server: FakeServer, settings_for: Configure):
    server.lose = 1
    with SimulatedTerminal(rows(1500), USERS) as terminal:
        settings = settings_for(server.url, terminal)
        assert once(settings) == 1
        assert once(settings) == 0
    assert len(server.records) == len(set(server.records)) == 1500
    assert server.bodies[0] == server.bodies[1]  # frozen: the very same bytes


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((500, b"<html>"), "server_unreachable"),
        ((503, error("database_busy")), "server_refused"),
        ((429, b""), "server_unreachable"),
        ((301, b""), "server_redirects"),
        ((200, b"<html>wifi sekolah: silakan masuk"), "server_answer"),
        ((200, {"sequence": 99, "last_sequence": 99}), "server_answer"),
        ((403, error("agent_key_revoked")), "server_refused"),
        ((404, b"not here"), "server_answer"),
    ],
)
def test_nothing_but_a_receipt_counts(server: FakeServer, settings_for: Configure, answer: object, code: str):
    server.plan = [answer]  # type: ignore[list-item]
    with SimulatedTerminal(rows(20), USERS) as terminal:
        settings = settings_for(server.url, terminal)
        pull(settings, settings.terminals[0], Store(settings.data), lambda: datetime.now(UTC))
        with pytest.raises(AgentError) as refused:
            Server(settings, Store(settings.data)).send_all()
        assert refused.value.code == code
        assert Store(settings.data).unsent("SIM7007001") == 20
        Server(settings, Store(settings.data)).send_all()
    assert len(server.records) == 20
    assert Store(settings.data).unsent("SIM7007001") == 0


def test_a_server_that_is_away_loses_nothing(settings_for: Configure, server: FakeServer):
    with SimulatedTerminal(rows(20), USERS) as terminal:
        settings = settings_for("http://127.0.0.1:9", terminal)
        assert once(settings) == 1
        settings = settings_for(server.url, terminal)
        assert once(settings) == 0
    assert len(server.records) == 20


def test_a_terminal_that_is_not_registered_waits_and_holds_up_nobody(server: FakeServer, settings_for: Configure):
    unknown = "BARU0001"

    def refuse(told: dict[str, object]) -> object:
        return (404, error("agent_terminal_unknown")) if told["terminal"] == unknown else None

    server.plan = [refuse, refuse]  # type: ignore[list-item]
    with SimulatedTerminal(rows(5), USERS, serial=unknown) as new, SimulatedTerminal(rows(7), USERS) as old:
        settings = settings_for(server.url, new, old)
        assert once(settings) == 1
        assert [row[0] for row in server.records] == ["SIM7007001"] * 7
        assert once(settings) == 0
    assert len(server.records) == 12
    assert len(server.reports) == 4  # two rounds of two terminals: what waited came too


def test_a_batch_that_is_too_large_is_halved(server: FakeServer, settings_for: Configure):
    server.plan = [lambda told: (413, error("body_too_large")) if len(told["punches"]) > 300 else None] * 20
    with SimulatedTerminal(rows(900), USERS) as terminal:
        assert once(settings_for(server.url, terminal)) == 0
    assert len(server.records) == 900
    assert max(len(told["punches"]) for told in server.requests[2:]) == 250
    assert server.last == {"SIM7007001": 4}


def test_refused_records_are_noted_and_not_sent_again(server: FakeServer, settings_for: Configure):
    def refuse(told: dict[str, object]) -> object:
        _status, answer = server.keep(told)
        return 200, {**answer, "refused": [{"index": 1, "code": "punch_unreadable"}]}  # type: ignore[dict-item]

    server.plan = [refuse]  # type: ignore[list-item]
    with SimulatedTerminal(rows(5), USERS) as terminal:
        settings = settings_for(server.url, terminal)
        once(settings)
        once(settings)
    assert len(server.requests[0]["punches"]) == 5
    assert server.requests[1]["punches"] == []


def test_a_pc_whose_clock_is_years_off_still_sends(server: FakeServer, settings_for: Configure):
    server.clock_ahead = 5 * 365 * 86400.0
    with SimulatedTerminal(rows(5), USERS) as terminal:
        settings = settings_for(server.url, terminal)
        assert once(settings) == 0
        once(settings)
    assert len(server.records) == 5
    reported = datetime.fromisoformat(server.reports[-1]["at"])
    assert abs((reported - datetime.now(UTC)).days - 5 * 365) <= 1


def test_a_pc_that_lost_its_database_goes_on_above_the_servers_number(server: FakeServer, settings_for: Configure):
    with SimulatedTerminal(rows(2500), USERS) as terminal:
        settings = settings_for(server.url, terminal)
        once(settings)
        for file in settings.data.glob("agen.sqlite3*"):
            file.unlink()
        terminal.rows += rows(2, 2500)
        once(settings)
        once(settings)
    assert len(server.records) == len(set(server.records)) == 2502
    assert [told["sequence"] for told in server.requests] == [1, 2, 3, 1, 4, 5, 6]


# Commands and running


def test_check_tells_what_works_and_changes_nothing(
    server: FakeServer, settings_for: Configure, capsys: pytest.CaptureFixture[str]
):
    with SimulatedTerminal(rows(5), USERS) as terminal:
        settings = settings_for(server.url, terminal)
        path = str(settings.data.parent / "agen.ini")
        assert main(["check", "--config", path, "--json"]) == 0
        facts = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert facts[0] == {"server": True, "school": "SDN Contoh", "unregistered": []}
        assert (facts[1]["records"], facts[1]["clock"]) == (5, "2026-09-14 07:00:00")
        server.plan = [(200, {"school": "SDN Contoh", "terminals": {"SIM7007001": False}})]
        assert main(["check", "--config", path]) == 1
    told = capsys.readouterr().out
    assert "belum terdaftar di Hadir: SIM7007001" in told
    assert server.records == []


def test_a_clock_is_set_only_when_a_person_says_so(
    server: FakeServer, settings_for: Configure, capsys: pytest.CaptureFixture[str]
):
    server.clock_ahead = 90 * 86400.0  # this PC is three months behind, and knows it from the server
    with SimulatedTerminal(rows(5), USERS) as terminal:
        path = str(settings_for(server.url, terminal).data.parent / "agen.ini")
        assert main(["clock", "--config", path, "--json"]) == 0
        assert terminal.clock == datetime(2026, 9, 14, 7, 0, 0)
        assert main(["clock", "--config", path, "--set", "--json"]) == 0
        wanted = datetime.now() + timedelta(days=90)  # noqa: DTZ005
        assert abs(terminal.clock - wanted) < timedelta(minutes=1, hours=1)  # an hour of summer time elsewhere
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert told[0]["before"] == told[0]["after"] == "2026-09-14 07:00:00"
    assert told[1]["after"] == told[1]["server"]


def test_without_the_server_no_clock_is_set(settings_for: Configure, capsys: pytest.CaptureFixture[str]):
    with SimulatedTerminal(rows(5), USERS) as terminal:
        path = str(settings_for("http://127.0.0.1:9", terminal).data.parent / "agen.ini")
        assert main(["clock", "--config", path, "--set"]) == 1
        assert terminal.clock == datetime(2026, 9, 14, 7, 0, 0)
    assert "server_unreachable" in capsys.readouterr().err


def test_wrong_settings_end_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["once", "--config", str(tmp_path / "agen.ini")]) == 2
    assert "Error config_missing" in capsys.readouterr().err


def test_a_terminal_is_read_by_one_at_a_time(server: FakeServer, settings_for: Configure):
    with SimulatedTerminal(rows(5), USERS) as terminal:
        settings = settings_for(server.url, terminal)
        with reading(settings.data, "127.0.0.1", terminal.port), pytest.raises(AgentError) as refused:
            pull(settings, settings.terminals[0], Store(settings.data), lambda: datetime.now(UTC))
    assert refused.value.code == "in_use"


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_running_hears_live_punches_and_sends_them(server: FakeServer, settings_for: Configure):
    with SimulatedTerminal(rows(5), USERS) as terminal:
        settings = settings_for(server.url, terminal, more="langsung = ya")
        runner = Runner(settings)
        thread = threading.Thread(target=runner.run)
        thread.start()
        try:
            wait_for(lambda: len(server.records) == 5 and terminal.is_listened_to)
            moment = START + timedelta(hours=1)
            terminal.happen(row40("4", moment), event32("4", moment))
            wait_for(lambda: len(server.records) == 6)
            with pytest.raises(AgentError) as second:
                Runner(settings).run()
            assert second.value.code == "running"
        finally:
            runner.stop()
            thread.join(20)
        assert not thread.is_alive()
        once(settings)
    assert len(server.records) == len(set(server.records)) == 6  # heard live and read again from the log


def test_waiting_grows_to_half_an_hour_and_begins_anew():
    backoff = Backoff(chance=lambda: 1.0)
    waits = [backoff.failed() for _ in range(12)]
    assert waits[:3] == [FIRST_WAIT, FIRST_WAIT * 2, FIRST_WAIT * 4]
    assert waits[-1] == LONGEST_WAIT
    backoff.worked()
    assert backoff.failed() == FIRST_WAIT


def test_the_log_holds_no_secret_and_no_name(
    server: FakeServer, settings_for: Configure, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("DEBUG")
    server.plan = [(403, error("agent_key_revoked"))]
    with SimulatedTerminal(rows(5), USERS, comm_key=424242) as terminal:
        settings = settings_for(server.url, terminal)
        once(settings)
        once(settings)
    assert caplog.text
    for secret in (settings.key.text().rsplit(".", 1)[1], settings.key.secret.hex(), "424242", "Guru 1", "rahasia8"):
        assert secret not in caplog.text
