"""The board of today over HTTP: what it says of each person, how it stays alive, and that its cost does not grow."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from hadir.accounts.models import RoleKind
from hadir.conftest import NOW, World
from hadir.devices.services import hear_device
from hadir.enrolment.models import EnrolmentState
from hadir.enrolment.pack import current_manifest
from hadir.people.services import add_person, assign_person
from hadir.reports.tests.conftest import GiveFace, Scan


@pytest.fixture
def operator(world: World) -> Client:
    return world.client(world.login(RoleKind.OPERATOR, world.kota))


def rows(page: str) -> dict[str, str]:
    """Return the text of each row of the board by the person's id."""
    found = re.findall(r'<tr id="r-([0-9a-f-]+)".*?</tr>', page, re.DOTALL)
    return {
        key: " ".join(re.sub(r"<[^>]+>", " ", re.search(rf'<tr id="r-{key}".*?</tr>', page, re.DOTALL)[0]).split())  # type: ignore[index]
        for key in found
    }


def counters(page: str) -> dict[str, int]:
    """Return the counters of the board that are not zero, by the word beside each."""
    ledger = page.split('class="led"')[1].split("</nav>", maxsplit=1)[0]
    plain = re.sub(r"<svg.*?</svg>", "", ledger, flags=re.DOTALL)
    found = re.findall(r"<b>(\d+)</b>\s*<span[^>]*>([^<]+)</span>", plain)
    return {word: int(number) for number, word in found if int(number)}


def test_everybody_is_in_exactly_one_state_and_the_counters_add_up(
    world: World, operator: Client, give_face: GiveFace, scan: Scan
):
    give_face(world.siti)
    give_face(world.hasan)
    scan("06:58:12", world.siti)
    ike = add_person(name="Ike Nurjannah", now=NOW)
    assign_person(person=ike, school=world.kota, duty="Guru kelas 4", staff_kind="PNS", valid_from=NOW.date(), now=NOW)
    page = operator.get("/hari-ini/20529001/").content.decode()
    assert counters(page) == {"Hadir": 1, "Belum terlihat": 1, "Belum didaftarkan": 1}
    found = rows(page)
    assert "06.58" in found[str(world.siti.pk)]
    assert "Kantor guru" in found[str(world.siti.pk)]
    assert "Belum terlihat" in found[str(world.hasan.pk)]
    assert "Belum didaftarkan" in found[str(ike.pk)]
    assert str(world.rahma.pk) not in found


def test_a_face_made_by_another_pack_awaits_nobody(world: World, operator: Client, give_face: GiveFace):
    """No kiosk can know these people by it, so calling them not yet seen would be unfair."""
    if current_manifest() is None:
        pytest.skip("paket model belum dibangun: make models")
    give_face(world.hasan)
    give_face(world.siti, pack="open-1-00000000")
    page = operator.get("/hari-ini/20529001/").content.decode()
    assert counters(page) == {"Belum terlihat": 1, "Belum didaftarkan": 1}


def test_title_has_date_and_clock_of_the_schools_time_zone(world: World, operator: Client, give_face: GiveFace):
    give_face(world.siti)
    page = operator.get("/hari-ini/20529001/").content.decode()
    assert "Senin, 14 September 2026" in page
    assert ">07.05<" in page
    world.kota.time_zone = "Asia/Jayapura"
    world.kota.save()
    assert ">09.05<" in operator.get("/hari-ini/20529001/").content.decode()


@pytest.mark.parametrize(
    ("times", "shown"),
    [
        (["06:58:12"], ["06.58"]),
        (["06:58:12", "07:03:00"], ["06.58"]),
        (["06:30:00", "06:59:59"], ["06.30"]),
        (["06:30:00", "07:00:00"], ["06.30", "07.00"]),
        (["06:30:00", "06:45:00", "07:04:59"], ["06.30", "07.04"]),
    ],
)
def test_last_out_is_told_only_half_an_hour_after_the_first(
    world: World, operator: Client, scan: Scan, times: list[str], shown: list[str]
):
    for time in times:
        scan(time, world.siti)
    row = rows(operator.get("/hari-ini/20529001/").content.decode())[str(world.siti.pk)]
    # On phones arrival and departure stand together, so a departure is there twice.
    assert list(dict.fromkeys(re.findall(r"\d\d\.\d\d", row))) == shown


