"""Days of a person added up over a month or a year, also where several schools each have a row for one date."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q, QuerySet

from hadir.attendance.models import PersonDay
from hadir.people.models import Assignment, Person
from hadir.people.queries import assignments_on
from hadir.rules.pack import Pack
from hadir.rules.period import DayLine
from hadir.rules.verdict import ABSENT, DAY_OFF, NOT_COUNTED, PENDING, PRESENT, Cause
from hadir.schedules.packs import office_pack
from hadir.schedules.queries import schedule_for
from hadir.schools.models import School

PEOPLE_AT_ONCE = 200
BEST_FIRST = (PRESENT, "DL")
WORST_LAST = (PENDING, ABSENT)


@dataclass(frozen=True, slots=True)
class Held:
    """A stored day with why it waits."""

    line: DayLine
    cause: str


def merged(days: Iterable[Held]) -> list[DayLine]:
    """Return one line a date, in order.

    Of a date at several schools: a school that has set no hours says nothing; absent only where the person was absent
    at every school with hours that day, so that nobody who was at work is counted as away for the whole day; minutes
    and codes of all schools that say the same, since each has its own hours.
    """
    ordered = sorted(days, key=lambda one: one.line.day)
    return [_one(list(same)) for _day, same in groupby(ordered, key=lambda one: one.line.day)]


def _one(days: Sequence[Held]) -> DayLine:
    if len(days) == 1:
        return days[0].line
    told = [one.line for one in days if one.cause != Cause.NO_SCHEDULE] or [one.line for one in days]
    working = [line for line in told if line.status not in {DAY_OFF, NOT_COUNTED}]
    if not working:
        return min(told, key=lambda line: line.status != DAY_OFF)
    status = min((line.status for line in working), key=_rank)
    same = [line for line in working if line.status == status]
    return DayLine(
        day=same[0].day,
        status=status,
        codes=tuple(dict.fromkeys(code for line in same for code in line.codes)),
        late=sum(line.late for line in same),
        early=sum(line.early for line in same),
        final=all(line.final for line in same),
    )


def _rank(status: str) -> int:
    """Return the place of a status: present, on duty, on leave, pending, absent."""
    if status in BEST_FIRST:
        return BEST_FIRST.index(status)
    return 3 + WORST_LAST.index(status) if status in WORST_LAST else 2


def lines_of(people: Collection[uuid.UUID], first: date, last: date) -> Mapping[uuid.UUID, list[DayLine]]:
    """Return the merged days of these people at all their schools. One query."""
    rows = PersonDay.objects.filter(person__in=list(people), day__gte=first, day__lte=last).order_by("person", "day")
    wanted = rows.values_list("person", "day", "status", "codes", "late", "early", "final", "cause")
    return {
        person: merged(Held(DayLine(row[1], row[2], tuple(row[3]), *row[4:7]), row[7]) for row in same)
        for person, same in groupby(wanted.iterator(chunk_size=5000), key=lambda row: row[0])
    }


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
        Assignment.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=first), school__in=schools.order_by(), valid_from__lte=last
        )
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
