"""Living through the period: the truth of each person-day, and the records and words of machines as events in time."""

import heapq
import json
import uuid
from datetime import date, datetime, time, timedelta
from functools import partial

from bench.truth.allowing import allow, correct
from bench.truth.world import DAY, HOURS, Human, Machine, Record, Truth, World, happen
from hadir.attendance.reviews import waiting_scans
from hadir.attendance.services import work_once
from hadir.attendance.services_review import review_scan
from hadir.core.ids import new_id
from hadir.devices.models import Device
from hadir.devices.services import activate_kiosk, hear_device, invite_kiosk
from hadir.devices.services_terminal import note_handed_in, note_heard_day
from hadir.ledger.models import TerminalScan
from hadir.ledger.punch import Punch
from hadir.ledger.services import Claim, record_scans
from hadir.ledger.services_terminal import confirm_time, record_punches
from hadir.schools.models import School

SECOND = timedelta(seconds=1)
HELLOS = (time(4, 30), time(12), time(20, 45))


def live(world: World) -> None:
    """Write down the truth and put everything that will happen into `world.events`."""
    heapq.heapify(world.events)
    for machines in world.machines.values():
        for machine in machines:
            _talk(world, machine)
    for human in world.humans:
        allow(world, human)
        for key in human.weekdays or {human.home.pk: frozenset(range(7))}:
            school = next(one for one in world.schools if one.pk == key)
            day = world.first
            while day <= world.last:
                _day(world, human, school, day)
                day += DAY
    night = world.first
    while night <= world.last + 19 * DAY:
        at = datetime.combine(night, time(16, 50), world.over.tzinfo)
        happen(world, at, partial(work_once, now=at, thorough=night.weekday() == 0))
        night += DAY
    happen(world, world.over - DAY, partial(_decide, world))


def _day(world: World, human: Human, school: School, day: date) -> None:
    machines = world.machines[school.pk]
    zone = machines[0].zone
    truth = Truth(school.pk, _hours(world, human, school, day, zone))
    world.truths[human.person.pk, school.pk, day] = truth
    calendar = {kind for key in (None, school.pk) if (kind := world.calendar[key].get(day))}
    holiday = calendar & {"libur", "cuti_bersama"} and "hari_kerja" not in calendar
    weekdays = human.weekdays.get(school.pk, frozenset(range(7)))
    if truth.hours is None or day.weekday() not in weekdays or (holiday and human.pattern != "jaga-malam"):
        truth.off = True
        return
    _allow(world, human, truth, day, zone)
    chance = world.chance
    if (truth.leave and chance.random() < 0.95) or chance.random() > human.habit:
        return
    start, end, _breaks = truth.hours
    truth.came = start + timedelta(seconds=chance.randrange(-4000, 6000))
    truth.left = end + timedelta(seconds=chance.randrange(-5000, 9000))
    forgot = chance.choice([truth.came, truth.left]) if chance.random() < 0.04 else None
    for moment in (truth.came, truth.left):
        if moment == forgot:
            truth.troubles.add("did not scan once")
            granted = correct(world, human, school, day, moment)
            truth.seen += [granted] if granted else []
        else:
            _scan(world, human, truth, chance.choice(machines), moment)
    for machine in (machine for key in human.weekdays or [school.pk] for machine in world.machines[key]):
        moments = _moments(machine, truth, day)
        if not machine.dead.isdisjoint({day, day + DAY}) or any(machine.is_offline(at) for at in moments):
            truth.troubles.add("a machine of her schools was silent")
        if machine.terminal is not None and any(machine.error(at) != timedelta() for at in moments):
            # Only a record with a sure time shows that a terminal works.
            truth.troubles.add("a terminal of her schools had no sure time")


def _moments(machine: Machine, truth: Truth, day: date) -> list[datetime]:
    """Return moments of her shift at which a machine would have shown that it works."""
    noon = datetime.combine(day, HELLOS[1], machine.zone)
    return [noon, *(at for at in (truth.came, truth.left) if at), *(truth.hours or ())[:2]]


