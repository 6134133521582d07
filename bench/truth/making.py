"""Making the region through the services: schools, machines, people, faces, PINs, hours, calendar, timetables."""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bench.truth.world import DAY, Human, Machine, World
from hadir.devices.services import activate_kiosk, create_kiosk, hear_device, invite_kiosk
from hadir.devices.services_terminal import add_terminal
from hadir.enrolment.models import Enrolment, Notice, NoticeRecord
from hadir.ledger.mapping import map_pin
from hadir.people.models import DayMark
from hadir.people.services import add_person, assign_person
from hadir.schedules.services import add_calendar_days, override_pattern, set_hours, set_timetable
from hadir.schools.models import District, Region, School

PACK = "hunt-1-00000000"
ERRORS = [timedelta(minutes=7), timedelta(hours=1), timedelta(days=1), timedelta(days=400)]
ERRORS += [-timedelta(minutes=20), -timedelta(hours=3), -timedelta(days=1), -timedelta(days=40)]
HOLIDAYS = {9: "libur", 22: "cuti_bersama", 38: "libur", 45: "libur_siswa"}


def make_world(*, schools: int, people: int, first: date, days: int, seed: int) -> World:
    """Make everything that is there before the first day."""
    world = World(random.Random(seed), first, first + (days - 1) * DAY, PACK)  # noqa: S311  repeatable, no secret
    before = datetime.combine(first - 20 * DAY, time(1), UTC)
    region = Region.objects.create(name="Wilayah uji")
    district = District.objects.create(region=region, name="Kecamatan")
    set_hours(scope=region, pattern="5hari", valid_from=date(2020, 1, 1), now=before)
    for pattern, instead in (("5hari", "ramadan5"), ("6hari", "ramadan6")):
        override_pattern(
            scope=region, pattern=pattern, instead=instead, name="Ramadan",
            valid_from=world.ramadan[0], valid_to=world.ramadan[1], now=before,
        )  # fmt: skip
    for place, kind in HOLIDAYS.items():
        _calendar(world, region, first + place * DAY, kind, before)
    for number in range(schools):
        zone = "Asia/Makassar" if world.chance.random() < 0.05 else "Asia/Jakarta"
        world.schools.append(
            School.objects.create(
                npsn=f"2{number:07}", name=f"SDN {number}", level="SD", district=district, time_zone=zone
            )
        )
    six = {school.pk for school in world.schools if world.chance.random() < 0.4}
    for school in world.schools:
        if school.pk in six:
            set_hours(scope=school, pattern="6hari", valid_from=date(2020, 1, 1), now=before)
        if world.chance.random() < 0.1:
            _calendar(world, school, first + 9 * DAY, "hari_kerja", before)
        _machines(world, school, before)
    for school in world.schools:
        for number in range(people):
            _human(world, school, "6hari" if school.pk in six else "5hari", number, before)
    DayMark.objects.all().delete()
    return world


def _calendar(world: World, scope: Region | School, day: date, kind: str, now: datetime) -> None:
    add_calendar_days(scope=scope, kind=kind, name="Uji", valid_from=day, valid_to=day, now=now)
    world.calendar[scope.pk if isinstance(scope, School) else None][day] = kind


def _machines(world: World, school: School, before: datetime) -> None:
    chance = world.chance.random()
    kinds = ["kiosk"] if chance < 0.7 else ["kiosk", "kiosk"] if chance < 0.8 else ["terminal"]
    kinds = ["kiosk", "terminal"] if chance > 0.93 else kinds
    zone = ZoneInfo(school.time_zone)
    for number, kind in enumerate(kinds):
        if kind == "kiosk":
            device = create_kiosk(name=f"Kios {number}", schools=[school], by=None, now=before)
            code = invite_kiosk(device=device, by=None, now=before)
            device, _token = activate_kiosk(code=code, user_agent="", app_version="1", handshake=1, now=before)
            machine = Machine(device, None, zone)
        else:
            terminal, _secret = add_terminal(
                serial=f"T{school.npsn}", kind="zkteco", schools=[school], by=None, now=before, claimed=True
            )
            machine = Machine(terminal.device, terminal, zone)
        _fate(world, machine, zone)
        world.machines[school.pk].append(machine)


