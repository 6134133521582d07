"""How many days something counts, and what is left of a kind: for one person, by the rules of the kind."""

import uuid
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from hadir.core.clock import local_date
from hadir.devices.hearing import first_linked
from hadir.leave.models_request import STANDING, CarriedDays, LeaveRequest
from hadir.leave.rules import KindRule, kinds_instead_of, kinds_on, rule_of
from hadir.leave.working import DAY, Working, dates_between, held_between, staff_kinds, working_for, working_of
from hadir.people.models import Assignment, Person
from hadir.schools.models import School

LONGEST_BREAK = timedelta(days=31)
"""Two leaves with more between them are two, also where nobody has set hours, so that no day is known as working."""


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


def schools_of(person: Person | None, day: date) -> QuerySet[School]:
    """Return the schools to which a person is assigned on a date or later; none for nobody."""
    held = Assignment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), person=person)
    return School.objects.filter(pk__in=held.values("school")) if person else School.objects.none()


def working_days(person: Person, first: date, last: date, school: uuid.UUID | None = None) -> list[date]:
    """Return the dates between these on which the person works at a school, else at any of hers. Seven queries."""
    return working_for([person.pk], first, last).dates(person.pk, first, last, school)


def kinds_for(person: Person | None, day: date) -> Mapping[str, KindRule]:
    """Return the kinds that a person may ask for on a date; for nobody in particular all that are open."""
    staff = staff_kinds(held_between(person, day, day)) if person else []
    found = kinds_on(day, staff)
    return {key: rule for key, rule in found.items() if rule.staff_kinds & set(staff)} if staff else found


def count_days(person: Person, rule: KindRule, first: date, last: date, school: uuid.UUID | None = None) -> int:
    """Return what a span of whole days counts by a rule: working days (at the school, where one is named), or all."""
    return len(working_days(person, first, last, school) if rule.working_days else dates_between(first, last))


def periods(rule: KindRule, first: date, last: date) -> list[tuple[date, date]]:
    """Return the calendar years, or months, that a span touches: for each of them a limit holds by itself."""
    found = [_period(rule, first)]
    while found[-1][1] < last:
        found.append(_period(rule, found[-1][1] + DAY))
    return found


def balances(person: Person, day: date, *, today: date | None = None) -> list[Balance]:
    """Return what is left of every kind with a yearly or monthly limit that is open to the person on a date.

    `today`: the date on which it is asked, `day` itself unless told; nothing is carried over from a year not yet over.
    """
    found = kinds_for(person, day)
    mine = {key: rule for key, rule in found.items() if rule.limit is not None and rule.period != "kali"}
    asked = _standing(person, mine, day)
    return [_balance(person, key, rule, day, today or day, asked) for key, rule in mine.items()]


def balance_of(
    person: Person, kind: str, day: date, staff: Sequence[str], *, today: date, beside: LeaveRequest | None = None
) -> Balance | None:
    """Return what is left of one kind on a date, as known `today`; None where it has no limit by year or month.

    `beside`: a request that is counted as if it stood already.
    """
    rule = rule_of(kind, day, staff)
    if rule.limit is None or rule.period == "kali":
        return None
    return _balance(person, kind, rule, day, today, _standing(person, {kind}, day, beside))


def taken_instead(person: Person, rule: KindRule, day: date) -> int:
    """Return the days taken in the year of a date of the kinds in whose place a rule's leave comes."""
    if not rule.instead_of:
        return 0
    asked = _standing(person, rule.instead_of, day)
    mine = [one for one in asked.requests if one.kind in rule.instead_of]
    return asked.working.taken(mine, *_year(day.year))


def days_before(request: LeaveRequest, rule: KindRule) -> int:
    """Return what standing requests of the kind count that a request continues: then they are one leave.

    They touch where no working day lies between them; of a rule that counts all days those between count too, as they
    would in one request.
    """
    others = list(
        LeaveRequest.objects.filter(
            person=request.person_id, kind=request.kind, state__in=STANDING, start__isnull=True
        ).exclude(pk=request.pk)
    )
    if not others or request.start is not None:
        return 0
    working = working_of([request, *others])
    mine = [request]
    while near := [one for one in others if one not in mine and _touch(working, mine, one)]:
        mine += near
    first, last = min(one.first for one in mine), max(one.last for one in mine)
    together = working.taken(mine, first, last) if rule.working_days else (last - first).days + 1
    return together - request.days


