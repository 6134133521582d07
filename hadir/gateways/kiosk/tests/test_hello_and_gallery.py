"""What a kiosk learns: who it is, which models, whose faces."""

import base64
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client

from hadir.conftest import NOW, World
from hadir.core import clock
from hadir.devices.models import Device
from hadir.devices.services import revoke_device
from hadir.enrolment.models import Enrolment, EnrolmentState
from hadir.gateways.kiosk.tests.conftest import MANIFEST, Kiosk, error_of, put_on_file
from hadir.people.models import Assignment
from hadir.people.services import end_assignment
from hadir.schools.models import Region, School


def test_hello_tells_a_kiosk_who_it_is(world: World, kiosk: Kiosk):
    answer = kiosk.post("hello", {"unsent": 12, "app_version": "0.1.0"})
    assert answer.status_code == 200
    body = answer.json()
    version = body.pop("gallery_version")
    assert version
    assert body == {
        "device": {"id": str(world.kiosk.pk), "name": "Kantor guru"},
        "schools": [
            {"npsn": "20529001", "name": "SDN Pangarangan I"},
            {"npsn": "20529002", "name": "SDN Kebunan II"},
        ],
        "time_zone": "Asia/Jakarta",
        "server_time": "2026-09-14T00:05:00Z",
        "demo": False,
        "samples": [],
        "pack": MANIFEST | {"base_url": "/model/uji-1-abcdef12/"},
    }
    world.kiosk.refresh_from_db()
    assert (world.kiosk.last_heard_at, world.kiosk.unsent, world.kiosk.app_version) == (NOW, 12, "0.1.0")


def test_hello_changes_nothing_that_the_office_wrote_meanwhile(world: World, kiosk: Kiosk):
    Device.objects.filter(pk=world.kiosk.pk).update(name="Ruang guru")
    kiosk.post("hello", {"unsent": 10**30})
    device = Device.objects.get(pk=world.kiosk.pk)
    assert (device.name, device.unsent) == ("Ruang guru", 2**31 - 1)


def test_hello_costs_the_same_with_more_people(world: World, kiosk: Kiosk, django_assert_max_num_queries: Any):
    for person in (world.siti, world.hasan, world.rahma):
        put_on_file(person, [[1, 0, 0, 0]] * 3)
    with django_assert_max_num_queries(10):
        kiosk.post("hello", {"unsent": 0})
    with django_assert_max_num_queries(10):
        kiosk.get("gallery")


def test_without_a_pack_hello_says_so_and_scans_still_come_in(world: World, kiosk: Kiosk, pack: Path):
    (pack / "manifest.json").write_text("{ half")
    assert kiosk.post("hello", {"unsent": 0}).json()["pack"] is None
    assert error_of(kiosk.get("gallery")) == (503, "pack_missing")
    record = world.record()
    answer = kiosk.post("scans", {"scans": [{"id": record["id"], "record": json.dumps(record)}]})
    assert answer.json()["receipts"][0]["status"] == "stored"


@pytest.mark.parametrize("token", ["", "wrong", "é", "x" * 5000])
def test_a_token_is_needed(world: World, kiosk: Kiosk, token: str):  # noqa: ARG001
    stranger = Kiosk(token, Client())
    expected = (401, "token_unknown" if token else "token_missing")
    for answer in (stranger.post("hello", {"unsent": 0}), stranger.get("gallery"), stranger.post("scans", {})):
        assert error_of(answer) == expected


def test_other_schemes_are_no_token(world: World, kiosk: Kiosk):
    for header in ("Basic abc", world.token, "Bearer", "Bearer  "):
        answer = kiosk.client.get("/api/kiosk/v1/gallery", headers={"Authorization": header})
        assert error_of(answer) == (401, "token_missing")


def test_a_revoked_device_gets_nothing_but_is_heard(world: World, kiosk: Kiosk):
    revoke_device(device=world.kiosk, by=None, now=NOW - timedelta(days=1))
    assert error_of(kiosk.post("hello", {"unsent": 4})) == (403, "device_revoked")
    assert error_of(kiosk.get("gallery")) == (403, "device_revoked")
    world.kiosk.refresh_from_db()
    assert (world.kiosk.last_heard_at, world.kiosk.unsent) == (NOW, 4)


