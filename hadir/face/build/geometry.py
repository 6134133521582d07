"""Pictures and planes inside a graph: resizing, cutting faces out, turning points.

Conventions: a point is (x, y) in pixels with the centre of the top left pixel at (0.5, 0.5); a transform is 2 x 3 and
maps points of a chip (a small upright picture of one face) to points of the frame. `faces` is the number of faces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hadir.face.build.graph import FLOAT, Graph, Value

Floats = NDArray[np.float32]

MARGIN: Final = 2.0
"""Pixels kept around a cut-out, so that filters at its edge still see the frame."""
THINNED: Final = 1.6
"""A frame longer than this many detector sides loses rows before it is resized (columns are cheap to filter)."""


@dataclass(frozen=True)
class Frame:
    """The picture as it comes in: H x W x C bytes, C is 3 or 4 and only the first three count."""

    pixels: Value

    @property
    def size(self) -> Value:
        """(height, width) as floats."""
        return self.pixels.shape().part(0, 0, 2).floats()

    @property
    def extent(self) -> Value:
        """(width, height) as floats."""
        return self.size.pick(0, [1, 0])


def letterbox(graph: Graph, frame: Frame, side: int) -> tuple[Value, Value, Value]:
    """Fit the whole frame into a square of `side` pixels, black around it, antialiased.

    Gives the 1,3,side,side picture (0..255), the factor from its pixels to the frame's, and the (x, y) where the frame
    begins in it. A frame of many megapixels is thinned to some of its rows first, so that its size costs little.
    """
    size = frame.size
    longest = size.max(0)
    step = graph.op("Max", (longest / (THINNED * side)).integers(), [1])
    thin = frame.pixels.part(2, 0, 3).part(0, 0, step=step).floats().expand(0)
    fitted = graph.op("Max", graph.op("Round", size * (float(side) / longest)), [1.0, 1.0]).integers()
    small = graph.op("Resize", thin, None, None, graph.join(0, [1], fitted, [3]), mode="linear", antialias=1)
    free = [side, side] - fitted
    before = free / 2
    picture = graph.op("Pad", small.transpose(0, 3, 1, 2), graph.join(0, [0, 0], before, [0, 0], free - before), 0.0)
    return picture, longest / float(side), before.pick(0, [1, 0]).floats()


def similarity(graph: Graph, chip: Floats, points: Value) -> Value:
    """Least-squares turn, scale and shift from chip to frame: `chip` is P,2 and `points` is faces,P,2 -> faces,2,3."""
    centre = chip.mean(0, dtype=np.float32)
    flat = (chip - centre).astype(np.float32)
    power = float((flat**2).sum())
    middle = points.mean(1, keep=True)
    moved = points - middle
    along = (moved * flat).sum(1, 2) / power
    across = (moved * np.stack([-flat[:, 1], flat[:, 0]], 1)).sum(1, 2) / power
    return _turned(graph, (along, across), (float(centre[0]), float(centre[1])), middle.squeeze(1))


def square(graph: Graph, side: int, centre: Value, right: Value) -> Value:
    """Chip to frame for a square of `side` pixels around `centre`; `right` is the frame vector of its whole width."""
    parts = right / float(side)
    return _turned(graph, (parts.pick(1, 0), parts.pick(1, 1)), (side / 2, side / 2), centre)


def _turned(graph: Graph, turn: tuple[Value, Value], chip_centre: tuple[float, float], frame_centre: Value) -> Value:
    """The transform that turns and scales by (along, across) and puts one centre on the other."""
    along, across = turn
    x = frame_centre.pick(1, 0) - (along * chip_centre[0] - across * chip_centre[1])
    y = frame_centre.pick(1, 1) - (across * chip_centre[0] + along * chip_centre[1])
    rows = ((along, -across, x), (across, along, y))
    return graph.join(1, *(graph.join(1, *(value.expand(1) for value in row)).expand(1) for row in rows))


def apply(transform: Value, points: Value) -> Value:
    """Transform faces,P,2 points (or 1,P,2 points of every chip) to faces,P,2."""
    across, down, shift = (transform.pick(2, column).expand(1) for column in range(3))
    return points.part(2, 0, 1) * across + points.part(2, 1, 2) * down + shift


def grid(side: int) -> Floats:
    """Centres of all pixels of a chip, row by row: side*side,2."""
    steps = np.arange(side, dtype=np.float32) + np.float32(0.5)
    x, y = np.meshgrid(steps, steps)
    return np.stack([x, y], -1).reshape(-1, 2)


def cut(graph: Graph, frame: Frame, chips: Sequence[tuple[Value, int]]) -> list[Value]:
    """Cut every face's chips out of the frame.

    `chips` are (chip-to-frame transforms faces,2,3; side in pixels); each result is faces,3,side,side, 0..255, black
    beyond the frame. Face by face only the part of the frame under its chips is read, and shrunk (antialiased) to the
    grain of the finest chip, so that neither a large frame nor a large face costs time or aliases.
    """
    reach = [_bounds(graph, transform, side, frame) for transform, side in chips]
    low = graph.op("Min", *(bounds[0] for bounds in reach))
    high = graph.op("Max", *(bounds[1] for bounds in reach))
    shrink = (1.0 / (graph.op("Min", *(_grain(transform) for transform, _ in chips)) + 1e-6)).clip(0, 1)

    def one_face(inner: Graph, index: Value) -> list[Value]:
        first, last, factor = (inner.op("Gather", value, index, axis=0) for value in (low, high, shrink))
        first, last = first.squeeze(0), last.squeeze(0)
        start, size = first.floats(), (last - first).floats()
        part = _frame_part(inner, frame, first, last)
        wanted = inner.op("Max", inner.op("Ceil", size * factor), [1.0, 1.0]).integers().pick(0, [1, 0])
        small = inner.op("Resize", part, None, None, inner.join(0, [1], wanted, [3]), mode="linear", antialias=1)
        picture = small.transpose(0, 3, 1, 2)
        placed = [(inner.op("Gather", transform, index, axis=0).squeeze(0), side) for transform, side in chips]
        return [_sample(inner, picture, (start, size), transform, side) for transform, side in placed]

    return graph.for_each(chips[0][0], one_face, [(FLOAT, [3, side, side]) for _, side in chips])


def _sample(graph: Graph, picture: Value, window: tuple[Value, Value], transform: Value, side: int) -> Value:
    """One chip out of a 1,3,h,w picture of the frame's `window`: where it begins and its size, (x, y) in frame pixels.

    All that happens to a chip pixel is one product with a 3 x 2 matrix: operators that go over tens of thousands of
    points one by one would take as long as a network.
    """
    start, size = window
    scale = 2.0 / size
    shift = graph.join(1, np.zeros((2, 2), np.float32), (start * scale + 1.0).expand(1))
    matrix = transform * scale.expand(1) - shift
    spots = graph.op("MatMul", _homogeneous(side), matrix.transpose(1, 0)).reshape(1, side, side, 2)
    return graph.op("GridSample", picture, spots, mode="bilinear", padding_mode="zeros").squeeze(0)


def _homogeneous(side: int) -> Floats:
    points = grid(side)
    return np.concatenate([points, np.ones_like(points[:, :1])], 1)


def _frame_part(graph: Graph, frame: Frame, first: Value, last: Value) -> Value:
    """The pixels between two (x, y) corners as 1,h,w,3 floats."""
    starts = graph.join(0, first.pick(0, [1, 0]), [0])
    stops = graph.join(0, last.pick(0, [1, 0]), [3])
    return graph.op("Slice", frame.pixels, starts, stops, [0, 1, 2]).floats().expand(0)


def _grain(transform: Value) -> Value:
    """Frame pixels per chip pixel, one number per face."""
    first = transform.pick(2, 0)
    return (first * first).sum(1).sqrt()


def _bounds(graph: Graph, transform: Value, side: int, frame: Frame) -> tuple[Value, Value]:
    """Whole-pixel corners (x, y) of the frame part under a chip, inside the frame and never empty: faces,2 each."""
    corners = np.array([[[0, 0], [side, 0], [0, side], [side, side]]], np.float32)
    points = apply(transform, graph.constant(corners))
    extent = frame.extent
    low = graph.op("Floor", points.min(1)) - MARGIN
    high = graph.op("Ceil", points.max(1)) + MARGIN
    low = graph.op("Max", graph.op("Min", low, extent - 1.0), [0.0, 0.0])
    high = graph.op("Min", graph.op("Max", high, low + 1.0), extent)
    return low.integers(), high.integers()
