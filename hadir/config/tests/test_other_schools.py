"""No address of Hadir shows a school to somebody who has nothing to do with it. New addresses are found here."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from hadir.accounts.models import RoleKind
from hadir.conftest import NOW, World
from hadir.devices.services import create_kiosk
from hadir.devices.services_terminal import add_terminal
from hadir.enrolment.models import (
    DuplicateReview,
    Enrolment,
    EnrolmentState,
    LegalBasis,
    Notice,
    NoticeRecord,
)
from hadir.gateways.files.models import ScanFile
from hadir.imports.models import BatchKind, ImportBatch
from hadir.leave.models import LeaveRequest
from hadir.leave.services_incident import report_incident
from hadir.schedules.services import add_calendar_days

OPEN_TO_ALL = {
    "login", "logout", "set-language", "health", "kiosk", "kiosk-worker", "model-file", "kiosk-sample", "today", "home",
}  # fmt: skip
"""Pages without a school in them, or that ask for no login on purpose."""
RULES = {"rule-packs", "rule-pack", "rule-pack-file", "rule-pack-new", "rule-pack-choose", "rule-pack-try", "schedules"}
"""Rules are read by everybody who sees a board; they name no school."""
OF_ONES_OWN = {
    "account",
    "clock-reviews",
    "silent",
    "people",
    "months",
    "reports",
    "tpp-xlsx",
    "tpp-csv",
    "pp94-xlsx",
    "person-add",
    "devices",
    "device-add",
    "reviews",
    "import",
    "import-schools",
    "scan-files",
    "terminal-add",
    "agent-keys",
    "terminal-claim",
    "terminals-register",
    "leave",
    "leave-new",
    "corrections",
    "correction-new",
    "incidents",
    "incident-new",
    "incident-proposals",
    *RULES,
}
"""Pages whose content is narrowed to one's own schools."""


