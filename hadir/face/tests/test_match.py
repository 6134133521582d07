"""Comparing and deciding."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hadir.face import BadVector, Thresholds, decide, fuse, match

LINES = Thresholds(accept=0.9, unknown=0.8, margin=0.05, duplicate=0.92, false_match_rate={})


def unit(*values: float) -> np.ndarray:
    vector = np.array(values, np.float32)
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize(
    ("similarity", "second", "verdict"),
    [
        (0.95, None, "recognised"),
        (0.95, 0.85, "recognised"),
        (0.9, 0.8, "recognised"),
        (0.95, 0.93, "unsure"),
        (0.89, 0.2, "unsure"),
        (0.8, None, "unsure"),
        (0.79, None, "unknown"),
        (-1.0, None, "unknown"),
        (float("nan"), None, "unknown"),
        (0.95, float("nan"), "unsure"),
    ],
)
def test_decide(similarity: float, second: float | None, verdict: str) -> None:
    assert decide(similarity, second, LINES) == verdict


def test_the_nearest_template_counts_and_second_is_another_person() -> None:
    gallery = {"ani": [unit(1, 0, 0), unit(0.9, 0.1, 0)], "budi": [unit(0, 1, 0)], "citra": [unit(0, 0, 1)]}
    found = match(unit(1, 0.2, 0), gallery)
    assert found.person == "ani"
    assert found.similarity == pytest.approx(float(unit(1, 0.2, 0) @ unit(0.9, 0.1, 0)))
    assert found.second == pytest.approx(float(unit(1, 0.2, 0)[1]))


def test_an_empty_gallery_matches_nobody() -> None:
    galleries: list[dict[str, list[np.ndarray]]] = [{}, {"ani": []}]
    for gallery in galleries:
        assert match(unit(1, 0), gallery) == match(unit(1, 0), [])
        assert match(unit(1, 0), gallery).person is None


@pytest.mark.parametrize(
    "probe", [[], [[]], [float("nan"), 1.0], [float("inf"), 0.0], [[[1.0]]]], ids=["empty", "rows", "nan", "inf", "3d"]
)
def test_bad_numbers_are_refused(probe: object) -> None:
    with pytest.raises(BadVector):
        match(probe, {"ani": [unit(1, 0)]})  # type: ignore[arg-type]


def test_vectors_of_another_pack_are_refused() -> None:
    with pytest.raises(BadVector):
        match(unit(1, 0, 0), {"ani": [unit(1, 0)]})


VECTORS = arrays(np.float32, (3, 4), elements=st.floats(-1, 1, width=32)).filter(
    lambda rows: bool((np.linalg.norm(rows, axis=1) > 0.1).all())
)


@given(VECTORS, VECTORS)
def test_match_agrees_with_all_products(probes: np.ndarray, templates: np.ndarray) -> None:
    probes = probes / np.linalg.norm(probes, axis=1, keepdims=True)
    templates = templates / np.linalg.norm(templates, axis=1, keepdims=True)
    found = match(probes[0], {number: [template] for number, template in enumerate(templates)})
    products = sorted((float(template @ probes[0]) for template in templates), reverse=True)
    assert found.similarity == pytest.approx(products[0], abs=1e-5)
    assert found.second == pytest.approx(products[1], abs=1e-5)
    assert found.second is not None
    assert found.second <= found.similarity


@given(VECTORS)
def test_fused_frames_have_unit_length_or_are_nothing(rows: np.ndarray) -> None:
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    length = float(np.linalg.norm(fuse(rows)))
    assert length == pytest.approx(1, abs=1e-3) or length < 1e-3
    assert np.allclose(fuse(rows[0]), rows[0], atol=1e-6)
