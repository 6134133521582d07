"""Arithmetic on stretches of time."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]


def without(whole: Span, holes: Iterable[Span]) -> tuple[Span, ...]:
    """Return what is left of `whole` when the holes, in any order and overlapping or not, are cut out."""
    left: list[Span] = []
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


def length(spans: Sequence[Span]) -> timedelta:
    """Return the total length of spans that do not overlap."""
    return sum((end - start for start, end in spans), timedelta())


def length_before(spans: Sequence[Span], moment: datetime) -> timedelta:
    """Return how much of the spans lies before `moment`."""
    return sum((min(end, moment) - start for start, end in spans if start < moment), timedelta())


def length_after(spans: Sequence[Span], moment: datetime) -> timedelta:
    """Return how much of the spans lies after `moment`."""
    return sum((end - max(start, moment) for start, end in spans if end > moment), timedelta())
