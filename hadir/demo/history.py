"""A few months of the demo, told in the order in which they happened: what machines recorded, and when it came in.

Each school has the machine it bought; its people are known there by PIN. The town's power fails for two days, the
island is cut off for two weeks and uploads late, a subject teacher works at two schools, one machine loses its clock.
Nothing here is real, and the same is told every time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hadir.attendance.services import compute_days
from hadir.demo.habits import moments
from hadir.demo.places import COUNTRY, ISLAND, SCHOOLS, TOWN
from hadir.demo.staff import DemoPerson, demo_people
from hadir.devices.models import Device, Terminal
from hadir.devices.services_terminal import Conversation, add_terminal, hear_terminal, note_traits, update_register
from hadir.ledger.mapping import map_pin
from hadir.ledger.punch import Punch
from hadir.ledger.services_terminal import record_punches
from hadir.months.adjusting import find_adjustments
from hadir.people.models import DayMark, Person
from hadir.rules.facts import Calendar
from hadir.schedules.models import Timetable
from hadir.schedules.queries import Schedule, schedule_for
from hadir.schedules.services import set_timetable
from hadir.schools.models import School

DAY: Final = timedelta(days=1)
ZONE: Final = ZoneInfo("Asia/Jakarta")
TWO_SCHOOLS: Final = "Rizky Maulana Firdaus"
WEEKDAYS: Final = {TOWN.npsn: (0, 2, 4), COUNTRY.npsn: (1, 3, 5)}
POWER_FAILS: Final = frozenset({27, 28})
"""Working days of the history on which the town's machine has no power."""
CUT_OFF: Final = range(20, 31)
"""Working days of the history whose records reach the office from the island only afterwards."""
LOST_CLOCK: Final = 44
"""The working day on which the country school's machine believes that it is the year 2000."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine as its school bought it."""

    serial: str
    name: str
    brand: str
    model: str
    price: int
    fund: str
    where: str


MACHINES: Final = {
    TOWN.npsn: Machine("PERAGA-K-0217", "Mesin ruang guru", "Solution", "X903", 3_450_000, "bos_reguler", "Ruang guru"),
    ISLAND.npsn: Machine(
        "PERAGA-P-0031", "Mesin kantor", "ZKTeco", "MB10-VL", 2_900_000, "bos_afirmasi", "Kantor sekolah"
    ),
    COUNTRY.npsn: Machine("PERAGA-L-0108", "Mesin lobi", "ZKTeco", "SpeedFace-V5L", 5_750_000, "bos_reguler", "Lobi"),
}

Event = Callable[["History"], None]


@dataclass(slots=True)
class History:
    """The months being told. `days`: its working days in order, with the shifts of each school."""

    schools: Mapping[str, School]
    people: Mapping[str, Person]
    terminals: Mapping[str, Terminal]
    first: date
    now: datetime
    schedule: Schedule
    days: list[date] = field(default_factory=list)
    waiting: dict[str, list[Punch]] = field(default_factory=lambda: defaultdict(list))

    def judge(self, first: date, last: date, now: datetime) -> None:
        """Judge all schools as they would have been judged at this moment."""
        compute_days(schools=list(self.schools.values()), first=first, last=min(last, now.date()), now=now)


def begins(now: datetime) -> date:
    """Return the first day of the history: the first of the month two months before this one."""
    first = now.astimezone(ZONE).date().replace(day=1)
    for _number in range(2):
        first = (first - DAY).replace(day=1)
    return first


def tell_history(
    *, now: datetime, events: Callable[[Sequence[date]], Sequence[tuple[int, Event]]] = lambda _days: ()
) -> History | None:
    """Tell the months up to now, once; None where they were told before.

    `events`: given the working days, what people decided, each after the end of a day (by its number).
    """
    if Terminal.objects.filter(serial=MACHINES[TOWN.npsn].serial).exists():
        return None
    history = _prepare(now)
    due: dict[int, list[Event]] = defaultdict(list)
    for number, event in events(history.days):
        due[number].append(event)
    for number, day in enumerate(history.days):
        for npsn in history.schools:
            _tell_day(history, npsn, number, day)
        for event in due[number]:
            event(history)
    history.judge(history.first, now.astimezone(ZONE).date(), now)
    find_adjustments(now=now)
    DayMark.objects.all().delete()
    return history


def _prepare(now: datetime) -> History:
    """Put up the machines on the day before, with everybody's PIN, and find the working days."""
    first = begins(now)
    put_up = datetime.combine(first - 3 * DAY, time(10), ZONE)
    schools = {school.npsn: school for school in School.objects.select_related("district").filter(npsn__in=MACHINES)}
    people = {person.name: person for person in Person.objects.filter(assignments__school__in=schools.values())}
    terminals = {npsn: _put_up(machine, schools[npsn], put_up) for npsn, machine in MACHINES.items()}
    for person in demo_people():
        for school, _duty in person.duties:
            map_pin(
                device=terminals[school.npsn].device, pin=_pin(person), person=people[person.name], by=None, now=put_up
            )
    if not Timetable.objects.filter(person=people[TWO_SCHOOLS]).exists():
        for npsn, weekdays in WEEKDAYS.items():
            set_timetable(
                person=people[TWO_SCHOOLS],
                school=schools[npsn],
                weekdays=weekdays,
                valid_from=first,
                now=put_up,
                note="Pembagian tugas PJOK",
            )
    today = now.astimezone(ZONE).date()
    keys = [person.pk for person in people.values()]
    schedule = schedule_for(list(schools.values()), keys, first, today)
    history = History(schools, people, terminals, first, now, schedule)
    history.days = [day for day in _dates(first, today) if _works(history, day)]
    for terminal in terminals.values():
        hear_terminal(
            terminal=terminal, said=Conversation(request="GET getrequest", reply="OK", is_idle=True), now=put_up
        )
    return history


