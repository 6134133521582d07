"""Leave over HTTP: who asks, who sees, who decides."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hadir.accounts.models import RoleKind
from hadir.attendance.tests.conftest import MONDAY, Week, at
from hadir.attendance.tests.test_requests import PDF, ask, own_login, wish, yes
from hadir.conftest import NOW, World
from hadir.core import clock
from hadir.leave.models_document import Document
from hadir.leave.models_request import LeaveRequest, RequestState

TUESDAY = at("09:00", MONDAY + timedelta(days=1))


@pytest.fixture(autouse=True)
def tuesday(world: World, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    """Let it be Tuesday 15 September 2026 in a region with hours."""
    Week(world)
    monkeypatch.setattr(clock, "now", lambda: TUESDAY)
    settings.HADIR_DATA = tmp_path


def test_a_teacher_asks_on_her_phone_and_the_head_says_yes(world: World):
    teacher = world.client(own_login(world, world.siti))
    kinds = teacher.get("/izin/baru/").content.decode()
    assert "Cuti tahunan" in kinds
    assert "Sisa Anda" in kinds
    form = teacher.get("/izin/baru/?jenis=DL").content.decode()
    assert "Nomor surat tugas" in form
    assert "Nomor surat tugas" not in teacher.get("/izin/baru/?jenis=S").content.decode()
    answer = teacher.post(
        "/izin/baru/?jenis=I",
        {
            "person": str(world.siti.pk),
            "first": "2026-09-16",
            "reason": "Mengantar anak ke puskesmas",
            "document": SimpleUploadedFile("surat.pdf", PDF, "application/pdf"),
        },
    )
    made = LeaveRequest.objects.get()
    assert answer.headers["Location"] == f"/izin/{made.pk}/"
    assert Document.objects.get().request == made
    own = teacher.get(f"/izin/{made.pk}/").content.decode()
    assert "Tarik permohonan" in own
    assert "Setujui" not in own
    head = world.client(world.login(RoleKind.HEAD, world.kota))
    listed = head.get("/izin/").content.decode()
    assert "Menunggu Anda" in listed
    assert world.siti.name in listed
    assert head.post(f"/izin/{made.pk}/", {"act": "reject", "reason": ""}).status_code == 409
    assert head.post(f"/izin/{made.pk}/", {"act": "approve"}).status_code == 302
    made.refresh_from_db()
    assert made.state == RequestState.APPROVED
    document = Document.objects.get()
    opened = head.get(f"/izin/{made.pk}/dokumen/{document.pk}/")
    assert opened.content == PDF
    assert opened.headers["Cache-Control"] == "no-store"
    assert "Menunggu Anda" not in head.get("/izin/").content.decode()


def test_a_correction_comes_from_the_day_that_it_is_about(world: World):
    teacher = world.client(own_login(world, world.siti))
    led = teacher.get(f"/izin/koreksi/baru/?orang={world.siti.pk}&tanggal=2026-09-14")
    assert led.headers["Location"] == f"/izin/baru/?jenis=K&orang={world.siti.pk}&tanggal=2026-09-14"
    page = teacher.get(led.headers["Location"]).content.decode()
    assert 'value="2026-09-14"' in page
    assert "Jam yang tidak terekam" in page
    sent = {"person": str(world.siti.pk), "first": "2026-09-14", "start": "16:02", "reason": "Listrik padam"}
    assert teacher.post(led.headers["Location"], sent).status_code == 302
    assert "Listrik padam" in teacher.get("/izin/koreksi/").content.decode()
    assert "Listrik padam" not in teacher.get("/izin/").content.decode()


def test_what_is_wrong_is_said_and_what_was_typed_stays(world: World):
    teacher = world.client(own_login(world, world.siti))
    sent = {"person": str(world.siti.pk), "first": "2026-09-16", "last": "2026-09-15", "reason": "Pulang kampung"}
    answer = teacher.post("/izin/baru/?jenis=I", sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Periksa tanggalnya" in text
    assert "Pulang kampung" in text
    half = {"person": str(world.siti.pk), "first": "2026-09-16", "start": "09:00", "reason": "x"}
    assert "Isi kedua jamnya" in teacher.post("/izin/baru/?jenis=I", half).content.decode()
    bad = {**sent, "last": "2026-09-16", "document": SimpleUploadedFile("a.exe", b"MZ")}
    assert "harus PDF" in teacher.post("/izin/baru/?jenis=I", bad).content.decode()
    assert not LeaveRequest.objects.exists()


def test_nobody_sees_or_decides_for_strangers(world: World):
    request = ask(world.siti, wish())
    stranger = world.client(own_login(world, world.rahma))
    other = world.client(world.login(RoleKind.HEAD, world.jauh))
    for client in (stranger, other):
        assert client.get(f"/izin/{request.pk}/").status_code == 404
        assert client.post(f"/izin/{request.pk}/", {"act": "approve"}).status_code == 404
        assert client.get(f"/izin/baru/?jenis=I&orang={world.siti.pk}").status_code == 404
    operator = world.client(world.login(RoleKind.OPERATOR, world.kota))
    assert operator.get(f"/izin/{request.pk}/").status_code == 200
    assert operator.post(f"/izin/{request.pk}/", {"act": "approve"}).status_code == 409
    request.refresh_from_db()
    assert request.state == RequestState.WAITING_HEAD
    inspector = world.client(world.login(RoleKind.INSPECTOR, world.region))
    assert inspector.get("/izin/baru/").status_code == 403


def test_the_list_asks_no_more_for_more_requests(world: World, django_assert_max_num_queries: Any):
    for number in range(20):
        ask(world.siti, wish(first=MONDAY + timedelta(days=7 * (number % 4) + number // 4)))
    dinas = world.client(world.login(RoleKind.DINAS, world.region))
    with django_assert_max_num_queries(24):
        assert dinas.get("/izin/").status_code == 200


def test_old_requests_are_listed_when_asked_for(world: World, monkeypatch: Any):
    yes(ask(world.siti, wish("CT", first=MONDAY)))
    long = ask(world.hasan, wish("S", first=MONDAY + timedelta(days=1), last=MONDAY + timedelta(days=120)))
    waits = ask(world.siti, wish("I", first=MONDAY + timedelta(days=2)))
    operator = world.client(world.login(RoleKind.OPERATOR, world.kota))
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=100))
    head = world.client(world.login(RoleKind.HEAD, world.kota))
    page, everything = (head.get(f"/izin/{query}").content.decode() for query in ("", "?masa=semua"))
    assert str(long.pk) in page, "it still runs"
    assert str(waits.pk) in page, "it waits for him"
    assert str(waits.pk) in operator.get("/izin/").content.decode(), "nobody has decided yet"
    assert "Cuti tahunan" not in page
    assert "Cuti tahunan" in everything
    assert "?masa=semua" in page
    assert "?masa=semua&amp;keadaan=approved" in everything
