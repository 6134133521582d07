"""The pages of kiosks: a link that is shown once, an end that is asked for, and no sight of another school's."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from hadir.accounts.models import RoleKind
from hadir.conftest import NOW, World
from hadir.devices.models import Device, KioskInvite
from hadir.devices.services import activate_kiosk, create_kiosk, hear_device
from hadir.devices.views import camera_works_at
from hadir.schools.services import add_school


@pytest.fixture
def operator(world: World) -> Client:
    return world.client(world.login(RoleKind.OPERATOR, world.jauh))


@pytest.fixture
def kiosk(world: World) -> Device:
    return create_kiosk(name="Kios gerbang", schools=[world.jauh], by=None, now=NOW)


def shown_code(page: str) -> str:
    found = re.search(r"/kios/#kode=([\w-]+)", page)
    assert found
    return found[1]


def test_from_a_name_to_a_linked_browser(world: World, operator: Client):
    answer = operator.post("/perangkat/tambah/", {"name": "Kios ruang guru", "schools": ["20529003"]}, follow=True)
    device = Device.objects.get(name="Kios ruang guru")
    assert answer.redirect_chain[-1][0] == f"/perangkat/{device.pk}/"
    assert "Menunggu tautan" in answer.content.decode()
    made = operator.post(f"/perangkat/{device.pk}/tautan/")
    code = shown_code(made.content.decode())
    linked, _token = activate_kiosk(code=code, user_agent="", app_version="0.1.0", handshake=1, now=NOW)
    assert linked == device
    assert world.jauh in linked.schools.all()


def test_link_is_shown_once_with_qr_and_is_stored_as_hash_only(operator: Client, kiosk: Device):
    before = operator.get(f"/perangkat/{kiosk.pk}/tautan/").content.decode()
    assert "#kode=" not in before
    made = operator.post(f"/perangkat/{kiosk.pk}/tautan/")
    page = made.content.decode()
    code = shown_code(page)
    figure = page.split('class="qr"')[1].split("</figure>")[0]
    assert "<svg" in figure
    assert "style=" not in figure
    assert "no-store" in made["Cache-Control"]
    assert f"#kode={code}" not in operator.get(f"/perangkat/{kiosk.pk}/tautan/").content.decode()
    assert code not in str(list(KioskInvite.objects.values()))


def test_link_leads_to_the_public_address(operator: Client, kiosk: Device, settings: object):
    settings.PUBLIC_URL = "https://hadir.example"  # type: ignore[attr-defined]
    page = operator.post(f"/perangkat/{kiosk.pk}/tautan/").content.decode()
    assert "https://hadir.example/kios/#kode=" in page
    assert "Kamera tidak akan terbuka" not in page


@pytest.mark.parametrize(
    ("address", "works"),
    [
        ("https://hadir.example/kios/", True),
        ("http://hadir.example/kios/", False),
        ("http://192.168.1.5:8000/kios/", False),
        ("http://localhost:8000/kios/", True),
        ("http://127.0.0.1:8000/kios/", True),
        ("http://[::1]:8000/kios/", True),
        ("http://localhost.example/kios/", False),
    ],
)
def test_where_browsers_give_a_camera(address: str, works: bool):
    assert urlsplit(address).path == "/kios/"
    assert camera_works_at(address) is works


def test_link_without_https_says_that_the_camera_stays_shut(operator: Client, kiosk: Device):
    page = operator.post(f"/perangkat/{kiosk.pk}/tautan/").content.decode()
    assert "Kamera tidak akan terbuka" in page


def test_ending_is_asked_first_and_final(operator: Client, kiosk: Device):
    asked = operator.get(f"/perangkat/{kiosk.pk}/nonaktifkan/").content.decode()
    assert "tidak dapat dibatalkan" in asked
    kiosk.refresh_from_db()
    assert kiosk.revoked_at is None
    answer = operator.post(f"/perangkat/{kiosk.pk}/nonaktifkan/", follow=True)
    assert "dinonaktifkan" in answer.content.decode()
    again = operator.post(f"/perangkat/{kiosk.pk}/tautan/", follow=True)
    assert "Tambahkan perangkat baru" in again.content.decode()


def test_list_says_when_heard_and_what_is_unsent(operator: Client, kiosk: Device):
    hear_device(device=kiosk, now=NOW, unsent=7, app_version="0.1.0")
    page = operator.get("/perangkat/").content.decode()
    assert "Kios gerbang" in page
    assert "Kantor guru" not in page
    assert ">7<" in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": "", "schools": ["20529003"]}, "Beri nama kios"),
        ({"name": "Kios", "schools": []}, "Pilih sedikitnya satu sekolah"),
        ({"name": "Kios", "schools": ["20529001"]}, "tidak ada di wilayah Anda"),
    ],
)
def test_wrong_form_makes_no_kiosk(operator: Client, given: dict[str, object], words: str):
    before = Device.objects.count()
    page = operator.post("/perangkat/tambah/", given).content.decode()
    assert words in page
    assert Device.objects.count() == before


def test_region_with_many_schools_names_them_by_npsn(world: World):
    for number in range(25):
        add_school(npsn=f"3{number:07}", name=f"SDN {number}", level="SD", district=world.district, now=NOW)
    client = world.client(world.login(RoleKind.DINAS, world.region))
    assert "checkbox" not in client.get("/perangkat/tambah/").content.decode()
    refused = client.post("/perangkat/tambah/", {"name": "Satu atap", "schools": "30000001, 12345678"})
    assert "12345678" in refused.content.decode().split("errorlist")[1]
    client.post("/perangkat/tambah/", {"name": "Satu atap", "schools": "30000002, 30000001"})
    device = Device.objects.get(name="Satu atap")
    assert [link.school.npsn for link in device.school_links.all()] == ["30000002", "30000001"]


@pytest.mark.parametrize("path", ["", "tautan/", "nonaktifkan/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_kiosk_of_another_school_does_not_exist(world: World, operator: Client, path: str, method: str):
    answer = getattr(operator, method)(f"/perangkat/{world.kiosk.pk}/{path}")
    assert answer.status_code in ({404} if path or method == "get" else {404, 405})
    world.kiosk.refresh_from_db()
    assert world.kiosk.revoked_at is None


def test_who_may_only_look_sees_no_button(world: World):
    client = world.client(world.login(RoleKind.SUPERVISOR, world.district))
    page = client.get(f"/perangkat/{world.kiosk.pk}/").content.decode()
    assert "Kantor guru" in page
    assert "Buat tautan" not in page
    assert client.post(f"/perangkat/{world.kiosk.pk}/tautan/").status_code == 403
