"""`track.onnx`: where are the faces, how do they look to the camera, and where is every point of them.

frame (H,W,C bytes) -> letterbox -> BlazeFace -> boxes, merged where they overlap, main first
                    -> for the first `limit` of them: upright crop -> FaceMesh -> 468 points, presence, quality measures
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from hadir.face.build import geometry
from hadir.face.build.graph import FLOAT, INT64, UINT8, Graph, Value, tensor
from hadir.face.build.measures import LANDMARKS, QUALITY_NAMES, measure
from hadir.face.build.tfjs import TfjsModel

DETECT: Final = 160
"""Side of the picture in which faces are searched first. The model was trained on 256; docs/face.md: why less."""
DETECT_AGAIN: Final = 224
"""Side for a second, closer look when the first finds nobody: faces that are small in the frame."""
MESH: Final = 192
MESH_OUTPUTS: Final = ("Identity_2", "Identity_1")
"""The mesh (468 x 3) and the probability that the crop shows a face."""
SCORE: Final = 0.5
OVERLAP: Final = 0.3
MOST: Final = 20
"""Faces kept of one frame."""
ASIDE: Final = 0.5
"""How much a face loses of its width's weight when its centre lies on the edge of the frame instead of the middle."""
CROP: Final = 1.5
"""Side of the mesh crop in sides of the face box, as the mesh was trained."""
_LAYER: Final = "StatefulPartitionedCall/functional_1/conv2d_{}/BiasAdd"
HEADS: Final = [_LAYER.format(number) for number in (33, 34, 35, 36)]
"""BlazeFace's last convolutions: scores at strides 16 and 32, then boxes and points at 16 and 32."""


