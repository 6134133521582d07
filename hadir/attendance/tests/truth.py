"""A random but known truth (who was where, with outages and late uploads) and the facts it leaves behind.

Used by the tests with a few thousand person-days and by bench/attendance.py with a hundred thousand. Everybody works
Monday to Friday in `5hari`. Somebody present is always recorded by a living kiosk that knows her; a kiosk may be off
the net for days (its records come late), dead for a day, or not yet know a new face.
"""

import hashlib
import random
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F

from hadir.attendance.models import PersonDay
from hadir.core.ids import new_id
from hadir.devices.models import Device, DeviceSchool, HeardDay, KioskToken
from hadir.enrolment.models import Enrolment, Notice, NoticeRecord
from hadir.ledger.models import Scan
from hadir.people.models import Assignment, Person
from hadir.schedules.services import set_hours
from hadir.schools.models import District, Region, School

WIB = ZoneInfo("Asia/Jakarta")
PACK = "truth-1-00000000"
DAY = timedelta(days=1)
STARTS = time(7, 30)
ENDS = {0: time(16), 1: time(16), 2: time(16), 3: time(16), 4: time(16, 30)}


@dataclass(frozen=True, slots=True)
class Truth:
    """What really happened: the expected status once everything is handed in, and minutes where present."""

    present: bool
    status: str
    late: int = 0
    early: int = 0


@dataclass(slots=True)
class Made:
    """A made period: the truth of each person-day, and the records that arrive only after it."""

    schools: list[School]
    first: date
    last: date
    truths: dict[tuple[uuid.UUID, date], Truth] = field(default_factory=dict)
    in_time: list[Scan] = field(default_factory=list)
    late: list[Scan] = field(default_factory=list)
    kiosks: list[Device] = field(default_factory=list)

    @property
    def over(self) -> datetime:
        """A moment after everything was handed in."""
        return moment(self.last + 3 * DAY, time(12))

    def hand_in(self) -> None:
        """Let the late records arrive, and every kiosk say that nothing is unsent."""
        Scan.objects.bulk_create(self.late, batch_size=500)
        Device.objects.filter(pk__in=[kiosk.pk for kiosk in self.kiosks]).update(
            handed_in_until=self.over - timedelta(hours=1), last_heard_at=F("handed_in_until"), unsent=0
        )


def moment(day: date, clock: time) -> datetime:
    """Return a moment in WIB."""
    return datetime.combine(day, clock, WIB)


def make_truth(*, schools: int, people: int, first: date, days: int, seed: int) -> Made:
    """Make schools with people and one kiosk each; write all facts but the late records."""
    chance = random.Random(seed)  # noqa: S311  a repeatable truth, no secret
    before = datetime.combine(first - 20 * DAY, time(1), UTC)
    region = Region.objects.create(name=f"Wilayah {seed}")
    district = District.objects.create(region=region, name="Kecamatan")
    set_hours(scope=region, pattern="5hari", valid_from=date(2020, 1, 1), now=before)
    made = Made([], first, first + (days - 1) * DAY)
    for number in range(schools):
        school = School(npsn=f"{seed % 10}{number:07}", name=f"SDN {number}", level="SD", district=district)
        made.schools.append(school)
    School.objects.bulk_create(made.schools)
    for school in made.schools:
        _make_school(made, school, people, before, chance)
    chance.shuffle(made.in_time)
    chance.shuffle(made.late)
    Scan.objects.bulk_create(made.in_time, batch_size=500)
    return made


def _make_school(made: Made, school: School, people: int, before: datetime, chance: random.Random) -> None:
    kiosk = Device.objects.create(name="Kios", created_at=before, activated_at=before)
    DeviceSchool.objects.create(device=kiosk, school=school)
    token = hashlib.sha256(kiosk.pk.bytes).hexdigest()
    KioskToken.objects.create(device=kiosk, token_hash=token, issued_at=before)
    made.kiosks.append(kiosk)
    offline_from = chance.randrange((made.last - made.first).days + 6)
    states: dict[date, str] = {}
    day = made.first - 10 * DAY
    heard: list[HeardDay] = []
    while day <= made.last:
        place = (day - made.first).days
        dead = chance.random() < 0.06
        state = "dead" if dead else "offline" if offline_from <= place < offline_from + 5 else "on"
        states[day] = state
        if state == "on":
            heard.append(
                HeardDay(device=kiosk, day=day, first_at=moment(day, time(7)), last_at=moment(day, time(20, 30)))
            )
        day += DAY
    HeardDay.objects.bulk_create(heard)
    _hand_in_so_far(kiosk, states, made)
    for person, known_from in _make_people(school, people, made, before, chance):
        _live(made, school, kiosk, person, known_from, states, chance)