def _hours(world: World, human: Human, school: School, day: date, zone):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    pattern = human.pattern
    if human.weekdays:
        pattern = "6hari" if _six(world, school) else "5hari"
    if world.ramadan[0] <= day <= world.ramadan[1]:
        pattern = pattern.replace("5hari", "ramadan5").replace("6hari", "ramadan6")
    clock = HOURS[pattern][day.weekday()]
    if clock is None:
        return None
    start, end = datetime.combine(day, clock[0], zone), datetime.combine(day, clock[1], zone)
    end += DAY if end <= start else timedelta()
    return (
        start,
        end,
        tuple((datetime.combine(day, one, zone), datetime.combine(day, two, zone)) for one, two in clock[2]),
    )


def _six(world: World, school: School) -> bool:
    return any(one.home.pk == school.pk and one.pattern == "6hari" for one in world.humans)


def _allow(world: World, human: Human, truth: Truth, day: date, zone) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    order = ("DL", "S", "I", "CT")
    for one in world.granted.get(human.person.pk, ()):
        if not one.first <= day <= one.last or one.school not in {None, truth.school}:
            continue
        if one.code == "TEKNIS":
            truth.technical = True
        elif one.start is None:
            truth.leave = min((code for code in (truth.leave, one.code) if code), key=order.index)
        elif one.end is not None:
            truth.parts.append((one.code, datetime.combine(day, one.start, zone), datetime.combine(day, one.end, zone)))


def _obstacle(human: Human, machine: Machine, at: datetime) -> str:
    """Return why this machine records nothing of her at this moment; empty if it does."""
    if at.date() in machine.dead:
        return "machine dead"
    if machine.terminal is not None:
        return "" if human.person.pk in machine.pins else "no PIN"
    known = [one for one in machine.synced if one >= human.known_from]
    return "" if known and min(known) <= at else "face not known yet"


def _scan(world: World, human: Human, truth: Truth, machine: Machine, at: datetime) -> None:
    """Let a machine see the person, if it works and can know her."""
    if obstacle := _obstacle(human, machine, at):
        truth.troubles.add(obstacle)
        return
    nobodys = human.person.pk in machine.nobodys
    if nobodys:
        truth.troubles.add("her PIN is nobody's")
    error = machine.error(at)
    claims = at.replace(year=2000) if error is None else at + error
    if error != timedelta():
        truth.troubles.add("clock wrong, off the net" if machine.is_offline(at) else "clock wrong")
        for other in (-DAY, timedelta(), DAY):
            near = world.truths.get((human.person.pk, truth.school, claims.date() + other))
            if near is not None:
                near.troubles.add("a wrong clock claims this date")
    elif not nobodys:
        truth.seen.append(at)
    record = Record(human.person.pk, at, claims)
    if machine.is_offline(at):
        truth.troubles.add("came late")
        happen(world, at, partial(_keep, machine, record))
        return
    if error != timedelta() and machine.terminal is None:
        # A kiosk speaks every minute.
        happen(world, at - timedelta(minutes=1), partial(_hello, world, machine, at - timedelta(minutes=1)))
    happen(world, at + 2 * SECOND, partial(_hand_in, world, machine, [record], at + 2 * SECOND, live=True))


def _keep(machine: Machine, record: Record) -> None:
    machine.outbox.append(record)


def _talk(world: World, machine: Machine) -> None:
    """Let a machine speak at fixed hours while it is on the net, and hand in when it is back."""
    day = world.first - 2 * DAY
    while day <= world.last + 19 * DAY:
        for clock in HELLOS:
            at = datetime.combine(day, clock, machine.zone)
            if not machine.is_offline(at) and day not in machine.dead:
                machine.synced.append(at)
                happen(world, at, partial(_hello, world, machine, at))
        day += DAY
    machine.synced.sort()
    for _start, back in machine.offline:
        at = back + timedelta(minutes=2)
        if not machine.is_offline(at):
            happen(world, at, partial(_hello, world, machine, at))
    if machine.replaced_at is not None:
        happen(world, machine.replaced_at, partial(_replace, world, machine, machine.replaced_at))


