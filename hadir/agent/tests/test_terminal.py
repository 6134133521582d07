"""The client against a simulated terminal, over TCP and UDP, with everything that goes wrong in schools."""
# ruff: noqa: DTZ001  a terminal's times have no zone

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Thread

import pytest

from hadir.agent import link, pull
from hadir.agent.faults import AgentError
from hadir.agent.records import Oddity, Record
from hadir.agent.settings import TerminalSettings
from hadir.agent.terminal import Log, Terminal, open_terminal
from hadir.agent.tests.rows import FEBRUARY_30, event32, row8, row16, row40, user28, user72
from hadir.agent.tests.simulator import Faults, SimulatedTerminal

START = datetime(2026, 9, 14, 6, 0, 0)
NEWEST = datetime(2026, 12, 31)
DISABLE, ENABLE, CLEAR_DATA, CLEAR_LOG, POWER_OFF, RESTART = 1003, 1002, 14, 15, 1005, 1004
WAYS = ("tcp", "udp")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait eight seconds for a terminal that never answers."""
    monkeypatch.setattr(link, "TIMEOUT", 1.0)


def opened(terminal: SimulatedTerminal, way: str = "tcp", *, comm_key: int = 0, timeout: float = 2.0) -> Terminal:
    return open_terminal("127.0.0.1", port=terminal.port, comm_key=comm_key, way=way, timeout=timeout)


def pulled(terminal: SimulatedTerminal, way: str = "tcp", *, comm_key: int = 0) -> Log:
    session = opened(terminal, way, comm_key=comm_key)
    try:
        return session.log()
    finally:
        session.close()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def times(count: int) -> Iterator[datetime]:
    for number in range(count):
        yield START + timedelta(seconds=number)


def rows_of(size: int, count: int) -> list[bytes]:
    if size == 8:
        return [row8(number % 5 + 1, moment) for number, moment in enumerate(times(count))]
    if size == 16:
        return [row16(number % 5 + 1, moment) for number, moment in enumerate(times(count))]
    pad = b"\0" * (size - 40)
    return [row40(str(number % 5 + 1), moment, pad=pad) for number, moment in enumerate(times(count))]


USERS = [user72(number, str(number), f"Guru {number}") for number in range(1, 6)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("size", [8, 16, 40, 49, 56])
@pytest.mark.parametrize("count", [1, 3, 2500])
@pytest.mark.parametrize("comm_key", [0, 123456])
def test_every_layout_every_way(way: str, size: int, count: int, comm_key: int):
    terminal = SimulatedTerminal(rows_of(size, count), USERS, comm_key=comm_key)
    with terminal:
        log = pulled(terminal, way, comm_key=comm_key)
    found = list(log.read(NEWEST))
    assert [read.local_time for read in found if isinstance(read, Record)] == list(times(count))
    assert [read.pin for read in found if isinstance(read, Record)] == [str(n % 5 + 1) for n in range(count)]
    assert log.size == size
    assert not {DISABLE, ENABLE, CLEAR_DATA, CLEAR_LOG, POWER_OFF, RESTART} & set(terminal.commands)


@pytest.mark.parametrize("way", WAYS)
def test_old_firmware_without_a_buffer(way: str):
    terminal = SimulatedTerminal(rows_of(16, 300), [user28(1, 1, "Siti")], faults=Faults(no_buffer=True))
    with terminal:
        log = pulled(terminal, way)
    assert len(list(log.read(NEWEST))) == 300
    assert [user.name for user in log.users] == ["Siti"]


def test_an_empty_terminal():
    with SimulatedTerminal() as terminal:
        log = pulled(terminal)
    assert list(log.read(NEWEST)) == []
    assert log.users == []


@pytest.mark.parametrize("way", WAYS)
def test_somebody_comes_between_counting_and_reading(way: str):
    rows = rows_of(40, 100)
    terminal = SimulatedTerminal(rows[:98], USERS, faults=Faults(arrivals=rows[98:]))
    with terminal:
        log = pulled(terminal, way)
    assert (log.size, len(list(log.read(NEWEST)))) == (40, 100)


def test_a_bad_date_in_the_middle_of_a_log():
    rows = rows_of(40, 50)
    rows[20] = row40("9", FEBRUARY_30)
    with SimulatedTerminal(rows, USERS) as terminal:
        found = list(pulled(terminal).read(NEWEST))
    assert [place for place, read in enumerate(found) if isinstance(read, Oddity)] == [20]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("count", [10, 2500])
def test_a_broken_byte_is_asked_for_again(way: str, count: int):
    terminal = SimulatedTerminal(rows_of(40, count), USERS, faults=Faults(wrong_sums=1))
    with terminal:
        log = pulled(terminal, way)
    assert [read.local_time for read in log.read(NEWEST) if isinstance(read, Record)] == list(times(count))
    assert log.odd_sums <= 1


@pytest.mark.parametrize("way", WAYS)
def test_a_line_that_breaks_every_byte_gives_nothing(way: str):
    terminal = SimulatedTerminal(rows_of(40, 2500), USERS, faults=Faults(wrong_sums=10**6))
    with terminal, pytest.raises(AgentError, match="rusak"):
        # The same bytes are broken in the same place only when a packet repeats: the simulator breaks the last one.
        _pull_with_changing_noise(terminal, way)


def _pull_with_changing_noise(terminal: SimulatedTerminal, way: str) -> None:
    original = terminal.faults
    session = opened(terminal, way)
    read = session._chunk_once
    tries = iter(range(10**6))

    def noisy(start: int, size: int) -> bytes:
        data = read(start, size)
        return bytes([next(tries) % 251]) + data[1:]

    session._chunk_once = noisy  # type: ignore[method-assign]
    assert original.wrong_sums
    try:
        session.log()
    finally:
        session.close()


@pytest.mark.parametrize("way", WAYS)
def test_a_firmware_that_adds_up_in_its_own_way_is_read(way: str):
    terminal = SimulatedTerminal(rows_of(40, 2500), USERS, faults=Faults(own_sums=True))
    with terminal:
        log = pulled(terminal, way)
    assert [read.local_time for read in log.read(NEWEST) if isinstance(read, Record)] == list(times(2500))
    assert log.odd_sums > 0


def test_noise_between_frames_is_skipped():
    terminal = SimulatedTerminal(rows_of(40, 2500), USERS, faults=Faults(noise=b"PPxx\x82\x7d"))
    with terminal:
        assert len(list(pulled(terminal).read(NEWEST))) == 2500


def test_lost_datagrams_are_asked_for_again():
    terminal = SimulatedTerminal(rows_of(40, 900), USERS, faults=Faults(lost=2))
    with terminal:
        assert len(list(pulled(terminal, "udp").read(NEWEST))) == 900


@pytest.mark.parametrize("key", [0, 111])
@pytest.mark.parametrize("way", ["tcp", "udp", "auto"])
def test_a_wrong_comm_key_is_named(way: str, key: int):
    with SimulatedTerminal(comm_key=424242) as terminal, pytest.raises(AgentError) as refused:
        opened(terminal, way, comm_key=key)
    assert refused.value.code == "wrong_comm_key"
    assert "sandi_komunikasi" in str(refused.value)


@pytest.mark.parametrize("way", ["tcp", "udp", "auto"])
@pytest.mark.parametrize("greeting", [b"\xaa\x01\x00\x10 xyz", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"hi"])
def test_what_is_no_zk_is_named(way: str, greeting: bytes):
    with SimulatedTerminal(faults=Faults(stranger=greeting)) as terminal, pytest.raises(AgentError) as refused:
        opened(terminal, way, timeout=0.5)
    assert refused.value.code == "not_zk"


@pytest.mark.parametrize("way", ["tcp", "udp", "auto"])
def test_silence_is_named(way: str):
    with SimulatedTerminal(faults=Faults(silent=True)) as terminal, pytest.raises(AgentError) as refused:
        opened(terminal, way, timeout=0.3)
    assert refused.value.code == "no_answer"


def test_a_closed_port_is_named():
    with SimulatedTerminal(tcp=False, udp=False) as terminal, pytest.raises(AgentError) as refused:
        opened(terminal, "auto", timeout=0.3)
    assert refused.value.code == "port_closed"


def test_a_terminal_that_speaks_udp_only_is_found():
    with SimulatedTerminal(rows_of(8, 30), USERS, tcp=False) as terminal:
        assert len(list(pulled(terminal, "auto").read(NEWEST))) == 30


def test_hanging_up_in_the_middle_is_named():
    terminal = SimulatedTerminal(rows_of(40, 2500), USERS, faults=Faults(hang_ups=1))
    with terminal, pytest.raises(AgentError) as broken:
        pulled(terminal)
    assert broken.value.code == "hung_up"


def test_a_second_caller_gets_no_answer_until_the_first_says_goodbye():
    with SimulatedTerminal(rows_of(40, 5), USERS) as terminal:
        first = opened(terminal)
        with pytest.raises(AgentError) as refused:
            opened(terminal, timeout=0.3)
        assert refused.value.code == "no_answer"
        first.close()
        assert len(list(pulled(terminal).read(NEWEST))) == 5


def test_who_it_is_and_what_time_it_has():
    with SimulatedTerminal(rows_of(40, 5), USERS, serial="CKUH204960119") as terminal:
        session = opened(terminal)
        try:
            assert session.serial() == "CKUH204960119"
            assert session.firmware() == "Ver 6.60"
            assert session.clock() == terminal.clock
            assert session.sizes().capacity == 100000
            assert session.option("Anything") == "CKUH204960119"
        finally:
            session.close()


def test_an_event_that_came_beside_an_answer_is_not_forgotten():
    with SimulatedTerminal(rows_of(40, 5), USERS) as terminal:
        session = opened(terminal)
        session._link.passed = 1
        events = session.events(until=lambda: False)
        assert next(events) is None  # something happened: the log is to be read
        session.close()


def test_live_events_come_and_a_dead_line_is_found_out():
    with SimulatedTerminal(rows_of(40, 5), USERS) as terminal:
        session = opened(terminal)
        seen: list[Record | None] = []
        faults: list[str] = []

        def listen() -> None:
            try:
                seen.extend(session.events(until=lambda: False, heartbeat=0.1))
            except AgentError as fault:
                faults.append(fault.code)

        thread = Thread(target=listen, daemon=True)
        thread.start()
        until(lambda: terminal.is_listened_to)
        moment = START + timedelta(hours=1)
        terminal.happen(row40("3", moment), event32("3", moment))
        until(lambda: bool(seen))
        terminal.vanish()
        thread.join(10)
        session.close()
    assert seen == [Record("3", moment, "0", "1")]
    assert faults == ["hung_up"]


def test_a_terminal_that_does_not_tell_its_serial_is_let_go(monkeypatch: pytest.MonkeyPatch):
    def silent(_terminal: Terminal) -> str:
        raise AgentError("damaged", address="x", cause="uji")

    with SimulatedTerminal([], []) as simulated:
        settings = TerminalSettings(name="uji", kind="zkteco", host="127.0.0.1", port=simulated.port, serial="X")
        with monkeypatch.context() as patch:
            patch.setattr(Terminal, "serial", silent)
            with pytest.raises(AgentError):
                pull.opened(settings)
        # Its one session is free again.
        session, _serial = pull.opened(settings)
        session.close()
