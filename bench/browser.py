"""What the kiosk's page does in Chromium on this machine: the model's speed, and the time from a face to a ledger row.

    python bench/browser.py [--runs 20] [--folder PEOPLE]

1. The pack's graphs on a bare page: milliseconds of `track` and `embed` on a 640x480 picture, by number of threads.
2. The whole way: a server, an activated kiosk page, a camera made of photos. One person after the other steps before
   the camera, with an empty wall between; the time runs from the first picture that shows the person (seen by a probe
   in the page) to `received_at` of the row in the ledger. Each is enrolled from one photo and shown in another.

PEOPLE is a folder with one folder of photos a person (default: where the tests look for it); without one the three
sample portraits serve, and there are three runs.
"""

import argparse
import json
import os
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from hadir.face import Engine
from tests.browser.conftest import FLAGS, SEED
from tests.browser.faces import FACES, SAMPLES, portrait_of, read_photo
from tests.browser.fake_camera import FakeCamera, Portrait, Scene, frame
from tests.browser.graphs import graph_page
from tests.browser.kiosk import Kiosk
from tests.browser.office import School, log_in, make_kiosk_link
from tests.browser.server import HadirServer
from tools.chromium import HOW, find_chromium

ROOT = Path(__file__).resolve().parent.parent

PACK = ROOT / "build" / "models" / "open"
GRAPH_ROUNDS = 40
STAY_SECONDS, GAP_SECONDS = 6.0, 2.0
SAMPLE_PAIRS = [("obama.jpg", "obama2.jpg"), ("astronaut.png", "astronaut.png"), ("biden.jpg", "biden.jpg")]
# Notes in the page when the white corner of a marked scene appears; it looks at a copy of the camera's stream.
PROBE = """(() => {
  window.began = [];
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await open(wanted);
    const video = document.createElement("video");
    const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    let white = false;
    const look = () => {
      context.drawImage(video, 4, 4, 12, 12, 0, 0, 1, 1);
      const now = context.getImageData(0, 0, 1, 1).data[0] > 220;
      if (now && !white) window.began.push(performance.timeOrigin + performance.now());
      white = now;
      video.requestVideoFrameCallback(look);
    };
    video.muted = true;
    video.srcObject = stream.clone();
    video.requestVideoFrameCallback(look);
    await video.play();
    return stream;
  };
})();"""


@dataclass(frozen=True)
class Model:
    """A person of the bench: the photo of the enrolment, and the portrait that steps before the camera."""

    enrolled: Path
    shown: Portrait


def models(folder: Path, count: int, engine: Engine) -> list[Model]:
    """Return people with two photos; the samples where there is no such folder."""
    pairs = [(SAMPLES / one, SAMPLES / two) for one, two in SAMPLE_PAIRS]
    if folder.is_dir():
        people = (sorted(person.glob("*.jpg")) for person in sorted(folder.glob("**/")))
        pairs = [(photos[0], photos[1]) for photos in people if len(photos) >= 2]
    return [Model(first, portrait_of(read_photo(second), engine)) for first, second in pairs[:count]]


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * len(ordered) + 0.5) - 1)]


def measure_graphs(page: Page, portrait: Portrait) -> None:
    """Print how fast track and embed run on a bare page."""
    import numpy as np  # noqa: PLC0415

    picture = np.asarray(frame(Scene([portrait]), 0.3))
    print(f"{'640x480, one face':22}{'median ms':>10}{'p95 ms':>10}{'a second':>10}")
    for threads in sorted({1, min(4, os.cpu_count() or 1)}):
        with tempfile.TemporaryDirectory() as frames, graph_page(page, PACK, Path(frames), threads=threads) as graphs:
            times = graphs.time(picture, GRAPH_ROUNDS)
        for name, found in times.items():
            median = statistics.median(found)
            title = f"{name}, {threads} thread{'s' if threads > 1 else ''}"
            print(f"{title:22}{median:10.1f}{percentile(found, 0.95):10.1f}{1000 / median:10.1f}")


