"""Golden vectors: what the default pack must answer for frames that every runtime can rebuild.

    python -m hadir.face.golden contract/golden

writes `vectors.json` anew from the pack in use. Python (hadir/face/tests) and the browser are held to it: boxes overlap
by 0.98, landmarks within one pixel, embeddings with a cosine of 0.9999. The picture lies beside it as PNG, so that both
sides decode the very same pixels; where it comes from is in contract/golden/README.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hadir.face.decode import decode_image
from hadir.face.engine import Engine, Face
from hadir.face.manifest import CHECKOUT

FOLDER: Final = CHECKOUT / "contract" / "golden"
VECTORS: Final = "vectors.json"


def frame_of(case: dict[str, Any], folder: Path = FOLDER) -> NDArray[np.uint8]:
    """The frame of a case: the PNG itself, or a black frame with the PNG placed in it at `at` (x, y)."""
    if "image" not in case:
        return np.zeros((case["height"], case["width"], 3), np.uint8)
    rgb = decode_image((folder / case["image"]).read_bytes())
    if case.get("mirrored"):
        rgb = np.ascontiguousarray(rgb[:, ::-1])
    frame = np.zeros((case["height"], case["width"], 3), np.uint8)
    x, y = case["at"]
    height, width = min(rgb.shape[0], case["height"] - y), min(rgb.shape[1], case["width"] - x)
    frame[y : y + height, x : x + width] = rgb[:height, :width]
    return frame


CASES: Final[tuple[dict[str, Any], ...]] = (
    {"name": "portrait", "image": "astronaut.png", "width": 256, "height": 256, "at": [0, 0]},
    {"name": "camera frame", "image": "astronaut.png", "width": 640, "height": 480, "at": [190, 100]},
    {"name": "mirrored", "image": "astronaut.png", "width": 640, "height": 480, "at": [30, 60], "mirrored": True},
    {"name": "small in a large frame", "image": "astronaut.png", "width": 1280, "height": 720, "at": [900, 400]},
    {"name": "cut by the edge", "image": "astronaut.png", "width": 200, "height": 256, "at": [0, 0]},
    {"name": "nobody", "width": 320, "height": 240},
)


def make_vectors(engine: Engine, folder: Path = FOLDER) -> dict[str, Any]:
    """Answers of this engine for every case."""
    cases = []
    for case in CASES:
        faces = engine.analyze(frame_of(case, folder))
        cases.append({**case, "faces": [_answer(face) for face in faces]})
    return {"format": 1, "pack": engine.manifest.id, "cases": cases}


def _answer(face: Face) -> dict[str, Any]:
    return {
        "box": _rounded(face.box, 3),
        "landmarks": _rounded(face.landmarks, 2),
        "quality": {name: round(value, 4) for name, value in face.quality.items()},
        "embedding": _rounded(face.embedding, 6),
    }


def _rounded(values: NDArray[np.float32], digits: int) -> list[Any]:
    rounded: list[Any] = np.round(values.astype(np.float64), digits).tolist()
    return rounded


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m hadir.face.golden", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=FOLDER)
    folder = parser.parse_args().folder
    vectors = make_vectors(Engine.load(), folder)
    (folder / VECTORS).write_text(json.dumps(vectors, separators=(",", ":")) + "\n", "utf-8")
    sys.stdout.write(f"{len(vectors['cases'])} cases of {vectors['pack']}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
