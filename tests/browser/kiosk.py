"""The kiosk page as a test sees it: what stands before the camera, what the page says, what reaches the ledger."""

import re
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.fake_camera import FakeCamera, Scene
from tests.browser.server import HadirServer

SCREEN = "[data-state]"
DECISION_MS = 40_000
"""How long a state may take here: two shared cores run the server, Chromium, a video decoder and the model."""


class Kiosk:
    """A tablet that shows the kiosk page."""

    def __init__(self, context: BrowserContext, server: HadirServer, camera: FakeCamera) -> None:
        self.context = context
        self.server = server
        self.camera = camera
        self.page: Page = context.pages[0] if context.pages else context.new_page()

    def activate(self, link: str) -> None:
        """Open the one-time link and wait until the kiosk looks for faces."""
        self.page.goto(link)
        self.expect_state("looking", timeout=60_000)

    def wait_until_offline_works(self) -> None:
        """Wait until the browser keeps the page and all its files."""
        assert self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def see(self, *scenes: Scene) -> None:
        """Put people before the camera; the page is loaded again, as Chromium opens its camera file only then."""
        self.camera.show(*scenes)
        self.page.reload()

    def expect_state(self, *states: str, timeout: float = DECISION_MS) -> None:
        """Wait until the page is in one of these states."""
        pattern = re.compile(f"^({'|'.join(states)})$")
        expect(self.page.locator(SCREEN).first).to_have_attribute("data-state", pattern, timeout=timeout)

    def states_for(self, seconds: float) -> list[str]:
        """Return the states that the page shows from now on, each once, in order."""
        watch = """(milliseconds) => new Promise((done) => {
            const root = document.querySelector('[data-state]');
            const seen = [root.dataset.state];
            const note = () => seen.at(-1) === root.dataset.state || seen.push(root.dataset.state);
            new MutationObserver(note).observe(root, { attributes: true, attributeFilter: ['data-state'] });
            setTimeout(() => done(seen), milliseconds);
        })"""
        found: list[str] = self.page.evaluate(watch, seconds * 1000)
        return found

    def attribute(self, name: str) -> str | None:
        """Return an attribute of the page's root."""
        return self.page.locator(SCREEN).first.get_attribute(name)

    def text(self) -> str:
        """Return what a person can read."""
        return self.page.locator(SCREEN).first.inner_text()


def scans(server: HadirServer) -> list[dict[str, Any]]:
    """Return the ledger, oldest first."""
    return server.facts("scans")


def wait_until(true: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until the condition holds; fail with these words when it does not come."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.25)