def _hello(world: World, machine: Machine, at: datetime) -> None:
    device = Device.objects.get(pk=machine.device.pk)
    waiting, machine.outbox = machine.outbox, []
    if machine.terminal is not None:
        if waiting:
            _hand_in(world, machine, waiting, at, live=False)
        note_heard_day(device=device, now=at)
        note_handed_in(device=device, until=at, now=at)
        return
    if waiting:
        hear_device(device=device, now=at, unsent=len(waiting), app_version="1")
        _hand_in(world, machine, waiting, at + SECOND, live=False)
    hear_device(device=device, now=at + 2 * SECOND, unsent=0, app_version="1")


def _hand_in(
    world: World, machine: Machine, records: list[Record], at: datetime, *, live: bool, former: bool = False
) -> None:
    device = Device.objects.get(pk=machine.device.pk)
    if machine.terminal is not None:
        punches = [
            Punch(machine.pins[one.person], one.claims.astimezone(machine.zone).replace(tzinfo=None, microsecond=0))
            for one in records
        ]
        record_punches(device=device, punches=punches, source="push", trust="secret", now=at, live=live)
        for one, punch in zip(records, punches, strict=True):
            world.made_at[f"{device.pk} {punch.pin} {punch.local_time}"] = one.at
        return
    claims = []
    for one in records:
        key = str(new_id())
        world.made_at[key] = one.at
        claims.append(Claim(key, scan_text(machine.device.pk, one.person, key, one.claims, world.pack)))
    receipts = record_scans(device=device, claims=claims, now=at, current_pack=world.pack, token_replaced=former)
    if any(receipt.status != "stored" for receipt in receipts):
        raise SystemExit(f"not stored: {receipts}")


def scan_text(device: uuid.UUID, person: uuid.UUID, key: str, claims: datetime, pack: str) -> bytes:
    """Return a record as a kiosk writes it."""
    return json.dumps(
        {
            "v": 1, "id": key, "device": str(device), "person": str(person),
            "verdict": "recognised", "captured_at": claims.isoformat(timespec="milliseconds"),
            "time_zone": "Asia/Jakarta", "similarity": 0.9, "second": 0.1, "frames": 3, "quality": {},
            "pack": pack, "source": "camera", "app": "1",
        }
    ).encode()  # fmt: skip


def _replace(world: World, machine: Machine, at: datetime) -> None:
    """Link another browser; the former one hands in what it has three days later."""
    device = Device.objects.get(pk=machine.device.pk)
    code = invite_kiosk(device=device, by=None, now=at)
    activate_kiosk(code=code, user_agent="", app_version="1", handshake=1, now=at)
    machine.former, machine.outbox = machine.outbox, []
    if machine.former:
        later = at + 3 * DAY
        happen(world, later, partial(_hand_in, world, machine, machine.former, later, live=False, former=True))


def _decide(world: World) -> None:
    """At half of the schools somebody decides on doubted scans, knowing when they were made."""
    now = world.over - DAY
    careful = [school.pk for place, school in enumerate(world.schools) if place % 2]
    for scan in waiting_scans(School.objects.filter(pk__in=careful)):
        at = world.made_at[str(scan.pk)]
        review_scan(scan=scan, accept=True, at=at, reason="Jam kios salah", name="Kepala", by=None, now=now)
        _put_right(world, scan.person_id, scan.school_id, at)
    for punch in TerminalScan.objects.filter(doubted=True, school__in=careful).select_related("school", "device"):
        at = world.made_at[f"{punch.device_id} {punch.pin} {punch.local_time}"]
        confirm_time(scan=punch, at=at, reason="Jam mesin salah", by=None, now=now)
        owner = next(
            (person for one in world.machines[punch.school_id] for person, pin in one.pins.items()
             if one.device.pk == punch.device_id and pin == punch.pin), None,
        )  # fmt: skip
        _put_right(world, owner, punch.school_id, at)


def _put_right(world: World, person: object, school: object, at: datetime) -> None:
    for (who, place, _day), truth in _near(world, person, school, at):
        if (who, place) == (person, school) and at in {truth.came, truth.left} and at not in truth.seen:
            truth.seen.append(at)


def _near(world: World, person: object, school: object, at: datetime):  # type: ignore[no-untyped-def]  # noqa: ANN202
    for day in (at.date() - DAY, at.date()):
        truth = world.truths.get((person, school, day))  # type: ignore[arg-type]
        if truth is not None:
            yield (person, school, day), truth
