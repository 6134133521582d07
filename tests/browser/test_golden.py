"""Chromium computes what Python computes: the golden vectors, and a crowded frame, with one thread and with two."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Browser

from hadir.face import Engine, find_pack
from hadir.face.golden import FOLDER, VECTORS, frame_of
from tests.browser.fake_camera import Portrait, Scene, frame
from tests.browser.graphs import GraphPage, graph_page

GOLDEN: dict[str, Any] = json.loads((FOLDER / VECTORS).read_text(encoding="utf-8"))
BOX_OVERLAP, LANDMARK_PIXELS, COSINE = 0.98, 1.0, 0.9999
MOST_FACES = 4

Numbers = npt.NDArray[np.float32]


@pytest.fixture(scope="module", params=[1, 2], ids=["one thread", "two threads"])
def graphs(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GraphPage]:
    page = browser.new_page()
    with graph_page(page, find_pack("open"), tmp_path_factory.mktemp("frames"), threads=request.param) as opened:
        yield opened
    page.close()


def overlap(one: Numbers, other: Numbers) -> float:
    """Return the intersection over union of two boxes."""
    shared = float(np.clip(np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2]), 0, None).prod())
    areas = float((one[2:] - one[:2]).prod() + (other[2:] - other[:2]).prod())
    return shared / (areas - shared)


def assert_same(found: dict[str, Numbers], place: int, box: Numbers, landmarks: Numbers, embedding: Numbers) -> None:
    assert overlap(found["boxes"][place], box) >= BOX_OVERLAP
    assert np.abs(found["landmarks"][place] - landmarks).max() < LANDMARK_PIXELS
    assert float(found["embedding"][place] @ embedding) >= COSINE


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])
def test_golden_vectors(graphs: GraphPage, engine: Engine, case: dict[str, Any]):
    assert GOLDEN["pack"] == engine.manifest.id
    found = graphs.analyze(frame_of(case), MOST_FACES)
    assert len(found["boxes"]) == len(case["faces"])
    for place, face in enumerate(case["faces"]):
        box, landmarks, embedding = (np.array(face[name], np.float32) for name in ("box", "landmarks", "embedding"))
        assert_same(found, place, box, landmarks, embedding)


@pytest.mark.parametrize("phase", [0.0, 0.4])
def test_two_people_before_the_camera(
    graphs: GraphPage, engine: Engine, photo: Callable[[str], Portrait], phase: float
):
    people = [photo("obama2.jpg"), photo("biden.jpg")]
    picture = np.asarray(frame(Scene(people, face_width=150), phase))
    faces = engine.analyze(picture)
    found = graphs.analyze(picture, MOST_FACES)
    assert len(found["boxes"]) == len(faces) == len(people)
    for place, face in enumerate(faces):
        assert_same(found, place, face.box, face.landmarks, face.embedding)
