"""Records and users as a terminal keeps them, written by hand from the layouts: what the reader must give back."""

import struct
from datetime import datetime

from hadir.agent.records import encode_time

FEBRUARY_30 = (((26 * 12 + 1) * 31 + 29) * 24 + 7) * 3600
"""A packed time of a day that no month has: 30 February 2026, 07.00."""


def row40(
    pin: str, moment: datetime | int, *, state: int = 0, verify: int = 1, uid: int = 7, pad: bytes = b""
) -> bytes:
    """40 bytes, and with `pad` of 9 bytes the 49 of newer firmware."""
    packed = moment if isinstance(moment, int) else encode_time(moment)
    return struct.pack("<H24sBIB8s", uid, pin.encode(), verify, packed, state, b"\0\0\0\0\xff\0\0\0") + pad


def row16(pin: int, moment: datetime | int, *, state: int = 0, verify: int = 1) -> bytes:
    """16 bytes: the PIN is a number."""
    packed = moment if isinstance(moment, int) else encode_time(moment)
    return struct.pack("<IIBB2sI", pin, packed, verify, state, b"\0\0", 0)


def row8(uid: int, moment: datetime | int, *, state: int = 0, verify: int = 1, swapped: bool = False) -> bytes:
    """8 bytes: no PIN, only the place of the user in memory."""
    packed = moment if isinstance(moment, int) else encode_time(moment)
    if swapped:
        return struct.pack("<HBBI", uid, verify, state, packed)
    return struct.pack("<HBIB", uid, verify, packed, state)


def user72(uid: int, pin: str, name: str = "", *, encoding: str = "utf-8") -> bytes:
    """A user of newer firmware; the password must never come out of it."""
    return struct.pack(
        "<HB8s24sIx7sx24s", uid, 0, b"rahasia8", name.encode(encoding)[:24], 123456789, b"1", pin.encode()
    )


def user28(uid: int, pin: int, name: str = "") -> bytes:
    """A user of older firmware."""
    return struct.pack("<HB5s8sIxBhI", uid, 0, b"rahas", name.encode("gbk")[:8], 987654321, 1, 0, pin)


def event32(pin: str, moment: datetime, *, state: int = 0, verify: int = 1) -> bytes:
    """A live event with the PIN as text."""
    six = bytes([moment.year - 2000, moment.month, moment.day, moment.hour, moment.minute, moment.second])
    return struct.pack("<24sBB6s", pin.encode(), verify, state, six)
