"""Pictures and planes inside a graph: resizing, cutting faces out, turning points.

Conventions: a point is (x, y) in pixels with the centre of the top left pixel at (0.5, 0.5); a transform is 2 x 3 and maps
points of a chip (a small upright picture of one face) to points of the frame. `faces` is the number of faces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hadir.face.build.graph import FLOAT, INT64, UINT8, Graph, Value

MARGIN: Final = 2
"""Pixels kept around a cut-out, so that filters at its edge still see the frame."""


@dataclass(frozen=True)
class Frame:
    """The picture as it comes in: H x W x C bytes, C is 3 or 4 and only the first three count."""

    pixels: Value

    @property
    def size(self) -> Value:
        """(height, width) as floats."""
        return self.pixels.shape().part(0, 0, 2).floats()


def letterbox(graph: Graph, frame: Frame, side: int) -> tuple[Value, Value, Value]:
    """Fit the whole frame into a square of `side` pixels, black around it, antialiased.

    Gives the 1,3,side,side picture (0..255), the factor from its pixels to the frame's, and the (x, y) where the frame
    begins in it. A frame of many megapixels is thinned to rows and columns first, so that its size costs nothing.
    """
    size = frame.size
    longest = size.max(0)
    step = graph.op("Max", (longest / np.float32(2.5 * side)).integers(), np.array([1], np.int64))
    thin = frame.pixels.part(2, 0, 3).part(0, 0, step=step).part(1, 0, step=step).floats().expand(0)
    scale = np.float32(side) / longest
    fitted = graph.op("Max", graph.op("Round", size * scale), np.float32([1, 1])).integers()
    target = graph.join(0, [1], fitted, [3])
    small = graph.op("Resize", thin, None, None, target, mode="linear", antialias=1).transpose(0, 3, 1, 2)
    before = graph.op("Div", np.array([side, side], np.int64) - fitted, np.int64(2))
    after = np.array([side, side], np.int64) - fitted - before
    pads = graph.join(0, [0, 0], before, [0, 0], after)
    offset = graph.op("Gather", before, [1, 0]).floats()
    return graph.op("Pad", small, pads, np.float32(0)), longest / np.float32(side), offset


def similarity(graph: Graph, chip: NDArray[np.float32], points: Value) -> Value:
    """Least-squares turn, scale and shift from chip to frame: `chip` is P,2 and `points` is faces,P,2 -> faces,2,3."""
    centre = chip.mean(0, dtype=np.float32)
    flat = (chip - centre).astype(np.float32)
    power = float((flat**2).sum())
    middle = points.mean(1, keep=True)
    moved = points - middle
    along = (moved * flat).sum(1, 2) / np.float32(power)
    across = (moved * np.stack([-flat[:, 1], flat[:, 0]], 1)).sum(1, 2) / np.float32(power)
    return _turned(graph, along, across, centre, middle.squeeze(1))


def square(graph: Graph, side: int, centre: Value, right: Value) -> Value:
    """Chip to frame for a square of `side` pixels around `centre`; `right` is the frame vector of its whole width."""
    parts = right / np.float32(side)
    middle = np.float32([side / 2, side / 2])
    return _turned(graph, parts.pick(1, 0), parts.pick(1, 1), middle, centre)


def _turned(graph: Graph, along: Value, across: Value, chip_centre: NDArray[np.float32], frame_centre: Value) -> Value:
    cx, cy = (np.float32(value) for value in chip_centre)
    x = frame_centre.pick(1, 0) - (along * cx - across * cy)
    y = frame_centre.pick(1, 1) - (across * cx + along * cy)
    rows = [
        graph.op("Concat", *(v.expand(1) for v in row), axis=1).expand(1)
        for row in ((along, -across, x), (across, along, y))
    ]
    return graph.join(1, *rows)


def apply(transform: Value, points: Value) -> Value:
    """Transform faces,P,2 points (or 1,P,2 points of every chip) to faces,P,2."""
    across, down, shift = (transform.pick(2, column).expand(1) for column in range(3))
    return points.part(2, 0, 1) * across + points.part(2, 1, 2) * down + shift


def grid(side: int) -> NDArray[np.float32]:
    """Centres of all pixels of a chip, row by row: side*side,2."""
    steps = np.arange(side, dtype=np.float32) + np.float32(0.5)
    x, y = np.meshgrid(steps, steps)
    return np.stack([x, y], -1).reshape(-1, 2)


def cut(graph: Graph, frame: Frame, chips: Sequence[tuple[Value, int]], *, overlook: float = 1.0) -> list[Value]:
    """Cut every face's chips out of the frame.

    `chips` are (chip-to-frame transforms faces,2,3; side in pixels); the result is faces,3,side,side each, 0..255, black
    beyond the frame. Face by face only the part of the frame under its chips is read, and shrunk (antialiased) when a
    chip is coarser than the frame, so that neither a large frame nor a large face costs time or aliases.
    `overlook`: how much finer than the finest chip that shrunken part stays.
    """
    reach = [_bounds(graph, transform, side, frame) for transform, side in chips]
    low = graph.op("Min", *(bounds[0] for bounds in reach)) if len(reach) > 1 else reach[0][0]
    high = graph.op("Max", *(bounds[1] for bounds in reach)) if len(reach) > 1 else reach[0][1]
    zooms = [_length(graph, transform) for transform, _ in chips]
    finest = graph.op("Min", *zooms) if len(zooms) > 1 else zooms[0]
    shrink = (np.float32(overlook) / (finest + np.float32(1e-6))).clip(0, 1)

    def one_face(inner: Graph, index: Value) -> list[Value]:
        first, last = (bound.pick(0, 0) for bound in (_row(inner, low, index), _row(inner, high, index)))
        part = frame_part(inner, frame, first, last)
        size = (last - first).floats()
        factor = _row(inner, shrink, index)
        wanted = inner.op("Max", inner.op("Ceil", size * factor), np.float32([1, 1])).integers()
        target = inner.join(0, [1], inner.op("Gather", wanted, [1, 0]), [3])
        small = inner.op("Resize", part, None, None, target, mode="linear", antialias=1).transpose(0, 3, 1, 2)
        return [
            _sample(inner, small, _row(inner, transform, index).squeeze(0), first.floats(), size, side)
            for transform, side in chips
        ]

    return graph.for_each(chips[0][0], one_face, [(FLOAT, [3, side, side]) for _, side in chips])


def _sample(graph: Graph, picture: Value, transform: Value, start: Value, size: Value, side: int) -> Value:
    """One chip out of a 1,3,h,w picture of the frame part that begins at `start` and has `size` (x, y) frame pixels.

    All that happens to a chip pixel is one product with a 3 x 2 matrix: operators that go over tens of thousands of
    points one by one would take as long as a network.
    """
    scale = np.float32(2) / size
    matrix = transform * scale.expand(1) - graph.join(
        1, np.zeros((2, 2), np.float32), (start * scale + np.float32(1)).expand(1)
    )
    spots = graph.op("MatMul", _homogeneous(side), matrix.transpose(1, 0)).reshape(1, side, side, 2)
    return graph.op("GridSample", picture, spots, mode="bilinear", padding_mode="zeros").squeeze(0)


def _homogeneous(side: int) -> NDArray[np.float32]:
    points = grid(side)
    return np.concatenate([points, np.ones_like(points[:, :1])], 1)


def frame_part(graph: Graph, frame: Frame, first: Value, last: Value) -> Value:
    """The pixels between two (x, y) corners as 1,h,w,3 floats."""
    columns = frame.pixels.name, first.part(0, 0, 1), last.part(0, 0, 1)
    rows = first.part(0, 1, 2), last.part(0, 1, 2)
    starts = graph.join(0, rows[0], columns[1], [0])
    stops = graph.join(0, rows[1], columns[2], [3])
    return graph.op("Slice", Value(graph, columns[0]), starts, stops, [0, 1, 2]).floats().expand(0)


def _row(graph: Graph, value: Value, index: Value) -> Value:
    return graph.op("Gather", value, index, axis=0)


def _length(graph: Graph, transform: Value) -> Value:
    """Frame pixels per chip pixel: one number per face."""
    first = transform.pick(2, 0)
    return (first * first).sum(1).sqrt()


def _bounds(graph: Graph, transform: Value, side: int, frame: Frame) -> tuple[Value, Value]:
    """Whole-pixel corners (x, y) of the frame part under a chip, inside the frame and never empty: faces,2 each."""
    corners = np.float32([[0, 0], [side, 0], [0, side], [side, side]])
    points = apply(transform, graph.constant(corners[None]))
    extent = graph.op("Gather", frame.size, [1, 0])
    low = graph.op("Floor", points.min(1)) - np.float32(MARGIN)
    high = graph.op("Ceil", points.max(1)) + np.float32(MARGIN)
    low = graph.op("Max", graph.op("Min", low, extent - np.float32(1)), np.float32([0, 0]))
    high = graph.op("Min", graph.op("Max", high, low + np.float32(1)), extent)
    return low.integers(), high.integers()


__all__ = [
    "FLOAT",
    "INT64",
    "UINT8",
    "Frame",
    "apply",
    "cut",
    "frame_part",
    "grid",
    "letterbox",
    "similarity",
    "square",
]
