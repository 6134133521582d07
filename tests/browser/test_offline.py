"""The server is gone, the school's morning is not: recorded on the device, sent when the server is back, once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.faces import SAMPLES
from tests.browser.fake_camera import Portrait, Scene
from tests.browser.kiosk import Kiosk, scans, wait_until
from tests.browser.office import School
from tests.browser.server import HadirServer

BAMBANG, EKA = "Bambang Wijaya", "Eka Lestari"


@pytest.fixture(scope="module", autouse=True)
def enrolled(enrol: Callable[[str, Path], None]) -> None:
    enrol(BAMBANG, SAMPLES / "obama.jpg")
    enrol(EKA, SAMPLES / "astronaut.png")


def people_in_ledger(server: HadirServer) -> list[str]:
    return [scan["person"] for scan in scans(server) if scan["verdict"] == "recognised"]


def test_recorded_on_the_device_while_the_server_is_down_and_sent_by_itself(
    kiosk: Kiosk, server: HadirServer, school: School, photo: Callable[[str], Portrait]
):
    kiosk.wait_until_offline_works()
    kiosk.see(Scene())
    kiosk.expect_state("looking")
    server.stop()

    kiosk.see(Scene([photo("obama2.jpg")]))
    kiosk.expect_state("recorded", timeout=60_000)
    assert "Tersimpan di perangkat ini" in kiosk.text()
    assert kiosk.attribute("data-person") == school.people[BAMBANG]
    wait_until(lambda: kiosk.attribute("data-unsent") == "1", 20, "the kiosk does not count what it has not sent")
    assert people_in_ledger(server) == []

    server.start()
    wait_until(lambda: people_in_ledger(server) == [school.people[BAMBANG]], 90, "the kiosk does not catch up")
    wait_until(lambda: kiosk.attribute("data-unsent") == "0", 20, "the kiosk keeps what the server has")


def test_page_loads_and_recognises_without_the_server(
    kiosk: Kiosk, server: HadirServer, school: School, photo: Callable[[str], Portrait]
):
    server.stop()
    kiosk.see(Scene())
    kiosk.expect_state("looking", timeout=60_000)
    kiosk.see(Scene([photo("astronaut.png")]))
    kiosk.expect_state("recorded", timeout=60_000)
    # A second visit of the page, with the record still on the device only.
    kiosk.see(Scene())
    kiosk.expect_state("looking", timeout=60_000)
    assert kiosk.attribute("data-unsent") == "1"

    server.start()
    wait_until(lambda: school.people[EKA] in people_in_ledger(server), 90, "the kiosk does not catch up")
    assert sorted(people_in_ledger(server)) == sorted([school.people[BAMBANG], school.people[EKA]])
