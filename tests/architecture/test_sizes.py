"""A file and a function must fit a reader's head; ruff and eslint hold their complexity."""

import ast
import json
import subprocess
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, files_ending, name_of

FILE_LIMIT, FILE_AIM = 600, 400
FUNCTION_LIMIT, FUNCTION_AIM = 80, 40
# A few files and functions may lie between the aim and the limit; a habit of it may not.
SHARE_OVER_AIM = 0.05
CODE = (".py", ".ts", ".js", ".html", ".sh")


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def function_sizes() -> dict[str, int]:
    sizes = {}
    for path in files_ending(".py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                sizes[f"{name_of(path)}:{node.lineno} {node.name}"] = node.end_lineno - node.lineno + 1
    return sizes


def written_by_hand() -> list[Path]:
    """Leave out what a tool writes: migrations, generated types and vendored style sheets."""
    generated = ("/migrations/", "/vendor/", ".d.ts", "/generated/")
    return [path for path in files_ending(*CODE) if not any(mark in f"/{name_of(path)}" for mark in generated)]


def over(sizes: dict[str, int], limit: int) -> dict[str, int]:
    return {name: size for name, size in sorted(sizes.items()) if size > limit}


def test_no_file_is_longer_than_the_limit():
    sizes = {name_of(path): line_count(path) for path in written_by_hand()}
    assert over(sizes, FILE_LIMIT) == {}


def test_most_files_keep_the_aim():
    sizes = {name_of(path): line_count(path) for path in written_by_hand()}
    long = over(sizes, FILE_AIM)
    assert len(long) <= SHARE_OVER_AIM * len(sizes), long


def test_no_function_is_longer_than_the_limit():
    assert over(function_sizes(), FUNCTION_LIMIT) == {}


def test_most_functions_keep_the_aim():
    sizes = function_sizes()
    long = over(sizes, FUNCTION_AIM)
    assert len(long) <= SHARE_OVER_AIM * len(sizes), long


def test_the_kiosk_is_held_to_the_same_sizes():
    kiosk = ROOT / "kiosk"
    eslint = kiosk / "node_modules" / "eslint" / "bin" / "eslint.js"
    if not eslint.exists():
        pytest.skip("kiosk/node_modules is missing: make node-modules")
    node = ROOT / "build" / "node" / "bin" / "node"
    sample = next(path for path in files_ending(".ts") if path.is_relative_to(kiosk / "src"))
    command = [str(node), str(eslint), "--print-config", str(sample)]
    rules = json.loads(subprocess.run(command, cwd=kiosk, capture_output=True, check=True).stdout)["rules"]
    for rule, limit in (("max-lines-per-function", FUNCTION_LIMIT), ("complexity", 10), ("max-lines", FILE_LIMIT)):
        severity, option = rules[rule]
        assert severity == 2, f"{rule} must be an error"
        assert (option["max"] if isinstance(option, dict) else option) <= limit, rule
