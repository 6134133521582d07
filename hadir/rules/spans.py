"""Arithmetic on stretches of time."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

Span = tuple[datetime, datetime]
Point = TypeVar("Point", datetime, timedelta)


def without(whole: tuple[Point, Point], holes: Iterable[tuple[Point, Point]]) -> tuple[tuple[Point, Point], ...]:
    """Return what is left of `whole` when the holes, in any order and overlapping or not, are cut out. Its ends are
    moments, or distances from midnight."""
    left: list[tuple[Point, Point]] = []
    cursor, end = whole
    for hole_start, hole_end in sorted(holes):
        if hole_start > cursor:
            left.append((cursor, min(hole_start, end)))
        cursor = max(cursor, hole_end)
        if cursor >= end:
            break
    if cursor < end:
        left.append((cursor, end))
    return tuple(span for span in left if span[0] < span[1])


def length(spans: Sequence[tuple[Point, Point]]) -> timedelta:
    """Return the total length of spans that do not overlap."""
    return sum((end - start for start, end in spans), timedelta())


def length_before(spans: Sequence[Span], moment: datetime) -> timedelta:
    """Return how much of the spans lies before `moment`."""
    return sum((min(end, moment) - start for start, end in spans if start < moment), timedelta())


def length_after(spans: Sequence[Span], moment: datetime) -> timedelta:
    """Return how much of the spans lies after `moment`."""
    return sum((end - max(start, moment) for start, end in spans if end > moment), timedelta())
