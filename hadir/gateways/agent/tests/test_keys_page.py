"""The page of agents' keys: made and shown once, ended, and never another school's."""

import re

import pytest
from django.test import Client

from hadir.accounts.models import RoleKind
from hadir.agent.signing import read_key
from hadir.conftest import NOW, World
from hadir.gateways.agent.models import AgentKey
from hadir.gateways.agent.services import issue_key


@pytest.fixture
def operator(world: World) -> Client:
    return world.client(world.login(RoleKind.OPERATOR, world.kota))


def test_a_key_is_made_and_shown_once(world: World, operator: Client):
    answer = operator.post("/perangkat/agen/", {"school": world.kota.npsn})
    found = re.search(r"hadir-agen\.\w+\.[\w-]+", answer.content.decode())
    assert found
    key = read_key(found[0])
    assert key is not None
    assert AgentKey.objects.get().name == key.name
    assert AgentKey.objects.get().created_by is not None
    assert "no-store" in answer["Cache-Control"]
    again = operator.get("/perangkat/agen/").content.decode()
    assert key.name in again
    assert found[0] not in again


def test_a_key_is_ended(world: World, operator: Client):
    key = issue_key(school=world.kota, by=None, now=NOW)
    page = operator.post("/perangkat/agen/", {"revoke": key.name}, follow=True).content.decode()
    assert "Dicabut" in page
    assert AgentKey.objects.get().revoked_at is not None


def test_keys_of_other_schools_do_not_exist(world: World, operator: Client):
    key = issue_key(school=world.jauh, by=None, now=NOW)
    assert key.name not in operator.get("/perangkat/agen/").content.decode()
    assert operator.post("/perangkat/agen/", {"revoke": key.name}).status_code == 404
    assert operator.post("/perangkat/agen/", {"school": world.jauh.npsn}).status_code == 422
    assert AgentKey.objects.get().revoked_at is None


@pytest.mark.parametrize("kind", [RoleKind.SUPERVISOR, RoleKind.TEACHER, RoleKind.INSPECTOR])
def test_who_manages_no_devices_has_no_keys(world: World, kind: RoleKind):
    place = world.kota if kind == RoleKind.TEACHER else world.region if kind == RoleKind.INSPECTOR else world.district
    client = world.client(world.login(kind, place))
    assert client.get("/perangkat/agen/").status_code == 403
    assert client.post("/perangkat/agen/", {"school": world.kota.npsn}).status_code == 403
