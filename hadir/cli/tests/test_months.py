"""`hadir months`, as a person or a program calls it."""

import json

import pytest

from hadir.accounts.models import RoleKind
from hadir.cli.tests.test_commands import hadir
from hadir.conftest import World
from hadir.core import clock
from hadir.months.tests.conftest import OCTOBER, September


@pytest.fixture
def september(world: World, monkeypatch: pytest.MonkeyPatch) -> September:
    monkeypatch.setattr(clock, "now", lambda: OCTOBER)
    return September(world)


def test_from_looking_to_proving(september: September):
    npsn = september.school.npsn
    september.world.login(RoleKind.HEAD, september.world.kota, name="kepala")
    september.world.login(RoleKind.DINAS, september.world.region, name="dinas")
    shown = json.loads(hadir("months", "show", "2026-09", "--school", npsn, "--json")[1])
    assert shown["state"] == "open"
    assert hadir("months", "check", "2026-09", "--school", npsn, "--by", "kepala")[0] == 0
    wrong = hadir("months", "close", "2026-09", "--school", npsn, "--by", "kepala", "--digest", "0" * 64)
    assert wrong[2].startswith("Error month_changed:")
    close = ("months", "close", "2026-09", "--school", npsn, "--digest", shown["digest"], "--by")
    assert hadir(*close, "siapa")[2].startswith("Error not_allowed:")
    assert "versi 1" in hadir(*close, "kepala")[1]
    assert "2026-09" in hadir("months", "list")[1]
    assert hadir("months", "work")[1].startswith("0 ")
    code, out, _err = hadir("months", "verify", "--json")
    assert (code, json.loads(out)["digest_holds"]) == (0, True)
    reopen = ("months", "reopen", "2026-09", "--school", npsn, "--reason", "Salah", "--by")
    assert hadir(*reopen, "kepala")[2].startswith("Error not_allowed:")
    assert hadir(*reopen, "dinas")[0] == 0
    assert hadir("months", "show", "september", "--school", npsn)[2].startswith("Error month_unreadable:")
