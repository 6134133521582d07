"""Incidents over HTTP, and through the worker: an outage, its proposal, the report, the decision, the days."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hadir.accounts.models import RoleKind
from hadir.attendance.models import PersonDay
from hadir.attendance.services import verify_days, work_once
from hadir.attendance.silence import Why, silent_days
from hadir.attendance.tests.conftest import MONDAY, Week, at
from hadir.conftest import World
from hadir.core import clock
from hadir.leave.models_document import Document
from hadir.leave.models_incident import Incident, IncidentState
from hadir.leave.services_incident import confirm_incident, dismiss_incident, report_incident
from hadir.people.models import Person
from hadir.planning.views_silence import proposals
from hadir.schools.models import School

TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY_MORNING = at("09:00", MONDAY + timedelta(days=2))


@pytest.fixture
def week(world: World) -> Week:
    return Week(world)


@pytest.fixture(autouse=True)
def one_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be Wednesday 16 September 2026, 09.00 WIB, with the pack of the records."""
    monkeypatch.setattr("hadir.attendance.facts.current_manifest", lambda: {"id": "open-1-abcdef12"})
    monkeypatch.setattr(clock, "now", lambda: WEDNESDAY_MORNING)


@pytest.fixture
def outage(world: World, week: Week) -> Week:
    """Monday all went well, with Pak Hasan absent; on Tuesday the kiosk was dead, and is."""
    week.scan(world.siti, at("07:10"))
    week.scan(world.siti, at("16:05"))
    week.hear(at("20:30"))
    work_once(now=WEDNESDAY_MORNING)
    return week


def meant(person: Person, day: Any = TUESDAY) -> tuple[str, list[str], str]:
    row = PersonDay.objects.get(person=person, school__npsn="20529001", day=day)
    return row.status, row.codes, row.cause


def judged() -> None:
    work_once(now=WEDNESDAY_MORNING)
    schools = list(School.objects.select_related("district"))
    assert verify_days(schools=schools, first=MONDAY, last=TUESDAY, now=WEDNESDAY_MORNING).different == []


def filled(client: Client, address: str) -> dict[str, str]:
    """Return what the form of an address is filled in with."""
    text = client.get(address).content.decode()
    given = dict(re.findall(r'<input[^>]*name="(\w+)" value="([^"]*)"', text))
    chosen = re.findall(r'<select name="(\w+)".*?<option value="(\w+)" selected>', text, re.DOTALL)
    (words,) = re.findall(r'<textarea name="words"[^>]*>\s*(.*?)</textarea>', text, re.DOTALL)
    given.pop("csrfmiddlewaretoken")
    return given | dict(chosen) | {"words": words}


def ticked(text: str) -> set[str]:
    return set(re.findall(r'name="person" value="([\w-]+)" checked', text))


