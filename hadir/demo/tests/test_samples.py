"""The sample portraits: what is there is not fetched, what is damaged is noticed."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from hadir.demo import samples


@pytest.fixture
def fetched(tmp_path: Path) -> Path:
    """Return a copy of the portraits that set-up has fetched."""
    if samples.missing(samples.DEFAULT_FOLDER):
        pytest.skip(f"{samples.DEFAULT_FOLDER} is not complete: make models")
    return Path(shutil.copytree(samples.DEFAULT_FOLDER, tmp_path / "samples"))


def test_whole_portraits_are_not_fetched_again(fetched: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    paths = samples.fetch(fetched)
    assert [path.name for path in paths] == [sample.name for sample in samples.SAMPLES]
    listing = json.loads((fetched / "samples.json").read_text())
    assert {entry["licence"] for entry in listing} == {samples.PORTRAITS.licence, samples.ASTRONAUT.licence}


def test_a_damaged_portrait_is_missing(fetched: Path):
    (fetched / "biden.jpg").write_bytes(b"not the picture")
    assert samples.missing(fetched) == ["biden.jpg"]


def test_a_registry_that_does_not_answer_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setattr(sys, "argv", ["samples", "--out", str(tmp_path)])
    assert samples.main() == 1
    assert not list(tmp_path.glob("*.jpg"))
