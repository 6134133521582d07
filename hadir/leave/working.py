"""On which dates people work, and what their requests count: for many at once, with a fixed number of queries."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hadir.core.errors import HadirError
from hadir.leave.models_request import STANDING, LeaveRequest
from hadir.leave.rules import KindRule, filed_rule
from hadir.people.models import Assignment, Person
from hadir.people.queries import assignments_between
from hadir.rules.facts import Calendar
from hadir.rules.patterns import Pattern
from hadir.rules.view import hours_on
from hadir.schedules.queries import Schedule, schedule_for

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Working:
    """Who is assigned where and what the schedule says, between the dates for which `working_for` read them."""

    held: Mapping[uuid.UUID, Sequence[Assignment]]
    schedule: Schedule

    def dates(self, person: uuid.UUID, first: date, last: date, school: uuid.UUID | None = None) -> list[date]:
        """Return the dates on which the person works, by hours and calendar: at one school, else at any of hers."""
        held = [one for one in self.held.get(person, ()) if school in {None, one.school_id}]
        return [day for day in dates_between(first, last) if any(self._works(one, day) for one in held)]

    def in_next_morning(self, one: Assignment, day: date, clock: time) -> bool:
        """Tell whether a correction at this local time is one of the next date: 07.05 of a night watch that begins at
        20.00, as `attendance.grants` places it."""
        zone = ZoneInfo(one.school.time_zone)
        pattern, window = self._pattern(one, day), self.schedule.rules_on(one.school, day).window
        hours = hours_on(pattern, day, zone, window) if pattern is not None else None
        if hours is None:
            return False
        opens, closes = hours.window
        at = datetime.combine(day, clock, zone)
        return closes.date() > day and at < opens <= at + DAY <= closes

    def rule_of(self, request: LeaveRequest) -> KindRule | None:
        """Return the rule for a request that was filed, also where its kind is switched off now."""
        rows = [one for one in self.held.get(request.person_id, ()) if _touches(one, request.first, request.last)]
        return filed_rule(request.kind, request.first, staff_kinds(rows, request.school_id))

    def days(self, request: LeaveRequest) -> int:
        """Return what a request counts by the hours and the calendar as they are now; part of a day as one."""
        return self.taken([request], request.first, request.last)

    def taken(self, requests: Iterable[LeaveRequest], first: date, last: date) -> int:
        """Return what requests of one person count between two dates; a date in two of them counts once."""
        as_filed, whole = 0, set[date]()
        for one in requests:
            found = self._counted(one, max(first, one.first), min(last, one.last)) if one.start is None else None
            if found is not None:
                whole.update(found)
            elif first <= one.first <= last:
                as_filed += one.days
        return as_filed + len(whole)

    def _counted(self, request: LeaveRequest, first: date, last: date) -> list[date] | None:
        """Return the dates that count; None where the schedule no longer says anything, so that a row of hours taken
        away, or a rule pack that cannot be read, gives nobody leave back and closes no page."""
        rule = self.rule_of(request)
        if rule is not None and not rule.working_days:
            return dates_between(first, last)
        try:
            found = self.dates(request.person_id, first, last, request.school_id)
            return found if found or self._has_hours(request) else None
        except HadirError as error:
            if error.code != "rule_pack_unusable":
                raise
            return None

    def _has_hours(self, request: LeaveRequest) -> bool:
        """Tell whether hours hold on a date of a request; who is assigned nowhere on its dates needs none."""
        held = [one for one in self.held.get(request.person_id, ()) if request.school_id in {None, one.school_id}]
        rows = [one for one in held if _touches(one, request.first, request.last)]
        days = dates_between(request.first, request.last)
        return not rows or any(self._pattern(one, day) is not None for day in days for one in rows)

    def _pattern(self, one: Assignment, day: date) -> Pattern | None:
        key = self.schedule.pattern_key(one.person_id, one.school, one.staff_kind, day)
        return self.schedule.rules_on(one.school, day).patterns.get(key)

    def _works(self, one: Assignment, day: date) -> bool:
        if not _touches(one, day, day):
            return False
        weekdays = self.schedule.weekdays(one.person_id, one.school, day)
        pattern = self._pattern(one, day)
        if pattern is None or day.weekday() not in pattern.hours:
            return False
        off = self.schedule.calendar_on(one.school, day) - {Calendar.PUPILS_OFF}
        return (pattern.on_holidays or not off) and (weekdays is None or day.weekday() in weekdays)


def working_for(people: Collection[uuid.UUID], first: date, last: date) -> Working:
    """Read where these people are assigned, home school first, and what the schedule says. Seven queries."""
    rows = assignments_between(first, last).filter(person__in=list(people))
    held: dict[uuid.UUID, list[Assignment]] = defaultdict(list)
    for one in rows.select_related("school__district").order_by("-is_home", "valid_from", "id"):
        held[one.person_id].append(one)
    schools = {one.school_id: one.school for rows_of_one in held.values() for one in rows_of_one}
    return Working(held, schedule_for(list(schools.values()), people, first, last))


def working_of(requests: Collection[LeaveRequest]) -> Working:
    """Read what is needed to count these requests. Seven queries; none where there is no request."""
    if not requests:
        return Working({}, Schedule())
    people = {one.person_id for one in requests}
    return working_for(people, min(one.first for one in requests), max(one.last for one in requests))


def counts_of(requests: Collection[LeaveRequest]) -> Mapping[uuid.UUID, int]:
    """Return the days that each of these requests counts, by its key: those that stand by the hours and the calendar of
    now, the others as they were filed. Seven queries."""
    standing = [one for one in requests if one.state in STANDING]
    working = working_of(standing)
    return {one.pk: one.days for one in requests} | {one.pk: working.days(one) for one in standing}


def held_between(person: Person, first: date, last: date) -> Sequence[Assignment]:
    """Return the assignments that touch these dates, home school first. One query."""
    found = assignments_between(first, last).filter(person=person)
    return list(found.select_related("school__district").order_by("-is_home", "valid_from", "id"))


def staff_kinds(held: Iterable[Assignment], school: uuid.UUID | None = None) -> list[str]:
    """Return as what somebody is employed, home school first; with `school`, there."""
    return list(dict.fromkeys(one.staff_kind for one in held if school in {None, one.school_id}))


def staff_of(request: LeaveRequest) -> list[str]:
    """Return as what the person of a request is employed on its dates, at the school it names. One query."""
    return staff_kinds(held_between(request.person, request.first, request.last), request.school_id)


def dates_between(first: date, last: date) -> list[date]:
    """Return the dates from the first to the last; none where the last is before the first."""
    return [first + number * DAY for number in range((last - first).days + 1)]


def _touches(one: Assignment, first: date, last: date) -> bool:
    return one.valid_from <= last and (one.valid_to is None or one.valid_to >= first)
