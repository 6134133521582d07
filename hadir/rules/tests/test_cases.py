"""Tables of cases that a school officer can read: ours, and those of the office beside the project."""

import os
from pathlib import Path

import pytest

from hadir.rules.cases import run_cases
from hadir.rules.check import describe
from hadir.rules.tests.packs import CONTOH

TABLES = sorted((Path(__file__).parent / "cases").glob("*.csv"))
PROJECT = Path(__file__).resolve().parents[3]
OFFICE = Path(os.environ.get("HADIR_TEST_DATA") or PROJECT.parent / "shared" / "data") / "rules-cases.csv"


def faults(table: Path) -> tuple[int, list[str]]:
    outcomes = list(run_cases(table.read_bytes(), CONTOH))
    return len(outcomes), [line for outcome in outcomes if not outcome.passed for line in describe(outcome)]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_table_of_the_project(table: Path):
    cases, found = faults(table)
    assert found == []
    assert cases >= 8


def test_table_of_the_office():
    if not OFFICE.is_file():
        pytest.skip(f"no {OFFICE}; set HADIR_TEST_DATA to the folder that has rules-cases.csv")
    cases, found = faults(OFFICE)
    assert found == []
    assert cases > 0
