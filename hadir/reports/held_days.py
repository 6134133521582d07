"""Stored days of people at several schools, with the working time they were judged by where that is needed.

Two schools may ask for the same hours of one date. Then time missed once must not be counted twice, and only the hours
tell: they are read for the dates on which two schools count minutes, for no other.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from hadir.people.models import Assignment
from hadir.reports.whole_days import Held, merged, seen_from
from hadir.rules.period import DayLine
from hadir.rules.spans import Span, without
from hadir.schedules.queries import schedule_for
from hadir.schools.models import School

Place = tuple[uuid.UUID, uuid.UUID, date]
"""A person, a school and a date."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A day of a person at a school, and why it waits."""

    person: uuid.UUID
    school: uuid.UUID
    line: DayLine
    cause: str


def held_days(rows: Sequence[Stored]) -> Mapping[uuid.UUID, Sequence[Held]]:
    """Return the days by person. Eight queries where two schools count minutes of one date, else none.

    Raises HadirError `rule_pack_unusable`.
    """
    charged = Counter((row.person, row.line.day) for row in rows if row.line.minutes)
    doubled = [row for row in rows if charged[row.person, row.line.day] > 1]
    work = _work(doubled) if doubled else {}
    found: dict[uuid.UUID, list[Held]] = defaultdict(list)
    for row in rows:
        held = Held(row.line, row.cause, work.get((row.person, row.school, row.line.day), ()))
        found[row.person].append(held)
    return found


def whole_and_seen(
    rows: Sequence[Stored], schools: Collection[uuid.UUID] | None
) -> tuple[list[DayLine], list[DayLine]]:
    """Return the dates of one person over all schools, and as a reader of only `schools` (None: all) may see them."""
    held = [one for days in held_days(rows).values() for one in days]
    whole = merged(held)
    if schools is None:
        return whole, whole
    own = [one for one, row in zip(held, rows, strict=True) if row.school in schools]
    return whole, seen_from(whole, merged(own))


def _work(rows: Sequence[Stored]) -> Mapping[Place, tuple[Span, ...]]:
    """Return the working time, breaks left out, that the schedule has for these days."""
    people = {row.person for row in rows}
    days = [row.line.day for row in rows]
    schools = School.objects.select_related("district").in_bulk({row.school for row in rows})
    kinds: dict[tuple[uuid.UUID, uuid.UUID], list[Assignment]] = defaultdict(list)
    for one in Assignment.objects.filter(person__in=people, school__in=schools).order_by("valid_from", "id"):
        kinds[one.person_id, one.school_id].append(one)
    schedule = schedule_for(list(schools.values()), people, min(days), max(days))
    found: dict[Place, tuple[Span, ...]] = {}
    for row in rows:
        school, day = schools[row.school], row.line.day
        kind = next((one.staff_kind for one in kinds[row.person, row.school] if _holds(one, day)), "")
        pattern = schedule.rules_on(school, day).patterns.get(schedule.pattern_key(row.person, school, kind, day))
        shift = pattern.shift_on(day, ZoneInfo(school.time_zone)) if pattern else None
        if shift is not None:
            found[row.person, row.school, day] = without((shift.start, shift.end), shift.breaks)
    return found


def _holds(one: Assignment, day: date) -> bool:
    return one.valid_from <= day and (one.valid_to is None or one.valid_to >= day)
