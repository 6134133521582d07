"""A small office for the tests of imports."""

import datetime as dt

from hadir.accounts.models import RoleKind, User
from hadir.accounts.services import grant_role, make_login
from hadir.core.tables.sheets import read_tables
from hadir.imports.models import ImportBatch
from hadir.imports.plans import Choice, StaffItem, digest_of, sure_choices
from hadir.imports.queries import plan_staff
from hadir.imports.reader import READERS
from hadir.imports.services import apply_staff, keep_file
from hadir.imports.staff_list import StaffList
from hadir.people.models import Assignment, Person
from hadir.people.services import add_person, assign_person
from hadir.schools.models import District, Level, Region, School
from hadir.schools.services import add_school

NOW = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 24)
EARLIER = dt.date(2020, 7, 1)
PASSWORD = "kunci-uji-panjang"


def region(name: str = "Dinas Pendidikan Sumenep") -> Region:
    return Region.objects.get_or_create(name=name)[0]


def school(npsn: str = "20531234", name: str = "SDN Sapeken II", *, within: Region | None = None) -> School:
    district, _ = District.objects.get_or_create(region=within or region(), name="Sapeken")
    return add_school(npsn=npsn, name=name, level=Level.SD, district=district, now=NOW)


def login(kind: RoleKind, place: School | Region, name: str = "petugas") -> User:
    user, _ = make_login(username=name, display_name=name.title(), password=PASSWORD, now=NOW)
    where = {"school": place} if isinstance(place, School) else {"region": place}
    grant_role(user=user, kind=kind, now=NOW, **where)
    return user


def person(name: str, at: School | None = None, *, nip: str = "", nuptk: str = "", duty: str = "Guru Kelas") -> Person:
    one = add_person(name=name, nip=nip, nuptk=nuptk, now=NOW)
    if at is not None:
        assign_person(person=one, school=at, duty=duty, staff_kind="PNS", valid_from=EARLIER, now=NOW)
    return one


def told_by(data: bytes) -> StaffList:
    told = READERS["staff"](read_tables(data))
    assert isinstance(told, StaffList)
    return told


def keep(data: bytes, at: School, *, by: User | None = None, start: dt.date = TODAY) -> ImportBatch:
    return keep_file(told=told_by(data), data=data, file_name="ptk.xlsx", start=start, now=NOW, by=by, school=at)


def plan(data: bytes, at: School, *, start: dt.date = TODAY) -> list[StaffItem]:
    return plan_staff(school=at, told=told_by(data), start=start, managed=None)


def bring_in(
    data: bytes,
    at: School,
    choices: dict[str, Choice] | None = None,
    *,
    start: dt.date = TODAY,
    confirmed: bool = False,
) -> dict[str, int]:
    """Import a file as the command does, with further choices, and return the counts."""
    items = plan(data, at, start=start)
    batch = apply_staff(
        batch=keep(data, at, start=start),
        choices=sure_choices(items) | (choices or {}),
        digest=digest_of(items),
        now=NOW,
        by=None,
        managed=None,
        confirmed=confirmed,
    )
    return dict(batch.counts)


def work_of(one: Person) -> list[tuple[str, str, dt.date, dt.date | None]]:
    found = Assignment.objects.filter(person=one).order_by("valid_from", "id")
    return [(work.duty, work.staff_kind, work.valid_from, work.valid_to) for work in found]