def _put_up(machine: Machine, school: School, now: datetime) -> Terminal:
    terminal, _secret = add_terminal(
        serial=machine.serial, kind="zkteco", schools=[school], by=None, now=now, name=machine.name, claimed=True
    )
    note_traits(
        terminal=terminal, traits={"brand": machine.brand, "model": machine.model, "firmware": "Ver 8.0.4 (peraga)"}
    )
    update_register(
        terminal=terminal,
        name=machine.name,
        brand=machine.brand,
        model=machine.model,
        price=machine.price,
        bought_on=now.date() - 40 * DAY,
        fund=machine.fund,
        condition="baik",
        where_used=machine.where,
        by=None,
        now=now,
    )
    return terminal


def _tell_day(history: History, npsn: str, number: int, day: date) -> None:
    """Tell one school's working day: its records come in at noon and in the evening, or later."""
    if npsn == TOWN.npsn and number in POWER_FAILS:
        return
    terminal = history.terminals[npsn]
    punches = sorted(_punches(history, npsn, number, day), key=lambda one: one.local_time)
    if npsn == ISLAND.npsn and number in CUT_OFF:
        history.waiting[npsn] += punches
        return
    for moment in (time(11), time(21)):
        at = min(datetime.combine(day, moment, ZONE), history.now)
        here = [one for one in punches if one.local_time.replace(tzinfo=ZONE) <= at]
        if npsn == COUNTRY.npsn and number == LOST_CLOCK and moment == time(11):
            here = [_without_clock(one, day) for one in here]
            punches = [one for one in punches if one.local_time.time() > time(11)]
        _hand_in(terminal, [*history.waiting.pop(npsn, []), *here], at)


def _hand_in(terminal: Terminal, punches: Sequence[Punch], at: datetime) -> None:
    polled = said = Conversation(request="GET getrequest", reply="OK", is_idle=True)
    if punches:
        record_punches(device=terminal.device, punches=punches, source="push", trust="secret", now=at)
        said = Conversation(request="POST cdata ATTLOG", reply=f"OK: {len(punches)}", lines=len(punches))
    # Only a terminal that has been speaking for a while has handed in everything.
    hear_terminal(terminal=terminal, said=said, now=at - timedelta(minutes=2))
    hear_terminal(terminal=terminal, said=polled, now=at)


def _punches(history: History, npsn: str, number: int, day: date) -> Iterator[Punch]:
    school = history.schools[npsn]
    for person in demo_people():
        if npsn not in {one.npsn for one, _duty in person.duties}:
            continue
        if person.name == TWO_SCHOOLS and day.weekday() not in WEEKDAYS[npsn]:
            continue
        key = history.schedule.pattern_key(history.people[person.name].pk, school, person.kind, day)
        pattern = history.schedule.rules_on(school, day).patterns.get(key)
        shift = pattern.shift_on(day, ZONE) if pattern else None
        if shift is not None:
            for moment in moments(person.name, day, number, shift):
                yield Punch(pin=_pin(person), local_time=moment.replace(tzinfo=None), state_raw="255", verify_raw="15")
    if npsn == TOWN.npsn and number % 9 == 4:
        # Somebody whose PIN nobody has mapped: a new honorer, waiting for the operator.
        yield Punch(
            pin="57", local_time=datetime.combine(day, time(6, 51, number % 60)), state_raw="255", verify_raw="15"
        )


def _without_clock(punch: Punch, day: date) -> Punch:
    """Return the record as a machine writes it that has forgotten the date."""
    since_midnight = punch.local_time - datetime.combine(day, time())
    return Punch(punch.pin, datetime(2000, 1, 1) + since_midnight, punch.state_raw, punch.verify_raw)  # noqa: DTZ001


def _works(history: History, day: date) -> bool:
    """Tell whether the schools work on a date: no Sunday, no day off."""
    off = history.schedule.calendar_on(next(iter(history.schools.values())), day) - {Calendar.PUPILS_OFF}
    return day.weekday() != 6 and not off


def _dates(first: date, last: date) -> Iterator[date]:
    return (first + number * DAY for number in range((last - first).days + 1))


def _pin(person: DemoPerson) -> str:
    return str(person.serial)


def machines_of_demo() -> Sequence[Device]:
    """Return the machines of the demo's schools."""
    serials = [machine.serial for machine in MACHINES.values()]
    return list(Device.objects.filter(terminal__serial__in=serials, schools__npsn__in=[one.npsn for one in SCHOOLS]))