def test_from_silence_to_a_day_and_back(world: World, outage: Week):  # noqa: ARG001  the outage is the story
    assert meant(world.siti) == ("T", [], "school_not_heard")
    assert meant(world.hasan, MONDAY)[0] == "A"
    operator = world.client(world.login(RoleKind.OPERATOR, world.kota))
    listed = operator.get("/izin/kejadian/usulan/").content.decode()
    assert "Kantor guru belum terdengar lagi" in listed
    addresses = re.findall(r'href="(/izin/kejadian/baru/[^"]*)"', listed)
    assert len(addresses) == 2, "the week before is another silence: Monday was heard"
    address = addresses[-1]
    given = filled(operator, address.replace("&amp;", "&"))
    assert given["first"] == given["last"] == TUESDAY.isoformat()
    assert "Kantor guru" in given["words"]

    preview = operator.post("/izin/kejadian/baru/", given)
    text = preview.content.decode()
    assert preview.status_code == 200
    assert not Incident.objects.exists()
    assert ticked(text) == {str(world.siti.pk), str(world.hasan.pk)}
    shown = re.findall(r'name="shown" value="([^"]+)"', text)[0]
    answer = operator.post(
        "/izin/kejadian/baru/", given | {"shown": shown, "confirmed": "1", "person": [str(world.siti.pk)]}
    )
    incident = Incident.objects.get()
    assert answer["Location"] == f"/izin/kejadian/{incident.pk}/"
    judged()
    assert meant(world.siti)[0] == "T"
    assert "belum terdengar lagi" not in operator.get("/izin/kejadian/usulan/").content.decode()

    head = world.client(world.login(RoleKind.HEAD, world.kota))
    page = head.get(f"/izin/kejadian/{incident.pk}/").content.decode()
    assert ticked(page) == {str(world.siti.pk)}
    assert "H TEKNIS" in page
    answer = head.post(
        f"/izin/kejadian/{incident.pk}/", {"do": "confirm", "reason": "Benar", "person": [str(world.siti.pk)]}
    )
    assert answer.status_code == 302
    judged()
    assert meant(world.siti)[:2] == ("H", ["TEKNIS"])
    assert meant(world.hasan)[0] == "T"

    head.post(f"/izin/kejadian/{incident.pk}/", {"do": "cancel", "reason": "Keliru"})
    judged()
    assert meant(world.siti) == ("T", [], "school_not_heard")


def test_an_absence_on_a_day_that_was_heard_is_not_ticked_by_itself(world: World, outage: Week):  # noqa: ARG001
    operator = world.client(world.login(RoleKind.OPERATOR, world.kota))
    given = {
        "school": world.kota.npsn,
        "kind": "device",
        "first": MONDAY.isoformat(),
        "last": MONDAY.isoformat(),
        "words": "Kios mati siang",
    }
    text = operator.post("/izin/kejadian/baru/", given).content.decode()
    assert ticked(text) == set()
    answer = operator.post(
        "/izin/kejadian/baru/", given | {"shown": f"{world.kota.npsn} {MONDAY} {MONDAY}", "confirmed": "1"}
    )
    assert answer.status_code == 422
    assert "Belum ada orang yang dipilih" in answer.content.decode()
    other = given | {"last": TUESDAY.isoformat(), "shown": f"{world.kota.npsn} {MONDAY} {MONDAY}", "confirmed": "1"}
    assert ticked(operator.post("/izin/kejadian/baru/", other).content.decode()) == {str(world.siti.pk)}
    assert not Incident.objects.exists(), "other dates are shown anew before they are kept"


def a_report(world: World) -> Incident:
    return report_incident(
        school=world.kota,
        kind="power",
        first=TUESDAY,
        last=TUESDAY,
        words="Padam <b>total</b>",
        name="Bu Operator",
        now=WEDNESDAY_MORNING,
    )


@pytest.mark.parametrize(
    ("kind", "place", "see", "report", "people", "confirm"),
    [
        (RoleKind.TEACHER, "kota", 404, 404, 404, 404),
        (RoleKind.IT, "region", 404, 404, 404, 404),
        (RoleKind.OPERATOR, "jauh", 404, 200, 404, 404),
        (RoleKind.HEAD, "jauh", 404, 200, 404, 404),
        (RoleKind.INSPECTOR, "region", 200, 404, 403, 403),
        (RoleKind.OPERATOR, "kota", 200, 200, 302, 403),
        (RoleKind.SUPERVISOR, "district", 200, 404, 302, 302),
        (RoleKind.HEAD, "kota", 200, 200, 302, 302),
        (RoleKind.DINAS, "region", 200, 200, 302, 302),
    ],
)
@pytest.mark.usefixtures("week")
def test_who_may_what(world: World, kind: RoleKind, place: str, see: int, report: int, people: int, confirm: int):
    address = f"/izin/kejadian/{a_report(world).pk}/"
    client = world.client(world.login(kind, getattr(world, place)))
    chosen = {"person": [str(world.siti.pk)]}
    assert client.get(address).status_code == see
    assert client.get("/izin/kejadian/baru/").status_code == report
    assert client.post(address, {"do": "people", **chosen}).status_code == people
    assert client.post(address, {"do": "confirm", "reason": "Benar", **chosen}).status_code == confirm
    assert Incident.objects.get().state == ("confirmed" if confirm == 302 else "reported")


