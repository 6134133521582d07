"""Fixtures for the apps' tests: a small world of named actors, and an end for tests that commit."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client, TransactionTestCase

from hadir.accounts.models import RoleKind, User
from hadir.accounts.services import grant_role, make_login
from hadir.core.append_only import PROTECTED, protect_sql, unprotect_sql
from hadir.devices.models import Device
from hadir.devices.services import activate_kiosk, create_kiosk, invite_kiosk
from hadir.people.models import Person
from hadir.people.services import add_person, assign_person
from hadir.schools.models import District, Region, School
from hadir.schools.services import add_school

NOW = datetime(2026, 9, 14, 0, 5, tzinfo=UTC)
"""Monday 14 September 2026, 07.05 WIB."""


@pytest.fixture(autouse=True, scope="session")
def flush_append_only_tables() -> Iterator[None]:
    """Lift the protection for the moment in which a test that commits empties all tables."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    if flush.__name__ == "lifted_flush":
        # Tests elsewhere import this fixture too; lifted twice, the protection would be put back twice.
        yield
        return

    def lifted_flush(case: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            for table in PROTECTED:
                for statement in unprotect_sql(table, connection.vendor):
                    cursor.execute(statement)
        flush(case)
        with connection.cursor() as cursor:
            for table in PROTECTED:
                for statement in protect_sql(table, connection.vendor):
                    cursor.execute(statement)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lifted_flush)
        yield


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """Hash passwords quickly; one test of accounts looks at the real hasher."""
    settings.PASSWORD_HASHERS = [
        f"{MD5PasswordHasher.__module__}.{MD5PasswordHasher.__name__}",
        *settings.PASSWORD_HASHERS,
    ]


@dataclass(frozen=True, slots=True)
class World:
    """Two schools of one kecamatan and one far away, in a real (not demo) region.

    Bu Siti teaches at `kota`, Pak Hasan at `kota` and `pulau`, Bu Rahma at `pulau`, Pak Anwar at `jauh`.
    `kiosk` serves `kota` and `pulau` and is activated with `token`.
    """

    region: Region
    district: District
    far_district: District
    kota: School
    pulau: School
    jauh: School
    siti: Person
    hasan: Person
    rahma: Person
    anwar: Person
    kiosk: Device
    token: str

    def login(self, kind: RoleKind, place: School | District | Region, *, name: str = "") -> User:
        """Make a login with one role at one place."""
        user, _ = make_login(username=name or f"{kind}.{uuid.uuid4().hex[:8]}", display_name=str(kind), now=NOW)
        field = {School: "school", District: "district", Region: "region"}[type(place)]
        grant_role(user=user, kind=kind, now=NOW, **{field: place})  # type: ignore[arg-type]
        return user

    def client(self, user: User) -> Client:
        """Return a browser in which this login is in."""
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def record(self, **changes: Any) -> dict[str, Any]:
        """Return a record as the kiosk would write it: Bu Siti at 06.58, with changes."""
        return {
            "v": 1,
            "id": str(uuid.uuid4()),
            "device": str(self.kiosk.pk),
            "person": str(self.siti.pk),
            "verdict": "recognised",
            "captured_at": "2026-09-14T06:58:12.345+07:00",
            "time_zone": "Asia/Jakarta",
            "similarity": 0.71,
            "second": 0.22,
            "frames": 4,
            "quality": {"size": 96.5, "sharpness": 0.8},
            "pack": "open-1-abcdef12",
            "source": "camera",
            "app": "0.1.0",
        } | changes

    def record_text(self, **changes: Any) -> str:
        """Return a record's text."""
        return json.dumps(self.record(**changes))


def _person(name: str, schools: list[School]) -> Person:
    person = add_person(name=name, now=NOW)
    for place, school in enumerate(schools):
        assign_person(
            person=person,
            school=school,
            duty="Guru kelas",
            staff_kind="PNS",
            valid_from=date(2020, 1, 1),
            now=NOW,
            is_home=place == 0,
        )
    return person


@pytest.fixture
def world(db: None) -> World:  # noqa: ARG001  the fixture opens the database
    """Build the world; see `World`."""
    region = Region.objects.create(name="Dinas Pendidikan Uji")
    district = District.objects.create(region=region, name="Kota Sumenep")
    far = District.objects.create(region=region, name="Sapeken", is_island=True)
    kota = add_school(npsn="20529001", name="SDN Pangarangan I", level="SD", district=district, now=NOW)
    pulau = add_school(npsn="20529002", name="SDN Kebunan II", level="SD", district=district, now=NOW)
    jauh = add_school(npsn="20529003", name="SMPN 1 Sapeken", level="SMP", district=far, now=NOW)
    kiosk = create_kiosk(name="Kantor guru", schools=[kota, pulau], by=None, now=NOW)
    code = invite_kiosk(device=kiosk, by=None, now=NOW)
    kiosk, token = activate_kiosk(code=code, user_agent="Test", app_version="0.1.0", handshake=1, now=NOW)
    return World(
        region=region,
        district=district,
        far_district=far,
        kota=kota,
        pulau=pulau,
        jauh=jauh,
        siti=_person("Siti Aminah", [kota]),
        hasan=_person("Hasan Basri", [kota, pulau]),
        rahma=_person("Rahmawati", [pulau]),
        anwar=_person("Anwar Sadat", [jauh]),
        kiosk=kiosk,
        token=token,
    )
