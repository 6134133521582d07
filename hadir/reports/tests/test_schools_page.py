"""The list of schools of a region: counters per school, found by typing, bounded in cost."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from hadir.accounts.models import RoleKind
from hadir.conftest import NOW, World
from hadir.devices.services import hear_device
from hadir.reports.queries import school_lines
from hadir.reports.tests.conftest import GiveFace, Scan
from hadir.schools.models import School
from hadir.schools.services import add_school


@pytest.fixture
def dinas(world: World) -> Client:
    return world.client(world.login(RoleKind.DINAS, world.region))


def test_lines_count_each_person_once_per_school(world: World, give_face: GiveFace, scan: Scan):
    give_face(world.siti)
    give_face(world.hasan)
    scan("06:58:12", world.hasan)
    by_npsn = {line.school.npsn: line for line in school_lines(list(School.objects.all()), now=NOW)}
    kota, pulau, jauh = (by_npsn[npsn] for npsn in ("20529001", "20529002", "20529003"))
    assert (kota.people, kota.seen, kota.awaited, kota.not_enrolled) == (2, 1, 1, 0)
    assert (pulau.people, pulau.seen, pulau.awaited, pulau.not_enrolled) == (2, 1, 0, 1)
    assert (jauh.people, jauh.seen, jauh.awaited, jauh.not_enrolled, jauh.kiosks) == (1, 0, 0, 1, 0)


def test_dinas_finds_a_school_by_typing(world: World, dinas: Client):
    hear_device(device=world.kiosk, now=datetime(2026, 9, 14, 0, 4, tzinfo=UTC), unsent=3, app_version="0.1.0")
    page = dinas.get("/hari-ini/").content.decode()
    assert "SDN Pangarangan I" in page
    assert "SMPN 1 Sapeken" in page
    assert "3 belum terkirim" in page
    for words in ("sapeken", "20529003", "smpn 1"):
        found = dinas.get("/hari-ini/", {"cari": words}).content.decode()
        assert "SMPN 1 Sapeken" in found
        assert "Pangarangan" not in found
    assert "Tidak ada yang cocok" in dinas.get("/hari-ini/", {"cari": "Surabaya"}).content.decode()


def test_counters_add_up_and_filter(world: World, dinas: Client):
    hear_device(device=world.kiosk, now=NOW, unsent=0, app_version="0.1.0")
    assert "SMPN 1 Sapeken" not in dinas.get("/hari-ini/?keadaan=terdengar").content.decode()
    assert "SMPN 1 Sapeken" in dinas.get("/hari-ini/?keadaan=tanpa-kios").content.decode()
    assert "Tidak ada yang cocok" in dinas.get("/hari-ini/?keadaan=belum-terdengar").content.decode()


def test_korwil_sees_the_kecamatan_only(world: World):
    page = world.client(world.login(RoleKind.SUPERVISOR, world.district)).get("/hari-ini/").content.decode()
    assert "SDN Pangarangan I" in page
    assert "Sapeken" not in page


def test_queries_do_not_grow_with_schools(
    world: World, dinas: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
):
    dinas.get("/hari-ini/")
    with django_assert_max_num_queries(14) as few:
        dinas.get("/hari-ini/")
    for number in range(120):
        add_school(npsn=f"3{number:07}", name=f"SDN {number}", level="SD", district=world.district, now=NOW)
    with django_assert_num_queries(len(few.captured_queries)):
        page = dinas.get("/hari-ini/").content.decode()
    assert "1\N{EN DASH}100 dari 123" in page
    assert "101\N{EN DASH}123 dari 123" in dinas.get("/hari-ini/?halaman=2").content.decode()