@pytest.mark.usefixtures("week")
def test_a_school_that_is_not_ones_own_cannot_be_reported(world: World):
    client = world.client(world.login(RoleKind.OPERATOR, world.kota))
    given = {"school": world.jauh.npsn, "kind": "power", "first": str(TUESDAY), "last": str(TUESDAY), "words": "x"}
    answer = client.post("/izin/kejadian/baru/", given)
    assert answer.status_code == 422
    assert world.jauh.name not in answer.content.decode()


@pytest.mark.usefixtures("week")
def test_the_list_counts_by_state_and_says_whose_part_waits(world: World):
    world.siti.assignments.update(duty="Kepala Sekolah")
    client = world.client(world.login(RoleKind.HEAD, world.kota))
    incident = a_report(world)
    page = client.get("/izin/kejadian/").content.decode()
    assert "Padam &lt;b&gt;total" in page
    assert 'keadaan=menunggu">Menunggu <b>1</b>' in page
    assert client.get("/izin/kejadian/?keadaan=ditolak").content.decode().count("<tr>") == 0
    chosen = [str(world.siti.pk), str(world.hasan.pk)]
    client.post(f"/izin/kejadian/{incident.pk}/", {"do": "confirm", "reason": "Benar", "person": chosen})
    assert "sebagian menunggu" in client.get("/izin/kejadian/").content.decode()
    page = client.get(f"/izin/kejadian/{incident.pk}/").content.decode()
    assert "1 bagian menunggu pengawas atau dinas" in page
    assert 'value="confirm"' not in page
    dinas = world.client(world.login(RoleKind.DINAS, world.region))
    assert "Kukuhkan bagian yang menunggu" in dinas.get(f"/izin/kejadian/{incident.pk}/").content.decode()
    assert dinas.post(f"/izin/kejadian/{incident.pk}/", {"do": "confirm", "reason": "Benar"}).status_code == 302
    assert "sebagian menunggu" not in client.get("/izin/kejadian/").content.decode()


@pytest.mark.usefixtures("week")
def test_a_decision_needs_a_reason_and_is_made_once(world: World):
    client = world.client(world.login(RoleKind.HEAD, world.kota))
    address = f"/izin/kejadian/{a_report(world).pk}/"
    answer = client.post(address, {"do": "dismiss", "reason": " "})
    assert answer.status_code == 422
    assert "Tuliskan alasannya" in answer.content.decode()
    assert client.post(address, {"do": "dismiss", "reason": "Salah"}).status_code == 302
    answer = client.post(address, {"do": "confirm", "reason": "Benar"})
    assert answer.status_code == 422
    assert "sudah diputuskan" in answer.content.decode()


@pytest.mark.parametrize("case", ["dead", "unsent", "off", "no_device"])
def test_why_a_day_is_silent(world: World, week: Week, case: str):
    week.hear(at("20:30"))
    if case == "unsent":
        week.hear(at("08:00", TUESDAY + timedelta(days=1)), unsent=3, noon=False)
    if case == "off":
        week.hear(at("08:30", TUESDAY + timedelta(days=1)), noon=False)
    if case == "no_device":
        world.kiosk.revoked_at = at("21:00")
        world.kiosk.save()
    work_once(now=WEDNESDAY_MORNING)
    found = silent_days(School.objects.filter(pk=world.kota.pk), TUESDAY, TUESDAY)
    assert [(one.day, one.why) for one in found] == [(TUESDAY, Why(case))]
    assert [name for _key, name in found[0].people] == sorted([world.siti.name, world.hasan.name])
    if case != "no_device":
        assert found[0].since == at("20:30")


