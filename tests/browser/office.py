"""What an operator does in the office pages, step by step, for the tests that need it done."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

UPLOAD_MS = 40_000


@dataclass(frozen=True)
class School:
    """What the seed made: a school and its operator's login, people by name, and the other school."""

    npsn: str
    name: str
    username: str
    password: str
    people: dict[str, str]
    other: dict[str, str]

    @classmethod
    def from_seed(cls, made: dict[str, Any]) -> "School":
        """Read what seed.py prints."""
        mine, other = made["schools"]
        return cls(**mine, people=made["people"], other=other)


def log_in(page: Page, address: str, username: str, password: str) -> None:
    """Log in through the page that everyone uses."""
    page.goto(f"{address}/masuk/")
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(password)
    page.locator("form:has(input[name=password]) button.btn-main").click()
    page.wait_for_url("**/hari-ini/**")


def enrol_from_photo(page: Page, address: str, person: str, photo: Path) -> None:
    """Go through the enrolment page with one photo from a file, on a computer without a camera."""
    page.goto(f"{address}/orang/{person}/wajah/")
    expect(page.locator("[data-enrol-live]")).to_be_attached()
    start = page.locator("form[data-enrol-start]")
    start.locator("input[type=checkbox]").check()
    start.locator("button").click()
    upload = page.locator("input[type=file][data-enrol-files]")
    expect(page.locator("[data-enrol-section=face]")).to_be_visible()
    upload.set_input_files(photo)
    expect(page.locator("[data-enrol-upload-list] li[data-state=ok]")).to_have_count(1, timeout=UPLOAD_MS)
    page.locator("button[data-enrol-finish]").click()
    expect(page.locator("[data-enrol-result]")).to_contain_text("Wajah terdaftar", timeout=UPLOAD_MS)


def _link(page: Page) -> re.Match[str] | None:
    """Return the one-time link that a page shows, once it has come; a busy machine takes a while."""
    for _look in range(50):
        page.wait_for_load_state()
        found = re.search(r"/kios/#kode=[\w.~-]+", page.content())
        if found:
            return found
        page.wait_for_timeout(100)
    return None


def make_kiosk_link(page: Page, address: str) -> str:
    """Make a kiosk on the devices page and return its one-time link, which is shown once."""
    page.goto(f"{address}/perangkat/tambah/")
    page.locator("input[name=name]").fill("Kios ruang guru")
    page.locator("main form button.btn-main").first.click()
    found = _link(page)
    if not found:
        page.locator("form[action$='/tautan/'] button, a[href$='/tautan/']").first.click()
        found = _link(page)
    assert found, "the page shows no one-time link"
    return address + found[0]
