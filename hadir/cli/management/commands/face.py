"""`hadir face bench`: how fast the engine is on this machine."""

from argparse import ArgumentParser
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from PIL import Image

from hadir.cli.base import HadirCommand, add_json, decimal
from hadir.core.errors import HadirError
from hadir.demo.samples import DEFAULT_FOLDER
from hadir.enrolment.engine import current_engine
from hadir.face import FaceError, decode_image
from hadir.face.bench import measure_speed
from hadir.face.engine import Pixels

FRAME = (640, 480)


class Command(HadirCommand):
    """Measure the engine."""

    help = "Ukur kecepatan mesin wajah di komputer ini, satu utas."
    needs_database: ClassVar[bool] = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the measurement."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="bench")
        bench = actions.add_parser("bench", help="ukur dari gambar 640 x 480 sampai vektor wajahnya")
        bench.add_argument("--image", type=Path, default=DEFAULT_FOLDER / "obama2.jpg", metavar="FOTO")
        bench.add_argument("--rounds", type=int, default=30, metavar="N", help="semula: 30")
        add_json(bench)

    def run(self, options: dict[str, Any]) -> int:
        """Measure and print."""
        speed = measure_speed(current_engine(), _frame(options["image"]), rounds=max(options["rounds"], 1))
        if options["json"]:
            self.fact(asdict(speed))
            return 0
        self.say(f"Paket {speed.pack}, {speed.width} x {speed.height}, {speed.faces} wajah, {speed.rounds} kali")
        steps = (("gambar menjadi wajah dan vektor", speed.analyze), ("di antaranya vektor", speed.embed))
        rows = [(name, *(decimal(value, 1) for value in astuple(times))) for name, times in steps]
        self.table(("Milidetik", "Tengah", "p95", "Prosesor"), rows, right=(1, 2, 3))
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
