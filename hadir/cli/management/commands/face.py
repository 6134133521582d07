"""`hadir face bench`: how fast the engine is on this machine."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from PIL import Image

from hadir.cli.base import HadirCommand, add_json
from hadir.core.errors import HadirError
from hadir.demo.samples import DEFAULT_FOLDER
from hadir.enrolment.engine import current_engine
from hadir.face import FaceError, decode_image, match
from hadir.face.engine import Pixels

FRAME = (640, 480)
PEOPLE, TEMPLATES = 100, 4


class Command(HadirCommand):
    """Measure the engine."""

    help = "Ukur kecepatan mesin wajah di komputer ini, satu utas."
    needs_database: ClassVar[bool] = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the measurement."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="bench")
        bench = actions.add_parser("bench", help="ukur dari gambar 640 x 480 sampai siapa orangnya")
        bench.add_argument("--image", type=Path, default=DEFAULT_FOLDER / "obama2.jpg", metavar="FOTO")
        bench.add_argument("--rounds", type=int, default=30, metavar="N", help="semula: 30")
        add_json(bench)

    def run(self, options: dict[str, Any]) -> int:
        """Measure and print medians."""
        frame = _frame(options["image"])
        engine = current_engine()
        faces = engine.analyze(frame, limit=1)
        if not faces:
            raise HadirError("demo_no_face", name=options["image"].name)
        probe, landmarks = faces[0].embedding, faces[0].landmarks[None]
        people = _people(len(probe))
        rounds = max(options["rounds"], 1)
        steps: dict[str, Callable[[], object]] = {
            "analyze": lambda: engine.analyze(frame, limit=1),
            "embed": lambda: engine.embed(frame, landmarks),
            "match": lambda: match(probe, people),
        }
        measured = {name: _measure(step, rounds) for name, step in steps.items()}
        if options["json"]:
            self.fact({"pack": engine.manifest.id, "rounds": rounds, "milliseconds": measured})
            return 0
        words = {
            "analyze": "gambar menjadi wajah dan vektor",
            "embed": "di antaranya: vektor",
            "match": f"mencari di antara {PEOPLE} orang x {TEMPLATES} templat",
        }
        self.say(f"Paket {engine.manifest.id}, {rounds} kali, milidetik")
        rows = [(words[name], f"{times['median']:.1f}", f"{times['p95']:.1f}") for name, times in measured.items()]
        self.table(("Langkah", "Tengah", "p95"), rows, right=(1, 2))
        return 0


def _frame(path: Path) -> Pixels:
    """Return the picture inside a frame of the kiosk's size."""
    try:
        photo = Image.fromarray(decode_image(path.read_bytes()))
    except OSError:
        raise HadirError("file_missing", name=path) from None
    except FaceError:
        raise HadirError("image_unreadable", name=path) from None
    photo.thumbnail(FRAME)
    frame = Image.new("RGB", FRAME, (128, 132, 136))
    frame.paste(photo, ((FRAME[0] - photo.width) // 2, (FRAME[1] - photo.height) // 2))
    return np.asarray(frame)


def _people(dimension: int) -> dict[int, Any]:
    vectors = np.random.default_rng(7).normal(size=(PEOPLE, TEMPLATES, dimension)).astype(np.float32)
    return dict(enumerate(vectors / np.linalg.norm(vectors, axis=2, keepdims=True)))


def _measure(step: Callable[[], object], rounds: int) -> dict[str, float]:
    """Return median and 95th percentile in milliseconds, after one round that does not count."""
    times = []
    for _round in range(rounds + 1):
        begun = time.perf_counter()
        step()
        times.append((time.perf_counter() - begun) * 1000)
    return {"median": round(float(np.median(times[1:])), 2), "p95": round(float(np.percentile(times[1:], 95)), 2)}
