"""The door of `devices.access` for bought machines."""

import uuid

from django.http import Http404

from hadir.accounts.access import Action, Visitor, schools_for
from hadir.accounts.models import RoleKind, User
from hadir.devices.access import get_device_or_404
from hadir.devices.models import Terminal
from hadir.devices.queries_terminal import terminals

REGION_KINDS = (RoleKind.DINAS, RoleKind.IT)


def get_terminal_or_404(user: Visitor, device_id: uuid.UUID | str, *, manage: bool = False) -> Terminal:
    """Return the terminal if this login may see it (and change it, with `manage`).

    Raises Http404 where the login has nothing to do with it or it is a kiosk, PermissionDenied where it may only look.
    """
    device = get_device_or_404(user, device_id, manage=manage)
    found = terminals().filter(pk=device.pk).first()
    if found is None:
        raise Http404
    return found


def may_see_callers(user: Visitor) -> bool:
    """Tell whether a login sees all machines that call unclaimed: those who manage the devices of a whole region.

    Others name the serial on the machine before them: a list would show the machines of other schools.
    """
    if not isinstance(user, User) or not schools_for(user, Action.MANAGE_DEVICES).exists():
        return False
    return user.roles.filter(kind__in=REGION_KINDS).exists()
