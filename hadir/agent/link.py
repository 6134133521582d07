"""Two ways to a terminal on port 4370: TCP, and UDP for those that speak nothing else or garble TCP."""

from __future__ import annotations

import socket
import struct
import time

from hadir.agent.faults import AgentError
from hadir.agent.packet import EVENT, FrameReader, Packet, read_packet, write_frame, write_packet

PORT = 4370
TIMEOUT = 8.0
"""Seconds without a byte after which a terminal is silent."""
OTHER_BRAND = b"\xaa\x01"
TCP_CHUNK, UDP_CHUNK = 0xFFC0, 16 * 1024


class Link:
    """Sends packets and receives them, one at a time. `address` is host and port as people write it."""

    chunk = TCP_CHUNK
    repeats = False
    """Whether a question that got no answer may be asked again: over TCP nothing gets lost, the link is dead."""

    def __init__(self, host: str, port: int, timeout: float) -> None:
        self.address = f"{host}:{port}"
        self.timeout = timeout
        self.heard = False
        self.passed = 0
        """Live events that came while an answer was awaited."""

    def send(self, packet: Packet) -> None:
        """Send one packet. Raises AgentError `hung_up`."""
        raise NotImplementedError

    def receive(self, wait: float | None = None) -> Packet:
        """Return the next packet. Raises AgentError `hung_up`, `not_zk`, `no_answer` and, with `wait`, TimeoutError."""
        raise NotImplementedError

    def exchange(self, packet: Packet) -> Packet:
        """Send a packet and return its answer; an answer to something else and live events are passed over."""
        self.send(packet)
        while True:
            answer = self.receive()
            if answer.command != EVENT:
                return answer
            self.passed += 1

    def drain(self) -> None:
        """Drop what still comes of an answer that was given up."""
        try:
            while True:
                self.receive(0.2)
        except TimeoutError:
            return

    def close(self) -> None:
        """End the link. Safe to repeat."""
        raise NotImplementedError

    def _silent(self) -> AgentError:
        return AgentError("hung_up" if self.heard else "no_answer", address=self.address)


class TcpLink(Link):
    """Frames with a MAGIC over one TCP connection."""

    def __init__(self, host: str, port: int, timeout: float = TIMEOUT) -> None:
        super().__init__(host, port, timeout)
        self._reader = FrameReader()
        self._seen = 0
        try:
            self._socket = socket.create_connection((host, port), timeout=timeout)
        except ConnectionRefusedError:
            raise AgentError("port_closed", address=self.address) from None
        except OSError:
            raise AgentError("no_answer", address=self.address) from None
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, packet: Packet) -> None:
        """Send one packet."""
        try:
            self._socket.settimeout(self.timeout)
            self._socket.sendall(write_frame(write_packet(packet)))
        except OSError:
            raise self._silent() from None

    def receive(self, wait: float | None = None) -> Packet:
        """Return the next packet, skipping noise."""
        until = time.monotonic() + (self.timeout if wait is None else wait)
        while True:
            packet = self._reader.next_packet()
            if packet is not None:
                self.heard = True
                return packet
            data = self._read(max(until - time.monotonic(), 0.01), wait)
            if not self.heard and self._seen == 0 and data.startswith(OTHER_BRAND):
                raise AgentError("not_zk", address=self.address)
            self._seen += len(data)
            self._reader.feed(data)
            if wait is None:
                until = time.monotonic() + self.timeout

    def _read(self, left: float, wait: float | None) -> bytes:
        try:
            self._socket.settimeout(left)
            data = self._socket.recv(65536)
        except socket.timeout:
            if wait is not None:
                raise TimeoutError from None
            raise self._stopped() from None
        except OSError:
            raise self._stopped() from None
        if not data:
            raise self._stopped()
        return data

    def _stopped(self) -> AgentError:
        """Tell a stranger, who spoke but never in packets, from a terminal that fell silent."""
        if not self.heard and self._seen:
            return AgentError("not_zk", address=self.address)
        return self._silent()

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()


class UdpLink(Link):
    """One packet a datagram. A datagram can be lost: a question is asked again, and an answer that comes late is passed
    over by its reply number.
    """

    chunk = UDP_CHUNK
    repeats = True
    tries = 3

    def __init__(self, host: str, port: int, timeout: float = TIMEOUT) -> None:
        super().__init__(host, port, timeout)
        self._seen = False
        try:
            family, kind, protocol, _name, where = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
            self._socket = socket.socket(family, kind, protocol)
            self._socket.connect(where)
        except OSError:
            raise AgentError("no_answer", address=self.address) from None

    def send(self, packet: Packet) -> None:
        """Send one packet. That nobody is there shows at the next reading."""
        try:
            self._socket.send(write_packet(packet))
        except OSError:
            raise self._silent() from None

    def exchange(self, packet: Packet) -> Packet:
        """Ask up to three times."""
        for _number in range(self.tries - 1):
            self.send(packet)
            try:
                return self._answer_to(packet, self.timeout / self.tries)
            except TimeoutError:
                continue
        self.send(packet)
        try:
            return self._answer_to(packet, self.timeout)
        except TimeoutError:
            raise self._silent() from None

    def _answer_to(self, packet: Packet, wait: float) -> Packet:
        until = time.monotonic() + wait
        while True:
            answer = self.receive(max(until - time.monotonic(), 0.01))
            self.passed += answer.command == EVENT
            if answer.command != EVENT and answer.reply == packet.reply:
                self.heard = True
                return answer

    def receive(self, wait: float | None = None) -> Packet:
        """Return the next datagram's packet."""
        try:
            self._socket.settimeout(self.timeout if wait is None else wait)
            data = self._socket.recv(65536)
        except socket.timeout:
            if wait is not None:
                raise TimeoutError from None
            raise self._silent() from None
        except ConnectionRefusedError:
            raise AgentError("hung_up" if self.heard else "port_closed", address=self.address) from None
        except OSError:
            raise self._silent() from None
        self._seen = True
        packet = None if not self.heard and data.startswith(OTHER_BRAND) else read_packet(data)
        if packet is None:
            raise AgentError("damaged" if self.heard else "not_zk", address=self.address, cause="terpotong")
        return packet

    def _silent(self) -> AgentError:
        """Tell a stranger, whose datagrams answer nothing, from a terminal that fell silent."""
        if self._seen and not self.heard:
            return AgentError("not_zk", address=self.address)
        return super()._silent()

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


def size_named(data: bytes, offset: int = 0) -> int:
    """Return the u32 at this place; 0 if the data end before."""
    if len(data) < offset + 4:
        return 0
    (size,) = struct.unpack_from("<I", data, offset)
    return int(size)
