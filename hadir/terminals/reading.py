"""What gateways make of a machine's request, and who reads what lay in quarantine: the words between both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hadir.ledger.punch import Punch


@dataclass(frozen=True, slots=True)
class ListedUser:
    """A user as a terminal lists it."""

    pin: str
    name: str = ""
    is_admin: bool = False


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something a terminal tells that an operator should look at: a kind of `AlertKind`, when, and in short what."""

    kind: str
    occasion: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one body says. `lines`: records of attendance in it, readable or not; `bad`: the unreadable ones, as text.

    `traits`: brand, model, firmware, protocol. `options`: what the terminal says of itself, key by key.
    """

    punches: Sequence[Punch] = ()
    lines: int = 0
    bad: Sequence[str] = ()
    users: Sequence[ListedUser] = ()
    noticed: Sequence[Noticed] = ()
    traits: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """A body as it was sent or kept, with what is needed to read it."""

    body: bytes
    table: str = ""
    content_type: str = ""
    path: str = ""


Reader = Callable[[Sent], Reading]
_READERS: dict[str, Reader] = {}


def register_reader(kind: str, reader: Reader) -> None:
    """Tell how bodies of one kind of device are read; every gateway does so in its AppConfig's `ready`."""
    _READERS[kind] = reader


def reader_of(kind: str) -> Reader | None:
    """Return the reader of a kind of device, if its gateway has registered one."""
    return _READERS.get(kind)
