"""The agent stands alone: standard library only, the syntax of Python 3.8, one file that runs anywhere."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from hadir.agent.bundle import write_bundle
from hadir.agent.tests.conftest import KEY

PACKAGE = Path(__file__).resolve().parents[1]
SOURCES = sorted(PACKAGE.glob("*.py"))
SINCE_39 = {"zoneinfo", "tomllib", "graphlib"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_it_reads_as_python_3_8(path: Path):
    ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_it_imports_itself_and_the_standard_library_only(path: Path):
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    outside = {
        name
        for name in names
        if not (name == "hadir.agent" or name.startswith("hadir.agent."))
        and (name.split(".")[0] not in sys.stdlib_module_names or name.split(".")[0] in SINCE_39)
    }
    assert outside == set()


def test_names_are_not_looked_up_that_python_3_8_lacks():
    """Annotations are never evaluated; what is evaluated must not subscript a builtin or join types with `|`."""
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        assert "removeprefix" not in text
        assert "removesuffix" not in text
        tree = ast.parse(text)
        annotated = [node for node in ast.walk(tree) if isinstance(node, ast.AnnAssign | ast.FunctionDef | ast.arg)]
        if annotated:
            assert "from __future__ import annotations" in text, path.name
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript):
                value = node.value.value
                assert not (isinstance(value, ast.Name) and value.id in {"dict", "list", "tuple", "set"}), path.name


def test_one_file_runs_without_anything_else(tmp_path: Path):
    bundle = tmp_path / "hadir-agen.pyz"
    write_bundle(bundle)
    (tmp_path / "agen.ini").write_text(
        f"[hadir]\nserver=http://127.0.0.1:9\nkunci={KEY.text()}\n[mesin a]\nalamat=127.0.0.1\nport=9\nseri=ABCD1234\n",
        encoding="utf-8",
    )
    ran = subprocess.run(
        # -I and -S: no environment, no site-packages, no current folder.
        [sys.executable, "-I", "-S", str(bundle), "check"],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "Server Hadir tidak terjangkau" in ran.stdout
    assert "pintunya tertutup" in ran.stdout
    assert ran.stderr == ""
