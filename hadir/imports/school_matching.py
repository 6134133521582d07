"""The rows of a list of schools against the schools in the database, by NPSN. Pure; no query is made here.

A school that is not in the list stays as it is.
"""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hadir.core.tables.cells import key_of
from hadir.imports.plans import Change, Kind, SchoolItem
from hadir.imports.school_list import SchoolRow
from hadir.people.names import alike, spelling

TICKABLE = frozenset({"district_like"})
"""Doubts that a person may overrule on the page; the others are put right in the file."""


@dataclass(frozen=True, slots=True)
class KnownSchool:
    """A school in the database. `ours`: it lies in the region of the import."""

    id: uuid.UUID
    name: str
    level: str
    district: str
    island: str
    time_zone: str
    address: str
    ours: bool = True


def match_schools(
    rows: Sequence[SchoolRow], known: Mapping[str, KnownSchool], *, districts: Sequence[str]
) -> list[SchoolItem]:
    """Return one item for each row. `known` is by NPSN; `districts` are the kecamatan of the region."""
    on_file = {key_of(name) for name in districts}
    usual = Counter(key_of(row.district) for row in rows if row.district)
    return [_item(row, known.get(row.npsn), _strange_district(row.district, on_file, usual)) for row in rows]


def new_districts(items: Sequence[SchoolItem], districts: Sequence[str]) -> list[str]:
    """Return the kecamatan that these items would add, each once, as first written."""
    on_file = {key_of(name) for name in districts}
    found: dict[str, str] = {}
    for item in items:
        if item.row.district and key_of(item.row.district) not in on_file:
            found.setdefault(key_of(item.row.district), item.row.district)
    return list(found.values())


def _item(row: SchoolRow, school: KnownSchool | None, strange: bool) -> SchoolItem:
    missing = {
        "other_region": school is not None and not school.ours,
        "level_missing": school is None and not row.level and "level_outside" not in row.doubts,
        "district_missing": school is None and not row.district,
        "district_like": strange,
    }
    doubts = (*row.doubts, *(code for code, doubted in missing.items() if doubted))
    changes = tuple(_changes(row, school)) if school is not None else ()
    kind = Kind.NEW if school is None else Kind.CHANGED if changes else Kind.SAME
    return SchoolItem(
        key=f"r{row.row}",
        kind=Kind.DOUBTFUL if doubts else kind,
        row=row,
        school=school.id if school is not None and school.ours else None,
        changes=changes if school is not None and school.ours else (),
        doubts=doubts,
    )


def _changes(row: SchoolRow, school: KnownSchool) -> Iterator[Change]:
    """Yield what the list has otherwise; what it leaves out stays."""
    if spelling(row.name) != spelling(school.name):
        yield Change("name", school.name, row.name)
    for name in ("district", "island"):
        old, new = getattr(school, name), getattr(row, name)
        if new and key_of(new) != key_of(old):
            yield Change(name, old, new)
    for name in ("level", "time_zone", "address"):
        old, new = getattr(school, name), getattr(row, name)
        if new and new != old:
            yield Change(name, old, new)


def _strange_district(name: str, on_file: set[str], usual: Counter[str]) -> bool:
    """Tell whether a kecamatan that is not on file looks like one that is, or like one the list has more often."""
    key = key_of(name)
    if not key or key in on_file:
        return False
    better = on_file | {other for other, number in usual.items() if number > usual[key]}
    return any(alike(key, other) for other in better)