def _hand_in_so_far(kiosk: Device, states: dict[date, str], made: Made) -> None:
    """Before the late records arrive a kiosk has handed in everything up to the days on which it lost the net."""
    lost = min((day for day, state in states.items() if state == "offline"), default=made.last + DAY)
    online = [day for day, state in states.items() if state == "on" and day < lost]
    kiosk.handed_in_until = moment(max(online), time(20, 30)) if online else None
    kiosk.save(update_fields=["handed_in_until"])


def _make_people(
    school: School, people: int, made: Made, before: datetime, chance: random.Random
) -> list[tuple[Person, datetime]]:
    notice = Notice.objects.order_by("version")[0]
    persons = [Person(name=f"Guru {number}", created_at=before) for number in range(people)]
    Person.objects.bulk_create(persons)
    Assignment.objects.bulk_create(
        Assignment(person=one, school=school, duty="Guru", staff_kind="PNS", valid_from=date(2020, 1, 1))
        for one in persons
    )
    found = []
    told, faces = [], []
    for one in persons:
        late_face = chance.random() < 0.1
        known = moment(made.first + chance.randrange(1, 12) * DAY, time(10)) if late_face else before
        record = NoticeRecord(person=one, notice=notice, basis="public_task", recorded_at=before)
        told.append(record)
        faces.append(
            Enrolment(person=one, state="active", notice_record=record, pack=PACK, started_at=known, activated_at=known)
        )
        found.append((one, known))
    NoticeRecord.objects.bulk_create(told)
    Enrolment.objects.bulk_create(faces)
    return found


def _live(
    made: Made,
    school: School,
    kiosk: Device,
    person: Person,
    known_from: datetime,
    states: dict[date, str],
    chance: random.Random,
) -> None:
    """Live through the period: the truth of every date, and its records."""
    synced = next(
        (moment(day, time(20, 30)) for day in sorted(states) if states[day] == "on" and known_from.date() <= day), None
    )
    day = made.first
    while day <= made.last:
        present = chance.random() < 0.93
        state = states[day]
        if day.weekday() > 4:
            made.truths[person.pk, day] = Truth(False, "L")
        elif synced is None or synced > moment(day, STARTS) or state == "dead":
            made.truths[person.pk, day] = Truth(present, "T")
        elif not present:
            made.truths[person.pk, day] = Truth(False, "?A")
        else:
            came = moment(day, STARTS) + timedelta(seconds=chance.randrange(-4000, 9000))
            left = moment(day, ENDS[day.weekday()]) + timedelta(seconds=chance.randrange(-7000, 9000))
            late = max(0, int((came - moment(day, STARTS)).total_seconds()) // 60)
            early = max(0, -int((left - moment(day, ENDS[day.weekday()])).total_seconds() // 1) // 60)
            made.truths[person.pk, day] = Truth(True, "H", late, early)
            rows = made.in_time if state == "on" else made.late
            rows += [_scan(kiosk, school, person, at) for at in (came, left)]
        day += DAY


def _scan(kiosk: Device, school: School, person: Person, at: datetime) -> Scan:
    key = new_id()
    return Scan(
        id=key,
        device=kiosk,
        school=school,
        person=person,
        verdict="recognised",
        captured_at=at,
        received_at=at + timedelta(seconds=2),
        time_zone="Asia/Jakarta",
        frames=3,
        pack=PACK,
        source="camera",
        app="1",
        record=b"{}",
        digest=hashlib.sha256(key.bytes).hexdigest(),
    )


def wrong_judgements(made: Made) -> tuple[int, list[str]]:
    """Compare the rows with the truth: how many present people are called absent, and every other difference."""
    present_but_absent, wrong = 0, []
    rows = (
        PersonDay.objects.filter(school__in=made.schools)
        .order_by()
        .values_list("person", "day", "status", "late", "early", "final")
    )
    seen = 0
    for person, day, status, late, early, final in rows.iterator(chunk_size=5000):
        truth = made.truths.get((person, day))
        if truth is None:
            continue
        seen += 1
        present_but_absent += truth.present and status == "A"
        # A day on which nobody came and the kiosk was off the net shows no sign of life: pending, not absent.
        allowed = {"A", "T"} if truth.status == "?A" else {truth.status}
        if status not in allowed or (truth.status == "H" and (late, early, final) != (truth.late, truth.early, True)):
            wrong.append(f"{person} {day}: {status} {late} {early} {final}, true {truth}")
    if seen != len(made.truths):
        wrong.append(f"{len(made.truths) - seen} person-days have no row")
    return present_but_absent, wrong