def enrol_all(server: HadirServer, people: Sequence[Model]) -> tuple[School, list[Model]]:
    """Make the school and enrol everyone by command; return those whose photo was good enough."""
    names = [f"Peserta {number:02}" for number in range(1, len(people) + 1)]
    school = School.from_seed(server.script(SEED, *names))
    good = []
    for name, model in zip(names, people, strict=True):
        try:
            server.command("enroll", school.people[name], str(model.enrolled), "--json")
        except RuntimeError as refused:
            print(f"  {name}: {str(refused).strip().splitlines()[-1]}")
        else:
            good.append(model)
    return school, good


@contextmanager
def tablet(playwright: Playwright, camera: FakeCamera, profile: Path, chromium: str) -> Iterator[BrowserContext]:
    """Start the kiosk's browser with the probe."""
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=chromium, args=[*FLAGS, *camera.arguments], viewport={"width": 1280, "height": 800}
    )
    context.add_init_script(PROBE)
    yield context
    context.close()


def received(server: HadirServer) -> list[float]:
    """Return when the rows of recognised people came in, as Unix milliseconds."""
    with closing(sqlite3.connect(f"file:{server.folder / 'hadir.sqlite3'}?mode=ro", uri=True)) as database:
        rows = database.execute("SELECT received_at FROM ledger_scan WHERE verdict = 'recognised' ORDER BY received_at")
        return [datetime.fromisoformat(row[0]).replace(tzinfo=UTC).timestamp() * 1000 for row in rows]


def waiting_times(began: Sequence[float], rows: Sequence[float]) -> list[float]:
    """Return the milliseconds from each first picture of a person to the row that came while it was there."""
    stay = STAY_SECONDS * 1000 + GAP_SECONDS * 1000
    return [
        min(row - start for row in rows if row > start)
        for start in began
        if any(0 < row - start < stay for row in rows)
    ]


def measure_whole_way(playwright: Playwright, chromium: str, people: Sequence[Model], folder: Path) -> None:
    """Print the time from the first picture with a face to the ledger row."""
    server = HadirServer(folder)
    server.migrate()
    school, people = enrol_all(server, people)
    camera = FakeCamera(folder / "camera.mjpeg")
    server.start()
    try:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page()
        log_in(page, server.address, school.username, school.password)
        link = make_kiosk_link(page, server.address)
        browser.close()
        with tablet(playwright, camera, folder / "tablet", chromium) as context:
            kiosk = Kiosk(context, server, camera)
            kiosk.activate(link)
            scenes = [part for model in people for part in (Scene(seconds=GAP_SECONDS), stay(model))]
            kiosk.see(*scenes)
            kiosk.page.wait_for_function(
                "(count) => window.began.length >= count", arg=len(people), timeout=len(people) * 20_000
            )
            kiosk.page.wait_for_timeout(STAY_SECONDS * 1000)
            began = json.loads(kiosk.page.evaluate("() => JSON.stringify(window.began)"))[: len(people)]
    finally:
        server.stop()
    times = waiting_times(began, received(server))
    print(f"\n{'first picture to ledger row':30}{'runs':>6}{'recorded':>10}{'median ms':>11}{'p95 ms':>9}")
    if times:
        print(f"{'':30}{len(began):6}{len(times):10}{statistics.median(times):11.0f}{percentile(times, 0.95):9.0f}")
    else:
        print(f"{'':30}{len(began):6}{0:10}")


def stay(model: Model) -> Scene:
    """Return the scene of one person before the camera."""
    return Scene([model.shown], seconds=STAY_SECONDS, marked=True)


def main() -> int:
    """Measure and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--folder", type=Path, default=FACES)
    options = parser.parse_args()
    chromium = find_chromium()
    if not chromium:
        sys.stderr.write(HOW + "\n")
        return 1
    people = models(options.folder, options.runs, Engine.load())
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(prefix="hadir-bench-") as folder:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        measure_graphs(browser.new_page(), people[0].shown)
        browser.close()
        measure_whole_way(playwright, chromium, people, Path(folder))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
