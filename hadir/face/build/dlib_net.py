"""Read dlib's face descriptor network (`dlib_face_recognition_resnet_model_v1.dat`) and write it into an ONNX graph.

The file is a C++ object dump: layers follow in computing order, each behind a text tag. Integers are packed as one byte
(low nibble: number of bytes; bit 7: sign) and that many little-endian bytes; floats as mantissa and exponent of two.
The network is a ResNet of 29 convolutions: 150 x 150 RGB in, 128 numbers out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hadir.face.build.graph import Graph, Value

CHIP: Final = 150
"""Side of the picture that the network looks at, in pixels."""
_TAG: Final = re.compile(rb"con_4|affine_|relu_|add_prev_|max_pool_2|avg_pool_2|fc_2|input_rgb_image_sized")
Weights = NDArray[np.float32]


@dataclass(frozen=True)
class Layer:
    """One layer: its tag, its weights and its whole numbers in file order."""

    kind: str
    weights: Weights
    sizes: tuple[int, ...] = ()


class _Reader:
    def __init__(self, data: bytes, offset: int) -> None:
        self.data = data
        self.offset = offset

    def integer(self) -> int:
        head = self.data[self.offset]
        start, length = self.offset + 1, head & 0x0F
        self.offset = start + length
        value = int.from_bytes(self.data[start : self.offset], "little")
        return -value if head & 0x80 else value

    def real(self) -> float:
        mantissa = self.integer()
        return float(mantissa * 2.0 ** self.integer())

    def tensor(self) -> tuple[Weights, tuple[int, ...]]:
        version = self.integer()
        if version != 2:
            raise ValueError(f"tensor version {version}, expected 2")
        dims = tuple(self.integer() for _ in range(4))
        count = int(np.prod(dims))
        values = np.frombuffer(self.data, "<f4", count=count, offset=self.offset)
        self.offset += 4 * count
        return values, dims


def read_layers(data: bytes) -> list[Layer]:
    """All layers of the file in computing order. Raises ValueError when the file is not what it should be."""
    layers = []
    for found in _TAG.finditer(data):
        kind = found.group().decode().rstrip("_")
        reader = _Reader(data, found.end())
        layers.append(_read_layer(kind, reader))
    if not layers or layers[0].kind != "input_rgb_image_sized" or layers[-1].kind != "fc_2":
        raise ValueError("not dlib's face descriptor network")
    return layers


def _read_layer(kind: str, reader: _Reader) -> Layer:
    if kind == "con_4":
        weights, _ = reader.tensor()
        return Layer(kind, weights, tuple(reader.integer() for _ in range(7)))
    if kind == "affine":
        return Layer(kind, reader.tensor()[0])
    if kind == "fc_2":
        outputs, inputs = reader.integer(), reader.integer()
        return Layer(kind, reader.tensor()[0], (inputs, outputs))
    if kind == "input_rgb_image_sized":
        return Layer(kind, np.array([reader.real() for _ in range(3)], np.float32))
    return Layer(kind, np.empty(0, np.float32))


@dataclass
class _Picture:
    """A feature map under construction; dlib's padding rules need to know its size."""

    value: Value
    channels: int
    side: int


def emit(graph: Graph, layers: list[Layer], chips: Value) -> Value:
    """Write the network. `chips`: N,3,150,150 RGB 0..255; gives N,128 (not unit length, as in dlib)."""
    queue = iter(layers)
    means = next(queue).weights.reshape(1, 3, 1, 1)
    picture = _Picture((chips - means) / 256.0, channels=3, side=CHIP)
    picture = _relu(graph, _convolve(graph, picture, next(queue), next(queue)))
    _expect(queue, "relu", "max_pool_2")
    pooled = graph.op("MaxPool", picture.value, kernel_shape=[3, 3], strides=[2, 2])
    picture = _Picture(pooled, picture.channels, (picture.side - 3) // 2 + 1)
    layer = next(queue)
    while layer.kind == "con_4":
        picture = _residual(graph, picture, layer, queue)
        layer = next(queue)
    last = next(queue)
    flat = graph.op("Flatten", graph.op("GlobalAveragePool", picture.value))
    return flat @ graph.half(last.weights.reshape(last.sizes))


def _expect(queue: Iterator[Layer], *kinds: str) -> None:
    for kind in kinds:
        found = next(queue).kind
        if found != kind:
            raise ValueError(f"layer {found} where {kind} should be")


def _relu(graph: Graph, picture: _Picture) -> _Picture:
    return _Picture(graph.op("Relu", picture.value), picture.channels, picture.side)


def _convolve(graph: Graph, picture: _Picture, layer: Layer, affine: Layer) -> _Picture:
    """A convolution with the scaling layer behind it folded into its weights."""
    filters, rows, columns, stride, _, padding, _ = layer.sizes
    split = filters * picture.channels * rows * columns
    gain, shift = affine.weights[:filters], affine.weights[filters:]
    kernel = layer.weights[:split].reshape(filters, picture.channels, rows, columns) * gain[:, None, None, None]
    value = graph.op(
        "Conv",
        picture.value,
        graph.half(kernel),
        layer.weights[split:] * gain + shift,
        kernel_shape=[rows, columns],
        strides=[stride, stride],
        pads=[padding] * 4,
    )
    return _Picture(value, filters, (picture.side + 2 * padding - rows) // stride + 1)


def _residual(graph: Graph, picture: _Picture, first: Layer, queue: Iterator[Layer]) -> _Picture:
    """Two convolutions beside a shortcut; where they halve the picture, so does the shortcut, and gaps are zero."""
    halves = first.sizes[3] == 2
    branch = _relu(graph, _convolve(graph, picture, first, next(queue)))
    _expect(queue, "relu")
    branch = _convolve(graph, branch, next(queue), next(queue))
    shortcut = picture
    if halves:
        _expect(queue, "avg_pool_2")
        pooled = graph.op("AveragePool", picture.value, kernel_shape=[2, 2], strides=[2, 2])
        shortcut = _Picture(pooled, picture.channels, (picture.side - 2) // 2 + 1)
    _expect(queue, "add_prev", "relu")
    channels, side = max(branch.channels, shortcut.channels), max(branch.side, shortcut.side)
    total = _grow(graph, branch, channels, side) + _grow(graph, shortcut, channels, side)
    return _relu(graph, _Picture(total, channels, side))


def _grow(graph: Graph, picture: _Picture, channels: int, side: int) -> Value:
    more = [0, channels - picture.channels, side - picture.side, side - picture.side]
    return graph.op("Pad", picture.value, [0, 0, 0, 0, *more]) if any(more) else picture.value