def addresses(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Walk through every address: its pattern and its name."""
    for entry in patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, here)
        elif isinstance(entry, URLPattern):
            yield here, entry.name or ""


PAGES = [
    (path, name)
    for path, name in addresses(get_resolver().url_patterns)
    if not path.startswith(("api/", "static/")) and name not in OPEN_TO_ALL
]
OFFICE_API = [path for path, _ in addresses(get_resolver().url_patterns) if path.startswith("api/office/")]


@pytest.fixture
def far(world: World) -> dict[str, str]:
    """Everything that an address may name, at the school `jauh`."""
    device = create_kiosk(name="Kios jauh", schools=[world.jauh], by=None, now=NOW)
    notice = Notice.objects.filter(language="id").first()
    assert notice is not None
    told = NoticeRecord.objects.create(
        person=world.anwar, notice=notice, basis=LegalBasis.PUBLIC_TASK, recorded_by=None, recorded_at=NOW
    )
    enrolment = Enrolment.objects.create(
        person=world.anwar, state=EnrolmentState.HELD, notice_record=told, pack="open", started_at=NOW, finished_at=NOW
    )
    review = DuplicateReview.objects.create(
        enrolment=enrolment, other_person=world.anwar, similarity=0.9, created_at=NOW
    )
    batch = ImportBatch.objects.create(
        kind=BatchKind.STAFF,
        school=world.jauh,
        file_name="ptk.xlsx",
        sha256="0" * 64,
        row_count=1,
        start=NOW.date(),
        created_at=NOW,
    )
    holiday = add_calendar_days(
        scope=world.jauh, kind="libur", name="Libur jauh", valid_from=NOW.date(), valid_to=NOW.date(), now=NOW
    )
    terminal, _ = add_terminal(serial="JAUH1", kind="file", schools=[world.jauh], by=None, now=NOW)
    scan_file = ScanFile.objects.create(
        device=terminal.device, file_name="1_attlog.dat", sha256="0" * 64, created_at=NOW, draft=b"x"
    )
    asked = LeaveRequest.objects.create(
        person=world.anwar, kind="I", first=NOW.date(), last=NOW.date(), days=1, reason="uji", state="waiting_head",
        filed_name="uji", filed_at=NOW,
    )  # fmt: skip
    incident = report_incident(
        school=world.jauh, kind="power", first=NOW.date(), last=NOW.date(), words="Padam", name="Uji", now=NOW
    )
    return {
        "incident_id": str(incident.pk),
        "request_id": str(asked.pk),
        "document_id": str(uuid.uuid4()),
        "month": "2026-09",
        "year": "2026",
        "place": world.jauh.npsn,
        "kind": "calendar",
        "row_id": str(holiday.pk),
        "name": "contoh",
        "npsn": world.jauh.npsn,
        "person_id": str(world.anwar.pk),
        "device_id": str(device.pk),
        "review_id": str(review.pk),
        "enrolment_id": str(enrolment.pk),
        "template_id": str(uuid.uuid4()),
        "batch_id": str(batch.pk),
        "scan_id": str(uuid.uuid4()),
        "file_id": str(scan_file.pk),
        "terminal_id": str(terminal.pk),
        "day": "2026-09-14",
    }


def filled(path: str, values: dict[str, str]) -> str:
    """Return the address with its places filled; a place this test does not know fails it."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda place: values[place[1]], path)


def test_there_are_addresses_to_test():
    assert len(PAGES) >= 12
    assert len(OFFICE_API) == 4


@pytest.mark.parametrize(("path", "name"), PAGES, ids=[path for path, _ in PAGES])
def test_strangers_are_sent_to_the_login(client: Client, far: dict[str, str], path: str, name: str):  # noqa: ARG001
    for answer in (client.get(filled(path, far)), client.post(filled(path, far))):
        assert answer.status_code in {302, 405}
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith("/masuk/?next=")


@pytest.mark.parametrize("kind", [RoleKind.OPERATOR, RoleKind.HEAD, RoleKind.SUPERVISOR, RoleKind.TEACHER])
@pytest.mark.parametrize(("path", "name"), PAGES, ids=[path for path, _ in PAGES])
def test_another_school_does_not_exist(world: World, far: dict[str, str], kind: RoleKind, path: str, name: str):
    client = world.client(world.login(kind, world.kota))
    if name in OF_ONES_OWN:
        for query in ("", f"?sekolah={far['npsn']}"):
            answer = client.get(filled(path, far) + query)
            assert answer.status_code in {200, 403, 404, 302}
            text = answer.content.decode()
            for word in (world.jauh.name, world.anwar.name, far["person_id"], far["device_id"], far["review_id"]):
                assert word not in text
        return
    answer = client.get(filled(path, far))
    assert answer.status_code in {404, 405}
    assert client.post(filled(path, far)).status_code in {404, 405}
    assert 404 in {answer.status_code, client.post(filled(path, far)).status_code}


@pytest.mark.parametrize("path", OFFICE_API)
def test_the_office_api_knows_no_strangers(client: Client, far: dict[str, str], path: str):
    for method in (client.post, client.delete):
        assert method(filled(path, far)).status_code in {401, 405}


@pytest.mark.parametrize("path", OFFICE_API)
def test_the_office_api_shows_no_other_school(world: World, far: dict[str, str], path: str):
    client = world.client(world.login(RoleKind.OPERATOR, world.kota))
    if path.endswith("/enrolments"):
        body = {"notice_version": 1, "basis": "public_task"}
        answers = [client.post(filled(path, far), body, content_type="application/json")]
    elif path.endswith("/images"):
        answers = [client.post(filled(path, far), {"pose": "front", "source": "camera", "image": picture()})]
    else:
        answers = [client.post(filled(path, far)), client.delete(filled(path, far))]
    assert 404 in {answer.status_code for answer in answers}
    assert {answer.status_code for answer in answers} <= {404, 405}


def picture() -> Any:
    """Return something that looks like an upload."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("wajah.jpg", b"\xff\xd8", "image/jpeg")


def test_the_office_api_asks_for_a_csrf_token(world: World, far: dict[str, str]):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.login(RoleKind.DINAS, world.region), backend="django.contrib.auth.backends.ModelBackend")
    for path in OFFICE_API:
        answer = client.post(filled(path, far)) if "template" not in path else client.delete(filled(path, far))
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "not_allowed"
