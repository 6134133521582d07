"""A clock that stands, and one machine of each kind with its address."""

import pytest

from hadir.conftest import NOW, World
from hadir.core import clock
from hadir.devices.models import Terminal
from hadir.devices.services_terminal import add_terminal
from hadir.gateways.tests.calls import Now
from hadir.terminals.limits import BY_ADDRESS, BY_SERIAL, BY_STRANGER


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    for buckets in (BY_ADDRESS, BY_SERIAL, BY_STRANGER):
        buckets.clear()
    stands = Now()
    monkeypatch.setattr(clock, "now", stands)
    return stands


@pytest.fixture
def hik(world: World) -> tuple[Terminal, str]:
    terminal, secret = add_terminal(serial="DS-K1T341", kind="hikvision", schools=[world.kota], by=None, now=NOW)
    return terminal, f"/hik/{secret}"


@pytest.fixture
def cloud(world: World) -> tuple[Terminal, str]:
    terminal, secret = add_terminal(serial="C2609", kind="fingerspot-cloud", schools=[world.kota], by=None, now=NOW)
    return terminal, f"/fingerspot/{secret}"


@pytest.fixture
def aiface(world: World) -> str:
    _, secret = add_terminal(serial="AI100", kind="aiface", schools=[world.kota], by=None, now=NOW)
    return f"/pub/api/{secret}"
