"""A machine of the school `kota` at a moment that the test sets."""

from datetime import datetime

import pytest

from hadir.conftest import NOW, World
from hadir.core import clock
from hadir.devices.services_terminal import add_terminal
from hadir.gateways.zkteco.tests.machines import Machine
from hadir.terminals.limits import BY_ADDRESS, BY_SERIAL, BY_STRANGER


@pytest.fixture
def machine(world: World, monkeypatch: pytest.MonkeyPatch) -> Machine:
    for buckets in (BY_ADDRESS, BY_SERIAL, BY_STRANGER):
        buckets.clear()

    def at(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    at(NOW)
    terminal, secret = add_terminal(serial="CNYG001", kind="zkteco", schools=[world.kota], by=None, now=NOW)
    return Machine(terminal, secret, at)
