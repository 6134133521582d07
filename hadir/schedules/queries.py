"""What the schedule says, for many people and dates at once: a fixed number of queries, then look-ups in memory."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from django.db.models import Q, QuerySet

from hadir.rules.facts import Calendar
from hadir.rules.patterns import NO_HOURS
from hadir.rules.values import DayRules
from hadir.schedules.models import (
    CalendarEntry,
    Dated,
    DayKind,
    PatternOverride,
    RulePackChoice,
    Timetable,
    TrialPeriod,
    WorkingHours,
)
from hadir.schedules.packs import DEFAULT, day_rules, office_pack
from hadir.schools.models import School

Row = TypeVar("Row", bound=Dated)
CALENDAR = {
    DayKind.HOLIDAY.value: Calendar.HOLIDAY,
    DayKind.JOINT_LEAVE.value: Calendar.JOINT_LEAVE,
    DayKind.PUPILS_OFF.value: Calendar.PUPILS_OFF,
}
Key = uuid.UUID


@dataclass(slots=True)
class Schedule:
    """The rows that touch some schools, people and dates, by scope; made by `schedule_for`.

    Of several rows of one scope that hold on a date the one that began last counts.
    """

    hours: dict[tuple[Key, str], list[WorkingHours]] = field(default_factory=lambda: defaultdict(list))
    overrides: dict[Key, list[PatternOverride]] = field(default_factory=lambda: defaultdict(list))
    calendar: dict[Key, list[CalendarEntry]] = field(default_factory=lambda: defaultdict(list))
    timetables: dict[tuple[Key, Key], list[Timetable]] = field(default_factory=lambda: defaultdict(list))
    trials: dict[Key, list[TrialPeriod]] = field(default_factory=lambda: defaultdict(list))
    choices: dict[Key, list[RulePackChoice]] = field(default_factory=lambda: defaultdict(list))
    regions: frozenset[Key] = frozenset()
    rules: dict[tuple[Key, date], DayRules] = field(default_factory=dict)
    days: dict[tuple[Key, date], frozenset[Calendar]] = field(default_factory=dict)

    def rules_on(self, school: School, day: date) -> DayRules:
        """Return the rules of the school's region. Raises HadirError `rule_pack_unusable`."""
        region = school.district.region_id
        found = self.rules.get((region, day))
        if found is None:
            choice = row_in_force(self.choices.get(region, ()), day)
            found = day_rules(office_pack(choice.pack if choice else DEFAULT), day)
            self.rules[region, day] = found
        return found

    def calendar_on(self, school: School, day: date) -> frozenset[Calendar]:
        """Return what the calendars of region and school say; a working day takes holidays back."""
        found = self.days.get((school.pk, day))
        if found is None:
            kinds = {
                entry.kind
                for scope in (school.district.region_id, school.pk)
                for entry in self.calendar.get(scope, ())
                if _holds(entry, day)
            }
            if DayKind.WORKING_DAY in kinds:
                kinds &= {DayKind.PUPILS_OFF.value}
            found = frozenset(CALENDAR[kind] for kind in kinds if kind in CALENDAR)
            self.days[school.pk, day] = found
        return found

    def pattern_key(self, person: Key, school: School, staff_kind: str, day: date) -> str:
        """Return the key of the pattern: of the person, else of the group or all at the school, else in the region.

        Empty where nobody has set hours, the key of NO_HOURS where somebody has set that there are none.
        """
        region = school.district.region_id
        places = ((person, ""), (school.pk, staff_kind), (school.pk, ""), (region, staff_kind), (region, ""))
        rows = (row_in_force(self.hours.get(place, ()), day) for place in places)
        chosen = next((row.pattern or NO_HOURS.key for row in rows if row is not None), "")
        for scope in (school.pk, region):
            here = [row for row in self.overrides.get(scope, ()) if row.pattern == chosen]
            override = row_in_force(here, day)
            if override is not None:
                return override.instead
        return chosen

    def weekdays(self, person: Key, school: School, day: date) -> frozenset[int] | None:
        """Return the weekdays of a person's timetable at a school; None without one."""
        row = row_in_force(self.timetables.get((person, school.pk), ()), day)
        return None if row is None else frozenset(map(int, row.weekdays))

    def in_trial(self, school: School, day: date) -> bool:
        """Tell whether the school is in *uji coba*."""
        return row_in_force(self.trials.get(school.pk, ()), day) is not None


def schedule_for(schools: Sequence[School], people: Iterable[Key], first: date, last: date) -> Schedule:
    """Load what holds for these schools and people on any date from `first` to `last`. Six queries.

    Schools come with their district loaded.
    """
    keys = [school.pk for school in schools]
    regions = {school.district.region_id for school in schools}
    persons = list(people)
    here = Q(school__in=keys) | Q(region__in=regions)
    hours = _touching(WorkingHours.objects.filter(here | Q(person__in=persons)), first, last)
    overrides = _touching(PatternOverride.objects.filter(here), first, last)
    entries = _touching(CalendarEntry.objects.filter(here), first, last)
    timetables = _touching(Timetable.objects.filter(person__in=persons, school__in=keys), first, last)
    trials = _touching(TrialPeriod.objects.filter(school__in=keys), first, last)
    choices = RulePackChoice.objects.filter(region__in=regions, valid_from__lte=last)
    found = Schedule(regions=frozenset(regions))
    for one in hours:
        found.hours[one.person_id or one.school_id or one.region_id, one.staff_kind].append(one)  # type: ignore[index]
    for override in overrides:
        found.overrides[override.school_id or override.region_id].append(override)  # type: ignore[index]
    for entry in entries:
        found.calendar[entry.school_id or entry.region_id].append(entry)  # type: ignore[index]
    for timetable in timetables:
        found.timetables[timetable.person_id, timetable.school_id].append(timetable)
    for trial in trials:
        found.trials[trial.school_id].append(trial)
    for choice in choices.order_by("valid_from"):
        found.choices[choice.region_id].append(choice)
    return found


def _touching(rows: QuerySet[Row], first: date, last: date) -> QuerySet[Row]:
    return rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first), valid_from__lte=last).order_by(
        "valid_from", "id"
    )


def _holds(row: Dated, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)


def row_in_force(rows: Sequence[Row], day: date) -> Row | None:
    """Return the row of one scope that counts on a date: of those that hold the last. `rows`: by their start."""
    return next((row for row in reversed(rows) if _holds(row, day)), None)
