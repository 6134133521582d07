"""What the kiosk's page does in Chromium on this machine: the model's speed, and the time from a face to a ledger row.

    python bench/browser.py [--runs 20] [--skip 0] [--folder PEOPLE]

1. The pack's graphs on a bare page: milliseconds of `track` and `embed` on a 640x480 picture, by number of threads.
2. The whole way: a server, an activated kiosk page, a camera made of photos. One person after the other steps before
   the camera, with an empty wall between; the time runs from the first picture that shows the person (seen by a probe
   in the page) to `received_at` of the row in the ledger. Each is enrolled from one photo and shown in another. One
   line a person says what the screen showed when, and how near the gallery's best and second person were.

PEOPLE is a folder with one folder of photos a person (default: where the tests look for it); without one the three
sample portraits serve, and there are three runs.
"""

import argparse
import json
import os
import re
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
  window.states = [];
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await open(wanted);
    const video = document.createElement("video");
    const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    let white = false;
    const look = () => {
      const now = performance.timeOrigin + performance.now();
      const state = document.querySelector("[data-state]")?.dataset.state;
      if (state && window.states.at(-1)?.[1] !== state) window.states.push([now, state]);
      context.drawImage(video, 4, 4, 12, 12, 0, 0, 1, 1);
      const isWhite = context.getImageData(0, 0, 1, 1).data[0] > 220;
      if (isWhite && !white) window.began.push(now);
      white = isWhite;
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

    @property
    def name(self) -> str:
        """Return the name of the enrolment's file."""
        return self.enrolled.stem


def models(folder: Path, skip: int, count: int, engine: Engine) -> list[Model]:
    """Return people with two photos, after the first `skip`; the samples where there is no such folder."""
    pairs = [(SAMPLES / one, SAMPLES / two) for one, two in SAMPLE_PAIRS]
    if folder.is_dir():
        people = (sorted(person.glob("*.jpg")) for person in sorted(folder.glob("**/")))
        pairs = [(photos[0], photos[1]) for photos in people if len(photos) >= 2]
    return [Model(first, portrait_of(read_photo(second), engine)) for first, second in pairs[skip : skip + count]]


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


def reasons_in(complaint: str) -> str:
    """Return the codes of the reasons that the command printed as JSON, or its last line."""
    codes = re.findall(r'"code": "(\w+)"', complaint)
    return ", ".join(codes) or complaint.strip().splitlines()[-1]


def enrol_all(server: HadirServer, people: Sequence[Model]) -> tuple[School, dict[str, Model]]:
    """Make the school and enrol everyone by command; return those whose photo was good enough, by person id."""
    names = [f"Peserta {number:02}" for number in range(1, len(people) + 1)]
    school = School.from_seed(server.script(SEED, *names))
    good = {}
    for name, model in zip(names, people, strict=True):
        try:
            server.command("enroll", school.people[name], str(model.enrolled), "--json")
        except RuntimeError as refused:
            print(f"  {model.name}: not enrolled, {reasons_in(str(refused))}")
        else:
            good[school.people[name].replace("-", "")] = model
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


@dataclass(frozen=True)
class Row:
    """A scan of the ledger; the time is in Unix milliseconds, the person is the id without dashes."""

    at: float
    person: str | None
    verdict: str
    similarity: float | None
    second: float | None
    frames: int


def received(server: HadirServer) -> list[Row]:
    """Return the ledger, oldest first."""
    with closing(sqlite3.connect(f"file:{server.folder / 'hadir.sqlite3'}?mode=ro", uri=True)) as database:
        found = database.execute(
            "SELECT received_at, person_id, verdict, similarity, second, frames FROM ledger_scan ORDER BY received_at"
        )
        return [Row(datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp() * 1000, *rest) for at, *rest in found]


@dataclass(frozen=True)
class Stay:
    """What came of one person before the camera: states of the screen with milliseconds, and the ledger's rows."""

    name: str
    person: str
    began: float
    states: Sequence[tuple[float, str]]
    rows: Sequence[Row]

    @property
    def waited(self) -> float | None:
        """Milliseconds from the first picture to the row with this person's name; None when there was none."""
        own = (row.at - self.began for row in self.rows if row.person == self.person and row.verdict == "recognised")
        return min(own, default=None)

    @property
    def names_another(self) -> bool:
        """Whether somebody else was recorded in this person's place."""
        return any(row.person not in (self.person, None) for row in self.rows)

    def __str__(self) -> str:
        states = " ".join(f"{state} {at - self.began:.0f}" for at, state in self.states)
        near = ", ".join(
            f"{row.verdict} {number(row.similarity)}/{number(row.second)} in {row.frames} frames" for row in self.rows
        )
        waited = "-" if self.waited is None else f"{self.waited:.0f}"
        return f"  {self.name:28}{waited:>6}  {near or 'no row'}  [{states}]"


def number(value: float | None) -> str:
    """Return a cosine as text."""
    return "-" if value is None else f"{value:.3f}"


def stays_of(
    people: Sequence[tuple[str, str]],
    began: Sequence[float],
    states: Sequence[tuple[float, str]],
    rows: Sequence[Row],
) -> list[Stay]:
    """Sort states and rows to the people (name, id), who came one after the other."""
    length = (STAY_SECONDS + GAP_SECONDS) * 1000
    return [
        Stay(
            name,
            person,
            start,
            [(at, state) for at, state in states if 0 <= at - start < length],
            [row for row in rows if 0 <= row.at - start < length],
        )
        for (name, person), start in zip(people, began, strict=True)
    ]


def measure_whole_way(playwright: Playwright, chromium: str, people: Sequence[Model], folder: Path) -> None:
    """Print the time from the first picture with a face to the ledger row."""
    server = HadirServer(folder)
    server.migrate()
    school, enrolled = enrol_all(server, people)
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
            scenes = [part for model in enrolled.values() for part in (Scene(seconds=GAP_SECONDS), stay(model))]
            kiosk.see(*scenes)
            kiosk.page.wait_for_function(
                "(count) => window.began.length >= count", arg=len(enrolled), timeout=len(enrolled) * 20_000
            )
            kiosk.page.wait_for_timeout(STAY_SECONDS * 1000)
            began, states = json.loads(kiosk.page.evaluate("() => JSON.stringify([window.began, window.states])"))
    finally:
        server.stop()
    people_before = [(model.name, person) for person, model in enrolled.items()]
    print_stays(stays_of(people_before, began[: len(enrolled)], states, received(server)))


def print_stays(stays: Sequence[Stay]) -> None:
    """Print a line for each person, then the table."""
    print(f"\n  {'person':28}{'ms':>6}  ledger (cosine of the best/second person)  [screen, ms]")
    for each in stays:
        print(each)
    times = [each.waited for each in stays if each.waited is not None]
    wrong = sum(each.names_another for each in stays)
    median = f"{statistics.median(times):.0f}" if times else "-"
    p95 = f"{percentile(times, 0.95):.0f}" if times else "-"
    print(f"\n{'first picture to ledger row':30}", end="")
    print(f"{'runs':>6}{'recorded':>10}{'as another':>12}{'median ms':>11}{'p95 ms':>8}")
    print(f"{'':30}{len(stays):6}{len(times):10}{wrong:12}{median:>11}{p95:>8}")


def stay(model: Model) -> Scene:
    """Return the scene of one person before the camera."""
    return Scene([model.shown], seconds=STAY_SECONDS, marked=True)


def main() -> int:
    """Measure and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--skip", type=int, default=0, help="leave out that many people of the folder")
    parser.add_argument("--folder", type=Path, default=FACES)
    options = parser.parse_args()
    chromium = find_chromium()
    if not chromium:
        sys.stderr.write(HOW + "\n")
        return 1
    people = models(options.folder, options.skip, options.runs, Engine.load())
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(prefix="hadir-bench-") as folder:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        measure_graphs(browser.new_page(), people[0].shown)
        browser.close()
        measure_whole_way(playwright, chromium, people, Path(folder))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
