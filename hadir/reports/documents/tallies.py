"""Days of a person added up over a month or a year, also where several schools each have a row for one date."""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from hadir.attendance.models import PersonDay
from hadir.people.models import Assignment, Person
from hadir.people.queries import assignments_between, assignments_on
from hadir.reports.held_days import Stored, held_days
from hadir.reports.whole_days import merged
from hadir.rules.pack import Pack
from hadir.rules.period import DayLine
from hadir.schedules.packs import office_pack
from hadir.schedules.queries import schedule_for
from hadir.schools.models import School

PEOPLE_AT_ONCE = 200


def lines_of(people: Collection[uuid.UUID], first: date, last: date) -> Mapping[uuid.UUID, list[DayLine]]:
    """Return the merged days of these people at all their schools. One query, and those of `held_days`."""
    rows = PersonDay.objects.filter(person__in=list(people), day__gte=first, day__lte=last).order_by("person", "day")
    wanted = rows.values_list("person", "school", "cause", "day", "status", "codes", "late", "early", "final")
    stored = [
        Stored(person, school, DayLine(day, status, tuple(codes), late, early, final), cause)
        for person, school, cause, day, status, codes, late, early, final in wanted.iterator(chunk_size=5000)
    ]
    return {person: merged(days) for person, days in held_days(stored).items()}


@dataclass(frozen=True, slots=True)
class Member:
    """A person with the assignment that speaks for them in a period: the home school's, the last one held."""

    person: Person
    school: School
    staff_kind: str
    duty: str


def members_of(schools: QuerySet[School], first: date, last: date) -> dict[uuid.UUID, Member]:
    """Return everybody assigned to one of these schools in a period, by home school and name. One query."""
    held = (
        assignments_between(first, last)
        .filter(school__in=schools.order_by())
        .select_related("person", "school__district__region")
        .order_by("is_home", "valid_from", "id")
    )
    found = {one.person_id: Member(one.person, one.school, one.staff_kind, one.duty) for one in held}
    return dict(sorted(found.items(), key=lambda one: (one[1].school.npsn, one[1].person.name.casefold(), one[0])))


def in_portions(people: Sequence[uuid.UUID]) -> Iterator[Sequence[uuid.UUID]]:
    """Yield people in portions, so that memory does not grow with their number."""
    for start in range(0, len(people), PEOPLE_AT_ONCE):
        yield people[start : start + PEOPLE_AT_ONCE]


class Packs:
    """The rule pack of each region on a date, asked once. Raises HadirError `rule_pack_unusable`."""

    def __init__(self, day: date) -> None:
        self._day = day
        self._known: dict[uuid.UUID, Pack] = {}

    def of(self, school: School) -> Pack:
        """Return the pack of a school's region."""
        region = school.district.region_id
        if region not in self._known:
            version = schedule_for([school], [], self._day, self._day).rules_on(school, self._day).version
            self._known[region] = office_pack(version.rsplit("-", 1)[0])
        return self._known[region]


def home_of(person: Person, day: date) -> Assignment | None:
    """Return the assignment that speaks for a person on a date, else the last one they had."""
    related = Assignment.objects.filter(person=person).select_related("school__district__region", "school__island")
    held = assignments_on(day).filter(person=person).values("pk")
    return (
        related.filter(pk__in=held).order_by("-is_home", "-valid_from", "id").first()
        or related.order_by("-valid_from", "id").first()
    )
