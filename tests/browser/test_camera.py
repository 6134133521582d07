"""Where the browser gives no camera, the kiosk says which trouble it is and what to do."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.conftest import ELSEWHERE, FLAGS
from tests.browser.office import make_kiosk_link
from tests.browser.server import HadirServer

FAKE_CAMERA = "--use-fake-device-for-media-stream"


@pytest.fixture(params=[[], [FAKE_CAMERA]], ids=["no camera", "permission denied"])
def page_without_camera(request: pytest.FixtureRequest, playwright: Playwright, chromium: str) -> Iterator[Page]:
    """Return a page in a Chromium that has no camera, or has one and may not use it."""
    browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *request.param])
    context = browser.new_context(permissions=[] if request.param else ["camera"], **ELSEWHERE)
    yield context.new_page()
    browser.close()


def test_kiosk_without_camera_says_what_to_do(page_without_camera: Page, office: Page, server: HadirServer):
    page_without_camera.goto(make_kiosk_link(office, server.address))
    root = page_without_camera.locator("[data-state]").first
    expect(root).to_have_attribute("data-state", "no-camera", timeout=60_000)
    assert "kamera" in root.inner_text().lower()
