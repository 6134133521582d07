"""A session with one terminal: who it is, whom it knows, its whole log, its clock, what happens there now.

Reading never disables the terminal and never clears anything: people go on recording meanwhile, and a session that dies
leaves it as it was. A terminal serves one session at a time.
"""

from __future__ import annotations

import struct
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Callable, Iterator

from hadir.agent import packet as p
from hadir.agent.faults import AgentError
from hadir.agent.link import PORT, TIMEOUT, Link, TcpLink, UdpLink, size_named
from hadir.agent.records import (
    Read,
    Record,
    TerminalUser,
    certain_size,
    decode_time,
    encode_time,
    pins_by_uid,
    read_event,
    read_records,
    read_users,
)

TRIES = 3
"""How often one chunk is asked for before the connection is given up."""
LARGEST_LOG = 64 * 1024 * 1024
ALL_EVENTS = 0xFFFF


@dataclass(frozen=True)
class Sizes:
    """How much the terminal holds, by its own count. `capacity` 0: it does not say."""

    users: int
    records: int
    capacity: int


@dataclass(frozen=True)
class Log:
    """The attendance log as it lay in the terminal: the bytes after the total, the length of a record, the users read
    after it. `odd_sums`: packets whose checksum was wrong although the same bytes came twice.
    """

    block: bytes
    size: int
    users: list[TerminalUser]
    odd_sums: int

    def read(self, newest: datetime, *, skip: int = 0) -> Iterator[Read]:
        """Yield its records from byte `skip` on."""
        if not self.size:
            return iter(())
        return read_records(self.block, self.size, pins_by_uid(self.users), newest=newest, skip=skip)


