"""contract/decide.json: what Python and the kiosk must answer alike."""

import json
from pathlib import Path
from typing import Any

import pytest

from hadir.face import Thresholds, decide, match

CASES: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[3] / "contract" / "decide.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES["decide"], ids=lambda case: case["name"])
def test_one_look(case: dict[str, Any]):
    thresholds = Thresholds(**case["thresholds"], duplicate=1.0, false_match_rate={})
    assert decide(case["similarity"], case["second"], thresholds) == case["verdict"]


@pytest.mark.parametrize("case", CASES["match"], ids=lambda case: case["name"])
def test_the_nearest_person(case: dict[str, Any]):
    found = match(case["probe"], case["gallery"])
    assert found.person == case["person"]
    assert found.similarity == pytest.approx(case["similarity"], abs=1e-6)
    assert found.second == (None if case["second"] is None else pytest.approx(case["second"], abs=1e-6))


def test_every_answer_is_among_the_cases():
    assert {case["verdict"] for case in CASES["decide"]} == {"recognised", "unsure", "unknown"}
