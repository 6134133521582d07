"""The region: counters per school and kecamatan, who has not been heard, found by typing, bounded in cost."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from hadir.accounts.models import RoleKind
from hadir.attendance.tests.conftest import Week, at
from hadir.conftest import NOW, World
from hadir.devices.services import create_kiosk, hear_device
from hadir.reports.cartogram import SUMENEP, WATERS
from hadir.reports.queries import region_day, school_lines
from hadir.schools.models import District, Island, School
from hadir.schools.services import add_school


@pytest.fixture
def dinas(world: World) -> Client:
    return world.client(world.login(RoleKind.DINAS, world.region))


def test_lines_count_each_person_once_per_school(week: Week):
    world = week.world
    week.scan(world.hasan, at("06:58"))
    week.compute(world.kota, now=NOW)
    week.compute(world.pulau, now=NOW)
    by_npsn = {line.school.npsn: line for line in school_lines(list(School.objects.all()), now=NOW)}
    kota, pulau, jauh = (by_npsn[npsn] for npsn in ("20529001", "20529002", "20529003"))
    assert (kota.people, kota.seen, kota.away, kota.awaited) == (2, 1, 0, 1)
    assert (pulau.people, pulau.seen, pulau.awaited) == (2, 0, 2)
    assert (jauh.people, jauh.seen, jauh.awaited, jauh.kiosks) == (1, 0, 1, 0)


def test_counters_say_what_they_are_out_of_and_add_up(week: Week):
    world = week.world
    week.scan(world.siti, at("06:58"))
    week.hear(at("07:02"))
    week.compute(world.kota, now=NOW)
    week.compute(world.pulau, now=NOW)
    found = region_day(School.objects.all(), now=NOW)
    assert (found.schools, found.heard, found.silent, found.unused) == (3, 2, 0, 1)
    assert found.people == found.seen + found.duty + found.leave + found.awaited + found.absent == 4
    page = world.client(world.login(RoleKind.DINAS, world.region)).get("/hari-ini/").content.decode()
    assert "3 sekolah" in page
    assert "4 orang bekerja hari ini di 2 sekolah yang terdengar" in page
    # Nobody can be without a reason before the first window of the region has ended.
    assert "mulai 20.00" in page


def test_dinas_finds_a_school_by_typing(world: World, dinas: Client):
    hear_device(device=world.kiosk, now=datetime(2026, 9, 14, 0, 4, tzinfo=UTC), unsent=3, app_version="0.1.0")
    page = dinas.get("/hari-ini/").content.decode()
    assert "SDN Pangarangan I" in page
    assert "SMPN 1 Sapeken" in page
    assert "3 belum terkirim" in page
    for words in ("sapeken", "20529003", "smpn 1"):
        found = dinas.get("/hari-ini/", {"cari": words}, headers={"HX-Request": "true"}).content.decode()
        assert "SMPN 1 Sapeken" in found
        assert "Pangarangan" not in found
    assert "Tidak ada yang cocok" in dinas.get("/hari-ini/", {"cari": "Surabaya"}).content.decode()


def test_groups_filter_the_list(world: World, dinas: Client):
    hear_device(device=world.kiosk, now=NOW, unsent=0, app_version="0.1.0")

    def listed(query: str) -> str:
        return dinas.get(f"/hari-ini/?{query}").content.decode().split('id="found"')[1].split("</section>")[0]

    assert "SMPN 1 Sapeken" not in listed("keadaan=terdengar")
    assert "SMPN 1 Sapeken" in listed("keadaan=tanpa-kios")
    assert "SMPN 1 Sapeken" in listed("kecamatan=Sapeken")
    assert "Pangarangan" not in listed("kecamatan=Sapeken")
    assert "Tidak ada yang cocok" in listed("keadaan=belum-terdengar")


def test_silent_schools_of_one_place_are_one_row_with_a_next_step(world: World, dinas: Client):
    island = Island.objects.create(name="Pagerungan Besar")
    quiet = NOW - timedelta(days=2)

    def silent(number: int, name: str, district: District, island: Island | None = None) -> None:
        school = add_school(npsn=f"4{number:07}", name=name, level="SD", district=district, island=island, now=NOW)
        kiosk = create_kiosk(name=name, schools=[school], by=None, now=quiet)
        hear_device(device=kiosk, now=quiet, unsent=0, app_version="1")

    hear_device(device=world.kiosk, now=NOW, unsent=0, app_version="1")
    masalembu = District.objects.create(region=world.region, name="Masalembu", is_island=True)
    for number in range(3):
        silent(number, f"SDN Masalembu {number}", masalembu)
    for number in range(3, 5):
        silent(number, f"SDN Pagerungan {number}", world.district, island)
    silent(6, "SDN Sendiri", world.district)
    page = dinas.get("/belum-terdengar/").content.decode()
    table = page.split("<tbody>")[1].split("</tbody>")[0]
    rows = [" ".join(re.sub("<[^>]+>", " ", row).split()) for row in table.split("</tr>")[:-1]]
    assert [row.split(" Sab ")[0] for row in rows] == [
        "Masalembu 3 sekolah, semuanya",
        "Pagerungan Besar 2 sekolah, semuanya",
        "SDN Sendiri Kota Sumenep",
    ]
    assert "Hubungi korwil" in rows[0]
    assert "Telepon operator" in rows[2]
    assert "Semua <b>6</b>" in page
    only = dinas.get("/belum-terdengar/?sebab=single").content.decode()
    assert "SDN Sendiri" in only
    assert "Masalembu" not in only


def test_a_kecamatan_without_a_heard_school_has_no_percent(world: World, dinas: Client):
    for number, name in enumerate(("Raas", "Gayam", "Arjasa")):
        district = District.objects.create(region=world.region, name=name, is_island=True)
        school = add_school(npsn=f"4{number:07}", name=f"SDN {name}", level="SD", district=district, now=NOW)
        create_kiosk(name=name, schools=[school], by=None, now=NOW)
    page = dinas.get("/hari-ini/").content.decode()
    tile = page.split('href="?kecamatan=Raas#found"')[1].split("</a>")[0]
    assert "tertunda" in tile
    assert "%" not in tile
    assert "0/1" in tile


def test_every_place_of_the_map_has_its_rule():
    css = (settings.PACKAGE / "static" / "office" / "region.css").read_text(encoding="utf-8")
    for column, row in [*SUMENEP.values(), *(place for _name, place in WATERS)]:
        assert f".cx{column} {{" in css
        assert f".cy{row} {{" in css
    assert len(SUMENEP) == len(set(SUMENEP.values())) == 27


def test_korwil_sees_the_kecamatan_only(world: World):
    client = world.client(world.login(RoleKind.SUPERVISOR, world.district))
    for address in ("/hari-ini/", "/belum-terdengar/"):
        page = client.get(address).content.decode()
        assert "Sapeken" not in page
    assert "SDN Pangarangan I" in client.get("/hari-ini/").content.decode()


def test_a_teacher_has_no_region(world: World):
    client = world.client(world.login(RoleKind.TEACHER, world.kota))
    assert client.get("/belum-terdengar/").status_code == 404


@pytest.mark.parametrize("path", ["/hari-ini/?cari=SDN", "/hari-ini/", "/belum-terdengar/"])
def test_queries_do_not_grow_with_schools(
    world: World, dinas: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any, path: str
):
    def add(numbers: range) -> None:
        for number in numbers:
            name = f"SDN {number}"
            school = add_school(npsn=f"3{number:07}", name=name, level="SD", district=world.district, now=NOW)
            create_kiosk(name=name, schools=[school], by=None, now=NOW)

    add(range(30))
    dinas.get(path)
    with django_assert_max_num_queries(20) as few:
        dinas.get(path)
    add(range(30, 150))
    with django_assert_num_queries(len(few.captured_queries)):
        dinas.get(path)


def test_a_hundred_schools_a_page(world: World, dinas: Client):
    for number in range(120):
        add_school(npsn=f"3{number:07}", name=f"SDN {number}", level="SD", district=world.district, now=NOW)
    assert "1\N{EN DASH}100 dari 122" in dinas.get("/hari-ini/?cari=SDN").content.decode()
    assert "101\N{EN DASH}122 dari 122" in dinas.get("/hari-ini/?cari=SDN&halaman=2").content.decode()
    # Without being asked, a long list stays away: schools are found by typing.
    assert "SDN 77" not in dinas.get("/hari-ini/").content.decode()


def test_the_region_speaks_english(dinas: Client):
    dinas.cookies["hadir_bahasa"] = "en"
    page = dinas.get("/hari-ini/").content.decode()
    assert '<html lang="en">' in page
