"""Adding a person over HTTP: what was typed stays, what is wrong is said beside its field."""

from typing import Any

import pytest
from django.test import Client

from hadir.accounts.models import RoleKind
from hadir.conftest import NOW, World
from hadir.core.models import AuditEntry
from hadir.people.models import Assignment, Person
from hadir.schools.services import add_school

GIVEN = {
    "name": "Qurratul Aini",
    "title_back": "S.Pd.",
    "salutation": "Ibu",
    "nip": "19880412 201101 2 009",
    "school": "20529001",
    "duty": "Guru kelas 2",
    "staff_kind": "PNS",
    "valid_from": "2026-07-01",
    "is_home": "on",
}


@pytest.fixture
def operator(world: World) -> Client:
    return world.client(world.login(RoleKind.OPERATOR, world.kota))


def test_person_and_assignment_are_made_and_shown(world: World, operator: Client):
    answer = operator.post("/orang/tambah/", GIVEN, follow=True)
    person = Person.objects.get(name="Qurratul Aini")
    assert answer.redirect_chain[-1][0] == f"/orang/{person.pk}/"
    assert "Qurratul Aini ditambahkan" in answer.content.decode()
    assert person.nip == "198804122011012009"
    assignment = Assignment.objects.get(person=person)
    assert (assignment.school, assignment.duty, assignment.is_home) == (world.kota, "Guru kelas 2", True)
    assert AuditEntry.objects.filter(action="add_person", object_id=str(person.pk), actor__isnull=False).exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Nama belum diisi"),
        ({"name": "   "}, "Nama belum diisi"),
        ({"nip": "123"}, "NIP terdiri atas 18 angka"),
        ({"nuptk": "abc"}, "NUPTK terdiri atas 16 angka"),
        ({"duty": ""}, "Tugas belum diisi"),
        ({"valid_from": "kemarin"}, "Tulis tanggal seperti"),
        ({"name": "A" * 161}, "paling panjang 160"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(operator: Client, changes: dict[str, str], words: str):
    before = Person.objects.count()
    page = operator.post("/orang/tambah/", GIVEN | changes).content.decode()
    assert words in page
    assert 'value="Guru kelas 2"' in page or "duty" in changes
    assert Person.objects.count() == before


def test_number_of_somebody_else_makes_no_half_person(world: World, operator: Client):
    world.anwar.nip = "198804122011012009"
    world.anwar.save()
    page = operator.post("/orang/tambah/", GIVEN).content.decode()
    assert "sudah dipakai orang lain" in page
    assert "Anwar" not in page
    assert not Person.objects.filter(name="Qurratul Aini").exists()


@pytest.mark.parametrize("npsn", ["20529003", "99999999", "", "x"])
def test_only_ones_own_schools(operator: Client, npsn: str):
    operator.post("/orang/tambah/", GIVEN | {"school": npsn})
    assert not Person.objects.filter(name="Qurratul Aini").exists()


def test_region_with_many_schools_types_the_npsn(world: World):
    for number in range(25):
        add_school(npsn=f"3{number:07}", name=f"SDN {number}", level="SD", district=world.district, now=NOW)
    dinas = world.client(world.login(RoleKind.DINAS, world.region))
    page = dinas.get("/orang/tambah/?sekolah=30000007").content.decode()
    assert "<option" not in page.split('id="id_school"')[1].split("</div>")[0]
    assert 'value="30000007"' in page
    dinas.post("/orang/tambah/", GIVEN | {"school": " 30000007 "})
    assert Assignment.objects.get(person__name="Qurratul Aini").school.npsn == "30000007"


@pytest.mark.parametrize("kind", [RoleKind.TEACHER])
def test_without_the_right_it_is_refused(world: World, kind: Any):
    assert world.client(world.login(kind, world.kota)).get("/orang/tambah/").status_code == 403