def test_silent_days_that_follow_each_other_are_one_proposal(
    world: World, week: Week, django_assert_max_num_queries: Any
):
    week.hear(at("20:30", MONDAY - timedelta(days=7)))
    work_once(now=WEDNESDAY_MORNING)
    here = School.objects.filter(npsn__in=[world.kota.npsn, world.pulau.npsn])
    with django_assert_max_num_queries(10):
        found = proposals(here, MONDAY - timedelta(days=8), TUESDAY)
    assert {(one.school.npsn, one.first, one.last) for one in found} == {
        (school.npsn, MONDAY - timedelta(days=6), TUESDAY) for school in (world.kota, world.pulau)
    }
    incident = a_report(world)
    found = proposals(here.filter(pk=world.kota.pk), MONDAY, TUESDAY)
    assert [(one.first, one.last) for one in found] == [(MONDAY, MONDAY)]
    confirm_incident(incident=incident, reason="Benar", name="Dinas", now=WEDNESDAY_MORNING)
    assert Incident.objects.get().state == IncidentState.CONFIRMED


PHOTO = b"\xff\xd8\xff\xe0 a dark school"


def test_a_photo_beside_an_incident_opens_for_its_school_only(world: World, settings: Any, tmp_path: Path):
    settings.HADIR_DATA = tmp_path
    incident = report_incident(
        school=world.kota, kind="power", first=TUESDAY, last=TUESDAY, words="Padam", name="TU", now=WEDNESDAY_MORNING
    )
    address = f"/izin/kejadian/{incident.pk}/"
    operator = world.client(world.login(RoleKind.OPERATOR, world.kota))
    assert "Foto atau surat membantu yang memutuskan" in operator.get(address).content.decode()
    sent = operator.post(f"{address}dokumen/", {"document": SimpleUploadedFile("padam.jpg", PHOTO)}, follow=True)
    assert "Dokumen tersimpan." in sent.content.decode()
    document = Document.objects.get()
    assert PHOTO not in bytes(document.sealed)
    head = world.client(world.login(RoleKind.HEAD, world.kota))
    assert "padam.jpg" in head.get(address).content.decode()
    opened = head.get(f"{address}dokumen/{document.pk}/")
    assert (opened.content, opened.headers["Content-Type"]) == (PHOTO, "image/jpeg")
    assert opened.headers["Cache-Control"] == "no-store"
    stranger = world.client(world.login(RoleKind.OPERATOR, world.jauh))
    assert stranger.get(f"{address}dokumen/{document.pk}/").status_code == 404
    assert stranger.post(f"{address}dokumen/", {"document": SimpleUploadedFile("a.jpg", PHOTO)}).status_code == 404


def test_documents_come_from_who_reports_or_decides_and_only_while_the_incident_stands(
    world: World, settings: Any, tmp_path: Path
):
    settings.HADIR_DATA = tmp_path
    incident = report_incident(
        school=world.kota, kind="power", first=TUESDAY, last=TUESDAY, words="Padam", name="TU", now=WEDNESDAY_MORNING
    )
    address = f"/izin/kejadian/{incident.pk}/dokumen/"

    def send(client: Client, name: str = "padam.jpg", data: bytes = PHOTO) -> Any:
        return client.post(address, {"document": SimpleUploadedFile(name, data)}, follow=True)

    inspector = world.client(world.login(RoleKind.INSPECTOR, world.region))
    assert send(inspector).status_code == 403
    head = world.client(world.login(RoleKind.HEAD, world.kota))
    assert "PDF, JPEG" in send(head, "virus.exe", b"MZ").content.decode()
    assert "Pilih berkasnya dulu." in head.post(address, follow=True).content.decode()
    for _number in range(5):
        assert "Dokumen tersimpan." in send(head).content.decode()
    assert "Dokumen tersimpan." not in send(head).content.decode()
    assert Document.objects.count() == 5
    dismiss_incident(incident=incident, reason="Tidak benar", name="Kepala", now=WEDNESDAY_MORNING)
    assert "Unggah" not in head.get(f"/izin/kejadian/{incident.pk}/").content.decode()
    assert send(head).status_code == 403
