"""A region as large as a real one, for measuring: every page and every count with a year of everybody's scans.

People, schools and mornings are invented by number; no face is involved. It wants a database of its own.
"""

import hashlib
import random
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from hadir.accounts.models import RoleKind
from hadir.accounts.services import grant_role, make_login
from hadir.attendance.services import rebuild
from hadir.core.errors import HadirError
from hadir.core.ids import new_id
from hadir.core.rows import write_rows
from hadir.demo.places import ISLAND_DISTRICTS, MAINLAND
from hadir.demo.scale_leave import make_leave
from hadir.devices.models import Device, DeviceSchool, HeardDay, KioskToken
from hadir.enrolment.models import Enrolment, EnrolmentState, Notice, NoticeRecord
from hadir.enrolment.pack import current_manifest
from hadir.ledger.models import Scan, Source, Verdict
from hadir.people.models import Assignment, Person, StaffKind
from hadir.schedules.services import seed_holidays, set_hours
from hadir.schools.models import District, Region, School

NAME: Final = "Wilayah ukur (peraga)"
ZONE: Final = ZoneInfo("Asia/Jakarta")
STAFF: Final = 15
"""People of one school."""
BATCH: Final = 2000
PEOPLE_AT_ONCE: Final = 150
DAYS_AT_ONCE: Final = 31
DAY: Final = timedelta(days=1)
KINDS: Final = (StaffKind.PNS, StaffKind.PNS, StaffKind.PPPK, StaffKind.PPPK, StaffKind.HONORER)
FIRST: Final = ("Siti", "Moh.", "Abd.", "Nur", "Ach.", "Umi", "Dewi", "Hasan", "Rahma", "Imam")
SECOND: Final = ("Aminah", "Hidayat", "Rahman", "Jannah", "Fauzi", "Kulsum", "Lestari", "Basri", "Wati", "Syafi")

SCAN: Final = (
    "id", "device_id", "school_id", "person_id", "verdict", "captured_at", "received_at",
    "time_zone", "similarity", "frames", "pack", "source", "app", "quality", "flags", "record", "digest",
)  # fmt: skip

Tell = Callable[[str], None]
Away = Mapping[uuid.UUID, frozenset[date]]
"""On which dates somebody has leave."""


@dataclass(frozen=True, slots=True)
class Post:
    """One person's place in the region: what a scan needs."""

    person: uuid.UUID
    school: uuid.UUID
    device: uuid.UUID


@dataclass(frozen=True, slots=True)
class Made:
    """What was made."""

    people: int
    schools: int
    scans: int
    person_days: int
    logins: Sequence[tuple[str, str]]


def make_scale(*, people: int, days: int, now: datetime, tell: Tell, judge: bool = True) -> Made:
    """Make the region with everybody's scans of the last `days` dates, and judge them.

    Raises HadirError `scale_own_database` where the database has other schools; doing it twice is refused likewise.
    """
    if School.objects.exists():
        raise HadirError("scale_own_database")
    manifest = current_manifest()
    if manifest is None:
        raise HadirError("pack_missing")
    last = now.astimezone(ZONE).date() - DAY
    first = last - (days - 1) * DAY
    since = datetime.combine(first - 7 * DAY, time(), ZONE)
    tell(f"{people} orang, {max(1, people // STAFF)} sekolah")
    region, posts = _make_places(people, first, since, now, manifest["id"])
    _make_hearings(first, last, now)
    logins = _make_logins(region, now)
    away = make_leave([post.person for post in posts], first, last, ZONE, now)
    scans = _make_scans(posts, list(_dates(first, last)), manifest["id"], away, tell)
    _gather_statistics()
    judged = 0
    schools = list(School.objects.select_related("district").order_by("npsn"))
    if judge:
        for outcome in rebuild(schools=schools, first=first, last=last, now=now):
            judged += outcome.written
            if judged % 100_000 < outcome.written:
                tell(f"{judged} hari orang dinilai")
        _gather_statistics()
    return Made(len(posts), len(schools), scans, judged, logins)


