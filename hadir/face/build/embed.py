"""`embed.onnx`: landmarks -> the chips that each network was trained on -> one unit vector per face.

The default pack joins two independent networks: dlib's ResNet and HSE FaceRes. They err on different pairs, so that the
joined vector is better than either; docs/face.md has the measured steps.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from hadir.face.build import dlib_net, geometry
from hadir.face.build.graph import FLOAT, UINT8, Graph, Value, tensor
from hadir.face.build.measures import eye_centres
from hadir.face.build.tfjs import TfjsModel

DLIB_POINTS: Final = (263, 362, 33, 133, 94)
"""Mesh points nearest to dlib's five: outer and inner corner of the left eye, of the right eye, base of the nose."""
DLIB_PLACES: Final = np.float32(
    [
        [0.8595674595992, 0.2134981538014],
        [0.6460604764104, 0.2289674387677],
        [0.1205750620789, 0.2137274526848],
        [0.3340850613712, 0.2290642403242],
        [0.4901123135679, 0.6277975316475],
    ]
)
"""Where dlib's training put them, in face widths; the chip has a quarter of a face width around."""
DLIB_PADDING: Final = 0.25
FACERES: Final = 224
FACERES_CROP: Final = 1.3
FACERES_MEANS: Final = np.float32([103.939, 116.779, 123.68]).reshape(1, 3, 1, 1)
DLIB_WEIGHT: Final = 1.4


def dlib_template() -> NDArray[np.float32]:
    """Places of `DLIB_POINTS` in the 150-pixel chip (dlib counts from pixel centres, we from pixel corners)."""
    span = 1 + 2 * DLIB_PADDING
    return ((DLIB_PLACES + DLIB_PADDING) / span * dlib_net.CHIP + 0.5).astype(np.float32)


def build_embed(faceres: TfjsModel, dlib_file: bytes) -> bytes:
    """The joined embedder. Inputs `frame`, `landmarks`; output `embedding` meshes x 1152."""
    graph = Graph()
    frame, landmarks = geometry.Frame(graph.input("frame")), graph.input("landmarks")
    dlib_chip = geometry.similarity(graph, dlib_template(), landmarks.pick(1, list(DLIB_POINTS)))
    faceres_chip = _faceres_square(graph, landmarks)
    chips = geometry.cut(graph, frame, [(dlib_chip, dlib_net.CHIP), (faceres_chip, FACERES)])
    first = dlib_net.emit(graph, dlib_net.read_layers(dlib_file), chips[0]).unit()
    second = _faceres(graph, faceres, chips[1])
    joined = graph.join(1, first * np.float32(DLIB_WEIGHT), second).unit()
    return save_embed(graph, joined, 1152)


def save_embed(graph: Graph, embedding: Value, dimension: int) -> bytes:
    """Close a graph with the inputs and the output that every embedder has."""
    return graph.save(
        "embed",
        [
            tensor("frame", UINT8, ["height", "width", "channels"]),
            tensor("landmarks", FLOAT, ["meshes", 468, 2]),
        ],
        {"embedding": (embedding, (FLOAT, ["meshes", dimension]))},
    )


def _faceres_square(graph: Graph, landmarks: Value) -> Value:
    low, high = landmarks.min(1), landmarks.max(1)
    right, left = eye_centres(landmarks)
    level = (left - right).unit()
    side = (high - low).max(1, keep=True) * np.float32(FACERES_CROP)
    return geometry.square(graph, FACERES, (low + high) / np.float32(2), level * side)


def _faceres(graph: Graph, model: TfjsModel, chips: Value) -> Value:
    """FaceRes' pooled features; their square root, because a few large ones would drown the rest."""
    blue_first = chips.pick(1, [2, 1, 0]) - FACERES_MEANS
    (features,) = model.emit(graph, blue_first, ["global_pooling/Mean"])
    return features.clip(0, None).sqrt().unit()
