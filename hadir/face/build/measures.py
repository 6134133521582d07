"""What can be said about a face picture in numbers, computed inside `track.onnx` so that Python and the browser agree.

Light is measured only at the 468 points of the mesh, so hair, veil and background do not count.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from hadir.face.build.geometry import Frame
from hadir.face.build.graph import Graph, Value

QUALITY_NAMES: Final = (
    "size",
    "sharpness",
    "brightness",
    "contrast",
    "evenness",
    "yaw",
    "pitch",
    "roll",
    "inside",
)
"""In the order of the columns of `quality`; meanings and units in docs/face.md."""

LANDMARKS: Final = 468
"""Points of the MediaPipe face mesh."""
RIGHT_EYE: Final = (33, 133, 159, 145)
LEFT_EYE: Final = (263, 362, 386, 374)
FOREHEAD, CHIN, RIGHT_CHEEK, LEFT_CHEEK = 10, 152, 234, 454
LEVEL_PITCH: Final = 6.0
"""Degrees by which the mesh sees a face that looks straight ahead as looking down: the median of 909 portraits."""
_GREY: Final = (np.array([0.299, 0.587, 0.114], np.float32) / np.float32(255)).reshape(1, 3, 1, 1)
_LAPLACE: Final = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]], np.float32).reshape(1, 1, 3, 3)
_DEGREES: Final = 180 / math.pi


def measure(graph: Graph, crops: Value, points: Value, landmarks: Value, frame: Frame) -> Value:
    """Quality numbers, faces x len(QUALITY_NAMES).

    `crops` faces,3,side,side 0..255 and `points` faces,468,3 in crop pixels; `landmarks` the same in frame pixels.
    """
    eyes = eye_centres(landmarks)
    across = eyes[1] - eyes[0]
    light = _light(graph, crops, points)
    turn = _pose(graph, points)
    columns = [
        (across * across).sum(1, keep=True).sqrt(),
        _sharpness(graph, crops),
        *light,
        *turn,
        _angle(graph, across.part(1, 1, 2), across.part(1, 0, 1)),
        _inside(landmarks, frame),
    ]
    return graph.join(1, *columns)


def eye_centres(landmarks: Value) -> tuple[Value, Value]:
    """Centre of the person's right and left eye: faces,2 each."""
    right, left = (landmarks.pick(1, list(eye)).mean(1) for eye in (RIGHT_EYE, LEFT_EYE))
    return right, left


def _sharpness(graph: Graph, crops: Value) -> Value:
    """Fine detail against all detail in the middle of the crop: 0 for a blur, about 0.1 to 0.4 for a sharp face."""
    middle = graph.op("Conv", crops.part(2, 48, 144).part(3, 48, 144), _GREY)
    edges = graph.op("Conv", middle, _LAPLACE)
    spread = middle - middle.mean(2, 3, keep=True)
    fine, whole = ((value * value).mean(1, 2, 3).sqrt() for value in (edges, spread))
    return (fine / (whole + 0.01)).expand(1)


def _light(graph: Graph, crops: Value, points: Value) -> tuple[Value, Value, Value]:
    """Mean (0..1), spread, and right against left half (-1..1; positive when the right is lighter): faces,1 each."""
    flat = points.part(2, 0, 2)
    side = crops.shape().part(0, 3, 4).floats()
    spots = (flat / side * 2.0 - 1.0).expand(1)
    colours = graph.op("GridSample", crops, spots, mode="bilinear", padding_mode="border")
    seen = graph.op("Conv", colours, _GREY).squeeze(1, 2)
    mean = seen.mean(1, keep=True)
    spread = ((seen - mean) * (seen - mean)).mean(1, keep=True).sqrt()
    top, down = flat.pick(1, [FOREHEAD]), flat.pick(1, [CHIN]) - flat.pick(1, [FOREHEAD])
    away = flat - top
    cross = away.pick(2, 0) * down.pick(2, 1) - away.pick(2, 1) * down.pick(2, 0)
    left = (cross > 0.0).floats()
    right = 1.0 - left
    halves = [(seen * half).sum(1, keep=True) / (half.sum(1, keep=True) + 1e-6) for half in (right, left)]
    return mean, spread, (halves[0] - halves[1]) / (halves[0] + halves[1] + 1e-3)


def _pose(graph: Graph, points: Value) -> tuple[Value, Value]:
    """Yaw and pitch in degrees from the mesh's own depth (smaller is nearer): faces,1 each.

    Yaw is positive when the person turns to their left (towards the picture's right edge), pitch when they look up.
    """
    width = points.pick(1, LEFT_CHEEK) - points.pick(1, RIGHT_CHEEK)
    height = points.pick(1, CHIN) - points.pick(1, FOREHEAD)
    yaw = _angle(graph, width.part(1, 2, 3), width.part(1, 0, 1))
    return yaw, LEVEL_PITCH - _angle(graph, height.part(1, 2, 3), height.part(1, 1, 2))


def _angle(graph: Graph, rise: Value, run: Value) -> Value:
    """atan2 in degrees."""
    length = (rise * rise + run * run).sqrt()
    return graph.op("Atan", rise / (length + run + 1e-6)) * (2.0 * _DEGREES)


def _inside(landmarks: Value, frame: Frame) -> Value:
    """Share of the mesh that lies inside the frame."""
    kept = (landmarks > 0.0).floats() * (frame.extent - landmarks > 0.0).floats()
    return (kept.pick(2, 0) * kept.pick(2, 1)).mean(1, keep=True)
