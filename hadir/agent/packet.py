"""Packets of the protocol on port 4370: header, checksum, the frame around a packet over TCP, the answer to a comm key.

All numbers are little endian. A packet is command, checksum, session, reply number (u16 each), then data.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

MAGIC = b"\x50\x50\x82\x7d"
HEADER = struct.Struct("<4H")
LARGEST = 4 * 1024 * 1024
"""No packet is longer; a length beyond it is noise behind a chance MAGIC."""

CONNECT, EXIT, AUTH = 1000, 1001, 1102
OPTION, VERSION = 11, 1100
ATTENDANCE, USERS, SIZES = 13, 9, 50
EVENT, GET_TIME, SET_TIME = 500, 201, 202
PREPARE, DATA, FREE = 1500, 1501, 1502
READ_BUFFER, READ_CHUNK = 1503, 1504
OK, ERROR, UNAUTHORISED = 2000, 2001, 2005


@dataclass(frozen=True)
class Packet:
    """One packet. `sound`: its checksum is right."""

    command: int
    session: int
    reply: int
    data: bytes = b""
    sound: bool = True


def checksum(data: bytes) -> int:
    """Return the complement of the one's-complement sum of 16-bit words; an odd last byte stands alone."""
    even = data if len(data) % 2 == 0 else data + b"\0"
    total: int = sum(struct.unpack(f"<{len(even) // 2}H", even))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


def write_packet(packet: Packet) -> bytes:
    """Return the bytes of a packet, with the right checksum whatever `sound` says."""
    whole = HEADER.pack(packet.command, 0, packet.session, packet.reply) + packet.data
    return HEADER.pack(packet.command, checksum(whole), packet.session, packet.reply) + packet.data


def read_packet(data: bytes) -> Packet | None:
    """Return the packet of these bytes; None if they are shorter than a header."""
    if len(data) < HEADER.size:
        return None
    command, given, session, reply = HEADER.unpack_from(data)
    rest = bytes(data[HEADER.size :])
    right = checksum(HEADER.pack(command, 0, session, reply) + rest)
    return Packet(command, session, reply, rest, sound=given == right)


def write_frame(packet: bytes) -> bytes:
    """Return what goes over TCP for these bytes of a packet."""
    return MAGIC + struct.pack("<I", len(packet)) + packet


class FrameReader:
    """Cuts a TCP stream into packets; after noise it goes on at the next MAGIC. `noise` counts the bytes skipped."""

    def __init__(self) -> None:
        self.buffer = bytearray()
        self.noise = 0

    def feed(self, data: bytes) -> None:
        """Add what has come."""
        self.buffer += data

    def next_packet(self) -> Packet | None:
        """Return the next whole packet; None if more bytes are needed."""
        while True:
            start = self.buffer.find(MAGIC)
            if start < 0:
                # The beginning of a MAGIC may lie at the end.
                self._skip(max(len(self.buffer) - len(MAGIC) + 1, 0))
                return None
            self._skip(start)
            if len(self.buffer) < 8:
                return None
            (length,) = struct.unpack_from("<I", self.buffer, 4)
            if not HEADER.size <= length <= LARGEST:
                self._skip(len(MAGIC))
                continue
            if len(self.buffer) < 8 + length:
                return None
            packet = read_packet(bytes(self.buffer[8 : 8 + length]))
            del self.buffer[: 8 + length]
            return packet

    def _skip(self, count: int) -> None:
        if count:
            self.noise += count
            del self.buffer[:count]


def comm_key_answer(key: int, session: int, tick: int = 50) -> bytes:
    """Return what AUTH carries: the key's 32 bits mirrored, the session added, masked with `ZKSO`, halves swapped,
    masked with the tick, which itself stands in the third byte.
    """
    mirrored = int(f"{key & 0xFFFFFFFF:032b}"[::-1], 2)
    mixed = struct.pack("<I", (mirrored + session) & 0xFFFFFFFF)
    masked = bytes(byte ^ letter for byte, letter in zip(mixed, b"ZKSO"))
    swapped = masked[2:] + masked[:2]
    return bytes([swapped[0] ^ tick, swapped[1] ^ tick, tick, swapped[3] ^ tick])
