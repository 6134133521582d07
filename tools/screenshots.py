"""Pictures for the README, taken from the running demo: the kiosk that has just recorded, and the board of today.

    python tools/screenshots.py

The face is the portrait of Eileen Collins (NASA, public domain), played by an invented teacher of the demo. The others
on the board are records that a second kiosk of the demo hands in through the API, so the pictures show what the product
really shows. Written to docs/pictures/.
"""

import json
import re
import sys
import tempfile
import urllib.request
import uuid
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Page, Playwright, expect, sync_playwright

from hadir.face import Engine
from tests.browser.conftest import FLAGS
from tests.browser.faces import SAMPLES, sample
from tests.browser.fake_camera import FakeCamera, Scene
from tests.browser.kiosk import Kiosk
from tests.browser.office import log_in, make_kiosk_link
from tests.browser.server import HadirServer
from tools.chromium import HOW, find_chromium

ROOT = Path(__file__).resolve().parent.parent

PICTURES = ROOT / "docs" / "pictures"
NPSN, TEACHER, PORTRAIT = "20599901", "Dewi Ratna Sari", "astronaut.png"
LARGEST_BYTES = 150_000
SIZE: Any = {"width": 1280, "height": 800}
WIB = ZoneInfo("Asia/Jakarta")


def teach_portrait(server: HadirServer) -> list[dict[str, Any]]:
    """Make the demo region, enrol the portrait as the teacher, and return the people of the school."""
    server.command("demo", "--seed-only")
    people = server.facts("people", "list", "--school", NPSN)
    teacher = next(person["id"] for person in people if TEACHER in person["name"])
    server.command("enroll", teacher, str(SAMPLES / PORTRAIT), "--json")
    return people


def printed(server: HadirServer, pattern: str) -> str:
    """Return what `hadir serve --demo` printed at this pattern."""
    found = re.search(pattern, server.log.read_text(encoding="utf-8"), re.MULTILINE)
    if not found:
        raise SystemExit(f"hadir serve --demo printed nothing like {pattern}")
    return found[1]


def call(server: HadirServer, name: str, body: dict[str, Any], token: str = "") -> Any:
    """Speak to the kiosk API and return its answer."""
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    request = urllib.request.Request(  # noqa: S310  # our own server
        f"{server.address}/api/kiosk/v1/{name}", json.dumps(body).encode(), headers
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return json.load(answer)


def hand_in_morning(server: HadirServer, link: str, people: list[dict[str, Any]]) -> None:
    """Hand in one record for most of the others, some minutes apart, as a second kiosk of the school."""
    code = link.partition("#kode=")[2]
    made = call(server, "activate", {"code": code, "user_agent": "demo", "app_version": "demo", "handshake": 1})
    hello = call(server, "hello", {"unsent": 0, "app_version": "demo"}, made["token"])
    now = datetime.now(WIB)
    arrival = min(now.replace(hour=6, minute=58), now - timedelta(minutes=2))
    scans = []
    for place, person in enumerate(people[::-1]):
        if TEACHER in person["name"] or place in {2, 7}:
            continue
        record = {
            "v": 1,
            "id": str(uuid.uuid4()),
            "device": made["device_id"],
            "person": person["id"],
            "verdict": "recognised",
            "captured_at": (arrival - timedelta(minutes=3 * place, seconds=17 * place)).isoformat(
                timespec="milliseconds"
            ),
            "time_zone": "Asia/Jakarta",
            "similarity": 0.9,
            "second": None,
            "frames": 3,
            "quality": {},
            "pack": (hello["pack"] or {}).get("id", ""),
            "source": "sample",
            "app": "demo",
        }
        scans.append({"id": record["id"], "record": json.dumps(record)})
    call(server, "scans", {"scans": scans}, made["token"])


def save(page: Page, name: str) -> None:
    """Write what the page shows as a PNG of few colours; stop when it is too large for a README."""
    with Image.open(BytesIO(page.screenshot())) as picture:
        few = picture.convert("RGB").resize((960, 600), Image.Resampling.LANCZOS)
    for colours in (256, 128, 64):
        stream = BytesIO()
        few.quantize(colours, dither=Image.Dither.NONE).save(stream, "PNG", optimize=True)
        if len(stream.getvalue()) <= LARGEST_BYTES:
            break
    else:
        raise SystemExit(f"{name} is larger than {LARGEST_BYTES} bytes even in 64 colours")
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / name).write_bytes(stream.getvalue())
    print(f"docs/pictures/{name}: {len(stream.getvalue()) // 1000} kB")


def take_pictures(playwright: Playwright, chromium: str, server: HadirServer, people: list[dict[str, Any]]) -> None:
    """Go the visitor's way and take both pictures."""
    camera = FakeCamera(server.folder / "camera.mjpeg")
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    office = browser.new_page(viewport=SIZE)
    log_in(office, server.address, "operator", printed(server, r"^operator\s+(\S+)"))
    hand_in_morning(server, make_kiosk_link(office, server.address), people)
    tablet = playwright.chromium.launch_persistent_context(
        server.folder / "tablet", executable_path=chromium, args=[*FLAGS, *camera.arguments], viewport=SIZE
    )
    kiosk = Kiosk(tablet, server, camera)
    kiosk.activate(server.address + printed(server, r"(/kios/#kode=\S+)"))
    kiosk.see(Scene([sample(PORTRAIT, Engine.load())]))
    kiosk.expect_state("recorded")
    save(kiosk.page, "kiosk.png")
    office.goto(f"{server.address}/hari-ini/{NPSN}/")
    expect(office.get_by_text(TEACHER)).to_be_visible()
    office.wait_for_load_state("networkidle")
    save(office, "board.png")
    tablet.close()
    browser.close()


def main() -> int:
    """Take the pictures."""
    chromium = find_chromium()
    if not chromium:
        sys.stderr.write(HOW + "\n")
        return 1
    with tempfile.TemporaryDirectory(prefix="hadir-pictures-") as folder, sync_playwright() as playwright:
        server = HadirServer(Path(folder))
        people = teach_portrait(server)
        server.start("--demo")
        try:
            take_pictures(playwright, chromium, server, people)
        finally:
            server.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
