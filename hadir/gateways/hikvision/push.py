"""One pushed body of a Hikvision terminal as the terminals' room takes it in. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from hadir.gateways.hikvision.events import KINDS, Event, HikvisionError, Kinds, read_parts
from hadir.terminals.reading import ListedUser, Reading

TABLE = "AccessControllerEvent"
UNREADABLE = frozenset({"pin", "employeeNo", "time", "shape"})
"""Why an event is ignored that would be attendance if it could be read."""


@dataclass(frozen=True, slots=True)
class Push:
    """A body, read: its events, what they say together, and the part of it that may be kept."""

    events: Sequence[Event]
    reading: Reading
    clean: bytes
    error: str = ""

    @property
    def is_heartbeat(self) -> bool:
        """Tell whether the body only says that the terminal is there."""
        return bool(self.events) and all(event.is_heartbeat for event in self.events)

    @property
    def claimed_serial(self) -> str:
        """What the terminal calls itself: its short serial, else its device id, else its MAC address. No proof."""
        for name in ("shortSerialNumber", "deviceID", "macAddress"):
            for event in self.events:
                if event.claims.get(name):
                    return event.claims[name]
        return ""


def read_body(body: bytes, kinds: Kinds = KINDS) -> Push:
    """Read a body; what cannot be read becomes a bad line, of which only the fields that may be kept are written."""
    try:
        events, broken = read_parts(body, kinds)
    except HikvisionError as error:
        return Push([], Reading(lines=1, bad=[str(error)]), b"", str(error))
    punches = [event.punch for event in events if event.punch is not None]
    bad = [f"event {event.serial}: {event.ignored}: {event.kept}" for event in events if event.ignored in UNREADABLE]
    bad += broken
    users = [ListedUser(event.punch.pin, event.name) for event in events if event.punch is not None and event.name]
    offsets = [event.offset for event in events if event.offset is not None]
    options = {"clock_offset_minutes": str(round(offsets[0].total_seconds() / 60))} if offsets else {}
    reading = Reading(punches=punches, lines=len(punches) + len(bad), bad=bad, users=users, options=options)
    return Push(events, reading, _clean([event.kept.encode() for event in events]))


def _clean(documents: Sequence[bytes]) -> bytes:
    """Return documents as a body that is read again as they were."""
    if len(documents) < 2:
        return b"".join(documents)
    boundary = hashlib.sha256(b"".join(documents)).hexdigest().encode()
    parts = b"".join(b"--" + boundary + b"\r\n\r\n" + document + b"\r\n" for document in documents)
    return parts + b"--" + boundary + b"--"
