"""What the list for the allowance is made of: each person's months at her schools, and what is carried into them."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, QuerySet

from hadir.attendance.models import PersonDay
from hadir.core.clock import month_bounds
from hadir.core.errors import HadirError
from hadir.months.models import Adjustment
from hadir.months.sheet import MonthSheet, SheetAdjustment, SheetRow, SheetTotals
from hadir.people.models import Assignment, Person
from hadir.people.queries import assignments_between
from hadir.reports.documents.sources import sheet_for, with_places
from hadir.reports.documents.tallies import Packs
from hadir.rules.pack import Pack
from hadir.rules.verdict import ABSENT, DAY_OFF, NOT_COUNTED
from hadir.schools.models import School


@dataclass(frozen=True, slots=True)
class SchoolMonth:
    """A school's month with its digest, made once for all its people. `pack`: the rule pack of today."""

    sheet: MonthSheet
    digest: str
    pack: Pack
    closed: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A person's row at one school. `shown`: the school is one of those asked for; another one only helps to decide
    whether a date counts as absent. A row without cells stands for what is carried to somebody who left."""

    row: SheetRow
    month: SchoolMonth
    shown: bool = True

    @property
    def carried(self) -> Sequence[SheetAdjustment]:
        """The adjustments of this person on the sheet."""
        return [one for one in self.month.sheet.adjustments if one.person == self.row.person]


def parts_of(schools: Iterable[School], year: int, month: int, *, now: datetime) -> Iterator[Sequence[Part]]:
    """Yield the months of each person, in the order of the schools (loaded by `with_places`).

    People of several schools come last, with the days of all of them; so do those who left a school on whose sheet
    something is carried for them. A school without people that month is left out. Raises HadirError
    `rule_pack_unusable`.
    """
    first, last = month_bounds(year, month)
    gone = _gone(first, last)
    late = {key for keys in gone.values() for key in keys} | _at_several(first, last)
    packs = Packs(last)
    held: dict[uuid.UUID, list[Part]] = {}
    seen = set()
    for school in schools:
        seen.add(school.pk)
        made = _month_of(school, year, month, packs, now)
        if made is None:
            continue
        for row in [*made.sheet.rows, *_left(made, gone.get(school.pk, ()))]:
            if row.person in late:
                held.setdefault(row.person, []).append(Part(row, made))
            else:
                yield [Part(row, made)]
    for school in _elsewhere(held, seen, first, last):
        made = _month_of(school, year, month, packs, now)
        for row in made.sheet.rows if made else ():
            if made and row.person in held:
                held[row.person].append(Part(row, made, shown=False))
    yield from (sorted(parts, key=lambda part: not part.row.cells) for parts in held.values())


def _month_of(school: School, year: int, month: int, packs: Packs, now: datetime) -> SchoolMonth | None:
    try:
        sheet, signed = sheet_for(school, year, month, now=now)
    except HadirError as error:
        if error.code != "month_empty":
            raise
        return None
    return SchoolMonth(sheet, sheet.digest(), packs.of(school), closed=signed is not None)


def _at_several(first: date, last: date) -> set[uuid.UUID]:
    """Return who is assigned to more than one school in a period."""
    counted = (
        assignments_between(first, last).order_by().values("person").annotate(places=Count("school", distinct=True))
    )
    return set(counted.filter(places__gt=1).values_list("person", flat=True))


def _gone(first: date, last: date) -> Mapping[uuid.UUID, Collection[uuid.UUID]]:
    """Return for whom something is carried to a school that they have left, by school. One query."""
    here = assignments_between(first, last).filter(person=OuterRef("person"), school=OuterRef("month__school"))
    rows = Adjustment.objects.filter(~Exists(here), carry_first=first).order_by()
    found: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for school, person in rows.values_list("month__school", "person").distinct():
        found[school].add(person)
    return found


def _left(made: SchoolMonth, gone: Collection[uuid.UUID]) -> Iterator[SheetRow]:
    """Yield a row without days for each of those who left and for whom the sheet carries something."""
    there = {row.person for row in made.sheet.rows}
    wanted = {one.person for one in made.sheet.adjustments if one.person in gone} - there
    if not wanted:
        return
    rows = Assignment.objects.filter(person__in=wanted, school=made.sheet.school.id).order_by("valid_from", "id")
    last = {one.person_id: one for one in rows}
    for person in Person.objects.filter(pk__in=wanted).order_by("name", "pk"):
        one = last.get(person.pk)
        kind, duty = (one.staff_kind, one.duty) if one else ("", "")
        yield SheetRow(person.pk, person.full_name, person.nip, person.nuptk, kind, duty, (), SheetTotals())


def _elsewhere(people: Collection[uuid.UUID], seen: Collection[uuid.UUID], first: date, last: date) -> QuerySet[School]:
    """Return the schools that were not asked for at which these people were in a period."""
    held = assignments_between(first, last).filter(person__in=list(people)).exclude(school__in=list(seen))
    return with_places(School.objects.filter(pk__in=held.order_by().values("school"))).order_by("npsn")


def carried_absent(parts: Sequence[Part]) -> int:
    """Return by how many unexcused days what is carried changes a person's count (negative: taken away).

    Of a date at several schools the whole date decides, as in its own month: it was absent only where absent at every
    school with hours. One query where something is carried.
    """
    carried = [(part.month.sheet.school.id, one) for part in parts for one in part.carried]
    if not any(one.absent for _school, one in carried):
        return 0
    person = parts[0].row.person
    dates = {one.date for _school, one in carried}
    before: dict[date, dict[uuid.UUID, str]] = defaultdict(dict)
    for school, day, status in PersonDay.objects.filter(person=person, day__in=dates).values_list(
        "school", "day", "status"
    ):
        before[day][school] = status
    after = {day: dict(statuses) for day, statuses in before.items()}
    # The first one of a date tells what was known before all of them, the last one what is known now.
    for school, one in reversed(carried):
        before[one.date][school] = one.old.split()[0]
    for school, one in carried:
        after.setdefault(one.date, {})[school] = one.new.split()[0]
    return sum(_is_absent(after[day].values()) - _is_absent(before[day].values()) for day in dates)


def _is_absent(statuses: Iterable[str]) -> bool:
    working = [status for status in statuses if status not in {DAY_OFF, NOT_COUNTED}]
    return bool(working) and all(status == ABSENT for status in working)
