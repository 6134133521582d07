"""Kiosks of the office: made, changed, ended, and who may do it. Linking and hearing are tested over HTTP."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from hadir.accounts.models import RoleKind
from hadir.conftest import NOW, World
from hadir.core.errors import HadirError
from hadir.core.models import AuditEntry
from hadir.devices.access import devices_for, get_device_or_404, may_manage_device
from hadir.devices.models import Device
from hadir.devices.queries import kiosk_state, schools_of
from hadir.devices.services import create_kiosk, invite_kiosk, printable, revoke_device


def test_a_kiosk_serves_its_schools_in_order_and_each_once(world: World):
    device = create_kiosk(name=" Aula ", schools=[world.pulau, world.kota, world.pulau], by=None, now=NOW)
    assert (device.name, schools_of(device)) == ("Aula", [world.pulau, world.kota])
    assert AuditEntry.objects.filter(object_id=str(device.pk)).count() == 1


def test_a_kiosk_needs_a_name_and_a_school(world: World):
    for name, schools, code in (("", [world.kota], "device_needs_name"), ("Aula", [], "device_needs_school")):
        with pytest.raises(HadirError) as error:
            create_kiosk(name=name, schools=schools, by=None, now=NOW)
        assert error.value.code == code


def test_an_ended_kiosk_is_ended_once_and_gets_no_link(world: World):
    assert kiosk_state(world.kiosk) == "linked"
    user = world.login(RoleKind.IT, world.region)
    for _ in range(2):
        revoke_device(device=world.kiosk, by=user, now=NOW)
    assert kiosk_state(world.kiosk) == "revoked"
    entry = AuditEntry.objects.get(action="revoke_device")
    assert (entry.actor, entry.actor_name) == (user.pk, user.username)
    with pytest.raises(HadirError) as error:
        invite_kiosk(device=world.kiosk, by=user, now=NOW)
    assert error.value.code == "device_is_revoked"


def test_devices_are_seen_through_their_schools(world: World):
    far = create_kiosk(name="Jauh", schools=[world.jauh], by=None, now=NOW)
    assert kiosk_state(far) == "waiting"
    for kind, place, seen in (
        (RoleKind.OPERATOR, world.pulau, {world.kiosk}),
        (RoleKind.INSPECTOR, world.region, {world.kiosk, far}),
        (RoleKind.IT, world.region, {world.kiosk, far}),
        (RoleKind.SUPERVISOR, world.far_district, {far}),
        (RoleKind.TEACHER, world.kota, set()),
    ):
        user = world.login(kind, place)
        assert set(devices_for(user)) == seen
        for device in Device.objects.all():
            if device in seen:
                assert get_device_or_404(user, str(device.pk)) == device
            else:
                with pytest.raises(Http404):
                    get_device_or_404(user, device.pk)


def test_a_shared_kiosk_is_managed_by_who_manages_all_its_schools(world: World):
    """A new link of a shared kiosk shows faces of both schools, so one school's operator alone may not make it."""
    one = world.login(RoleKind.OPERATOR, world.kota)
    assert not may_manage_device(one, world.kiosk)
    with pytest.raises(PermissionDenied):
        get_device_or_404(one, world.kiosk.pk, manage=True)
    assert get_device_or_404(one, world.kiosk.pk) == world.kiosk
    own = create_kiosk(name="Sendiri", schools=[world.kota], by=one, now=NOW)
    assert get_device_or_404(one, own.pk, manage=True) == own
    everywhere = world.login(RoleKind.IT, world.region)
    assert get_device_or_404(everywhere, world.kiosk.pk, manage=True) == world.kiosk


@pytest.mark.parametrize("device_id", ["", "x", str(uuid.uuid4())])
def test_a_device_that_is_none(world: World, device_id: str):
    with pytest.raises(Http404):
        get_device_or_404(world.login(RoleKind.DINAS, world.region), device_id)


def test_what_a_browser_says_of_itself_is_made_storable():
    assert printable("Mozilla\x00\ud800\n5.0 \u202e", 300) == "Mozilla5.0 "
    assert len(printable("x" * 1000, 300)) == 300
