"""The list of people and the page of one: found by typing, closed to other schools, honest about faces."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from hadir.accounts.models import RoleKind
from hadir.conftest import NOW, World
from hadir.enrolment.models import DuplicateReview, EnrolmentState
from hadir.people.models import Assignment
from hadir.people.services import add_person, assign_person, end_assignment
from hadir.reports.tests.conftest import GiveFace, Scan


@pytest.fixture
def operator(world: World) -> Client:
    return world.client(world.login(RoleKind.OPERATOR, world.kota))


def test_list_has_ones_own_people_only(operator: Client):
    page = operator.get("/orang/").content.decode()
    assert "Siti Aminah" in page
    assert "Hasan Basri" in page
    assert "Anwar" not in page
    assert "Rahmawati" not in page


@pytest.mark.parametrize(
    ("words", "found"),
    [("siti", True), ("AMINAH siti", True), ("1988 0412", True), ("198804", True), ("hasan", False), ("%", False)],
)
def test_people_are_found_by_typing(world: World, operator: Client, words: str, found: bool):
    world.siti.nip = "198804122011012009"
    world.siti.save()
    assert ("Siti Aminah" in operator.get("/orang/", {"cari": words}).content.decode()) is found


def test_face_counters_filter(world: World, operator: Client, give_face: GiveFace):
    give_face(world.siti)
    give_face(world.hasan, EnrolmentState.HELD)
    assert "Hasan" not in operator.get("/orang/?wajah=terdaftar").content.decode()
    assert "Siti" not in operator.get("/orang/?wajah=menunggu").content.decode()
    assert "Tidak ada yang cocok" in operator.get("/orang/?wajah=belum").content.decode()


def test_hundred_a_page_at_a_bounded_cost(
    world: World, operator: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
):
    def add(number: int) -> None:
        for place in range(number):
            person = add_person(name=f"Guru {place:03}", now=NOW)
            assign_person(
                person=person, school=world.kota, duty="Guru", staff_kind="PNS", valid_from=NOW.date(), now=NOW
            )

    add(5)
    operator.get("/orang/")
    with django_assert_max_num_queries(18) as few:
        operator.get("/orang/")
    add(150)
    with django_assert_num_queries(len(few.captured_queries)):
        page = operator.get("/orang/").content.decode()
    assert "1\N{EN DASH}100 dari 157" in page


def test_number_in_the_bar_is_work_for_this_login(world: World, operator: Client, give_face: GiveFace):
    held = give_face(world.siti, EnrolmentState.HELD)
    DuplicateReview.objects.create(enrolment=held, other_person=world.hasan, similarity=0.8, created_at=NOW)
    head_login = world.login(RoleKind.HEAD, world.kota)
    head = world.client(head_login)
    assert '<span class="pill">1</span>' in head.get("/orang/").content.decode()
    assert "1 wajah menunggu pemeriksaan Anda" in head.get("/orang/").content.decode()
    assert 'class="pill"' not in operator.get("/orang/").content.decode()
    held.started_by = head_login
    held.save()
    assert 'class="pill"' not in head.get("/orang/").content.decode()


def test_person_page_tells_face_assignments_and_scans(world: World, operator: Client, give_face: GiveFace, scan: Scan):
    face = give_face(world.siti)
    scan("06:58:12", world.siti)
    page = operator.get(f"/orang/{world.siti.pk}/").content.decode()
    for words in ("Siti Aminah", "Terdaftar", face.pack, "naskah versi 1", "Sen 14 Sep 06.58", "Kantor guru"):
        assert words in page
    assert f"/orang/{world.siti.pk}/wajah/hapus/" in page


def test_head_may_look_but_does_not_enrol(world: World, give_face: GiveFace):
    give_face(world.siti)
    page = world.client(world.login(RoleKind.HEAD, world.kota)).get(f"/orang/{world.siti.pk}/").content.decode()
    assert "Perbarui wajah" not in page
    assert "Hapus data wajah" not in page


def test_former_school_reads_what_happened_while_she_was_there(world: World, operator: Client, scan: Scan):
    last = NOW.date() - timedelta(days=1)
    scan("2026-09-13T06:40:00+07:00", world.siti)
    end_assignment(assignment=Assignment.objects.get(person=world.siti), last_day=last, now=NOW)
    assign_person(
        person=world.siti, school=world.pulau, duty="Guru", staff_kind="PNS", valid_from=date(2026, 9, 14), now=NOW
    )
    scan("06:58:12", world.siti)
    page = operator.get(f"/orang/{world.siti.pk}/").content.decode()
    assert "06.40" in page
    assert "06.58" not in page
    assert "Tidak sedang bertugas" in page


@pytest.mark.parametrize(
    "path", ["/orang/?sekolah=20529003", "/orang/?sekolah=x", "/orang/{anwar}/", "/orang/{rahma}/"]
)
def test_another_school_does_not_exist(world: World, operator: Client, path: str):
    answer = operator.get(path.format(anwar=world.anwar.pk, rahma=world.rahma.pk))
    assert answer.status_code == 404
    assert "Anwar" not in answer.content.decode()


def test_teacher_reads_her_own_page_only(world: World, scan: Scan):
    user = world.login(RoleKind.TEACHER, world.kota)
    user.person = world.siti
    user.save()
    scan("06:58:12", world.siti)
    client = world.client(user)
    page = client.get(f"/orang/{world.siti.pk}/").content.decode()
    assert "06.58" in page
    assert "Catatan saya" in page
    assert client.get(f"/orang/{world.hasan.pk}/").status_code == 404
