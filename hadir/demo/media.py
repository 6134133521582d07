"""Pictures for the demo kiosk in place of a camera: the sample portraits as a tablet's camera would see them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from hadir.enrolment.samples import LISTING, samples_folder
from hadir.face import Engine, decode_image
from hadir.face.engine import Pixels

WIDTH, HEIGHT = 1280, 960
FACE_WIDTH: Final = 400
WALL: Final = (128, 132, 136)


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: its file name, the words under it, and the portraits that stand side by side in it."""

    name: str
    label: str
    portraits: Sequence[str]


SCENES: Final = (
    Scene("terdaftar-1.jpg", "Orang yang terdaftar, foto lain", ("obama2.jpg",)),
    Scene("terdaftar-2.jpg", "Orang yang terdaftar, foto ketiga", ("obama3.jpg",)),
    Scene("tidak-dikenal.jpg", "Orang yang tidak terdaftar", ("biden.jpg",)),
    Scene("tidak-dikenal-2.jpg", "Orang lain yang tidak terdaftar", ("astronaut.png",)),
    Scene("dua-orang.jpg", "Dua orang sekaligus", ("obama2.jpg", "biden.jpg")),
    Scene("kosong.jpg", "Tidak ada orang", ()),
)


def write_media(portraits: Path, engine: Engine) -> list[Path]:
    """Write the scenes and their listing into HADIR_DATA/demo where they are missing; return the paths."""
    folder = samples_folder()
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / scene.name for scene in SCENES]
    for scene, path in zip(SCENES, paths, strict=True):
        if not path.is_file():
            path.write_bytes(_picture(scene, portraits, engine))
    listing = [{"name": scene.name, "label": scene.label} for scene in SCENES]
    (folder / LISTING).write_text(json.dumps(listing, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return paths


def _picture(scene: Scene, portraits: Path, engine: Engine) -> bytes:
    picture = Image.new("RGB", (WIDTH, HEIGHT), WALL)
    for place, name in enumerate(scene.portraits):
        width = WIDTH // len(scene.portraits)
        photo = decode_image((portraits / name).read_bytes())
        picture.paste(_standing(photo, engine, width), (place * width, 0))
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=88)
    return stream.getvalue()


def _standing(photo: Pixels, engine: Engine, width: int) -> Image.Image:
    """Cut the photo so that its face is FACE_WIDTH wide in the middle; where the photo ends, its edge goes on."""
    x1, y1, x2, y2 = (float(value) for value in engine.analyze(photo, limit=1)[0].box)
    scale = (x2 - x1) / FACE_WIDTH
    left, top = (x1 + x2) / 2 - scale * width / 2, (y1 + y2) / 2 - scale * HEIGHT / 2
    right, bottom = left + scale * width, top + scale * HEIGHT
    height, breadth = photo.shape[:2]
    margin = int(max(0.0, -left, -top, right - breadth, bottom - height)) + 2
    padded = np.pad(photo, ((margin, margin), (margin, margin), (0, 0)), mode="edge")
    window = (left + margin, top + margin, right + margin, bottom + margin)
    return Image.fromarray(padded).resize((width, HEIGHT), Image.Resampling.LANCZOS, box=window)
