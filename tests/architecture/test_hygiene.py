"""What must not be in the tree at all."""

import json
import re
from pathlib import Path

from tests.architecture.tree import ROOT, files_ending, name_of, project_files

# In parts, so that this file does not name them either.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("debian", "org"),
        ("crates", "io"),
    )
)
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
DRAWERS = {"utils", "util", "helpers", "common", "misc", "lib"}
LARGEST_BYTES = 400_000


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in project_files():
        data = path.read_bytes()
        if b"\0" not in data:
            found.append((path, data.decode("utf-8", errors="replace")))
    return found


def test_no_registry_is_named():
    named = [(name_of(path), host) for path, text in texts() for host in REGISTRIES if host in text]
    assert named == []


def test_lock_files_hold_hashes_and_no_address():
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text, path.name
        pinned = re.findall(r"^[a-z0-9][^\n]*==[^\n]+ \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
        assert len(pinned) == len(re.findall(r"^[^ #\n]", text, re.MULTILINE)), path.name
    lock = ROOT / "kiosk" / "package-lock.json"
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []


def test_nothing_is_left_for_later():
    left = [f"{name_of(path)}: {match[0]}" for path, text in texts() for match in UNFINISHED.finditer(text)]
    assert left == []


def test_no_drawers():
    code = files_ending(".py", ".ts", ".js")
    assert [name_of(path) for path in code if path.stem in DRAWERS or path.parent.name in DRAWERS] == []


def test_no_signals_and_no_logic_in_save():
    """Writes happen in services, where a reader looks for them."""
    signals = re.compile(r"^(from|import) django\b.*\b(signals|receiver)\b", re.MULTILINE)
    saves = re.compile(r"^    def (save|delete)\(", re.MULTILINE)
    code = {path: path.read_text(encoding="utf-8") for path in files_ending(".py") if "hadir" in path.parts}
    assert [name_of(path) for path, text in code.items() if signals.search(text)] == []
    assert [name_of(path) for path, text in code.items() if path.name == "models.py" and saves.search(text)] == []


def test_no_large_or_made_file_is_kept():
    large = {name_of(path): path.stat().st_size for path in project_files() if path.stat().st_size > LARGEST_BYTES}
    made = [name_of(path) for path in files_ending(".mo", ".onnx", ".pyc", ".sqlite3", ".whl", ".dat")]
    assert large == {}
    assert made == []
