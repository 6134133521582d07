"""One pushed body of a Hikvision terminal as the terminals' room takes it in. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from hadir.gateways.hikvision.events import KINDS, Event, HikvisionError, Kinds, read_push, without_pictures
from hadir.terminals.reading import ListedUser, Reading

TABLE = "AccessControllerEvent"


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
    """Read a body; what cannot be read becomes one bad line, without any of its bytes."""
    try:
        events = read_push(body, kinds)
        clean = without_pictures(body)
    except HikvisionError as error:
        return Push([], Reading(lines=1, bad=[f"{error}, {len(body)} bytes"]), b"", str(error))
    punches = [event.punch for event in events if event.punch is not None]
    bad = [f"event {event.serial}: {event.ignored}" for event in events if event.ignored in {"pin", "time"}]
    users = [ListedUser(event.punch.pin, event.name) for event in events if event.punch is not None and event.name]
    offsets = [event.offset for event in events if event.offset is not None]
    options = {"clock_offset_minutes": str(round(offsets[0].total_seconds() / 60))} if offsets else {}
    reading = Reading(punches=punches, lines=len(punches) + len(bad), bad=bad, users=users, options=options)
    return Push(events, reading, clean)
