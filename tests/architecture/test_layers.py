"""Layers that import-linter can't see: foreign keys named as strings, and the standard-library-only room."""

import ast
import sys
import tomllib
from typing import Any

from django.apps import apps
from django.db.models import Field

from tests.architecture.tree import APPS, ROOT, files_ending, name_of


def layers() -> list[str]:
    """Return the layers of pyproject.toml, highest first, as written."""
    settings: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    return [str(layer) for layer in next(part for part in contracts if part["id"] == "layers")["layers"]]


def height(app_module: str) -> int:
    """Return how high a room stands: 0 is the lowest layer."""
    room = app_module.split(".")[1]
    for number, layer in enumerate(reversed(layers())):
        if room in layer.replace("(", " ").replace(")", " ").replace("|", " ").replace(":", " ").split():
            return number
    raise AssertionError(f"{room} is in no layer of pyproject.toml")


def test_foreign_keys_point_down():
    rising = []
    for model in apps.get_models():
        if not model.__module__.startswith("hadir."):
            continue
        for field in model._meta.get_fields():
            target = field.related_model if isinstance(field, Field) else None
            if not isinstance(target, type) or not target.__module__.startswith("hadir."):
                continue
            same_room = target.__module__.split(".")[1] == model.__module__.split(".")[1]
            if not same_room and height(target.__module__) >= height(model.__module__):
                rising.append(f"{model.__name__}.{field.name} -> {target.__name__}")
    assert rising == []


def test_rules_use_the_standard_library_only():
    foreign = []
    for path in files_ending(".py"):
        if not path.is_relative_to(APPS / "rules") or "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            outside = [name for name in names if name.split(".")[0] not in sys.stdlib_module_names | {"hadir"}]
            foreign += [f"{name_of(path)}: {name}" for name in outside]
    assert foreign == []


def test_queries_do_not_write_and_models_stay_below():
    """`models` import neither `services`, `queries` nor `views`; `queries` import no `services`."""
    forbidden = {"models.py": {"services", "queries", "views", "forms"}, "queries.py": {"services", "views", "forms"}}
    breaches = []
    for path in files_ending(*forbidden):
        if not path.is_relative_to(APPS):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hadir."):
                words = {*(node.module or "").split("."), *(alias.name for alias in node.names)}
                breaches += [f"{name_of(path)}:{node.lineno} {word}" for word in words & forbidden[path.name]]
    assert breaches == []