def anchors(side: int) -> NDArray[np.float32]:
    """Centres that boxes are relative to, in pixels: two per cell of 16 pixels, then six per cell of 32."""
    cells = [np.repeat(geometry.grid(side // stride) * stride, each, 0) for stride, each in ((16, 2), (32, 6))]
    return np.concatenate(cells).astype(np.float32)


def build_track(detector: TfjsModel, mesh: TfjsModel) -> bytes:
    """The whole graph. Inputs `frame`, `limit`; outputs as in docs/face.md."""
    graph = Graph()
    frame = geometry.Frame(graph.input("frame"))
    boxes, scores, eyes = _detect(graph, detector, frame)
    first = [value.part(0, 0, graph.input("limit")) for value in (boxes, eyes)]
    landmarks, presence, quality = _inspect(graph, mesh, frame, *first)
    return graph.save(
        "track",
        [tensor("frame", UINT8, ["height", "width", "channels"]), tensor("limit", INT64, [1])],
        {
            "boxes": (boxes, (FLOAT, ["faces", 4])),
            "scores": (scores, (FLOAT, ["faces"])),
            "landmarks": (landmarks, (FLOAT, ["meshes", LANDMARKS, 2])),
            "presence": (presence, (FLOAT, ["meshes"])),
            "quality": (quality, (FLOAT, ["meshes", len(QUALITY_NAMES)])),
        },
    )


def _detect(graph: Graph, detector: TfjsModel, frame: geometry.Frame) -> tuple[Value, Value, Value]:
    """Boxes x1 y1 x2 y2 and scores, main face first, and the two eyes of each (faces,2,2), all in frame pixels."""
    candidates, scores = _search(graph, detector, frame, DETECT)
    nobody = graph.op("Not", scores.max(0) > SCORE)
    candidates, scores = graph.either(
        nobody,
        lambda inner: _search(inner, detector, frame, DETECT_AGAIN),
        lambda inner: [inner.op("Identity", value) for value in (candidates, scores)],
    )
    merged, best = _merge(graph, candidates, scores)
    order = _main_first(graph, frame, merged)
    merged, best = graph.op("Gather", merged, order, axis=0), graph.op("Gather", best, order, axis=0)
    return merged.part(1, 0, 4), best, merged.part(1, 4, 8).reshape(-1, 2, 2)


def _search(graph: Graph, detector: TfjsModel, frame: geometry.Frame, side: int) -> list[Value]:
    """All candidates: corners and eyes in frame pixels (A,8), and scores 0..1 (A)."""
    inner = geometry.Frame(Value(graph, frame.pixels.name))
    picture, factor, offset = geometry.letterbox(graph, inner, side)
    heads = detector.emit(graph, picture / 127.5 - 1.0, HEADS)
    lists = [head.transpose(0, 2, 3, 1).reshape(-1, width) for head, width in zip(heads, (1, 1, 16, 16), strict=True)]
    scores = graph.op("Sigmoid", graph.join(0, lists[0], lists[1]).squeeze(1))
    numbers = graph.join(0, lists[2], lists[3])
    centres = anchors(side)
    middle = numbers.part(1, 0, 2) + centres
    half = numbers.part(1, 2, 4).clip(0, None) / 2.0
    eyes = numbers.part(1, 4, 8) + np.tile(centres, 2)
    points = graph.join(1, middle - half, middle + half, eyes)
    return [(points - graph.join(0, *[offset] * 4)) * factor, scores]


def _merge(graph: Graph, candidates: Value, scores: Value) -> tuple[Value, Value]:
    """One row per face: the mean, weighted by score, of all candidates that overlap its best one."""
    corners = candidates.part(1, 0, 4)
    chosen = graph.op(
        "NonMaxSuppression",
        corners.expand(0),
        scores.expand(0, 1),
        [MOST],
        [OVERLAP],
        [SCORE],
    ).pick(1, 2)
    best = graph.op("Gather", scores, chosen, axis=0)
    overlap = _overlap(graph, graph.op("Gather", corners, chosen, axis=0), corners)
    alike = (overlap > OVERLAP).floats() * (scores > SCORE).floats() * scores
    weights = alike / (alike.sum(1, keep=True) + 1e-9)
    return weights @ candidates, best


def _overlap(graph: Graph, some: Value, every: Value) -> Value:
    """Intersection over union of K,4 with A,4 boxes: K,A."""
    left, right = some.expand(1), every.expand(0)
    low = graph.op("Max", left.part(2, 0, 2), right.part(2, 0, 2))
    high = graph.op("Min", left.part(2, 2, 4), right.part(2, 2, 4))
    shared = _area((high - low).clip(0, None))
    sizes = [_area(boxes.part(2, 2, 4) - boxes.part(2, 0, 2)) for boxes in (left, right)]
    return shared / (sizes[0] + sizes[1] - shared + 1e-9)


def _area(sides: Value) -> Value:
    return sides.pick(2, 0) * sides.pick(2, 1)


def _main_first(graph: Graph, frame: geometry.Frame, boxes: Value) -> Value:
    """The order in which faces matter: large and near the middle of the frame, where the one who is meant stands."""
    corners = boxes.part(1, 0, 4).reshape(-1, 2, 2)
    sides = corners.pick(1, 1) - corners.pick(1, 0)
    middle = frame.extent / 2.0
    away = corners.mean(1) - middle
    distance = ((away * away).sum(1).sqrt() / middle.max(0)).clip(0, 1)
    near = distance * -ASIDE + 1.0
    weights = sides.pick(1, 0) * sides.pick(1, 1) * near * near
    return graph.ops("TopK", 2, weights, weights.shape(), axis=0)[1]


def _inspect(
    graph: Graph, mesh: TfjsModel, frame: geometry.Frame, boxes: Value, eyes: Value
) -> tuple[Value, Value, Value]:
    """Landmarks in frame pixels, presence and quality of the faces in `boxes`."""
    corners = boxes.reshape(-1, 2, 2)
    sides = corners.pick(1, 1) - corners.pick(1, 0)
    level = (eyes.pick(1, 1) - eyes.pick(1, 0)).unit()
    transform = geometry.square(graph, MESH, corners.mean(1), level * sides.max(1, keep=True) * CROP)
    (crops,) = geometry.cut(graph, frame, [(transform, MESH)])
    points, flag = mesh.emit(graph, crops / 255.0, MESH_OUTPUTS)
    points = points.reshape(-1, LANDMARKS, 3)
    landmarks = geometry.apply(transform, points.part(2, 0, 2))
    quality = measure(graph, crops, points, landmarks, frame)
    return landmarks, flag.squeeze(1), quality
