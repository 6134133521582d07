"""The door of `accounts.access` for files of terminals: for which terminals, and which files may be seen."""

import uuid

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import Http404

from hadir.accounts.access import Action, Visitor, schools_for
from hadir.devices.access import may_manage_device
from hadir.devices.models import Terminal
from hadir.devices.queries_terminal import terminals_of_schools
from hadir.gateways.files.models import ScanFile


def terminals_for(user: Visitor) -> QuerySet[Terminal]:
    """Return the terminals whose records this login may hand in, as far as a list can tell (see `may_hand_in`)."""
    return terminals_of_schools(schools_for(user, Action.MANAGE_DEVICES))


def may_hand_in(user: Visitor, terminal: Terminal) -> bool:
    """Tell whether this login may hand in records of a terminal: it manages devices at every school it serves."""
    return may_manage_device(user, terminal.device)


def files_for(user: Visitor) -> QuerySet[ScanFile]:
    """Return the files of those terminals, newest first, without their content but with `waits`."""
    waits = ExpressionWrapper(Q(draft__isnull=False), output_field=BooleanField())
    found = ScanFile.objects.filter(device__in=terminals_for(user).values("device")).annotate(waits=waits)
    return found.select_related("device__terminal", "by", "applied_by").defer("draft")


def get_file_or_404(user: Visitor, file_id: uuid.UUID) -> ScanFile:
    """Return the file, with its content, if this login may take it in. Raises Http404."""
    found = files_for(user).filter(pk=file_id).defer(None).first()
    if found is None or not may_manage_device(user, found.device):
        raise Http404
    return found