def _touch(working: Working, mine: Sequence[LeaveRequest], other: LeaveRequest) -> bool:
    """Tell whether another request lies beside some, so that no working day is between them."""
    begins, ends = min(one.first for one in mine), max(one.last for one in mine)
    first, last = (other.last, begins) if other.last < begins else (ends, other.first)
    if last - first > LONGEST_BREAK:
        return False
    return not working.dates(other.person_id, first + DAY, last - DAY)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a person asked for that still stands, and what is needed to count it."""

    requests: Sequence[LeaveRequest]
    working: Working


def _standing(person: Person, kinds: Iterable[str], day: date, beside: LeaveRequest | None = None) -> _Asked:
    """Return requests that wait or were approved, of the year of the date and the two before it, of these kinds and of
    those that come in their place."""
    wanted = {*kinds, *(each for kind in kinds for each in kinds_instead_of(kind, day))}
    found = list(
        LeaveRequest.objects.filter(
            person=person, kind__in=wanted, state__in=STANDING, last__year__gte=day.year - 2, first__year__lte=day.year
        )
    )
    found += [] if beside is None else [beside]
    return _Asked(found, working_of(found))


def _balance(  # noqa: PLR0917  what a balance has
    person: Person, kind: str, rule: KindRule, day: date, today: date, asked: _Asked
) -> Balance:
    mine = [one for one in asked.requests if one.kind == kind]
    taken = asked.working.taken(mine, *_period(rule, day))
    if rule.period == "bulan":
        return Balance(kind, rule, rule.limit or 0, 0, taken)
    others = kinds_instead_of(kind, day)
    without = {one.first.year: others[one.kind].name for one in asked.requests if one.kind in others}
    used = {year: asked.working.taken(mine, *_year(year)) for year in (day.year - 2, day.year - 1)}
    carried = _carried(person, kind, rule, used, without, today) if rule.carried else 0
    return Balance(kind, rule, rule.limit or 0, carried, taken, without.get(day.year, ""))


def _carried(  # noqa: PLR0917  what a balance has
    person: Person, kind: str, rule: KindRule, used: Mapping[int, int], without: Collection[int], today: date
) -> int:
    """Return the days brought over into the year after those `used`: what the office wrote down, else what Hadir has
    seen unused. Nothing is brought over from years `without` such days, nor from a year that is not over.

    A year counts as seen when the person was assigned all through it as somebody with such leave, and her school of
    each day recorded then: what she took before Hadir is known to the office alone.
    """
    before, last = sorted(used)
    written = CarriedDays.objects.filter(person=person, kind=kind, year=last + 1).values_list("days", flat=True).first()
    if written is not None:
        return written
    seen = _seen_years(person, rule, used)
    if last in without or last >= today.year or last not in seen:
        return 0
    limit = rule.limit or 0
    if not used[last] and not used[before] and before in seen and before not in without:
        return rule.carried_two
    return max(0, min(rule.carried, limit - used[last]))


def _seen_years(person: Person, rule: KindRule, years: Collection[int]) -> set[int]:
    """Return the years on each day of which the person had such leave at a school that recorded.

    Assignments that follow each other without a gap are one: who moves keeps what she did not use.
    """
    held = held_between(person, date(min(years), 1, 1), date(max(years), 12, 31))
    rows = [one for one in held if one.staff_kind in rule.staff_kinds]
    since = {key: first_linked([key]) for key in {one.school_id for one in rows}}
    spans = []
    for one in rows:
        linked = since[one.school_id]
        if linked is not None:
            begins = max(one.valid_from, local_date(linked, one.school.time_zone))
            spans.append((begins, one.valid_to or date.max))
    return {year for year in years if _covered(sorted(spans), *_year(year))}


def _covered(spans: Iterable[tuple[date, date]], first: date, last: date) -> bool:
    """Tell whether spans, in order, leave no day out between two dates."""
    wanted = first
    for begins, ends in spans:
        if begins <= wanted <= ends:
            if ends >= last:
                return True
            wanted = ends + DAY
    return False


def _period(rule: KindRule, day: date) -> tuple[date, date]:
    """Return the calendar month or year of a date, by which the limit of a rule counts."""
    if rule.period == "bulan":
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    return _year(day.year)


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)
