"""A morning at one school, in a real Chromium: enrol from one photo, stand before the kiosk, be on the board.

The tests share a school and a kiosk and run in the order in which they stand; each counts from what it finds.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.faces import SAMPLES
from tests.browser.fake_camera import Portrait, Scene
from tests.browser.kiosk import DECISION_MS, Kiosk, scans, wait_until
from tests.browser.office import School
from tests.browser.server import HadirServer

BAMBANG, EKA = "Bambang Wijaya", "Eka Lestari"


@pytest.fixture(scope="module", autouse=True)
def enrolled(enrol: Callable[[str, Path], None]) -> None:
    """Enrol both people from one photo each."""
    enrol(BAMBANG, SAMPLES / "obama.jpg")
    enrol(EKA, SAMPLES / "astronaut.png")


@pytest.fixture(scope="module")
def bambang(photo: Callable[[str], Portrait]) -> Portrait:
    """Return another photo of Bambang than the one he was enrolled with."""
    return photo("obama2.jpg")


@pytest.fixture(scope="module")
def eka(photo: Callable[[str], Portrait]) -> Portrait:
    return photo("astronaut.png")


@pytest.fixture(scope="module")
def stranger(photo: Callable[[str], Portrait]) -> Portrait:
    return photo("biden.jpg")


def count(server: HadirServer, **wanted: Any) -> int:
    return sum(all(scan[name] == value for name, value in wanted.items()) for scan in scans(server))


def test_nobody_is_looked_for_and_nothing_is_written(kiosk: Kiosk, server: HadirServer):
    kiosk.see(Scene())
    kiosk.expect_state("looking")
    assert set(kiosk.states_for(4)) == {"looking"}
    assert scans(server) == []


def test_enrolled_person_is_recorded_once_with_the_right_name(
    kiosk: Kiosk, server: HadirServer, school: School, bambang: Portrait
):
    kiosk.see(Scene([bambang]))
    kiosk.expect_state("recorded")
    assert kiosk.attribute("data-person") == school.people[BAMBANG]
    assert BAMBANG in kiosk.text()
    assert "Tercatat" in kiosk.text()
    wait_until(lambda: count(server, person=school.people[BAMBANG]) == 1, 20, "the scan does not reach the ledger")
    assert "recorded" not in kiosk.states_for(6)[1:]
    assert count(server, person=school.people[BAMBANG]) == 1
    scan = scans(server)[-1]
    assert (scan["verdict"], scan["source"]) == ("recognised", "camera")


def test_board_shows_her_without_a_reload(
    kiosk: Kiosk, office: Page, server: HadirServer, school: School, eka: Portrait
):
    office.goto(f"{server.address}/hari-ini/{school.npsn}/")
    office.evaluate("window.notLoadedAgain = true")
    row = office.locator(f"[data-person='{school.people[EKA]}']")
    before = row.inner_text()
    kiosk.see(Scene([eka]))
    kiosk.expect_state("recorded")
    shown = re.search(r"\d\d\.\d\d", kiosk.text())
    assert shown, "the kiosk names no time"
    expect(row).to_contain_text(shown[0], timeout=DECISION_MS)
    assert shown[0] not in before
    assert office.evaluate("window.notLoadedAgain") is True


def test_same_person_again_is_told_so_and_not_recorded_twice(
    kiosk: Kiosk, server: HadirServer, school: School, bambang: Portrait
):
    kiosk.see(Scene([bambang]))
    kiosk.expect_state("already")
    assert "sudah tercatat" in kiosk.text().lower()
    assert count(server, person=school.people[BAMBANG]) == 1


def test_stranger_is_not_given_a_name(kiosk: Kiosk, server: HadirServer, stranger: Portrait, school: School):
    recognised = count(server, verdict="recognised")
    kiosk.see(Scene([stranger]))
    kiosk.expect_state("unknown")
    assert not any(name in kiosk.text() for name in school.people)
    assert not {"recorded", "already"} & set(kiosk.states_for(6))
    assert count(server, verdict="recognised") == recognised


def test_two_people_are_asked_to_come_alone(kiosk: Kiosk, server: HadirServer, bambang: Portrait, stranger: Portrait):
    before = count(server, verdict="recognised")
    kiosk.see(Scene([bambang, stranger], face_width=150))
    kiosk.expect_state("several")
    assert "satu orang" in kiosk.text().lower()
    assert not {"recorded", "already"} & set(kiosk.states_for(4))
    assert count(server, verdict="recognised") == before


def test_axe_finds_nothing_on_the_kiosk(kiosk: Kiosk, axe: Any):
    kiosk.see(Scene())
    kiosk.expect_state("looking")
    assert axe(kiosk.page) == []
