"""A terminal on port 4370 for tests, over TCP and UDP, with the faults that real ones have.

Written from the protocol's tables and not from the client: its checksum and comm key are its own.
"""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hadir.agent.records import decode_time, encode_time

FRAME = b"PP\x82\x7d"
Reply = Callable[[int, bytes], None]


@dataclass
class Faults:
    """What goes wrong. Counts are used up; the rest stays."""

    silent: bool = False
    stranger: bytes = b""
    hang_ups: int = 0
    """How many times the connection is cut in the middle of a block."""
    wrong_sums: int = 0
    """How many data packets have a broken byte that their checksum shows."""
    own_sums: bool = False
    """A firmware that adds up in its own way: every checksum is wrong, no byte is."""
    noise: bytes = b""
    """Stands before every frame of a data packet (TCP)."""
    lost: int = 0
    """How many datagrams of data never arrive (UDP)."""
    no_buffer: bool = False
    """Old firmware: no buffered reading."""
    stalls: bool = False
    """Garbles every block over TCP, so that only UDP works."""
    uncounted: int = 0
    """How many records its own count leaves out; below 0, how many it counts that are not there."""
    arrivals: Sequence[bytes] = ()
    """Records that are made between counting and reading."""


@dataclass
class SimulatedTerminal:
    """One terminal. Use as a context manager; it listens on a free port of 127.0.0.1, the same for TCP and UDP."""

    rows: list[bytes] = field(default_factory=list)
    users: list[bytes] = field(default_factory=list)
    comm_key: int = 0
    serial: str = "SIM7007001"
    clock: datetime = datetime(2026, 9, 14, 7, 0, 0)  # noqa: DTZ001  its own
    faults: Faults = field(default_factory=Faults)
    tcp: bool = True
    udp: bool = True
    direct_below: int = 1024
    """Blocks smaller than this come in the answer to 1503 itself."""

    def __post_init__(self) -> None:
        self.commands: list[int] = []
        self.sessions = 0
        self.port = 0
        self._ending = threading.Event()
        self._threads: list[threading.Thread] = []
        self._busy = threading.Lock()
        self._listeners: list[Reply] = []

    def __enter__(self) -> "SimulatedTerminal":
        self._tcp, self._udp = _bound_pair()
        self.port = self._tcp.getsockname()[1]
        if self.tcp:
            self._tcp.listen()
            self._start(self._serve_tcp)
        else:
            self._tcp.close()
        if self.udp:
            self._start(self._serve_udp)
        else:
            self._udp.close()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join(10)
        self._tcp.close()
        self._udp.close()

    def happen(self, row: bytes, event: bytes) -> None:
        """Let somebody come now: the log grows, and whoever listens is told."""
        self.rows.append(row)
        for reply in list(self._listeners):
            reply(500, event)

    @property
    def is_listened_to(self) -> bool:
        """Tell whether a session has asked for live events."""
        return bool(self._listeners)

    def vanish(self) -> None:
        """Lose the power."""
        self._ending.set()

    def _start(self, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, daemon=True)
        thread.start()
        self._threads.append(thread)

    # TCP: one session at a time; a second caller gets no answer.

    def _serve_tcp(self) -> None:
        self._tcp.settimeout(0.05)
        while not self._ending.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _address = self._tcp.accept()
                self._start(lambda connection=connection: self._talk_alone(connection))  # type: ignore[misc]

    def _talk_alone(self, connection: socket.socket) -> None:
        with connection:
            if self.faults.silent or not self._busy.acquire(timeout=3):
                self._ending.wait(3)
                return
            try:
                with contextlib.suppress(OSError, ConnectionError):
                    self._talk(connection)
            finally:
                self._listeners.clear()
                self._busy.release()

    def _talk(self, connection: socket.socket) -> None:
        if self.faults.stranger:
            connection.recv(1024)
            connection.sendall(self.faults.stranger)
            self._ending.wait(0.5)
            return
        session = _Session(self, is_tcp=True)
        sending = threading.Lock()

        def send(packet: bytes, is_data: bool) -> None:
            if is_data and self.faults.stalls:
                packet = packet[: len(packet) // 2]
            before = self.faults.noise if is_data else b""
            with sending:
                connection.sendall(before + FRAME + struct.pack("<I", len(packet)) + packet)

        buffer = b""
        connection.settimeout(0.05)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while not self._ending.is_set():
            try:
                data = connection.recv(65536)
            except TimeoutError:
                continue
            if not data:
                return
            buffer += data
            while len(buffer) >= 8 and len(buffer) >= 8 + struct.unpack_from("<I", buffer, 4)[0]:
                length = struct.unpack_from("<I", buffer, 4)[0]
                packet, buffer = buffer[8 : 8 + length], buffer[8 + length :]
                session.answer(packet, send)

    # UDP

    def _serve_udp(self) -> None:
        self._udp.settimeout(0.05)
        sessions: dict[Any, _Session] = {}
        while not self._ending.is_set():
            try:
                packet, address = self._udp.recvfrom(65536)
            except TimeoutError:
                continue
            if self.faults.silent:
                continue
            if self.faults.stranger:
                self._udp.sendto(self.faults.stranger, address)
                continue
            session = sessions.setdefault(address, _Session(self, is_tcp=False))
            with contextlib.suppress(ConnectionError):
                session.answer(packet, lambda data, is_data, to=address: self._send_to(to, data, is_data))  # type: ignore[misc]

    def _send_to(self, address: Any, packet: bytes, is_data: bool) -> None:
        if is_data and self.faults.lost:
            self.faults.lost -= 1
            return
        self._udp.sendto(packet, address)


class _Session:
    """What one connection has agreed on."""

    def __init__(self, terminal: SimulatedTerminal, *, is_tcp: bool) -> None:
        terminal.sessions += 1
        self.terminal, self.is_tcp = terminal, is_tcp
        self.number = 4000 + terminal.sessions
        self.is_open = False
        self.block = b""

    def answer(self, packet: bytes, send: Callable[[bytes, bool], None]) -> None:
        command, _sum, _session, reply = struct.unpack_from("<4H", packet)
        self.terminal.commands.append(command)

        def respond(answer: int, data: bytes = b"") -> None:
            send(self._packet(answer, reply, data), answer == 1501)

        if command == 1000:
            self.is_open = not self.terminal.comm_key
            respond(2000 if self.is_open else 2005)
        elif command == 1102:
            self.is_open = packet[8:] == scrambled(self.terminal.comm_key, self.number)
            respond(2000 if self.is_open else 2005)
        elif not self.is_open:
            respond(2005)
        elif command != 2000:
            self._work(command, packet[8:], respond)

    def _work(self, command: int, data: bytes, respond: Reply) -> None:
        terminal, faults = self.terminal, self.terminal.faults
        if command == 11:
            respond(2000, b"~SerialNumber=" + terminal.serial.encode() + b"\0")
        elif command == 50:
            respond(2000, self._sizes())
        elif command == 201:
            respond(2000, struct.pack("<I", encode_time(terminal.clock)))
        elif command == 202:
            terminal.clock = decode_time(struct.unpack("<I", data)[0])
            respond(2000, b"")
        elif command == 500:
            respond(2000, b"")
            terminal._listeners.append(respond)
        elif command == 1503 and not faults.no_buffer:
            self._prepare(struct.unpack_from("<bh", data)[1], respond)
        elif command == 1504:
            start, size = struct.unpack_from("<ii", data)
            self._stream(self.block[start : start + size], respond)
        elif command in {9, 13} and faults.no_buffer:
            self._stream(self._held(command), respond)
        else:
            respond(2000 if command in {1001, 1100, 1502} else 2001, b"Ver 6.60\0" if command == 1100 else b"")

    def _sizes(self) -> bytes:
        numbers = [0] * 20
        numbers[4], numbers[16] = len(self.terminal.users), 100000
        numbers[8] = len(self.terminal.rows) - self.terminal.faults.uncounted
        return struct.pack("<20i", *numbers)

    def _held(self, command: int) -> bytes:
        terminal = self.terminal
        if command == 13 and terminal.faults.arrivals:
            terminal.rows += terminal.faults.arrivals
            terminal.faults.arrivals = ()
        content = b"".join(terminal.rows if command == 13 else terminal.users)
        return struct.pack("<I", len(content)) + content

    def _prepare(self, command: int, respond: Reply) -> None:
        self.block = self._held(command)
        if len(self.block) < self.terminal.direct_below:
            respond(1501, self.block)
        else:
            respond(2000, b"\0" + struct.pack("<II", len(self.block), 0))

    def _stream(self, content: bytes, respond: Reply) -> None:
        faults = self.terminal.faults
        respond(1500, struct.pack("<II", len(content), 0))
        step = 0xFFC0 if self.is_tcp else 1024
        for start in range(0, len(content), step):
            if faults.hang_ups and start + step >= len(content) // 2:
                faults.hang_ups -= 1
                raise ConnectionError
            respond(1501, content[start : start + step])
        respond(2000, b"")

    def _packet(self, command: int, reply: int, data: bytes) -> bytes:
        faults = self.terminal.faults
        whole = struct.pack("<4H", command, 0, self.number, reply) + data
        right = summed(whole)
        if faults.own_sums:
            right ^= 0x00FF
        if command == 1501 and faults.wrong_sums and data:
            faults.wrong_sums -= 1
            data = data[:-1] + bytes([data[-1] ^ 0x40])
        return struct.pack("<4H", command, right, self.number, reply) + data


def summed(data: bytes) -> int:
    """Add up as the vendor's manual shows it: word by word, each carry put back at once, then inverted."""
    total = 0
    for low, high in _pairs(data):
        total += low + 256 * high
        if total >= 65536:
            total = total - 65536 + 1
    return 65535 - total


def _pairs(data: bytes) -> Iterator[tuple[int, int]]:
    for start in range(0, len(data), 2):
        yield data[start], data[start + 1] if start + 1 < len(data) else 0


def scrambled(key: int, session: int) -> bytes:
    """The answer to a comm key, step by step as the tables have it."""
    value = 0
    for bit in range(32):
        value = value << 1 | (key >> bit & 1)
    value = (value + session) % 2**32
    first = [value & 255 ^ ord("Z"), value >> 8 & 255 ^ ord("K"), value >> 16 & 255 ^ ord("S"), value >> 24 ^ ord("O")]
    return bytes([first[2] ^ 50, first[3] ^ 50, 50, first[1] ^ 50])


def _bound_pair() -> tuple[socket.socket, socket.socket]:
    """Return a TCP and a UDP socket on the same free port."""
    while True:
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        tcp.bind(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.getsockname())
        except OSError:
            tcp.close()
            udp.close()
            continue
        return tcp, udp
