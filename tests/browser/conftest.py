"""Chromium, a camera made of photos, and for each module a Hadir, a school and a kiosk of its own."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from hadir.face import Engine
from tests.architecture.tree import ROOT
from tests.browser.faces import sample
from tests.browser.fake_camera import FakeCamera, Portrait
from tests.browser.kiosk import Kiosk
from tests.browser.office import School, enrol_from_photo, log_in, make_kiosk_link
from tests.browser.server import HadirServer
from tools.chromium import HOW, find_chromium

# No sandbox: it needs kernel rights that a container or CI has not. The rest keeps Chromium quiet and off the network.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run"]
PATIENCE_MS = 30_000
# A kiosk's clock zone and language may be anything; times and words must not come from there.
ELSEWHERE: Any = {"timezone_id": "Pacific/Auckland", "locale": "en-NZ"}
AXE = ROOT / "kiosk" / "node_modules" / "axe-core" / "axe.min.js"
SEED = Path(__file__).with_name("seed.py")


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


@pytest.fixture(scope="session")
def photo(engine: Engine) -> Callable[[str], Portrait]:
    """Return a function from the name of a sample to its portrait."""
    return lambda name: sample(name, engine)


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """Return a Chromium without a camera, for office pages."""
    started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield started
    started.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HadirServer]:
    """Return a running Hadir with an empty database."""
    made = HadirServer(tmp_path_factory.mktemp("hadir"))
    made.migrate()
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def school(server: HadirServer) -> School:
    """Return a school with three people, beside another school."""
    return School.from_seed(server.script(SEED, "Bambang Wijaya", "Eka Lestari", "Joko Santoso"))


@pytest.fixture(scope="module")
def office(browser: Browser, server: HadirServer, school: School) -> Iterator[Page]:
    """Return the operator's browser, logged in."""
    context = browser.new_context(**ELSEWHERE)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    log_in(page, server.address, school.username, school.password)
    yield page
    context.close()


@pytest.fixture(scope="module")
def enrol(office: Page, server: HadirServer, school: School) -> Callable[[str, Path], None]:
    """Return a function that enrols a person of the school from one photo, as an operator does."""
    return lambda name, path: enrol_from_photo(office, server.address, school.people[name], path)


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> FakeCamera:
    return FakeCamera(tmp_path_factory.mktemp("camera") / "camera.mjpeg")


@pytest.fixture(scope="module")
def tablet(
    playwright: Playwright, chromium: str, camera: FakeCamera, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BrowserContext]:
    """Return the browser of a kiosk: a profile that outlives its pages, and a camera."""
    context = playwright.chromium.launch_persistent_context(
        tmp_path_factory.mktemp("tablet"),
        executable_path=chromium,
        args=[*FLAGS, *camera.arguments],
        viewport={"width": 1280, "height": 800},
        **ELSEWHERE,
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture(scope="module")
def kiosk(tablet: BrowserContext, office: Page, server: HadirServer, camera: FakeCamera) -> Kiosk:
    """Return a kiosk that the operator's one-time link has made."""
    made = Kiosk(tablet, server, camera)
    made.activate(make_kiosk_link(office, server.address))
    return made


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """Return a function that says what is not accessible on a page, one line each (WCAG 2.2 A and AA)."""
    if not AXE.exists():
        pytest.skip("kiosk/node_modules is missing: make node-modules")
    source = AXE.read_text(encoding="utf-8")

    def faults(page: Page) -> list[str]:
        page.evaluate(source)
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found = page.evaluate("(tags) => axe.run({ runOnly: { type: 'tag', values: tags } })", tags)
        return [
            f"{one['id']}: {node['target']} {node['html'][:120]}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    return faults
