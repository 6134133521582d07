"""Making the demo region: the same rows however often it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.db import transaction

from hadir.accounts.models import RoleKind, User
from hadir.accounts.services import grant_role, make_login, set_password
from hadir.core.clock import local_date
from hadir.core.errors import HadirError
from hadir.demo.places import ISLAND, ISLAND_DISTRICTS, ISLANDS, MAINLAND, REGION, SCHOOLS, TOWN
from hadir.demo.staff import DemoPerson, demo_people
from hadir.devices.models import Device
from hadir.devices.services import create_kiosk, invite_kiosk
from hadir.people.models import Person
from hadir.people.services import add_person, assign_person
from hadir.schedules.models import WorkingHours
from hadir.schedules.services import seed_holidays, set_hours
from hadir.schools.models import District, Island, Region, School
from hadir.schools.services import add_school

SINCE: Final = date(2025, 7, 14)
PATTERN: Final = "6hari"
VISITOR_KIOSK: Final = "Kios ruang guru"
"""The kiosk that a visitor opens in a browser."""
CHECK_KIOSK: Final = "Kios pemeriksaan otomatis"
"""The kiosk as which `hadir demo` itself goes the whole way."""


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A login of the demo: its name, who sits behind it, what it may do and where."""

    username: str
    display_name: str
    kind: RoleKind
    npsn: str = ""
    district: str = ""
    person: str = ""


LOGINS: Final = (
    DemoLogin("operator", "Lailatul Mukarromah", RoleKind.OPERATOR, npsn=TOWN.npsn, person="Lailatul Mukarromah"),
    DemoLogin("kepala", "Hj. Siti Rofi\u2019ah", RoleKind.HEAD, npsn=TOWN.npsn, person="Hj. Siti Rofi\u2019ah"),
    DemoLogin("guru", "Nurul Hidayati", RoleKind.TEACHER, npsn=TOWN.npsn, person="Nurul Hidayati"),
    DemoLogin("operator.pagerungan", "Nor Aini", RoleKind.OPERATOR, npsn=ISLAND.npsn, person="Nor Aini"),
    DemoLogin("pengawas", "Pengawas Kecamatan Sapeken", RoleKind.SUPERVISOR, district="Sapeken"),
    DemoLogin("dinas", "Bidang Ketenagaan Dinas Pendidikan", RoleKind.DINAS),
    DemoLogin("inspektorat", "Inspektorat", RoleKind.INSPECTOR),
    DemoLogin("petugas.ti", "Petugas TI", RoleKind.IT),
)


def seed_region(*, now: datetime) -> Region:
    """Make what is missing of the demo region: places, schools, people, assignments, logins, kiosks.

    Raises HadirError `demo_name_taken` where a login of the demo belongs to somebody real.
    """
    with transaction.atomic():
        region, _made = Region.objects.get_or_create(name=REGION, defaults={"is_demo": True})
        for name in (*MAINLAND, *ISLAND_DISTRICTS):
            island = name in ISLAND_DISTRICTS
            District.objects.get_or_create(region=region, name=name, defaults={"is_island": island})
        for name in ISLANDS:
            Island.objects.get_or_create(name=name)
        schools = _seed_schools(region, now)
        for person in demo_people():
            _seed_person(person, schools, now)
        for name in (VISITOR_KIOSK, CHECK_KIOSK):
            if not Device.objects.filter(name=name, schools=schools[TOWN.npsn]).exists():
                create_kiosk(name=name, schools=[schools[TOWN.npsn]], by=None, now=now)
        for login in LOGINS:
            _seed_login(login, region, schools, now)
        _seed_hours(region, now)
    return region


def demo_region() -> Region:
    """Return the demo region. Raises HadirError `demo_missing`."""
    region = Region.objects.filter(name=REGION, is_demo=True).first()
    if region is None:
        raise HadirError("demo_missing")
    return region


def demo_kiosk(name: str) -> Device:
    """Return one of the demo's kiosks. Raises HadirError `demo_missing`."""
    device = Device.objects.filter(name=name, schools__npsn=TOWN.npsn).first()
    if device is None:
        raise HadirError("demo_missing")
    return device


def demo_people_in_database(name: str) -> Person:
    """Return a person of the demo by name. Raises HadirError `demo_missing`."""
    person = Person.objects.filter(name=name, assignments__school__district__region__name=REGION).first()
    if person is None:
        raise HadirError("demo_missing")
    return person


def renew_logins(*, now: datetime) -> Sequence[tuple[DemoLogin, str]]:
    """Give every login of the demo a new random password and return them; nobody knows the former ones any more."""
    users = {user.username: user for user in User.objects.filter(username__in=[login.username for login in LOGINS])}
    return [(login, set_password(user=users[login.username], now=now)) for login in LOGINS if login.username in users]


def invite_visitor(*, now: datetime) -> str:
    """Return a one-time code for the visitor's kiosk."""
    return invite_kiosk(device=demo_kiosk(VISITOR_KIOSK), by=None, now=now)


def _seed_hours(region: Region, now: datetime) -> None:
    """Give the region the example's hours for six days a week, and the holidays known so far."""
    if not WorkingHours.objects.filter(region=region).exists():
        set_hours(scope=region, pattern=PATTERN, valid_from=SINCE, now=now, source="paket contoh")
    seed_holidays(region=region, years=range(SINCE.year, now.year + 2), now=now)


def _seed_schools(region: Region, now: datetime) -> dict[str, School]:
    districts = {district.name: district for district in region.districts.all()}
    islands = {island.name: island for island in Island.objects.all()}
    for demo in SCHOOLS:
        if not School.objects.filter(npsn=demo.npsn).exists():
            add_school(
                npsn=demo.npsn,
                name=demo.name,
                level=demo.level,
                district=districts[demo.district],
                island=islands.get(demo.island),
                address=demo.address,
                now=now,
            )
    return {school.npsn: school for school in School.objects.filter(npsn__in=[demo.npsn for demo in SCHOOLS])}


def _seed_person(demo: DemoPerson, schools: dict[str, School], now: datetime) -> None:
    if Person.objects.filter(name=demo.name, assignments__school__in=schools.values()).exists():
        return
    person = add_person(
        name=demo.name,
        title_front=demo.title_front,
        title_back=demo.title_back,
        salutation=demo.salutation,
        nip=demo.nip,
        nuptk=demo.nuptk,
        now=now,
    )
    start = min(SINCE, local_date(now, settings.TIME_ZONE))
    for place, (school, duty) in enumerate(demo.duties):
        assign_person(
            person=person,
            school=schools[school.npsn],
            duty=duty,
            staff_kind=demo.kind,
            is_home=place == 0,
            valid_from=start,
            now=now,
        )


def _seed_login(demo: DemoLogin, region: Region, schools: dict[str, School], now: datetime) -> None:
    user = User.objects.filter(username=demo.username).first()
    if user is None:
        person = demo_people_in_database(demo.person) if demo.person else None
        user, _password = make_login(username=demo.username, display_name=demo.display_name, person=person, now=now)
    elif not user.roles.exists() or user.is_superuser or _works_elsewhere(user, region):
        raise HadirError("demo_name_taken", username=demo.username)
    school = schools.get(demo.npsn)
    district = District.objects.filter(region=region, name=demo.district).first() if demo.district else None
    place = region if school is None and district is None else None
    grant_role(user=user, kind=demo.kind, school=school, district=district, region=place, now=now)


def _works_elsewhere(user: User, region: Region) -> bool:
    places = user.roles.values_list("school__district__region", "district__region", "region")
    return any(key != region.pk for place in places for key in place if key is not None)