class Terminal:
    """An open session."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._session = 0
        self._reply = 0
        self.odd_sums = 0

    @classmethod
    def open(cls, link: Link, comm_key: int) -> Terminal:
        """Connect and, where the terminal wants it, answer its comm key. Raises AgentError."""
        terminal = cls(link)
        try:
            terminal._connect(comm_key)
        except BaseException:
            link.close()
            raise
        return terminal

    def _connect(self, comm_key: int) -> None:
        answer = self._link.exchange(p.Packet(p.CONNECT, 0, 0))
        self._session = answer.session
        if answer.command == p.UNAUTHORISED:
            answer = self._ask(p.AUTH, p.comm_key_answer(comm_key, self._session))
            if answer.command != p.OK:
                raise AgentError("wrong_comm_key", address=self._link.address)
        if answer.command != p.OK:
            raise AgentError("refused", address=self._link.address, command=p.CONNECT)

    def close(self) -> None:
        """Say goodbye, so that the terminal serves the next one at once, and end the link."""
        try:
            self._link.send(self._packet(p.EXIT))
        except AgentError:
            pass
        finally:
            self._link.close()

    def option(self, name: str) -> str:
        """Return a setting of the terminal by its name; empty if it does not tell."""
        answer = self._ask(p.OPTION, name.encode("ascii") + b"\0")
        if answer.command != p.OK:
            return ""
        text = answer.data.split(b"\0", 1)[0].decode("ascii", "replace")
        return text.partition("=")[2].strip()

    def serial(self) -> str:
        """Return the serial number; empty if the terminal does not tell."""
        return self.option("~SerialNumber")

    def firmware(self) -> str:
        """Return the firmware's version; empty if the terminal does not tell."""
        answer = self._ask(p.VERSION)
        return answer.data.split(b"\0", 1)[0].decode("ascii", "replace").strip() if answer.command == p.OK else ""

    def sizes(self) -> Sizes:
        """Return how much it holds. Raises AgentError."""
        answer = self._must(p.SIZES)
        if len(answer.data) < 68:
            raise AgentError("damaged", address=self._link.address, cause="jumlah catatan terpotong")
        numbers = struct.unpack_from("<17i", answer.data)
        return Sizes(users=max(numbers[4], 0), records=max(numbers[8], 0), capacity=max(numbers[16], 0))

    def clock(self) -> datetime | None:
        """Return the time on the terminal's clock; None if it shows none that can be."""
        answer = self._must(p.GET_TIME)
        try:
            return decode_time(size_named(answer.data))
        except ValueError:
            return None

    def set_clock(self, moment: datetime) -> None:
        """Set the terminal's clock to this local time. Raises AgentError."""
        self._must(p.SET_TIME, struct.pack("<I", encode_time(moment)))

    def users(self, count: int) -> list[TerminalUser]:
        """Return whom the terminal knows. Raises AgentError."""
        block = self._read_all(p.USERS, 5)
        try:
            return read_users(block[4:], count)
        except ValueError:
            raise AgentError("damaged", address=self._link.address, cause="daftar pengguna") from None

    def log(self) -> Log:
        """Read the log, then the users, so that whoever was enrolled a moment ago is among them. Raises AgentError."""
        before = self.sizes()
        block = self._records(self._read_all(p.ATTENDANCE, 0)) if before.records else b""
        after = self.sizes()
        size = self._size_of(block, before.records, after.records) if block else 0
        users = self.users(after.users) if after.users else []
        return Log(block, size, users, self.odd_sums)

    def _records(self, block: bytes) -> bytes:
        """Return the block without its leading total, which must not promise more than came."""
        total = size_named(block)
        if total > len(block) - 4:
            raise AgentError("damaged", address=self._link.address, cause="catatan terpotong")
        return block[4 : 4 + total]

    def _size_of(self, block: bytes, before: int, after: int) -> int:
        size = certain_size(block, before, after)
        if size is None:
            raise AgentError("record_size", address=self._link.address, total=len(block), count=before)
        return size

    # Reading something long

    def _read_all(self, command: int, part: int) -> bytes:
        """Return what a command holds, its u32 total included: through the buffer (1503), else as one stream."""
        answer = self._ask(p.READ_BUFFER, struct.pack("<bhii", 1, command, part, 0))
        if answer.command == p.DATA:
            return answer.data
        if answer.command == p.PREPARE:
            return self._stream(answer)
        if answer.command != p.OK or len(answer.data) < 5:
            return self._read_plainly(command, part)
        total = self._bounded(size_named(answer.data, 1))
        size = self._link.chunk
        parts = [self._read_chunk(start, min(size, total - start)) for start in range(0, total, size)]
        self._ask(p.FREE)
        return b"".join(parts)

    def _read_plainly(self, command: int, part: int) -> bytes:
        """Old firmware without the buffer: the command itself answers with the data."""
        answer = self._ask(command, struct.pack("<b", part) if part else b"")
        if answer.command == p.DATA:
            return answer.data
        if answer.command != p.PREPARE:
            raise AgentError("refused", address=self._link.address, command=command)
        block = self._stream(answer)
        self._ask(p.FREE)
        return block

    def _read_chunk(self, start: int, size: int) -> bytes:
        """Return one chunk. What has a wrong checksum or length is asked for again, up to three times."""
        wrong = b""
        for _number in range(TRIES):
            odd_before = self.odd_sums
            try:
                data = self._chunk_once(start, size)
            except AgentError as fault:
                if fault.code != "hung_up" or not self._link.repeats:
                    raise
                self._link.drain()
                continue
            if len(data) == size and (self.odd_sums == odd_before or data == wrong):
                return data
            wrong = data
        raise AgentError("damaged", address=self._link.address, cause=f"potongan pada bita {start}")

    def _chunk_once(self, start: int, size: int) -> bytes:
        answer = self._ask(p.READ_CHUNK, struct.pack("<ii", start, size))
        if answer.command == p.PREPARE:
            return self._stream(answer)
        if answer.command == p.DATA:
            return answer.data
        raise AgentError("refused", address=self._link.address, command=p.READ_CHUNK)

    def _stream(self, prepare: p.Packet) -> bytes:
        """Collect the DATA packets that PREPARE announces, up to the closing OK."""
        size = self._bounded(size_named(prepare.data))
        data = bytearray()
        while True:
            packet = self._link.receive()
            if packet.command == p.DATA:
                self.odd_sums += not packet.sound
                data += packet.data
            elif packet.command == p.OK:
                return bytes(data)
            elif packet.command != p.EVENT:
                raise AgentError("damaged", address=self._link.address, cause=f"perintah {packet.command}")
            if len(data) > size:
                raise AgentError("damaged", address=self._link.address, cause="lebih panjang dari yang disebut")

    def _bounded(self, size: int) -> int:
        if size > LARGEST_LOG:
            raise AgentError("damaged", address=self._link.address, cause=f"panjang {size}")
        return size

    # Live events

    def events(self, *, until: Callable[[], bool], heartbeat: float = 30.0) -> Iterator[Record | None]:
        """Yield what happens now: a punch, or None for an event that only says that the log has grown.

        After `heartbeat` seconds of silence the clock is asked for, so that a dead connection is found out. Ends when
        `until()`; raises AgentError when the terminal is gone.
        """
        self._must(p.EVENT, struct.pack("<I", ALL_EVENTS))
        quiet_since = time.monotonic()
        while not until():
            if self._link.passed:
                self._link.passed = 0
                yield None
            try:
                packet = self._link.receive(1.0)
            except TimeoutError:
                if time.monotonic() - quiet_since > heartbeat:
                    self._must(p.GET_TIME)
                    quiet_since = time.monotonic()
                continue
            quiet_since = time.monotonic()
            if packet.command == p.EVENT:
                self._link.send(p.Packet(p.OK, self._session, packet.reply))
                yield read_event(packet.data)

    # One question

    def _packet(self, command: int, data: bytes = b"") -> p.Packet:
        self._reply = self._reply % 0xFFFE + 1
        return p.Packet(command, self._session, self._reply, data)

    def _ask(self, command: int, data: bytes = b"") -> p.Packet:
        """Ask and return the answer. One with a wrong checksum counts only if the same bytes come twice: noise does not
        repeat itself, but some firmware adds up in its own way. Streams that PREPARE announces check themselves.
        """
        answer = self._link.exchange(self._packet(command, data))
        for _number in range(TRIES - 1):
            if answer.sound or answer.command == p.PREPARE:
                return answer
            again = self._link.exchange(self._packet(command, data))
            if not again.sound and (again.command, again.data) == (answer.command, answer.data):
                self.odd_sums += 1
                return again
            answer = again
        if answer.sound:
            return answer
        raise AgentError("damaged", address=self._link.address, cause="jumlah periksa")

    def _must(self, command: int, data: bytes = b"") -> p.Packet:
        answer = self._ask(command, data)
        if answer.command == p.UNAUTHORISED:
            raise AgentError("wrong_comm_key", address=self._link.address)
        if answer.command not in (p.OK, p.DATA):
            raise AgentError("refused", address=self._link.address, command=command)
        return answer


def open_terminal(
    host: str, *, port: int = PORT, comm_key: int = 0, way: str = "auto", timeout: float = TIMEOUT
) -> Terminal:
    """Open a session over TCP or UDP. `auto` tries TCP, and UDP where TCP gets no answer or is closed.

    Raises AgentError; with `auto` that of TCP, which says more.
    """
    if way == "udp":
        return Terminal.open(UdpLink(host, port, timeout), comm_key)
    try:
        return Terminal.open(TcpLink(host, port, timeout), comm_key)
    except AgentError as fault:
        if way == "tcp" or fault.code not in ("no_answer", "port_closed", "hung_up", "damaged"):
            raise
        try:
            return Terminal.open(UdpLink(host, port, timeout), comm_key)
        except AgentError as second:
            raise second if second.code in ("wrong_comm_key", "refused") else fault from None