def test_a_scan_just_before_midnight_belongs_to_the_day_before(world: World, operator: Client, scan: Scan):
    scan("2026-09-13T23:59:59+07:00", world.siti)
    scan("2026-09-14T00:00:01+07:00", world.hasan)
    found = rows(operator.get("/hari-ini/20529001/?tanggal=2026-09-13").content.decode())
    assert "23.59" in found[str(world.siti.pk)]
    assert "Hadir" not in found[str(world.hasan.pk)]


def test_held_face_and_late_arrival_are_explained(world: World, operator: Client, give_face: GiveFace, scan: Scan):
    give_face(world.hasan, EnrolmentState.HELD)
    scan("06:20:00", world.siti)
    found = rows(operator.get("/hari-ini/20529001/").content.decode())
    assert "Wajah menunggu pemeriksaan" in found[str(world.hasan.pk)]
    assert "dikirim kemudian" in found[str(world.siti.pk)]


def test_sample_outside_a_demo_region_is_not_presence(world: World, operator: Client, give_face: GiveFace, scan: Scan):
    give_face(world.siti)
    scan("06:58:12", world.siti, source="sample")
    assert "Belum terlihat" in rows(operator.get("/hari-ini/20529001/").content.decode())[str(world.siti.pk)]
    world.region.is_demo = True
    world.region.save()
    row = rows(operator.get("/hari-ini/20529001/").content.decode())[str(world.siti.pk)]
    assert "Hadir" in row
    assert "contoh" in row


def test_unknown_faces_are_one_number_and_no_person(world: World, operator: Client, give_face: GiveFace, scan: Scan):
    give_face(world.siti)
    scan("06:50:00")
    scan("06:51:00")
    page = operator.get("/hari-ini/20529001/").content.decode()
    assert "<b>2</b> catatan wajah belum dikenali" in page


def test_device_strip_says_when_heard_and_what_is_unsent(world: World, operator: Client, give_face: GiveFace):
    give_face(world.siti)
    hear_device(device=world.kiosk, now=datetime(2026, 9, 14, 0, 4, tzinfo=UTC), unsent=12, app_version="0.1.0")
    page = operator.get("/hari-ini/20529001/").content.decode()
    assert "<b>07.04</b>, <b>12</b> belum terkirim" in page


def test_counter_filters_the_list_without_any_script(world: World, operator: Client, give_face: GiveFace, scan: Scan):
    give_face(world.hasan)
    scan("06:58:12", world.siti)
    seen = rows(operator.get("/hari-ini/20529001/?keadaan=hadir").content.decode())
    assert list(seen) == [str(world.siti.pk)]
    page = operator.get("/hari-ini/20529001/?keadaan=belum-didaftarkan").content.decode()
    assert rows(page) == {}
    assert "Tidak ada orang dengan keadaan" in page


@pytest.mark.parametrize("text", ["besok", "2026-13-40", "2026-09-15", "0001-01-01", "2026-09-14T00:00"])
def test_date_that_cannot_be_shown_is_said_and_today_stands(
    world: World, operator: Client, give_face: GiveFace, text: str
):
    give_face(world.siti)
    page = operator.get("/hari-ini/20529001/", {"tanggal": text}).content.decode()
    assert "Tanggal itu belum dapat dibuka" in page
    assert "Senin, 14 September 2026" in page


def test_new_school_sees_three_steps_and_the_next_action(world: World, operator: Client):
    page = operator.get("/hari-ini/20529001/").content.decode()
    assert "Belum ada wajah yang didaftarkan" in page
    assert f"/orang/{world.hasan.pk}/wajah/" in page
    assert "0 dari 2 orang" in page