@transaction.atomic
def _make_places(people: int, first: date, since: datetime, now: datetime, pack: str) -> tuple[Region, list[Post]]:
    region = Region.objects.create(name=NAME, is_demo=True)
    names = (*MAINLAND, *ISLAND_DISTRICTS)
    districts = District.objects.bulk_create(
        [District(region=region, name=name, is_island=name in ISLAND_DISTRICTS) for name in names]
    )
    schools = School.objects.bulk_create(
        [
            School(
                npsn=f"{30_000_000 + number}",
                name=f"{'SMPN' if number % 6 == 5 else 'SDN'} Ukur {number + 1}",
                level="SMP" if number % 6 == 5 else "SD",
                district=districts[number % len(districts)],
                time_zone="Asia/Jakarta",
            )
            for number in range(max(1, people // STAFF))
        ],
        batch_size=BATCH,
    )
    devices = Device.objects.bulk_create(
        [
            Device(
                name=f"Kios {school.name}",
                created_at=since,
                activated_at=since,
                last_heard_at=now,
                handed_in_until=now,
                unsent=0,
            )
            for school in schools
        ],
        batch_size=BATCH,
    )
    pairs = list(zip(devices, schools, strict=True))
    DeviceSchool.objects.bulk_create([DeviceSchool(device=one, school=place) for one, place in pairs], batch_size=BATCH)
    KioskToken.objects.bulk_create(
        [KioskToken(device=one, token_hash=_hash(f"token {one.pk}"), issued_at=since) for one in devices],
        batch_size=BATCH,
    )
    persons = Person.objects.bulk_create([_person(number, since) for number in range(people)], batch_size=BATCH)
    posts: list[list[Post]] = [[] for _pair in pairs]
    assignments = []
    for number, person in enumerate(persons):
        device, school = pairs[number % len(pairs)]
        kind = KINDS[number % len(KINDS)]
        duty = "Kepala sekolah" if number < len(pairs) else "Guru kelas"
        assignments.append(
            Assignment(person=person, school=school, duty=duty, staff_kind=kind, is_home=True, valid_from=first - DAY)
        )
        posts[number % len(pairs)].append(Post(person.pk, school.pk, device.pk))
    Assignment.objects.bulk_create(assignments, batch_size=BATCH)
    _make_faces(persons, since, pack)
    set_hours(scope=region, pattern="6hari", valid_from=first - DAY, now=since, source="ukuran")
    seed_holidays(region=region, years=range(first.year, now.year + 1), now=since)
    return region, [post for school in posts for post in school]


def _person(number: int, since: datetime) -> Person:
    name = f"{FIRST[number % 10]} {SECOND[number // 10 % 10]} {number + 1}"
    return Person(name=name, nip=f"{198_001_010_000_000_000 + number:018d}", created_at=since)


def _make_faces(persons: Sequence[Person], since: datetime, pack: str) -> None:
    """Say that everybody is known to the kiosks: days are judged as if enrolled, but there is no template."""
    notice = Notice.objects.filter(language="id").order_by("version").first()
    if notice is None:
        raise HadirError("notice_missing")
    told = NoticeRecord.objects.bulk_create(
        [NoticeRecord(person=one, notice=notice, basis=notice.basis, recorded_at=since) for one in persons],
        batch_size=BATCH,
    )
    Enrolment.objects.bulk_create(
        [
            Enrolment(
                person=one,
                state=EnrolmentState.ACTIVE,
                notice_record=record,
                pack=pack,
                started_at=since,
                activated_at=since,
            )
            for one, record in zip(persons, told, strict=True)
        ],
        batch_size=BATCH,
    )


def _make_hearings(first: date, last: date, now: datetime) -> None:
    devices = list(Device.objects.values_list("pk", flat=True))
    for day in _dates(first - 3 * DAY, last + DAY):
        first_at, last_at = (min(datetime.combine(day, at, UTC), now) for at in (time(0), time(7)))
        HeardDay.objects.bulk_create(
            [HeardDay(device_id=one, day=day, first_at=first_at, last_at=last_at) for one in devices],
            batch_size=BATCH,
        )


def _make_logins(region: Region, now: datetime) -> list[tuple[str, str]]:
    school = School.objects.order_by("npsn").first()
    made = []
    for username, kind in (("dinas.ukur", RoleKind.DINAS), ("kepala.ukur", RoleKind.HEAD)):
        user, password = make_login(username=username, display_name=username, now=now)
        place = {"region": region} if kind is RoleKind.DINAS else {"school": school}
        grant_role(user=user, kind=kind, now=now, **place)
        made.append((username, password))
    return made


def _make_scans(posts: Sequence[Post], days: Sequence[date], pack: str, away: Away, tell: Tell) -> int:
    """Write everybody's scans, some people at a time through all dates: where the rows of one person lie near each
    other in an index, few of its pages change at once."""
    made = 0
    for start in range(0, len(posts), PEOPLE_AT_ONCE):
        some = posts[start : start + PEOPLE_AT_ONCE]
        for place in range(0, len(days), DAYS_AT_ONCE):
            rows = (row for day in days[place : place + DAYS_AT_ONCE] for row in _scans(some, day, start, pack, away))
            with transaction.atomic():
                made += write_rows(Scan, SCAN, rows)
        if start // PEOPLE_AT_ONCE % 10 == 9:
            tell(f"{start + len(some)} dari {len(posts)} orang, {made} catatan")
    return made


def _scans(posts: Sequence[Post], day: date, seed: int, pack: str, away: Away) -> Iterator[tuple[Any, ...]]:
    """Yield the day's scans: who has leave does not come, nor do 3 of 100; 5 come late, 3 forget to record when they
    leave."""
    if day.weekday() == 6:
        return
    chance = random.Random(f"{day.isoformat()} {seed}")  # noqa: S311  a likeness of mornings, not a secret
    start, end = time(7), time(12) if day.weekday() == 5 else time(11, 30) if day.weekday() == 4 else time(14, 30)
    for post in posts:
        if chance.random() < 0.03 or day in away.get(post.person, ()):
            continue
        late = chance.random() < 0.05
        minutes = chance.uniform(1, 80) if late else -abs(chance.gauss(12, 7))
        yield _scan(post, datetime.combine(day, start, ZONE) + timedelta(minutes=minutes), pack)
        if chance.random() >= 0.03:
            yield _scan(post, datetime.combine(day, end, ZONE) + timedelta(minutes=abs(chance.gauss(8, 5))), pack)


def _scan(post: Post, moment: datetime, pack: str) -> tuple[Any, ...]:
    """Return the values of SCAN."""
    key = new_id()
    record = f'{{"v":1,"id":"{key}","person":"{post.person}","captured_at":"{moment.isoformat()}"}}'.encode()
    return (
        key, post.device, post.school, post.person, Verdict.RECOGNISED, moment, moment + timedelta(seconds=20),
        "Asia/Jakarta", 0.95, 3, pack, Source.CAMERA, "ukuran", {}, [], record, hashlib.sha256(record).hexdigest(),
    )  # fmt: skip


def _gather_statistics() -> None:
    """Let the database know how large its tables are, as it does by itself in an office after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _dates(first: date, last: date) -> Iterator[date]:
    return (first + number * DAY for number in range((last - first).days + 1))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
