"""Whose face is it? Comparing embeddings and deciding; the kiosk does the same (kiosk/src/decide/match.ts)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hadir.face.errors import BadVector
from hadir.face.manifest import Thresholds

Floats = NDArray[np.float32]
Person = TypeVar("Person", bound=Hashable)


class Verdict(StrEnum):
    """What is said of one look at a face."""

    RECOGNISED = "recognised"
    UNSURE = "unsure"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Match(Generic[Person]):
    """The nearest person of a gallery.

    similarity: cosine to the nearest of their templates, -1 in an empty gallery.
    second: the same of the nearest other person, None when there is none.
    """

    person: Person | None
    similarity: float
    second: float | None


def fuse(embeddings: ArrayLike) -> Floats:
    """What several frames of one face agree on: the mean of F x D unit vectors, at unit length; one vector stays."""
    frames = _rows(embeddings)
    mean: Floats = frames.mean(0)
    length = float(np.linalg.norm(mean))
    return np.asarray(mean / length, np.float32) if length > 0 else mean


def match(probe: ArrayLike, gallery: Mapping[Person, ArrayLike] | Iterable[tuple[Person, ArrayLike]]) -> Match[Person]:
    """Find the nearest person.

    `probe` is one embedding (D) or those of several frames of one face (F x D), which are fused first. `gallery` gives
    each person's templates (T x D, unit length); a person is as near as the nearest of their templates.
    People without templates are passed over. Of equals the first one stands. Raises BadVector.
    """
    vector = fuse(probe)
    people = gallery.items() if isinstance(gallery, Mapping) else gallery
    best: Match[Person] = Match(None, -1.0, None)
    for person, templates in people:
        if not len(np.atleast_1d(np.asarray(templates))):
            continue
        near = _nearest(vector, templates)
        if best.person is None:
            best = Match(person, near, None)
        elif near > best.similarity:
            best = Match(person, near, best.similarity)
        elif best.second is None or near > best.second:
            best = Match(best.person, best.similarity, near)
    return best


def decide(similarity: float, second: float | None, thresholds: Thresholds) -> Verdict:
    """Judge a match: recognised, unknown, or unsure (look again). A cosine that is not a number is unknown."""
    if not similarity >= thresholds.unknown:
        return Verdict.UNKNOWN
    apart = second is None or similarity - second >= thresholds.margin
    return Verdict.RECOGNISED if similarity >= thresholds.accept and apart else Verdict.UNSURE


def _nearest(vector: Floats, templates: ArrayLike) -> float:
    rows = _rows(templates)
    if rows.shape[1] != vector.shape[0]:
        raise BadVector(f"templates have {rows.shape[1]} numbers, the probe has {vector.shape[0]}")
    return float(np.max(rows @ vector))


def _rows(values: ArrayLike) -> Floats:
    rows = np.atleast_2d(np.asarray(values, np.float32))
    if rows.ndim != 2 or not rows.size:
        raise BadVector(f"embeddings are rows of numbers, not {' x '.join(map(str, rows.shape))}")
    if not np.isfinite(rows).all():
        raise BadVector("embeddings hold a number that is not finite")
    return rows