def test_unchanged_board_costs_an_empty_304_and_a_scan_ends_that(
    world: World, operator: Client, give_face: GiveFace, scan: Scan
):
    give_face(world.siti)
    first = operator.get("/hari-ini/20529001/isi/")
    again = operator.get("/hari-ini/20529001/isi/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    weak = operator.get("/hari-ini/20529001/isi/", headers={"If-None-Match": f"W/{first['ETag']}"})
    assert weak.status_code == 304
    scan("06:58:12", world.siti)
    news = operator.get("/hari-ini/20529001/isi/", headers={"If-None-Match": first["ETag"]})
    assert news.status_code == 200
    assert "06.58" in news.content.decode()
    assert 'id="board-said"' in news.content.decode()
    assert news["Cache-Control"] == "private, no-cache"


def test_validator_differs_by_language_and_filter(world: World, operator: Client, give_face: GiveFace):
    give_face(world.siti)
    tags = {
        operator.get("/hari-ini/20529001/isi/")["ETag"],
        operator.get("/hari-ini/20529001/isi/?keadaan=hadir")["ETag"],
        operator.get("/hari-ini/20529001/isi/?tanggal=2026-09-13")["ETag"],
    }
    operator.cookies["hadir_bahasa"] = "en"
    tags.add(operator.get("/hari-ini/20529001/isi/")["ETag"])
    assert len(tags) == 4


@pytest.mark.parametrize("path", ["/hari-ini/20529001/", "/hari-ini/20529001/isi/", "/hari-ini/20529001/unduh.csv"])
def test_queries_do_not_grow_with_people(
    world: World,
    operator: Client,
    give_face: GiveFace,
    scan: Scan,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
    path: str,
):
    def add_people(number: int) -> None:
        for place in range(number):
            person = add_person(name=f"Guru {place:03}", now=NOW)
            assign_person(
                person=person, school=world.kota, duty="Guru", staff_kind="PNS", valid_from=NOW.date(), now=NOW
            )
            if place % 2:
                give_face(person)
            if place % 3 == 0:
                scan("06:58:12", person)

    add_people(10)
    operator.get(path)
    with django_assert_max_num_queries(34) as few:
        operator.get(path)
    add_people(190)
    with django_assert_num_queries(len(few.captured_queries)):
        page = operator.get(path).content.decode()
    people = len(re.findall(r'<tr id="r-|^20529001,', page, re.MULTILINE))
    assert people == 202


@pytest.mark.parametrize(
    "path",
    [
        "/hari-ini/20529003/",
        "/hari-ini/20529003/isi/",
        "/hari-ini/20529003/unduh.csv",
        "/hari-ini/20529003/?tanggal=2026-09-13",
        "/hari-ini/99999999/",
        "/hari-ini/x/",
    ],
)
def test_another_school_does_not_exist(operator: Client, path: str):
    answer = operator.get(path)
    assert answer.status_code == 404
    assert "Sapeken" not in answer.content.decode()


def test_teacher_sees_no_board_but_her_own_page(world: World):
    user = world.login(RoleKind.TEACHER, world.kota)
    user.person = world.siti
    user.save()
    client = world.client(user)
    assert client.get("/hari-ini/20529001/").status_code == 404
    assert client.get("/", follow=True).redirect_chain[-1][0] == f"/orang/{world.siti.pk}/"


def test_login_without_any_role_is_told_what_to_do(world: World):
    user = world.login(RoleKind.TEACHER, world.kota)
    page = world.client(user).get("/", follow=True).content.decode()
    assert "Akun ini belum punya tugas" in page


def test_board_speaks_english(world: World, operator: Client, give_face: GiveFace, scan: Scan):
    give_face(world.siti)
    scan("06:58:12", world.siti)
    operator.cookies["hadir_bahasa"] = "en"
    page = operator.get("/hari-ini/20529001/").content.decode()
    assert '<html lang="en">' in page
    assert "Present" in page
    assert "06:58" in page
    assert "Belum" not in page
