"""Security PUSH 3.x (`DeviceType=acc`), as far as it is documented: registration, parameters, events. Pure.

The dialect has the only proof of the family: after registration the terminal sends a cookie
`token=hex(MD5(RegistryCode + serial + SessionID))`. Both codes are derived from a key of the server, so that they
survive a database that is built anew; the terminal does not register again by itself.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hadir.gateways.zkteco.attlog import LONGEST_PIN, LONGEST_WORD, clean_line, is_storable, read_time
from hadir.gateways.zkteco.lines import read_pairs, split_lines
from hadir.ledger.punch import Punch

GRANTED = frozenset({"0", "3"})
"""Events in which a person was verified and let in."""
OPEN_DOOR = frozenset({"1", "2"})
"""Events of a door that stands open, perhaps with a person who was verified: those with a PIN a person looks at."""
_NUMBER = re.compile(r"[0-9]{1,20}", re.ASCII)
RECORD = frozenset({"time", "pin", "event", "inoutstatus", "verifytype"})
"""Keys whose values make one record and not another."""


@dataclass(frozen=True, slots=True)
class Codes:
    """What the server gives a terminal at registration."""

    registry: str
    session: str

    def token(self, serial: str) -> str:
        """Return the token that a registered terminal sends."""
        return hashlib.md5(f"{self.registry}{serial}{self.session}".encode(), usedforsecurity=False).hexdigest()


def codes_for(serial: str, key: bytes) -> Codes:
    """Derive the codes of a terminal from the server's key."""
    made = [
        hmac.new(key, f"adms 3 {part} {serial}".encode(), hashlib.sha256).hexdigest() for part in ("code", "session")
    ]
    return Codes(made[0][:32], made[1][:32])


@dataclass(frozen=True, slots=True)
class Events:
    """The records among the events of a body, lines that cannot be read, and how many lines there were."""

    punches: tuple[Punch, ...]
    bad: tuple[str, ...]
    lines: int


def read_events(body: bytes) -> Events:
    """Read `rtlog`: `time= TAB pin= TAB event= ...`, by key. Doors, alarms and refused people are no attendance.

    Of a line without its end the last field is taken for cut: it says nothing, and all that makes a record must stand
    before it.
    """
    punches: list[Punch] = []
    bad: list[str] = []
    lines = split_lines(body)
    for line in lines:
        pairs = read_pairs(line.fields if line.is_whole else line.fields[:-1])
        moment, event = read_time(pairs.get("time", "")), pairs.get("event", "")
        if moment is None or not event or not (line.is_whole or pairs.keys() >= RECORD):
            bad.append(clean_line(line.shown))
        elif pairs.get("pin", "").strip("0") and event in GRANTED | OPEN_DOOR:
            punch = _punch(pairs, moment) if event in GRANTED else None
            if punch is None:
                bad.append(clean_line(line.shown))
            else:
                punches.append(punch)
    return Events(tuple(punches), tuple(bad), len(lines))


def _punch(pairs: Mapping[str, str], moment: datetime) -> Punch | None:
    """Return the record of an event; None where a part of it cannot be kept as it is."""
    pin, state, verify = (pairs.get(key, "") for key in ("pin", "inoutstatus", "verifytype"))
    modes = (word for word in (state, verify) if word)
    if not (is_storable(pin, LONGEST_PIN) and all(is_storable(word, LONGEST_WORD) for word in modes)):
        return None
    index = pairs.get("index", "")
    return Punch(pin, moment, state, verify, index if _NUMBER.fullmatch(index) and index.strip("0") else "")


def read_transactions(body: bytes) -> Events:
    """Read table `transaction`, the events that the terminal has stored: none is a record, those of people wait.

    How their time is packed stands in no document at hand, and a time that was guessed would be invented. Doors, alarms
    and refused people are left out, as in `rtlog`.
    """
    bad: list[str] = []
    lines = split_lines(body)
    for line in lines:
        pairs = read_pairs([line.fields[0].rpartition(" ")[2], *line.fields[1:]])
        pin, event = pairs.get("pin", "?"), pairs.get("eventtype", "?")
        if not line.is_whole or (pin.strip("0") and event in {*GRANTED, *OPEN_DOOR, "?"}):
            bad.append(clean_line(line.shown))
    return Events((), tuple(bad), len(lines))


def parameters(codes: Codes, *, hours: int) -> str:
    """Return the parameters with which a registered terminal works."""
    lines = [
        "ServerVersion=3.1.2",
        "ServerName=Hadir",
        "PushVersion=3.1.2",
        "ErrorDelay=60",
        "RequestDelay=30",
        "TransTimes=00:00\t14:05",
        "TransInterval=1",
        "TransTables=User\tTransaction",
        "Realtime=1",
        f"SessionID={codes.session}",
        "TimeoutSec=10",
        f"TimeZone={hours}",
    ]
    return "\n".join(lines) + "\n"
