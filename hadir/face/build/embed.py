"""`embed.onnx`: landmarks -> the chips that each network was trained on -> one unit vector per face.

The default pack joins two independent networks, dlib's ResNet and HSE FaceRes. They err on different pairs, so that the
joined vector is better than either. docs/face.md has every step that was measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hadir.face.build import dlib_net, geometry
from hadir.face.build.foreign import ForeignNet
from hadir.face.build.graph import FLOAT, UINT8, Graph, TensorForm, Value, tensor
from hadir.face.build.measures import LANDMARKS, eye_centres
from hadir.face.build.tfjs import TfjsModel

DLIB_DIMENSION: Final = 128
DLIB_WEIGHT: Final = 1.6
"""How much longer dlib's part of the joined vector is than FaceRes' part."""

FACERES_DIMENSION: Final = 1024
FACERES: Final = 192
"""Side of FaceRes' chip. It was trained on 224; the cost of less is accuracy, the gain is time (docs/face.md)."""
FACERES_OUTPUTS: Final = ("global_pooling/Mean",)
"""The features alone: the branches that guess age and sex are left out of the graph."""
FACERES_CROP: Final = 1.15
FACERES_LIFT: Final = 0.09
FACERES_MEANS: Final = np.array([103.939, 116.779, 123.68], np.float32).reshape(1, 3, 1, 1)

FIVE_CHIP: Final = 112
FIVE_PLACES: Final = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32
)
"""Eyes, nose tip and mouth corners in the chip that ArcFace's successors are trained on, in pixels."""
NOSE, MOUTH_RIGHT, MOUTH_LEFT = 1, 61, 291

_MEAN_FACE: Final = Path(__file__).parent / "sources" / "mean_face.txt"


@dataclass(frozen=True, slots=True)
class Embedder:
    """An embedder's graph as bytes and the length of its vectors."""

    graph: bytes
    dimension: int


def mean_face() -> NDArray[np.float32]:
    """Where the 468 mesh points lie in dlib's 150-pixel chip on average: 468,2 pixels."""
    return np.loadtxt(_MEAN_FACE, np.float32, delimiter=",")


def build_open_embed(faceres: TfjsModel, dlib_file: bytes) -> Embedder:
    """The joined embedder. Inputs `frame`, `landmarks`; output `embedding` faces x 1152."""
    graph = Graph()
    frame, landmarks = _inputs(graph)
    dlib_chip = geometry.similarity(graph, mean_face(), landmarks)
    faceres_chip = _faceres_square(graph, landmarks)
    chips = geometry.cut(graph, frame, [(dlib_chip, dlib_net.CHIP), (faceres_chip, FACERES)])
    first = dlib_net.emit(graph, dlib_net.read_layers(dlib_file), chips[0]).unit()
    second = _faceres(graph, faceres, chips[1])
    joined = graph.join(1, first * DLIB_WEIGHT, second).unit()
    return _finish(graph, joined, DLIB_DIMENSION + FACERES_DIMENSION)


def build_foreign_embed(net: ForeignNet) -> Embedder:
    """An embedder around a network that was made elsewhere and looks at 112-pixel chips."""
    graph = Graph()
    frame, landmarks = _inputs(graph)
    right, left = eye_centres(landmarks)
    rest = landmarks.pick(1, [NOSE, MOUTH_RIGHT, MOUTH_LEFT])
    points = graph.join(1, right.expand(1), left.expand(1), rest)
    chip = geometry.similarity(graph, FIVE_PLACES, points)
    (chips,) = geometry.cut(graph, frame, [(chip, FIVE_CHIP)])
    return _finish(graph, net.emit(graph, chips).unit(), net.dimension)


def _inputs(graph: Graph) -> tuple[geometry.Frame, Value]:
    return geometry.Frame(graph.input("frame")), graph.input("landmarks")


def _finish(graph: Graph, embedding: Value, dimension: int) -> Embedder:
    inputs = [
        tensor("frame", UINT8, ["height", "width", "channels"]),
        tensor("landmarks", FLOAT, ["faces", LANDMARKS, 2]),
    ]
    form: TensorForm = (FLOAT, ["faces", dimension])
    outputs = {"embedding": (embedding, form)}
    return Embedder(graph.save("embed", inputs, outputs), dimension)


def _faceres_square(graph: Graph, landmarks: Value) -> Value:
    """A level square around the mesh, lifted towards the forehead, which the mesh does not cover and FaceRes knows."""
    low, high = landmarks.min(1), landmarks.max(1)
    right, left = eye_centres(landmarks)
    level = (left - right).unit()
    side = (high - low).max(1, keep=True)
    down = graph.join(1, -level.part(1, 1, 2), level.part(1, 0, 1)) * side
    return geometry.square(graph, FACERES, (low + high) / 2.0 - down * FACERES_LIFT, level * side * FACERES_CROP)


def _faceres(graph: Graph, model: TfjsModel, chips: Value) -> Value:
    """FaceRes' pooled features; their square root, because a few large ones would drown the rest."""
    blue_first = chips.pick(1, [2, 1, 0]) - FACERES_MEANS
    (features,) = model.emit(graph, blue_first, FACERES_OUTPUTS)
    return features.clip(0, None).sqrt().unit()
