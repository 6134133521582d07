"""What an import would do: the rows of a file beside the people and schools in the database."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from django.db.models import Q, QuerySet

from hadir.imports.matching import match_staff
from hadir.imports.models import ImportBatch
from hadir.imports.plans import Assigned, Known, SchoolItem, StaffItem
from hadir.imports.school_list import SchoolList
from hadir.imports.school_matching import KnownSchool, match_schools
from hadir.imports.staff_list import StaffList, StaffRow
from hadir.people.models import Assignment, Person
from hadir.people.names import school_key
from hadir.schools.models import District, Region, School

CHUNK = 500
"""Values in one IN list; both databases take it."""

T = TypeVar("T")


def plan_staff(*, school: School, told: StaffList, start: date, managed: QuerySet[School] | None) -> list[StaffItem]:
    """Return what importing this list would do.

    `managed`: the schools where who imports may change people; None for a command, which may everywhere. Two queries
    for each 500 people.
    """
    return match_staff(told.rows, known_people(school, told.rows, start, managed), start=start)


def plan_schools(*, region: Region, told: SchoolList) -> list[SchoolItem]:
    """Return what importing this list would do in a region."""
    known: dict[str, KnownSchool] = {}
    for numbers in chunks(sorted({row.npsn for row in told.rows if row.npsn})):
        for school in School.objects.filter(npsn__in=numbers).select_related("district", "island"):
            known[school.npsn] = KnownSchool(
                id=school.pk,
                name=school.name,
                level=school.level,
                district=school.district.name,
                island=school.island.name if school.island else "",
                time_zone=school.time_zone,
                address=school.address,
                ours=school.district.region_id == region.pk,
            )
    return match_schools(told.rows, known, districts=district_names(region))


def district_names(region: Region) -> list[str]:
    """Return the names of a region's kecamatan."""
    return list(District.objects.filter(region=region).values_list("name", flat=True))


def names_other_school(told: StaffList, school: School) -> bool:
    """Tell whether the titles of a list name another school than the one chosen; a list without titles names none."""
    if told.npsn:
        return told.npsn != school.npsn
    return bool(told.school) and school_key(told.school) != school_key(school.name)


def applied_before(*, sha256: str, school: School | None, region: Region | None) -> ImportBatch | None:
    """Return the last import of the very same file to the same place, if it was applied."""
    same = ImportBatch.objects.filter(sha256=sha256, school=school, region=region, applied_at__isnull=False)
    return same.order_by("-applied_at").first()


def known_people(
    school: School, rows: Iterable[StaffRow], start: date, managed: QuerySet[School] | None
) -> list[Known]:
    """Return everybody ever assigned at the school and everybody with a number of the file, by name."""
    rows = list(rows)
    people = {person.pk: person for person in Person.objects.filter(assignments__school=school).distinct()}
    for numbers in chunks([row.nip for row in rows if row.nip]):
        people |= {person.pk: person for person in Person.objects.filter(nip__in=numbers)}
    for numbers in chunks([row.nuptk for row in rows if row.nuptk]):
        people |= {person.pk: person for person in Person.objects.filter(nuptk__in=numbers)}
    assignments = _assignments(school, list(people), start)
    ours = None if managed is None else set(managed.values_list("pk", flat=True))
    ordered = sorted(people.values(), key=lambda person: (person.name, person.pk))
    return [_known(person, school, assignments.get(person.pk, []), ours) for person in ordered]


def _assignments(school: School, people: Sequence[uuid.UUID], start: date) -> dict[uuid.UUID, list[Assignment]]:
    """Return what these people did and do at the school, and what they do elsewhere from the day on."""
    found: dict[uuid.UUID, list[Assignment]] = {}
    wanted = Q(school=school) | Q(valid_to__isnull=True) | Q(valid_to__gte=start)
    for keys in chunks(people):
        held = Assignment.objects.filter(wanted, person__in=keys).select_related("school")
        for assignment in held.order_by("-is_home", "valid_from", "id"):
            found.setdefault(assignment.person_id, []).append(assignment)
    return found


def _known(person: Person, school: School, held: Sequence[Assignment], ours: set[uuid.UUID] | None) -> Known:
    here = [one for one in held if one.school_id == school.pk]
    away = [one for one in held if one.school_id != school.pk]
    outside = [one for one in away if ours is not None and one.school_id not in ours]
    present_homes = [one for one in held if one.is_home and (one.valid_to is None or one in away)]
    home_inside = any(one not in outside for one in present_homes)
    return Known(
        id=person.pk,
        name=person.name,
        title_front=person.title_front,
        title_back=person.title_back,
        salutation=person.salutation,
        nip=person.nip,
        nuptk=person.nuptk,
        here=tuple(_assigned(one) for one in here),
        elsewhere=tuple(dict.fromkeys(one.school.name for one in away)),
        home_elsewhere=any(one.is_home for one in away),
        homes=tuple(replace(_assigned(one), school=one.school_id, npsn=one.school.npsn) for one in away if one.is_home),
        homes_ours=not any(one.is_home for one in outside),
        ours=not outside or home_inside,
    )


def _assigned(one: Assignment) -> Assigned:
    return Assigned(one.pk, one.duty, one.staff_kind, one.is_home, one.valid_from, one.valid_to)


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield the values in pieces that fit one IN list."""
    for first in range(0, len(values), CHUNK):
        yield values[first : first + CHUNK]
