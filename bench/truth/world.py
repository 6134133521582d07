"""What is known of the made region: its schools, people, machines, and the truth of every person-day."""

import heapq
import random
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hadir.devices.models import Device, Terminal
from hadir.leave.granted import Granted
from hadir.people.models import Person
from hadir.schools.models import School

DAY = timedelta(days=1)
Key = uuid.UUID
Event = tuple[datetime, int, Callable[[], object]]
Clock = tuple[time, time, tuple[tuple[time, time], ...]]

LUNCH, SHORT = ((time(12), time(13)),), ((time(12), time(12, 30)),)
HOURS: Mapping[str, Sequence[Clock | None]] = {
    "5hari": [
        *[(time(7, 30), time(16), LUNCH)] * 4,
        (time(7, 30), time(16, 30), ((time(11, 30), time(13)),)),
        None,
        None,
    ],
    "6hari": [*[(time(7), time(14, 30), SHORT)] * 4, (time(7), time(11, 30), ()), (time(7), time(12), ()), None],
    "ramadan5": [*[(time(7, 30), time(15), SHORT)] * 4, (time(6), time(10, 30), ()), None, None],
    "ramadan6": [*[(time(7), time(13, 30), SHORT)] * 4, (time(7), time(10, 30), ()), (time(7), time(12), ()), None],
    "jaga-malam": [(time(20), time(7), ())] * 7,
}
"""Hours by weekday, written down here a second time: the judge of the truth must not read the rule pack."""


@dataclass(slots=True)
class Truth:
    """What really happened on one person-day, and what is known to have gone wrong with its records.

    `came`, `left`: None for somebody absent. `seen`: the true moments that a machine recorded with a right clock, or
    that somebody put right; `troubles`: why the records may not tell the truth.
    """

    school: Key
    hours: tuple[datetime, datetime, tuple[tuple[datetime, datetime], ...]] | None
    off: bool = False
    leave: str = ""
    technical: bool = False
    parts: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    came: datetime | None = None
    left: datetime | None = None
    seen: list[datetime] = field(default_factory=list)
    troubles: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Record:
    """One record in a machine, not yet handed in. `claims`: the time on the machine's clock."""

    person: Key
    at: datetime
    claims: datetime


@dataclass(slots=True)
class Machine:
    """A kiosk or a terminal at some schools, with what happens to it. `nobodys`: people whose PIN nobody ever maps."""

    device: Device
    terminal: Terminal | None
    zone: ZoneInfo
    offline: list[tuple[datetime, datetime]] = field(default_factory=list)
    dead: set[date] = field(default_factory=set)
    wrong: list[tuple[datetime, datetime, timedelta | None]] = field(default_factory=list)
    synced: list[datetime] = field(default_factory=list)
    outbox: list[Record] = field(default_factory=list)
    former: list[Record] = field(default_factory=list)
    pins: dict[Key, str] = field(default_factory=dict)
    nobodys: set[Key] = field(default_factory=set)
    replaced_at: datetime | None = None

    def is_offline(self, moment: datetime) -> bool:
        """Tell whether the machine is off the net."""
        return any(first <= moment < last for first, last in self.offline)

    def error(self, moment: datetime) -> timedelta | None:
        """Return by how much the clock is ahead; None: it has fallen back to the year 2000."""
        return next((by for first, last, by in self.wrong if first <= moment < last), timedelta())


@dataclass(slots=True)
class Human:
    """A person: `faces` by the moment from which the server had it, weekdays by school."""

    person: Person
    home: School
    pattern: str
    pin: str
    known_from: datetime
    weekdays: dict[Key, frozenset[int]] = field(default_factory=dict)
    habit: float = 0.93


@dataclass(slots=True)
class World:
    """Everything."""

    chance: random.Random
    first: date
    last: date
    pack: str
    schools: list[School] = field(default_factory=list)
    machines: dict[Key, list[Machine]] = field(default_factory=lambda: defaultdict(list))
    humans: list[Human] = field(default_factory=list)
    calendar: dict[Key | None, dict[date, str]] = field(default_factory=lambda: defaultdict(dict))
    ramadan: tuple[date, date] = (date(2026, 2, 18), date(2026, 3, 19))
    granted: dict[Key, list[Granted]] = field(default_factory=lambda: defaultdict(list))
    incidents: set[tuple[Key, str, date, date]] = field(default_factory=set)
    asked: Counter[str] = field(default_factory=Counter)
    truths: dict[tuple[Key, Key, date], Truth] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    made_at: dict[str, datetime] = field(default_factory=dict)
    number: int = 0

    @property
    def over(self) -> datetime:
        """A moment after everything was handed in."""
        return datetime.combine(self.last + 20 * DAY, time(12), ZoneInfo("Asia/Jakarta"))


def happen(world: World, at: datetime, act: Callable[[], object]) -> None:
    """Let something happen at a moment."""
    world.number += 1
    heapq.heappush(world.events, (at, world.number, act))
