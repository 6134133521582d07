"""The pack's graphs in Chromium: a bare page with onnxruntime-web, as the kiosk's worker uses it, and nothing else.

`GraphPage` serves the page with the headers that allow threads (or without them), so that one can compare what the
browser computes with what Python computes, and measure it.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from playwright.sync_api import Page

from tests.architecture.tree import ROOT

RUNTIME = ROOT / "kiosk" / "node_modules" / "onnxruntime-web" / "dist"
SCRIPT = Path(__file__).with_name("graphs.js")
PAGE = b'<!doctype html><meta charset="utf-8"><title>graphs</title><script type="module" src="/graphs.js"></script>'


class _Files(SimpleHTTPRequestHandler):
    """Serves the page, the runtime, the pack and frames; isolated from other origins when threads are wanted."""

    protocol_version = "HTTP/1.1"
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}

    def __init__(self, *arguments: Any, pack: Path, frames: Path, isolated: bool, **options: Any) -> None:
        self.places = {"ort": RUNTIME, "pack": pack, "frames": frames}
        self.isolated = isolated
        super().__init__(*arguments, **options)

    def translate_path(self, path: str) -> str:
        first, _slash, rest = path.lstrip("/").partition("/")
        return str(self.places[first] / Path(rest).name) if first in self.places else str(SCRIPT)

    def do_GET(self) -> None:
        if self.path != "/":
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def end_headers(self) -> None:
        if self.isolated:
            self.send_header("Cross-Origin-Opener-Policy", "same-origin")
            self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002  # the name is the base class's
        """Say nothing: a test's output is for its failures."""


class GraphPage:
    """The page, loaded and with both sessions open."""

    def __init__(self, page: Page, frames: Path) -> None:
        self.page = page
        self.frames = frames

    def analyze(self, frame: npt.NDArray[np.uint8], limit: int) -> dict[str, npt.NDArray[np.float32]]:
        """Return what track and embed give for this frame (H x W x 3), as named arrays."""
        alpha = np.full((*frame.shape[:2], 1), 255, np.uint8)
        (self.frames / "frame.bin").write_bytes(np.concatenate([frame, alpha], axis=2).tobytes())
        height, width = frame.shape[:2]
        answer = json.loads(self.page.evaluate("([h, w, n]) => analyze('frame.bin', h, w, n)", [height, width, limit]))
        return {name: np.array(part["data"], np.float32).reshape(part["dims"]) for name, part in answer.items()}

    def time(self, frame: npt.NDArray[np.uint8], rounds: int) -> dict[str, list[float]]:
        """Return the milliseconds of `rounds` runs of track and of embed on this frame."""
        self.analyze(frame, 1)
        height, width = frame.shape[:2]
        found: dict[str, list[float]] = self.page.evaluate(
            "([h, w, n]) => measure('frame.bin', h, w, n)", [height, width, rounds]
        )
        return found


@contextmanager
def graph_page(page: Page, pack: Path, frames: Path, *, threads: int) -> Iterator[GraphPage]:
    """Serve and open the page; with one thread the page is not isolated, as in a browser without the headers."""
    handler = partial(_Files, pack=pack, frames=frames, isolated=threads > 1)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        try:
            page.goto(f"http://localhost:{server.server_port}/")
            page.wait_for_function("() => 'start' in window")
            used = page.evaluate("(threads) => start(threads)", threads)
            assert used == {"isolated": threads > 1, "threads": threads}
            yield GraphPage(page, frames)
        finally:
            server.shutdown()
            serving.join()