def _fate(world: World, machine: Machine, zone: ZoneInfo) -> None:
    """Decide when a machine will be off the net, dead, or have a wrong clock."""
    chance, span = world.chance, (world.last - world.first).days

    def moment() -> datetime:
        day = world.first + chance.randrange(span) * DAY
        return datetime.combine(day, time(chance.randrange(24), chance.randrange(60)), zone)

    for _ in range(chance.choice([0, 0, 1, 1, 2])):
        start = moment()
        machine.offline.append((start, start + timedelta(hours=chance.choice([5, 20, 50, 120, 300, 480]))))
    for _ in range(chance.choice([0, 0, 0, 1, 2])):
        machine.dead.add(world.first + chance.randrange(span) * DAY)
    if chance.random() < 0.25:
        start = moment()
        error = chance.choice([*ERRORS, None])
        machine.wrong.append((start, start + timedelta(hours=chance.choice([9, 30, 80])), error))
    if machine.terminal is None and machine.offline and chance.random() < 0.15:
        machine.replaced_at = machine.offline[0][0] + timedelta(hours=3)


def _human(world: World, school: School, pattern: str, number: int, before: datetime) -> None:
    chance = world.chance
    person = add_person(name=f"Guru {number}", now=before)
    assign_person(person=person, school=school, duty="Guru", staff_kind="PNS", valid_from=date(2020, 1, 1), now=before)
    late = chance.random() < 0.08
    known = datetime.combine(world.first + chance.randrange(2, 30) * DAY, time(10), UTC) if late else before
    human = Human(person, school, pattern, str(number + 1), known, habit=chance.choice([0.97, 0.93, 0.6]))
    if chance.random() < 0.04:
        human.pattern = "jaga-malam"
        set_hours(scope=person, pattern="jaga-malam", valid_from=date(2020, 1, 1), now=before)
    elif chance.random() < 0.06 and len(world.schools) > 1:
        other = chance.choice([one for one in world.schools if one.pk != school.pk])
        assign_person(
            person=person, school=other, duty="Guru", staff_kind="PNS", is_home=False,
            valid_from=date(2020, 1, 1), now=before,
        )  # fmt: skip
        for place, weekdays in ((school, {0, 2, 4, 5}), (other, {1, 3})):
            human.weekdays[place.pk] = frozenset(weekdays)
            set_timetable(person=person, school=place, weekdays=weekdays, valid_from=date(2020, 1, 1), now=before)
    _make_known(world, human, before)
    world.humans.append(human)


def _make_known(world: World, human: Human, before: datetime) -> None:
    notice = Notice.objects.order_by("version")[0]
    told = NoticeRecord.objects.create(person=human.person, notice=notice, basis="public_task", recorded_at=before)
    Enrolment.objects.create(
        person=human.person, state="active", notice_record=told, pack=PACK,
        started_at=human.known_from, activated_at=human.known_from,
    )  # fmt: skip
    for key in human.weekdays or {human.home.pk: frozenset()}:
        for machine in world.machines[key]:
            if machine.terminal is None:
                hear_device(device=machine.device, now=before + timedelta(hours=1), unsent=0, app_version="1")
                machine.synced.append(before + timedelta(hours=1))
                continue
            pin = human.pin if key == human.home.pk else f"9{len(world.humans)}"
            machine.pins[human.person.pk] = pin
            chance = world.chance.random()
            if chance < 0.9:
                map_pin(
                    device=machine.device, pin=pin, person=human.person, by=None, now=before, valid_from=before.date()
                )
            elif chance < 0.95:
                when = datetime.combine(world.first + world.chance.randrange(50) * DAY, time(9), UTC)
                world.number += 1
                world.events.append((when, world.number, _mapping_later(machine, pin, human, before, when)))
            else:
                machine.nobodys.add(human.person.pk)


def _mapping_later(machine: Machine, pin: str, human: Human, before: datetime, when: datetime):  # type: ignore[no-untyped-def]  # noqa: ANN202
    return lambda: map_pin(
        device=machine.device, pin=pin, person=human.person, by=None, now=when, valid_from=before.date()
    )
