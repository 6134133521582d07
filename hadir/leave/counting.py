"""How many days something counts, and what is left of a kind: for one person, by the rules of the kind."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from hadir.devices.hearing import first_linked
from hadir.leave.models_request import STANDING, CarriedDays, LeaveRequest
from hadir.leave.rules import KindRule, kinds_instead_of, kinds_on, rule_of
from hadir.people.models import Assignment, Person
from hadir.rules.facts import Calendar
from hadir.schedules.queries import schedule_for
from hadir.schools.models import School

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left of a kind: `limit` with what was `carried` over, `taken` (asked for or approved), by `period`.

    `instead`: the name of the kind that took its place this year, after which nothing of it is left.
    """

    kind: str
    rule: KindRule
    limit: int
    carried: int
    taken: int
    instead: str = ""

    @property
    def left(self) -> int:
        """Days that may still be asked for, never below 0."""
        return 0 if self.instead else max(0, self.limit + self.carried - self.taken)


def held_between(person: Person, first: date, last: date) -> Sequence[Assignment]:
    """Return the assignments that touch these dates, home school first. One query."""
    found = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=first), person=person, valid_from__lte=last
    )
    return list(found.select_related("school__district").order_by("-is_home", "valid_from", "id"))


def staff_kinds(held: Iterable[Assignment], school: uuid.UUID | None = None) -> list[str]:
    """Return as what somebody is employed, home school first; with `school`, there."""
    return list(dict.fromkeys(one.staff_kind for one in held if school in {None, one.school_id}))


def staff_of(request: LeaveRequest) -> list[str]:
    """Return as what the person of a request is employed on its dates, at the school it names. One query."""
    return staff_kinds(held_between(request.person, request.first, request.last), request.school_id)


def schools_of(person: Person | None, day: date) -> QuerySet[School]:
    """Return the schools to which a person is assigned on a date or later; none for nobody."""
    held = Assignment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), person=person)
    return School.objects.filter(pk__in=held.values("school")) if person else School.objects.none()


def working_days(person: Person, first: date, last: date) -> list[date]:
    """Return the dates between these on which the person works at any of her schools, by hours and calendar."""
    held = held_between(person, first, last)
    schools = list({one.school_id: one.school for one in held}.values())
    schedule = schedule_for(schools, [person.pk], first, last)
    found = []
    for number in range((last - first).days + 1):
        day = first + number * DAY
        for one in held:
            if one.valid_from > day or (one.valid_to is not None and one.valid_to < day):
                continue
            weekdays = schedule.weekdays(person.pk, one.school, day)
            key = schedule.pattern_key(person.pk, one.school, one.staff_kind, day)
            pattern = schedule.rules_on(one.school, day).patterns.get(key)
            off = schedule.calendar_on(one.school, day) - {Calendar.PUPILS_OFF}
            works = pattern is not None and day.weekday() in pattern.hours and (pattern.on_holidays or not off)
            if works and (weekdays is None or day.weekday() in weekdays):
                found.append(day)
                break
    return found


def kinds_for(person: Person | None, day: date) -> Mapping[str, KindRule]:
    """Return the kinds that a person may ask for on a date; for nobody in particular all that are open."""
    staff = staff_kinds(held_between(person, day, day)) if person else []
    found = kinds_on(day, staff)
    return {key: rule for key, rule in found.items() if rule.staff_kinds & set(staff)} if staff else found


def count_days(person: Person, rule: KindRule, first: date, last: date) -> int:
    """Return what a span of whole days counts by a rule: working days, or all days."""
    return len(working_days(person, first, last)) if rule.working_days else (last - first).days + 1


def balances(person: Person, day: date) -> list[Balance]:
    """Return what is left of every kind with a yearly or monthly limit that is open to the person on a date."""
    found = kinds_for(person, day)
    mine = {key: rule for key, rule in found.items() if rule.limit is not None and rule.period != "kali"}
    asked = _standing(person, mine, day)
    return [_balance(person, key, rule, day, asked) for key, rule in mine.items()]


def balance_of(person: Person, kind: str, day: date, staff: Sequence[str]) -> Balance | None:
    """Return what is left of one kind on a date; None where it has no limit by year or month."""
    rule = rule_of(kind, day, staff)
    if rule.limit is None or rule.period == "kali":
        return None
    return _balance(person, kind, rule, day, _standing(person, {kind}, day))


def taken_instead(person: Person, rule: KindRule, day: date) -> int:
    """Return the days taken this year of the kinds in whose place a rule's leave comes."""
    if not rule.instead_of:
        return 0
    return _taken((one for one in _standing(person, rule.instead_of, day) if one.kind in rule.instead_of), day.year)


def _standing(person: Person, kinds: Iterable[str], day: date) -> list[LeaveRequest]:
    """Return requests that wait or were approved, of the year of the date and the two before it, of these kinds and of
    those that come in their place."""
    wanted = {*kinds, *(each for kind in kinds for each in kinds_instead_of(kind, day))}
    return list(
        LeaveRequest.objects.filter(
            person=person, kind__in=wanted, state__in=STANDING, last__year__gte=day.year - 2, first__year__lte=day.year
        )
    )


def _balance(person: Person, kind: str, rule: KindRule, day: date, asked: Sequence[LeaveRequest]) -> Balance:
    mine = [one for one in asked if one.kind == kind]
    if rule.period == "bulan":
        taken = sum(one.days for one in mine if (one.first.year, one.first.month) == (day.year, day.month))
        return Balance(kind, rule, rule.limit or 0, 0, taken)
    others = kinds_instead_of(kind, day)
    without = {one.first.year: others[one.kind].name for one in asked if one.kind in others}
    carried = _carried(person, kind, rule, day.year, mine, without) if rule.carried else 0
    return Balance(kind, rule, rule.limit or 0, carried, _taken(mine, day.year), without.get(day.year, ""))


def _taken(asked: Iterable[LeaveRequest], year: int) -> int:
    """Return the days of a year; a request over new year counts in the year in which it begins."""
    return sum(one.days for one in asked if one.first.year == year)


def _carried(  # noqa: PLR0917  what a balance has
    person: Person, kind: str, rule: KindRule, year: int, asked: Sequence[LeaveRequest], without: Collection[int]
) -> int:
    """Return the days brought over from last year: what the office wrote down, else what Hadir has seen unused. Nothing
    is brought over from years `without` such days.

    A year counts as seen when the person was assigned all through it, and her school recorded since before it: what she
    took before Hadir is known to the office alone.
    """
    written = CarriedDays.objects.filter(person=person, kind=kind, year=year).values_list("days", flat=True).first()
    if written is not None:
        return written
    limit = rule.limit or 0
    unused = [limit - _taken(asked, each) if _whole_year(person, each) else None for each in (year - 1, year - 2)]
    if unused[0] is None or year - 1 in without:
        return 0
    if unused[0] == limit and unused[1] == limit and year - 2 not in without:
        return rule.carried_two
    return max(0, min(rule.carried, unused[0]))


def _whole_year(person: Person, year: int) -> bool:
    first, last = date(year, 1, 1), date(year, 12, 31)
    spans = Q(valid_to__isnull=True) | Q(valid_to__gte=last)
    held = Assignment.objects.filter(spans, person=person, valid_from__lte=first)
    linked = first_linked(held.values_list("school", flat=True))
    return linked is not None and linked.date() <= first
