"""Chromium, a Hadir of one's own and a camera made of photos."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from hadir.face import Engine
from tests.browser.fake_camera import FakeCamera
from tests.browser.server import HadirServer
from tools.chromium import HOW, find_chromium

# No sandbox: it needs kernel rights that a container or CI has not. The rest keeps Chromium quiet and off the network.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run"]
PATIENCE_MS = 30_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder, and leave it out where there is no Chromium; CI may not do without."""
    here = Path(__file__).parent
    found = find_chromium()
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not found and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason=HOW))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium() -> str:
    found = find_chromium()
    assert found, HOW
    return found


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine.load()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HadirServer]:
    """Return a running Hadir with an empty database."""
    made = HadirServer(tmp_path_factory.mktemp("hadir"))
    made.migrate()
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """Return a Chromium without a camera, for office pages."""
    started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield started
    started.close()


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> FakeCamera:
    return FakeCamera(tmp_path_factory.mktemp("camera") / "camera.mjpeg")


def tablet(
    playwright: Playwright, chromium: str, camera: FakeCamera, profile: Path, **options: object
) -> BrowserContext:
    """Start the browser of a kiosk: a profile that outlives pages, a camera, and the clock zone of another country."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium,
        args=[*FLAGS, *camera.arguments],
        viewport={"width": 1280, "height": 800},
        timezone_id="Pacific/Auckland",
        locale="en-NZ",
        **options,  # type: ignore[arg-type]
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


def log_in(page: Page, address: str, username: str, password: str) -> None:
    """Log in through the page that everyone uses."""
    page.goto(f"{address}/masuk/")
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(password)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/hari-ini/**")
