"""Trying a change of rules or schedules on past days before it holds: which person-days would mean something else."""

import uuid
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from hadir.attendance.facts import gather
from hadir.attendance.judging import RowKey, judge
from hadir.people.models import Person
from hadir.rules.day import judge_day
from hadir.rules.pack import Pack
from hadir.rules.verdict import DayVerdict
from hadir.schedules.models import (
    CalendarEntry,
    Dated,
    PatternOverride,
    RulePackChoice,
    Timetable,
    TrialPeriod,
    WorkingHours,
)
from hadir.schedules.packs import day_rules
from hadir.schedules.queries import Schedule
from hadir.schools.models import School

Key = uuid.UUID
Change = Callable[[Schedule, date, date], None]
"""Puts a change into a schedule in memory, for the dates from the first to the last (a day more on each side)."""

DAY = timedelta(days=1)
SCHOOLS_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a person-day means to a reader: its status, codes, minutes, and whether it is final."""

    status: str
    codes: tuple[str, ...]
    late: int
    early: int
    final: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One person-day that would mean something else. `before` and `after` are None where there is no such day."""

    person: Key
    school: School
    day: date
    before: Meaning | None
    after: Meaning | None


@dataclass(slots=True)
class Trial:
    """What was tried: how many person-days were judged both ways, and those that differ, by date and name."""

    judged: int
    differences: list[Difference]
    names: dict[Key, str]

    @property
    def people(self) -> int:
        """How many people would have another day."""
        return len({one.person for one in self.differences})

    @property
    def minutes(self) -> int:
        """By how many minutes late and early all days together would change; negative is less."""
        return sum(_minutes(one.after) - _minutes(one.before) for one in self.differences)


def try_change(
    *,
    schools: Sequence[School],
    first: date,
    last: date,
    now: datetime,
    change: Change,
    people: Collection[Key] | None = None,
) -> Trial:
    """Judge these schools and dates as they are and with `change`, and return what differs. Writes nothing.

    Schools come with their district loaded. The queries grow with the portions of schools, not with people or days.
    Raises HadirError `rule_pack_unusable`.
    """
    found = Trial(0, [], {})
    for place in range(0, len(schools), SCHOOLS_AT_ONCE):
        portion = schools[place : place + SCHOOLS_AT_ONCE]
        before = {one.key: meaning_of(one.verdict) for one in judge(portion, first, last, now, people)}
        after = dict(_judged_with(change, portion, first, last, now, people))
        by_key = {school.pk: school for school in portion}
        found.judged += len(before.keys() | after.keys())
        for person, school, day in sorted(before.keys() | after.keys(), key=lambda key: (key[2], key[1], key[0])):
            was, will = before.get((person, school, day)), after.get((person, school, day))
            if was != will:
                found.differences.append(Difference(person, by_key[school], day, was, will))
    keys = {one.person for one in found.differences}
    found.names = dict(Person.objects.filter(pk__in=keys).values_list("pk", "name"))
    found.differences.sort(key=lambda one: (one.day, found.names.get(one.person, ""), one.school.npsn))
    return found


def with_pack(pack: Pack, begins: date | None = None) -> Change:
    """Return the change that judges by this pack, from `begins` on (None: all dates)."""

    def put(schedule: Schedule, first: date, last: date) -> None:
        for region in schedule.regions:
            day = max(first, begins) if begins else first
            while day <= last:
                schedule.rules[region, day] = day_rules(pack, day)
                day += DAY

    return put


def with_row(row: Dated) -> Change:
    """Return the change that adds a row of the schedule which is not saved."""

    def put(schedule: Schedule, _first: date, _last: date) -> None:
        for rows in _places(schedule, row):
            rows.append(row)
            rows.sort(key=lambda one: one.valid_from)

    return put


def without_row(row: Dated, ends: date | None = None) -> Change:
    """Return the change that takes a saved row away, or lets it end on `ends`."""

    def put(schedule: Schedule, _first: date, _last: date) -> None:
        for rows in _places(schedule, row):
            for one in [one for one in rows if one.pk == row.pk]:
                if ends is None:
                    rows.remove(one)
                else:
                    one.valid_to = ends

    return put


def _places(schedule: Schedule, row: Dated) -> list[list[Any]]:
    """Return the lists of the schedule in which a row stands."""
    if isinstance(row, WorkingHours):
        key = row.person_id or row.school_id or row.region_id
        return [schedule.hours[key, row.staff_kind]] if key else []
    if isinstance(row, Timetable):
        return [schedule.timetables[row.person_id, row.school_id]]
    if isinstance(row, TrialPeriod):
        return [schedule.trials[row.school_id]]
    if isinstance(row, RulePackChoice):
        return [schedule.choices[row.region_id]]
    if isinstance(row, PatternOverride | CalendarEntry):
        scope = row.school_id or row.region_id
        table: Any = schedule.overrides if isinstance(row, PatternOverride) else schedule.calendar
        return [table[scope]]
    raise TypeError(type(row).__name__)


def _judged_with(  # noqa: PLR0917  the arguments of `judge`, and the change
    change: Change,
    schools: Sequence[School],
    first: date,
    last: date,
    now: datetime,
    people: Collection[Key] | None,
) -> Iterator[tuple[RowKey, Meaning]]:
    gathered = gather(schools, first, last, people)
    change(gathered.schedule, first - DAY, last + DAY)
    for case in gathered.cases({school.pk for school in schools}, first, last, now):
        yield (case.person, case.school.pk, case.facts.day), meaning_of(judge_day(case.facts, case.rules))


def meaning_of(verdict: DayVerdict) -> Meaning:
    """Return what a verdict means to a reader."""
    return Meaning(verdict.status, verdict.codes, verdict.late, verdict.early, verdict.final)


def _minutes(meaning: Meaning | None) -> int:
    return meaning.late + meaning.early if meaning else 0
