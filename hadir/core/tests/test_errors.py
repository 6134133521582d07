"""The catalogue and its document agree."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from hadir.core.errors import CATALOGUE, PARTS, HadirError, error_body

DOCUMENT = Path(__file__).parents[3] / "docs" / "errors.md"
PACKAGE = Path(__file__).parents[2]


def documented() -> dict[str, str]:
    rows = re.findall(r"^\| `([a-z_]+)` \| (\d+) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(rows)


def test_every_code_is_documented_with_its_status():
    assert documented() == {code: str(int(problem.status)) for code, problem in CATALOGUE.items()}


def product_code() -> str:
    """Return all of the product's Python but the catalogue itself and the tests."""
    catalogue = PACKAGE / "core" / "errors.py"
    paths = [path for path in PACKAGE.rglob("*.py") if "tests" not in path.parts and path != catalogue]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def test_every_code_that_is_raised_is_in_the_catalogue_and_none_is_idle():
    source = product_code()
    raised = set(re.findall(r'HadirError\(\s*"([a-z_]+)"', source))
    assert raised - set(CATALOGUE) == set()
    assert {code for code in CATALOGUE if f'"{code}"' not in source} == set()


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_sentence_is_filled_and_ends_as_one(code: str):
    names = re.findall(r"%\((\w+)\)s", str(CATALOGUE[code].message))
    with translation.override("id"):
        error = HadirError(code, **dict.fromkeys(names, "NILAI"))
        assert "%(" not in error.message
        assert error.message.endswith(".")
        assert "!" not in error.message
    assert error_body(code, error.message) == {"error": {"code": code, "message": error.message}}


def test_an_unknown_code_is_a_mistake_of_the_programmer():
    with pytest.raises(KeyError):
        HadirError("no_such_code")


def test_no_code_stands_in_two_parts():
    assert len(CATALOGUE) == sum(len(part) for part in PARTS)
