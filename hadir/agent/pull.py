"""One pull: read a terminal, keep what it holds, and note what is to be told about it."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta
from typing import Any, Callable, Iterator, Mapping

from hadir.agent import hikvision
from hadir.agent.faults import AgentError
from hadir.agent.link import TIMEOUT
from hadir.agent.lock import reading
from hadir.agent.records import Oddity, Read, Record, pins_by_uid
from hadir.agent.settings import Settings, TerminalSettings
from hadir.agent.store import Kept, Position, Store
from hadir.agent.terminal import Log, Terminal, open_terminal

logger = logging.getLogger("hadir.agent")

Clock = Callable[[], datetime]
MOST_PEOPLE = 3000
WHOLE_EVERY = timedelta(days=7)
"""How often a Hikvision terminal is asked for everything, in case its clock fell back between two pulls."""


def pull(settings: Settings, terminal: TerminalSettings, store: Store, clock: Clock) -> Kept:
    """Pull one terminal and keep the result; a failure is kept too, as a report, and raised again as AgentError."""
    try:
        with reading(settings.data, terminal.host, terminal.port):
            kept = (
                _pull_hikvision(terminal, store, clock)
                if terminal.kind == "hikvision"
                else _pull_zk(terminal, store, clock)
            )
    except AgentError as error:
        store.keep_report(terminal.serial, _report(terminal, error.code, clock()))
        raise
    logger.info("%s: %d catatan baru, %d sudah ada, %d ditahan", terminal.name, kept.new, kept.known, kept.odd)
    return kept


def _report(terminal: TerminalSettings, outcome: str, at: datetime, **more: Any) -> dict[str, Any]:
    return {"outcome": outcome, "at": at.isoformat(), "kind": terminal.kind, "address": terminal.host, **more}


def check_serial(terminal: TerminalSettings, found: str) -> None:
    """Raise AgentError `other_serial` where the terminal names another serial number than the settings do."""
    # Hikvision writes model, date and region around the number on its case.
    same = terminal.serial in found if terminal.kind == "hikvision" else terminal.serial == found
    if found and not same:
        raise AgentError("other_serial", address=terminal.host, found=found[:64], wanted=terminal.serial)


def _pull_zk(terminal: TerminalSettings, store: Store, clock: Clock) -> Kept:
    """Over UDP what TCP garbles, unless the settings name the way."""
    try:
        return _pull_zk_once(terminal, store, clock, terminal.way)
    except AgentError as fault:
        if terminal.way != "auto" or fault.code not in ("hung_up", "damaged"):
            raise
        logger.warning("%s: %s", terminal.name, fault)
    return _pull_zk_once(terminal, store, clock, "udp")


def _pull_zk_once(terminal: TerminalSettings, store: Store, clock: Clock, way: str) -> Kept:
    session = open_terminal(terminal.host, port=terminal.port, comm_key=terminal.comm_key, way=way, timeout=TIMEOUT)
    try:
        check_serial(terminal, session.serial())
        began = clock()
        shown = session.clock()
        firmware = session.firmware()
        sizes = session.sizes()
        log = session.log()
    finally:
        session.close()
    report = _report(
        terminal,
        "ok",
        began,
        complete_until=began.isoformat(),
        terminal_clock=shown.isoformat(" ") if shown else "",
        firmware=firmware[:60],
        users=sizes.users,
        records=sizes.records,
        capacity=sizes.capacity,
        odd_sums=log.odd_sums,
        people=[[user.pin, user.name] for user in log.users[:MOST_PEOPLE]],
    )
    return _keep_zk(terminal, store, log, report, clock())


def _keep_zk(terminal: TerminalSettings, store: Store, log: Log, report: dict[str, Any], now: datetime) -> Kept:
    position = store.position(terminal.serial)
    skip = known_part(log.block, log.size, position)
    newest = max(now.replace(tzinfo=None), datetime(2026, 1, 1)) + timedelta(days=1)  # noqa: DTZ001  any zone
    mark, unclear = position.mark, False
    for read in log.read(newest, skip=skip):
        # Read twice rather than held in memory: a full log is 100,000 records, and the PC is old.
        if isinstance(read, Record):
            mark = max(mark, read.local_time.isoformat(" "))
        unclear |= isinstance(read, Oddity) and read.reason == "layout_unclear"
    whole = len(log.block) - len(log.block) % (log.size or 1)
    reached = Position(whole, digest_of(log.block[:whole], log.size), mark)
    kept = store.keep_pull(
        terminal.serial,
        _certain(terminal.serial, store, log, log.read(newest, skip=skip)),
        position=position if unclear else reached,
        uids=pins_by_uid(log.users) if log.size == 8 else None,
        report=None,
        now=now,
        clock={"at": report["at"], "shown": report["terminal_clock"]} if report["terminal_clock"] else None,
    )
    store.keep_report(terminal.serial, {**report, "odd": store.oddities(terminal.serial)})
    return kept


def known_part(block: bytes, size: int, position: Position) -> int:
    """Return how many bytes at the beginning of a log were read before, word for word.

    A log only grows at its end, so the rest is new. By its bytes and not by the newest time: a terminal whose clock
    fell back to 2000 writes records that are older than all others and as true as they are.
    """
    if not size or position.length % size or not 0 < position.length <= len(block):
        return 0
    return position.length if digest_of(block[: position.length], size) == position.digest else 0


def digest_of(block: bytes, size: int) -> str:
    """Return how a part of a log is recognised: by its bytes and by the length of the records that they were read as.

    What was once read in other steps is read anew; what was kept rightly is kept once all the same.
    """
    return hashlib.sha256(b"%d " % size + block).hexdigest()


def _certain(serial: str, store: Store, log: Log, reads: Iterator[Read]) -> Iterator[Read]:
    """Pass on what surely belongs to its PIN.

    A uid is a place in the terminal's memory. When a user is deleted and the place is given to somebody else, the old
    records would become the newcomer's: so a record that was once nobody's stays so, and one whose uid changed hands
    since the last pull is kept for a person to look at.
    """
    held: Mapping[int, str] = store.held_by_uid(serial) if log.size == 8 else {}
    for read in reads:
        if not isinstance(read, Record) or not read.raw:
            yield read
        elif store.is_nobodys(serial, read.raw):
            continue
        elif held.get(read.uid, read.pin) != read.pin and not store.is_somebodys(serial, read.raw):
            yield Oddity("uid_moved", bytes.fromhex(read.raw))
        else:
            yield read


def _pull_hikvision(terminal: TerminalSettings, store: Store, clock: Clock) -> Kept:
    device = hikvision.Hikvision(terminal)
    hello = device.hello()
    check_serial(terminal, hello.serial)
    began = clock()
    new = known = 0
    whole = _whole_is_due(terminal, store, began)
    mark, now = store.position(terminal.serial).mark, began.replace(tzinfo=None)
    shown = hello.clock.isoformat(" ") if hello.clock else ""
    clock_read = {"at": began.isoformat(), "shown": shown} if shown else None
    for records in device.events(*hikvision.span(mark, hello, now, whole=whole)):
        times = [record.local_time.isoformat(" ") for record in records]
        position = Position(mark=max([store.position(terminal.serial).mark, *times]))
        kept = store.keep_pull(
            terminal.serial, records, position=position, uids=None, report=None, now=clock(), clock=clock_read
        )
        new, known = new + kept.new, known + kept.known
    if whole:
        store.set_meta("whole " + terminal.serial, began.isoformat())
    until = began.isoformat()
    report = _report(
        terminal,
        "ok",
        began,
        complete_until=until,
        terminal_clock=shown,
        firmware=hello.firmware[:60],
        records=new + known,
    )
    store.keep_report(terminal.serial, report)
    return Kept(new=new, known=known, odd=0)


def _whole_is_due(terminal: TerminalSettings, store: Store, now: datetime) -> bool:
    last = store.meta("whole " + terminal.serial, "")
    return not last or now - datetime.fromisoformat(last) > WHOLE_EVERY


def opened(terminal: TerminalSettings) -> tuple[Terminal, str]:
    """Open a session to look at a terminal and return it with the serial number that it names.

    A terminal that does not answer that far is let go: it has one session only.
    """
    session = open_terminal(terminal.host, port=terminal.port, comm_key=terminal.comm_key, way=terminal.way)
    try:
        return session, session.serial()
    except BaseException:
        session.close()
        raise
