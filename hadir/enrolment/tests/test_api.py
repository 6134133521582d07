"""The office API over HTTP, as the enrolment page speaks it."""

import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hadir.accounts.models import RoleKind
from hadir.conftest import World
from hadir.enrolment.models import Enrolment, Notice, Template
from hadir.enrolment.tests.faces import photo
from hadir.face import Engine

ROOT = "/api/office/v1"
START = {"notice_version": 1, "basis": "public_task"}


def call(client: Client, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """Send JSON and return status and parsed answer."""
    answer = client.generic(method, ROOT + path, json.dumps(body or {}), content_type="application/json")
    return answer.status_code, json.loads(answer.content)


def send(client: Client, enrolment: str, content: bytes, **fields: str) -> tuple[int, Any]:
    """Send a picture as the page does."""
    form = {"pose": "upload", "source": "upload", **fields}
    image = SimpleUploadedFile("wajah.jpg", content, content_type="image/jpeg")
    answer = client.post(f"{ROOT}/enrolments/{enrolment}/images", {**form, "image": image})
    return answer.status_code, json.loads(answer.content)


@pytest.fixture
def operator(world: World, engine: Engine) -> Client:  # noqa: ARG001  the pack must be there
    """Return the browser of the operator of `kota`."""
    return world.client(world.login(RoleKind.OPERATOR, world.kota))


def test_the_whole_way(world: World, operator: Client):
    status, started = call(operator, "POST", f"/people/{world.siti.pk}/enrolments", START)
    assert (status, started["poses"]) == (200, ["front", "left", "right", "front2"])
    key = started["enrolment_id"]
    status, added = send(operator, key, photo("obama.jpg"))
    assert (status, added["accepted"], added["reasons"], added["templates"]) == (200, True, [], 1)
    assert added["quality"]["size"] > 100
    status, again = send(operator, key, photo("obama.jpg"))
    assert (status, again["accepted"], again["template_id"], again["templates"]) == (200, False, None, 1)
    assert again["reasons"] == [
        {"code": "same_image", "text": "Gambar ini sama dengan yang sudah ada. Ambil gambar yang lain."}
    ]
    status, second = send(operator, key, photo("obama3.jpg"))
    assert call(operator, "DELETE", f"/enrolments/{key}/templates/{second['template_id']}") == (200, {"templates": 1})
    status, done = call(operator, "POST", f"/enrolments/{key}/finish")
    assert (status, done) == (200, {"state": "active", "templates": 1, "review_id": None})
    enrolment = Enrolment.objects.get(pk=key)
    assert (enrolment.state, enrolment.person) == ("active", world.siti)
    assert enrolment.started_by is not None


def test_a_face_of_somebody_else_is_held(world: World, operator: Client):
    for person, name in ((world.siti, "obama.jpg"), (world.hasan, "obama2.jpg")):
        _status, started = call(operator, "POST", f"/people/{person.pk}/enrolments", START)
        send(operator, started["enrolment_id"], photo(name))
        _status, done = call(operator, "POST", f"/enrolments/{started['enrolment_id']}/finish")
    assert done["state"] == "held"
    assert uuid.UUID(done["review_id"])
    assert call(operator, "POST", f"/people/{world.hasan.pk}/enrolments", START)[1]["error"]["code"] == "enrolment_held"


def test_other_schools_people_do_not_exist(world: World, operator: Client):
    status, body = call(operator, "POST", f"/people/{world.anwar.pk}/enrolments", START)
    assert (status, body["error"]["code"]) == (404, "not_found")
    _status, started = call(operator, "POST", f"/people/{world.siti.pk}/enrolments", START)
    other = world.client(world.login(RoleKind.OPERATOR, world.jauh))
    path = f"/enrolments/{started['enrolment_id']}"
    assert send(other, started["enrolment_id"], photo("obama.jpg"))[0] == 404
    assert call(other, "POST", f"{path}/finish")[0] == 404
    assert call(other, "DELETE", f"{path}/templates/{uuid.uuid4()}")[0] == 404
    assert not Template.objects.exists()


@pytest.mark.parametrize("kind", [RoleKind.HEAD, RoleKind.TEACHER])
def test_roles_that_may_not_enrol(world: World, engine: Engine, kind: RoleKind):  # noqa: ARG001  the pack must be there
    client = world.client(world.login(kind, world.kota))
    assert call(client, "POST", f"/people/{world.siti.pk}/enrolments", START)[0] in {403, 404}


def test_without_a_login_nothing(world: World):
    status, body = call(Client(), "POST", f"/people/{world.siti.pk}/enrolments", START)
    assert (status, body["error"]["code"]) == (401, "login_required")


def test_a_foreign_page_cannot_act_for_the_login(world: World):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.login(RoleKind.OPERATOR, world.kota), "django.contrib.auth.backends.ModelBackend")
    status, _body = call(client, "POST", f"/people/{world.siti.pk}/enrolments", START)
    assert status == 403
    assert not Enrolment.objects.exists()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"notice_version": 1, "basis": "because"}, 422, "body_invalid"),
        ({"notice_version": 0, "basis": "consent"}, 409, "notice_outdated"),
        ({"basis": "consent"}, 422, "body_invalid"),
    ],
)
def test_a_start_that_is_not_right(world: World, operator: Client, body: Any, status: int, code: str):
    answered, error = call(operator, "POST", f"/people/{world.siti.pk}/enrolments", body)
    assert (answered, error["error"]["code"]) == (status, code)


def test_pictures_that_are_none(world: World, operator: Client):
    _status, started = call(operator, "POST", f"/people/{world.siti.pk}/enrolments", START)
    key = started["enrolment_id"]
    status, answer = send(operator, key, b"not a picture")
    assert (status, answer["reasons"][0]["code"], answer["quality"]) == (200, "unreadable_image", {})
    assert send(operator, key, photo("obama.jpg"), pose="upside-down")[0] == 422
    assert send(operator, key, photo("obama.jpg"), source="cli")[0] == 422
    assert operator.post(f"{ROOT}/enrolments/{key}/images", {"pose": "front", "source": "camera"}).status_code == 422
    status, error = call(operator, "POST", f"/enrolments/{key}/finish")
    assert (status, error["error"]["code"]) == (409, "templates_missing")
    assert Notice.objects.filter(records__person=world.siti).exists()
