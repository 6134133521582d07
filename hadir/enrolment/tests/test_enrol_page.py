"""The enrolment page without any script: notice, photos, check; real photos, real engine."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hadir.accounts.models import RoleKind, User
from hadir.conftest import World
from hadir.enrolment.models import Enrolment, EnrolmentState, NoticeRecord, Template
from hadir.enrolment.tests.conftest import Enrol
from hadir.enrolment.tests.faces import photo
from hadir.face import Engine


@pytest.fixture
def login(world: World) -> User:
    return world.login(RoleKind.OPERATOR, world.kota)


@pytest.fixture
def operator(world: World, login: User) -> Client:
    return world.client(login)


@pytest.fixture
def address(world: World) -> str:
    return f"/orang/{world.siti.pk}/wajah/"


def start(client: Client, address: str, **changes: str) -> str:
    given = {"step": "start", "notice_version": "1", "basis": "public_task", "told": "on"} | changes
    return client.post(address, given, follow=True).content.decode()


def upload(client: Client, address: str, *photos: tuple[str, bytes]) -> str:
    files = [SimpleUploadedFile(name, content) for name, content in photos]
    return client.post(address, {"step": "photos", "photos": files}).content.decode()


def results(page: str) -> dict[str, str]:
    """Return what the page says of each uploaded photo."""
    found = page.split("data-enrol-upload-list")[1].split("</ul>", maxsplit=1)[0]
    lines = re.findall(r'<li data-state="(ok|fix)">.*?<b>(.*?)</b>(.*?)</span></li>', found, re.DOTALL)
    return {name: f"{state}:{text.strip()}" for state, name, text in lines}


def test_page_shows_notice_first_and_hides_the_rest(operator: Client, address: str):
    answer = operator.get(address)
    page = answer.content.decode()
    assert "Pemberitahuan tentang data wajah Anda" in page
    assert '<section data-enrol-section="notice">' in page
    assert '<section data-enrol-section="face" hidden>' in page
    assert answer["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "wasm-unsafe-eval" in answer["Content-Security-Policy"]
    assert "'unsafe-eval'" not in answer["Content-Security-Policy"]
    assert "ditandatangani kepala sekolah" in page, "the other way is told honestly"


def test_root_has_what_the_script_needs(world: World, operator: Client, address: str):
    page = operator.get(address).content.decode()
    for part in (
        f'data-enrol-person="{world.siti.pk}"',
        'data-enrol-api="/api/office/v1/"',
        'data-enrol-notice="1"',
        'data-enrol-draft=""',
        'data-enrol-templates="0"',
        f'data-enrol-done="/orang/{world.siti.pk}/"',
        "data-enrol-start",
        "data-enrol-mirror",
        "data-enrol-instruction",
        "data-enrol-finish",
        'name="csrfmiddlewaretoken"',
    ):
        assert part in page


def test_without_the_notice_there_is_no_draft(operator: Client, address: str, engine: Engine):  # noqa: ARG001
    page = operator.post(address, {"step": "start", "notice_version": "1", "basis": "public_task"}).content.decode()
    assert "Bacakan pemberitahuannya dulu" in page
    assert not Enrolment.objects.exists()


def test_from_notice_to_a_face_that_kiosks_know(
    world: World,
    operator: Client,
    login: User,
    address: str,
    engine: Engine,  # noqa: ARG001
):
    page = start(operator, address, basis="consent")
    assert '<section data-enrol-section="notice" hidden>' in page
    told = NoticeRecord.objects.get(person=world.siti)
    assert (told.notice.version, told.basis, told.recorded_by) == (1, "consent", login)
    page = upload(operator, address, ("a.jpg", photo("obama.jpg")), ("rusak.jpg", b"bukan gambar"))
    assert results(page)["a.jpg"].startswith("ok:")
    assert "bukan gambar yang dapat dibaca" in results(page)["rusak.jpg"]
    assert "1 templat tersimpan" in page
    draft = Enrolment.objects.get(person=world.siti)
    assert f'data-enrol-draft="{draft.pk}" data-enrol-templates="1"' in page, "after a reload the script goes on"
    answer = operator.post(address, {"step": "finish"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/orang/{world.siti.pk}/"
    assert "Wajah terdaftar" in answer.content.decode()
    assert Enrolment.objects.get(person=world.siti).state == EnrolmentState.ACTIVE


def test_template_can_be_taken_out_again(world: World, operator: Client, address: str, engine: Engine):  # noqa: ARG001
    start(operator, address)
    upload(operator, address, ("a.jpg", photo("obama.jpg")))
    template = Template.objects.get(person=world.siti)
    operator.post(address, {"step": "remove", "template": str(template.pk)})
    assert not Template.objects.exists()
    page = operator.post(address, {"step": "finish"}).content.decode()
    assert 'role="alert"' in page
    assert Enrolment.objects.get(person=world.siti).state == EnrolmentState.DRAFT


@pytest.mark.parametrize("given", [{"step": "photos"}, {"step": "remove", "template": "x"}, {"step": "finish"}])
def test_steps_out_of_order_change_nothing(operator: Client, address: str, given: dict[str, str]):
    assert operator.post(address, given, follow=True).status_code == 200
    assert not Enrolment.objects.exists()


def test_face_of_somebody_else_is_held_with_kind_words(world: World, operator: Client, address: str, enrol: Enrol):
    enrol(world.hasan, "obama.jpg")
    start(operator, address)
    upload(operator, address, ("b.jpg", photo("obama2.jpg")))
    page = operator.post(address, {"step": "finish"}, follow=True).content.decode()
    assert "diperiksa dulu" in page
    assert "Hasan" not in page, "whom the face is like is for those who decide"
    assert "Menunggu" in page
    again = operator.get(address).content.decode()
    assert "Menunggu pemeriksaan" in again
    assert "data-enrol-start" not in again


def test_deletion_needs_a_reason_and_leaves_proof(world: World, operator: Client, enrol: Enrol):
    enrol(world.siti, "obama.jpg")
    address = f"/orang/{world.siti.pk}/wajah/hapus/"
    assert "tidak dapat dikembalikan" in operator.get(address).content.decode()
    assert "Tulis alasannya" in operator.post(address, {"reason": " "}).content.decode()
    assert Template.objects.exists()
    page = operator.post(address, {"reason": "diminta yang bersangkutan"}, follow=True).content.decode()
    assert "dihapus" in page
    assert not Template.objects.exists()
    assert "diminta yang bersangkutan" in page


@pytest.mark.parametrize("path", ["", "hapus/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_person_of_another_school_does_not_exist(world: World, operator: Client, path: str, method: str):
    answer = getattr(operator, method)(f"/orang/{world.anwar.pk}/wajah/{path}", {"step": "start"})
    assert answer.status_code == 404
    assert "Anwar" not in answer.content.decode()


def test_head_may_not_enrol(world: World, address: str):
    assert world.client(world.login(RoleKind.HEAD, world.kota)).get(address).status_code == 403
