"""A machine of the school `kota`, and its operator."""

import pytest
from django.test import Client

from hadir.accounts.models import RoleKind
from hadir.attendance.tests.conftest import one_pack, week
from hadir.conftest import NOW, World
from hadir.devices.models import Terminal
from hadir.devices.services_terminal import add_terminal

SERIAL = "CKUH204960119"
__all__ = ["SERIAL", "one_pack", "terminal", "week"]


@pytest.fixture
def terminal(world: World) -> Terminal:
    """A claimed ZKTeco machine, "Ruang guru"."""
    made, _secret = add_terminal(
        serial=SERIAL, kind="zkteco", schools=[world.kota], by=None, now=NOW, name="Ruang guru", claimed=True
    )
    return made


@pytest.fixture
def operator(world: World) -> Client:
    """A browser of the school's operator."""
    return world.client(world.login(RoleKind.OPERATOR, world.kota))
