"""Office pages in a browser: readable for everyone, and closed to the operator of another school."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import ELSEWHERE
from tests.browser.faces import SAMPLES
from tests.browser.office import School, log_in
from tests.browser.server import HadirServer

NAME = "Bambang Wijaya"
PAGES = [
    "/hari-ini/{npsn}/",
    "/orang/?sekolah={npsn}",
    "/orang/tambah/",
    "/orang/{person}/",
    "/orang/{person}/wajah/",
    "/orang/{person}/wajah/hapus/",
    "/perangkat/",
    "/perangkat/tambah/",
    "/perangkat/mesin/tambah/",
    "/perangkat/mesin/akui/",
    "/perangkat/inventaris/",
    "/perangkat/agen/",
    "/sekolah/{npsn}/banding/",
    "/akun/",
    "/belum-terdengar/",
]
OWN_SCHOOL_ONLY = [
    "/hari-ini/{npsn}/",
    "/hari-ini/{npsn}/isi/",
    "/hari-ini/{npsn}/unduh.csv",
    "/orang/?sekolah={npsn}",
    "/orang/{person}/",
    "/orang/{person}/wajah/",
    "/orang/{person}/wajah/hapus/",
]
WIDTHS = {"phone": (390, 844), "desk": (1280, 800)}


@pytest.fixture(scope="module", autouse=True)
def enrolled(enrol: Callable[[str, Path], None]) -> None:
    enrol(NAME, SAMPLES / "obama.jpg")


def address(server: HadirServer, school: School, path: str) -> str:
    return server.address + path.format(npsn=school.npsn, person=school.people[NAME])


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible(
    office: Page, server: HadirServer, school: School, axe: Callable[[Page], list[str]], path: str, width: str
):
    wide, high = WIDTHS[width]
    office.set_viewport_size({"width": wide, "height": high})
    answer = office.goto(address(server, school, path))
    assert answer
    assert answer.status == 200
    assert axe(office) == []
    assert office.evaluate("document.documentElement.scrollWidth") <= wide, "the page must not scroll sideways"


def test_login_page_is_accessible(browser: Browser, server: HadirServer, axe: Callable[[Page], list[str]]):
    page = browser.new_page()
    page.goto(f"{server.address}/masuk/")
    assert axe(page) == []
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_page_loads_without_an_error_in_the_console(office: Page, server: HadirServer, school: School, path: str):
    complaints: list[str] = []
    office.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    office.on("pageerror", lambda error: complaints.append(str(error)))
    office.goto(address(server, school, path), wait_until="networkidle")
    assert complaints == []


@pytest.mark.parametrize("path", OWN_SCHOOL_ONLY)
def test_operator_of_another_school_finds_nothing(browser: Browser, server: HadirServer, school: School, path: str):
    context = browser.new_context(**ELSEWHERE)
    page = context.new_page()
    log_in(page, server.address, school.other["username"], school.other["password"])
    answer = context.request.get(address(server, school, path))
    assert answer.status == 404
    assert NAME not in answer.text()
    context.close()


@pytest.mark.parametrize("path", OWN_SCHOOL_ONLY)
def test_without_login_there_is_only_the_way_to_it(browser: Browser, server: HadirServer, school: School, path: str):
    context = browser.new_context()
    answer = context.request.get(address(server, school, path), max_redirects=0)
    assert answer.status in {302, 401, 403}
    assert NAME not in answer.text()
    context.close()
