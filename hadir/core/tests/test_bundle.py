"""The tag that puts what Vite built into a page."""

import json
from pathlib import Path

import pytest
from django.template import Context, Template

from hadir.core.templatetags import bundle


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bundle, "BUILD", tmp_path)
    return tmp_path


def write(build: Path, file: str) -> None:
    entry = {"file": file, "css": ["assets/kiosk-2.css"]}
    (build / "manifest.json").write_text(json.dumps({"src/kiosk.ts": entry}), encoding="utf-8")


def render(name: str) -> str:
    return Template(f'{{% load bundle %}}{{% bundle_script "{name}" %}}').render(Context())


def test_the_page_gets_style_sheets_and_a_module_script(build: Path):
    write(build, "assets/kiosk-1.js")
    assert '<link rel="stylesheet" href="/static/kiosk/assets/kiosk-2.css">' in render("kiosk")
    assert '<script type="module" src="/static/kiosk/assets/kiosk-1.js"></script>' in render("kiosk")


def test_an_entry_that_was_not_built_says_what_to_do(build: Path):
    with pytest.raises(bundle.BundleMissingError, match="make kiosk"):
        render("kiosk")
    write(build, "assets/kiosk-1.js")
    with pytest.raises(bundle.BundleMissingError, match=r"src/enrol\.ts"):
        render("enrol")
