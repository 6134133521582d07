"""The door of `accounts.access` for devices: who may see one, who may change one."""

import uuid

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from hadir.accounts.access import Action, Visitor, schools_for
from hadir.devices.models import Device, DeviceSchool
from hadir.devices.queries import devices_of_schools


def devices_for(user: Visitor) -> QuerySet[Device]:
    """Return the devices that a login may see: those serving a school whose board or devices it may open."""
    return devices_of_schools(schools_for(user) | schools_for(user, Action.MANAGE_DEVICES))


def may_manage_device(user: Visitor, device: Device) -> bool:
    """Tell whether a login may link or end a device: it must manage devices at every school the device serves."""
    served = DeviceSchool.objects.filter(device=device)
    managed = schools_for(user, Action.MANAGE_DEVICES)
    return served.exists() and not served.exclude(school__in=managed).exists()


def get_device_or_404(user: Visitor, device_id: uuid.UUID | str, *, manage: bool = False) -> Device:
    """Return the device if this login may see it (and change it, with `manage`).

    Raises Http404 where the login has nothing to do with it, PermissionDenied where it may only look.
    """
    try:
        key = uuid.UUID(str(device_id))
    except ValueError:
        raise Http404 from None
    device = devices_for(user).filter(pk=key).first()
    if device is None:
        raise Http404
    if manage and not may_manage_device(user, device):
        raise PermissionDenied
    return device
