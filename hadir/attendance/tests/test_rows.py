"""Many rows at once, on both databases: as if each had been saved by the model."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hadir.attendance.models import PersonDay
from hadir.conftest import NOW, World
from hadir.core.ids import new_id
from hadir.core.rows import write_rows

pytestmark = pytest.mark.django_db
NAMES = (
    "id", "person_id", "school_id", "day", "computed_at", "status", "codes", "late", "early", "final", "flags", "cause",
    "reasons", "evidence", "rules", "digest", "waits_until",
)  # fmt: skip
KEY = ("person_id", "school_id", "day")


def row(world: World, number: int = 1, **changed: Any) -> Sequence[Any]:
    values = {
        "id": new_id(), "person_id": world.siti.pk, "school_id": world.kota.pk, "day": date(2026, 9, number),
        "computed_at": NOW, "status": "H", "codes": ["TL1"], "late": 4, "early": 0, "final": True, "flags": [],
        "cause": "", "reasons": [["late", {"minutes": "4", "name": "D'Artagnan ❤ %s"}]], "evidence": [], "rules": "x 1",
        "digest": f"{number:064x}", "waits_until": None,
    }  # fmt: skip
    return [{**values, **changed}[name] for name in NAMES]


def test_rows_read_back_as_they_were_written(world: World):
    rows = [row(world, number) for number in range(1, 31)]
    assert write_rows(PersonDay, NAMES, rows) == 30
    assert [list(one) for one in PersonDay.objects.order_by("day").values_list(*NAMES)] == rows


def test_a_row_with_the_same_key_is_replaced_and_keeps_its_identity(world: World):
    first, other = row(world), row(world, 2)
    write_rows(PersonDay, NAMES, [first, other], unique=KEY)
    assert write_rows(PersonDay, NAMES, [row(world, status="L", codes=[])], unique=KEY) == 1
    replaced = PersonDay.objects.get(day=date(2026, 9, 1))
    assert (replaced.pk, replaced.status, replaced.codes) == (first[0], "L", [])
    assert list(PersonDay.objects.filter(day=date(2026, 9, 2)).values_list(*NAMES)) == [tuple(other)]


def test_without_a_key_to_replace_by_the_database_refuses_and_nothing_stays(world: World):
    with pytest.raises(IntegrityError), transaction.atomic():
        write_rows(PersonDay, NAMES, [row(world, 3), row(world), row(world)])
    with pytest.raises(IntegrityError), transaction.atomic():
        write_rows(PersonDay, NAMES, [row(world, 3), row(world, 4, status="A", final=False)], unique=KEY)
    assert not PersonDay.objects.exists()


@pytest.mark.usefixtures("world")
def test_no_rows_are_no_work():
    assert write_rows(PersonDay, NAMES, [], unique=KEY) == 0


def test_an_unknown_name_and_a_row_of_another_length_are_mistakes_of_the_caller(world: World):
    with pytest.raises(KeyError):
        write_rows(PersonDay, ["nothing"], [[1]])
    with pytest.raises(ValueError, match="zip"):
        write_rows(PersonDay, NAMES, [row(world)[:-1]])
