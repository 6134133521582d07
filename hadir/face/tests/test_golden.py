"""This machine's runtime against the committed answers; the browser is held to the same file."""

import json
from typing import Any

import numpy as np
import pytest

from hadir.face import Engine
from hadir.face.golden import CASES, FOLDER, VECTORS, frame_of

GOLDEN: dict[str, Any] = json.loads((FOLDER / VECTORS).read_text("utf-8"))


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    sides = np.clip(np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2]), 0, None)
    shared = float(sides.prod())
    areas = sum(float((box[2:] - box[:2]).prod()) for box in (one, other))
    return shared / (areas - shared)


def test_the_vectors_are_of_this_pack_and_these_cases(engine: Engine) -> None:
    assert GOLDEN["pack"] == engine.manifest.id, "run `python -m hadir.face.golden` after a change of the graphs"
    assert [{**case, "faces": None} for case in GOLDEN["cases"]] == [{**case, "faces": None} for case in CASES]


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])
def test_golden(engine: Engine, case: dict[str, Any]) -> None:
    faces = engine.analyze(frame_of(case))
    assert len(faces) == len(case["faces"])
    for face, expected in zip(faces, case["faces"], strict=True):
        assert overlap(face.box, np.array(expected["box"])) >= 0.98
        assert np.abs(face.landmarks - np.array(expected["landmarks"])).max() < 1
        assert face.embedding @ np.array(expected["embedding"], np.float32) >= 0.9999
        for name, value in expected["quality"].items():
            assert face.quality[name] == pytest.approx(value, abs=0.5, rel=0.02), name


def test_there_are_faces_and_there_is_nobody() -> None:
    assert [len(case["faces"]) for case in GOLDEN["cases"]] == [1, 1, 1, 1, 1, 0]
