"""Documents that can't fall behind."""

import re

from tests.architecture.tree import APPS, ROOT, files_ending, name_of

NOT_ROOMS = {"templates", "static", "locale"}


def rooms() -> list[str]:
    return sorted(
        path.name for path in APPS.iterdir() if path.is_dir() and any(path.rglob("*.py")) and path.name not in NOT_ROOMS
    )


def test_every_room_is_on_the_map():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert [room for room in rooms() if f"`hadir/{room}" not in text] == []


def test_the_map_names_no_room_that_is_not_there():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8") + (ROOT / "CONTRIBUTING.md").read_text(
        encoding="utf-8"
    )
    named = set(re.findall(r"`((?:hadir|kiosk|contract|tests|bench|tools|docs)/[\w./-]+)`", text))
    made = {"hadir/static/kiosk"}
    assert sorted(name for name in named if name.rstrip("/") not in made and not (ROOT / name).exists()) == []


def test_readme_is_short_and_begins_with_the_two_commands():
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 150
    top = "\n".join(lines[:40])
    assert "make run" in top
    assert "make test" in top


def test_links_between_documents_lead_somewhere():
    broken = [
        f"{name_of(path)}: {target}"
        for path in files_ending(".md")
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert broken == []