def test_the_gallery_holds_the_people_of_the_kiosks_schools(world: World, kiosk: Kiosk):
    vectors = [[1.0, 0, 0, 0], [0.6, 0.8, 0, 0]]
    for person in (world.siti, world.rahma, world.anwar):
        put_on_file(person, vectors)
    body = kiosk.get("gallery").json()
    assert [person["name"] for person in body["people"]] == ["Rahmawati", "Siti Aminah"]
    assert body["pack"] == MANIFEST["id"]
    sent = [np.frombuffer(base64.b64decode(text), "<f4") for text in body["people"][1]["templates"]]
    np.testing.assert_array_equal(np.stack(sent), np.asarray(vectors, np.float32))
    assert body["people"][1]["id"] == str(world.siti.pk)


@pytest.mark.parametrize("state", [state for state in EnrolmentState if state is not EnrolmentState.ACTIVE])
def test_only_active_faces_are_in_the_gallery(world: World, kiosk: Kiosk, state: EnrolmentState):
    enrolment = put_on_file(world.siti, [[1, 0, 0, 0]])
    Enrolment.objects.filter(pk=enrolment.pk).update(state=state, ended_at=NOW)
    assert kiosk.get("gallery").json()["people"] == []


def test_faces_of_another_pack_are_not_in_the_gallery(world: World, kiosk: Kiosk):
    enrolment = put_on_file(world.siti, [[1, 0, 0, 0]])
    Enrolment.objects.filter(pk=enrolment.pk).update(pack="other-1-00000000")
    assert kiosk.get("gallery").json()["people"] == []


def test_who_left_yesterday_is_gone_today(world: World, kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch):
    put_on_file(world.siti, [[1, 0, 0, 0]])
    assignment = Assignment.objects.get(person=world.siti)
    end_assignment(assignment=assignment, last_day=date(2026, 9, 14), now=NOW)
    assert len(kiosk.get("gallery").json()["people"]) == 1
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=17))
    assert kiosk.get("gallery").json()["people"] == []


def test_an_unchanged_gallery_is_not_sent_again(world: World, kiosk: Kiosk):
    enrolment = put_on_file(world.siti, [[1, 0, 0, 0]])
    first = kiosk.get("gallery")
    etag = first.headers["ETag"]
    assert etag == f'"{first.json()["version"]}"'
    assert kiosk.post("hello", {"unsent": 0}).json()["gallery_version"] == first.json()["version"]
    assert "private" in first.headers["Cache-Control"]
    for sent in (etag, f"W/{etag}", f'"old", {etag}', "*"):
        again = kiosk.get("gallery", **{"If-None-Match": sent})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == etag
    Enrolment.objects.filter(pk=enrolment.pk).update(state=EnrolmentState.DELETED, ended_at=NOW)
    changed = kiosk.get("gallery", **{"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


def test_samples_are_offered_in_a_demo_region_only(world: World, kiosk: Kiosk, tmp_path: Path):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "wajah.jpg").write_bytes(b"\xff\xd8picture")
    listing = [{"label": "Contoh", "name": "wajah.jpg"}, {"label": "Hilang", "name": "gone.jpg"}]
    (tmp_path / "demo" / "samples.json").write_text(json.dumps(listing))
    assert kiosk.post("hello", {"unsent": 0}).json()["samples"] == []
    assert kiosk.client.get("/contoh/wajah.jpg").status_code == 404
    Region.objects.filter(pk=world.region.pk).update(is_demo=True)
    body = kiosk.post("hello", {"unsent": 0}).json()
    assert body["demo"] is True
    assert body["samples"] == [{"name": "Contoh", "url": "/contoh/wajah.jpg"}]
    picture = kiosk.client.get("/contoh/wajah.jpg")
    assert b"".join(picture) == b"\xff\xd8picture"
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert kiosk.client.get("/contoh/samples.json").status_code == 404


def test_a_kiosk_of_a_real_and_a_demo_school_is_no_demo(world: World, kiosk: Kiosk):
    demo = Region.objects.create(name="Peraga", is_demo=True)
    world.far_district.region = demo
    world.far_district.save()
    School.objects.filter(pk=world.pulau.pk).update(district=world.far_district)
    assert kiosk.post("hello", {"unsent": 0}).json()["demo"] is False
