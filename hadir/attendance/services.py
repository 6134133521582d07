"""Writing person-days: all of it is derived, so every write is "judge anew and keep what differs"."""

import json
import logging
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from hadir.accounts.models import User
from hadir.attendance.gaps import missing_days
from hadir.attendance.judging import COLUMNS, RowKey, differences, judge
from hadir.attendance.models import CompletenessDeclaration, PersonDay
from hadir.core.clock import local_date
from hadir.core.errors import HadirError
from hadir.core.ids import new_id
from hadir.core.rows import write_rows
from hadir.core.services import record_audit
from hadir.core.texts import clean_text
from hadir.devices.hearing import complete_until, first_linked, hearings
from hadir.devices.models import KioskToken, PinMapping, Terminal
from hadir.people.marks import begun_by, mark_schools
from hadir.people.models import Assignment, DayMark
from hadir.people.queries import assignments_between, assignments_on
from hadir.schedules.office_packs import notice_edits
from hadir.schools.models import School

logger = logging.getLogger(__name__)

Key = uuid.UUID
DAY = timedelta(days=1)
SCHOOLS_AT_ONCE = 10
SCHOOLS_OF_PEOPLE = 200
"""Schools at once where only some people of them are judged."""
DAYS_AT_ONCE = 31
MARKS_AT_ONCE = 2000
KEY = ("person_id", "school_id", "day")
JSON_COLUMNS = ("codes", "flags", "reasons", "evidence")
WAITS_UNTIL = COLUMNS.index("waits_until")
CATCH_UP_DAYS = 35
"""How far back days without a row are looked for: a server that stood still for a month finds its way again."""
LOOK_AGAIN = timedelta(minutes=10)
"""How often a day is looked at that waits although its own school was heard: for another school of a person."""


@dataclass(slots=True)
class Outcome:
    """What a computation did, or with `verify` would have done.

    `judged` person-days; `written` rows were new or different; `removed` rows had lost their assignment. `different`
    (firm rows that differ, with the names of the columns) and `behind` (rows that were waiting or missing and would be
    written now) are told apart by `verify`. `stuck`: schools that cannot be judged, and why (a broken rule pack, or
    `internal`: an error that nobody expected, whose traceback is in the log); their marks stay. `touched`: the schools
    and months (their first days) of written and removed rows.
    """

    judged: int = 0
    written: int = 0
    removed: int = 0
    behind: int = 0
    different: list[tuple[RowKey, list[str]]] = field(default_factory=list)
    stuck: dict[Key, HadirError] = field(default_factory=dict)
    touched: set[tuple[Key, date]] = field(default_factory=set)

    def add(self, other: "Outcome") -> None:
        """Add the figures of another computation."""
        self.judged += other.judged
        self.written += other.written
        self.removed += other.removed
        self.behind += other.behind
        self.different += other.different
        self.stuck |= other.stuck
        self.touched |= other.touched


@transaction.atomic
def compute_days(
    *, schools: Sequence[School], first: date, last: date, now: datetime, people: Collection[Key] | None = None
) -> Outcome:
    """Judge everybody (or only `people`) of these schools from `first` to `last` and keep what is new or different.

    1. Lock the schools, in one order, so that two computations of one school come one after the other and the later
       one sees all facts of the earlier one.
    2. Gather the facts and judge. Dates that have not begun at a school are left out.
    3. Write rows that differ, remove rows whose assignment is gone.

    The same facts give the same rows however often and in whatever order this runs. Raises HadirError
    `rule_pack_unusable`.
    """
    keys = sorted(school.pk for school in schools)
    list(School.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))
    outcome = Outcome()
    stored = _stored(keys, first, last, people)
    fresh: list[tuple[Any, ...]] = []
    for judged in judge(schools, first, last, now, people):
        outcome.judged += 1
        key = judged.key
        if stored.pop(key, None) != judged.values:
            fresh.append((new_id(), *key, now, *judged.values))
            outcome.touched.add((key[1], key[2].replace(day=1)))
    names = ("id", *KEY, "computed_at", *COLUMNS)
    outcome.written = write_rows(PersonDay, names, fresh, unique=KEY)
    outcome.touched |= {(school, day.replace(day=1)) for _person, school, day in stored}
    outcome.removed = _remove(stored)
    # The days that still wait were looked at: the worker lets them rest for a while.
    _rows(keys, first, last, people).filter(waits_until__lte=now).update(computed_at=now)
    return outcome


def _remove(gone: Iterable[RowKey]) -> int:
    """Remove the rows of days whose assignment is gone."""
    days: dict[tuple[Key, Key], list[date]] = defaultdict(list)
    for person, school, day in gone:
        days[person, school].append(day)
    removed = 0
    for (person, school), dates in days.items():
        removed += PersonDay.objects.filter(person=person, school=school, day__in=dates).delete()[0]
    return removed


def verify_days(*, schools: Sequence[School], first: date, last: date, now: datetime) -> Outcome:
    """Judge as `compute_days` does, compare with the rows that are there, and change nothing."""
    outcome = Outcome()
    stored = _stored([school.pk for school in schools], first, last, None)
    for judged in judge(schools, first, last, now):
        outcome.judged += 1
        before = stored.pop(judged.key, None)
        if before is None:
            outcome.behind += 1
        elif before != judged.values:
            if before[WAITS_UNTIL] is not None:
                outcome.behind += 1
            else:
                outcome.different.append((judged.key, differences(judged.values, before)))
    outcome.different += [(key, ["assignment"]) for key in stored]
    return outcome


def rebuild(
    *, schools: Sequence[School], first: date, last: date, now: datetime, verify: bool = False
) -> Iterator[Outcome]:
    """Judge schools over a period in portions, each its own transaction, and yield what each portion did.

    With `verify` nothing is changed. Memory does not grow with the number of schools or dates.
    """
    work = verify_days if verify else compute_days
    for place in range(0, len(schools), SCHOOLS_AT_ONCE):
        start = first
        while start <= last:
            end = min(start + (DAYS_AT_ONCE - 1) * DAY, last)
            yield work(schools=schools[place : place + SCHOOLS_AT_ONCE], first=start, last=end, now=now)
            start = end + DAY


def work_once(*, now: datetime, thorough: bool = True) -> Outcome:
    """Do all work that waits: dates that have just begun, marked days, days whose completeness may have passed.

    With `thorough` also what `catch_up` does.
    """
    outcome = Outcome()
    if thorough:
        # Before the marks are read: an edit marks days.
        notice_edits(now=now)
    outcome.add(judge_begun(now=now))
    outcome.add(judge_marks(now=now))
    if thorough:
        outcome.add(catch_up(now=now))
    outcome.add(judge_waiting(now=now))
    return outcome


def catch_up(*, now: datetime) -> Outcome:
    """Judge days of the last weeks that have no row yet, as after a standstill, and notice rule packs whose files were
    edited by hand. The worker does it every few minutes only."""
    notice_edits(now=now)
    outcome = Outcome()
    for school, first, last in list(missing_days(now, CATCH_UP_DAYS)):
        outcome.add(_computed(_schools(Q(pk=school)), first, last, now, None))
    return outcome


def judge_marks(*, now: datetime) -> Outcome:
    """Judge what is marked, oldest first; a mark goes only after its days are judged, and only the marks that were read
    go. Marks of schools that cannot be judged stay, and hold up nobody else."""
    outcome = Outcome()
    marks = list(DayMark.objects.order_by("id")[:MARKS_AT_ONCE])
    people: dict[tuple[date, date], set[Key]] = defaultdict(set)
    places: dict[tuple[date, date], set[Key]] = defaultdict(set)
    begun = begun_by(now)
    for mark in marks:
        # A shift may reach over midnight, so the neighbouring dates are judged too. No later date has begun.
        span = mark.first - DAY, min(mark.last, begun) + DAY
        if mark.person_id is not None:
            people[span].add(mark.person_id)
        elif mark.school_id is not None:
            places[span].add(mark.school_id)
    for (first, last), keys in people.items():
        outcome.add(_judge_people(keys, first, last, now))
    for (first, last), keys in places.items():
        outcome.add(_computed(_schools(Q(pk__in=keys)), first, last, now, None))
        outcome.add(_judge_elsewhere(keys, first, last, now))
    held_up: set[Key] = set()
    if outcome.stuck:
        held_up = set(Assignment.objects.filter(school__in=outcome.stuck).values_list("person", flat=True))
        # Also of the other schools of these people, whose marks reach the days that could not be judged.
        held_up |= set(Assignment.objects.filter(person__in=held_up).values_list("school", flat=True))
    done = [mark.pk for mark in marks if mark.school_id not in held_up and mark.person_id not in held_up]
    for start in range(0, len(done), 500):
        DayMark.objects.filter(pk__in=done[start : start + 500]).delete()
    return outcome


def _judge_people(people: Collection[Key], first: date, last: date, now: datetime) -> Outcome:
    """Judge days of some people. A record that shows for the first time that its device was alive is late, and marks
    the whole school."""
    held = assignments_between(first, last).filter(person__in=people)
    rows = PersonDay.objects.filter(person__in=people, day__gte=first, day__lte=last)
    schools = _schools(Q(pk__in=held.values("school")) | Q(pk__in=rows.values("school")))
    outcome = _computed(schools, first, last, now, people)
    outcome.add(_judge_known(people, last + DAY, now))
    return outcome


def _judge_elsewhere(schools: Collection[Key], first: date, last: date, now: datetime) -> Outcome:
    """Judge the days at other schools of people of these: what the devices of one school say is a fact there too."""
    here = assignments_between(first, last).filter(school__in=schools)
    rows = PersonDay.objects.filter(person__in=here.values("person"), day__gte=first, day__lte=last)
    found = list(rows.exclude(school__in=schools).order_by().values_list("school", "person").distinct())
    places, people = {place for place, _person in found}, {person for _place, person in found}
    return _computed(_schools(Q(pk__in=places)), first, last, now, people) if people else Outcome()


def _judge_known(people: Collection[Key], first: date, now: datetime) -> Outcome:
    """Judge what follows a marked day of people with a PIN: a terminal knows them from their first record on, and an
    older one may have come. Nothing to do where the marked day is today."""
    last = now.date() + DAY
    pinned = set(PinMapping.objects.filter(person__in=people).values_list("person", flat=True)) if first < last else ()
    if not pinned:
        return Outcome()
    rows = PersonDay.objects.filter(person__in=pinned, day__gte=first)
    return _computed(_schools(Q(pk__in=rows.values("school"))), first, last, now, pinned)


def judge_begun(*, now: datetime) -> Outcome:
    """Judge the dates of yesterday and today at schools that have no row of them yet."""
    outcome = Outcome()
    for zone in School.objects.order_by().values_list("time_zone", flat=True).distinct():
        for day in (local_date(now, zone) - DAY, local_date(now, zone)):
            there = Exists(PersonDay.objects.filter(school=OuterRef("pk"), day=day))
            staffed = Exists(assignments_on(day).filter(school=OuterRef("pk")))
            linked = Exists(KioskToken.objects.filter(device__school_links__school=OuterRef("pk")))
            claims = Terminal.objects.filter(device__school_links__school=OuterRef("pk"), claimed_at__isnull=False)
            new = Q(~there, staffed, Q(linked) | Q(Exists(claims)), time_zone=zone)
            outcome.add(_computed(_schools(new), day, day, now, None))
    return outcome


def judge_waiting(*, now: datetime) -> Outcome:
    """Judge the school's days whose window is over and whose kiosks have handed in everything since."""
    outcome = Outcome()
    seen_since = Q(computed_at__gte=F("waits_until"), computed_at__gt=now - LOOK_AGAIN)
    waiting = PersonDay.objects.filter(~seen_since, waits_until__lte=now).order_by("day")
    due: dict[date, dict[Key, datetime]] = defaultdict(dict)
    for school, day, until in waiting.values_list("school", "day", "waits_until").distinct():
        if until is not None:
            due[day][school] = min(until, due[day].get(school, until))
    heard = hearings({school for schools in due.values() for school in schools}, heard_from=now.date())
    for day, schools in due.items():
        ready = []
        for school, until in schools.items():
            # Devices in use at the window's end; the judgement itself looks exactly.
            until_heard = complete_until(heard.get(school, ()), until, until)
            if until_heard is not None and until_heard >= until:
                ready.append(school)
        outcome.add(_computed(_schools(Q(pk__in=ready)), day, day, now, None))
    return outcome


def _computed(
    schools: Sequence[School], first: date, last: date, now: datetime, people: Collection[Key] | None
) -> Outcome:
    """Judge in portions, from the day on which the first kiosk of a portion's schools was linked."""
    outcome = Outcome()
    size = SCHOOLS_AT_ONCE if people is None else SCHOOLS_OF_PEOPLE
    for place in range(0, len(schools), size):
        portion = schools[place : place + size]
        linked = first_linked([school.pk for school in portion])
        start = max(first, linked.date()) if linked else last + DAY
        while start <= last:
            end = min(start + (DAYS_AT_ONCE - 1) * DAY, last)
            outcome.add(_computed_or_stuck(portion, start, end, now, people))
            start = end + DAY
    return outcome


def _computed_or_stuck(
    schools: Sequence[School], first: date, last: date, now: datetime, people: Collection[Key] | None
) -> Outcome:
    """Judge a portion; where that fails, each school alone, so that one with a broken rule pack stops nobody else."""
    try:
        return compute_days(schools=schools, first=first, last=last, now=now, people=people)
    except HadirError as error:
        if len(schools) == 1:
            return Outcome(stuck={schools[0].pk: error})
    except (OperationalError, InterfaceError):
        # The database is everybody's: the whole pass ends and is tried again.
        raise
    except Exception as error:  # noqa: BLE001  the one border at which any error is caught, as below
        # The one border at which any error is caught: a mistake that the facts of one school bring to light would
        # otherwise leave every other school unjudged as well. Its marks stay, and `log_stuck` tells the way to it.
        if len(schools) == 1:
            told = HadirError("internal")
            told.__cause__ = error
            return Outcome(stuck={schools[0].pk: told})
    outcome = Outcome()
    for school in schools:
        outcome.add(_computed_or_stuck([school], first, last, now, people))
    return outcome


def log_stuck(school: Key, error: HadirError) -> None:
    """Log that a school cannot be judged; of an error that nobody expected with the way to it."""
    cause = error.__cause__ if error.code == "internal" else None
    logger.error("school %s cannot be judged: %s", school, error.message, exc_info=cause)


def _schools(condition: Q) -> list[School]:
    return list(School.objects.filter(condition).select_related("district").order_by("npsn"))


def _rows(schools: Sequence[Key], first: date, last: date, people: Collection[Key] | None) -> QuerySet[PersonDay]:
    rows = PersonDay.objects.filter(school__in=schools, day__gte=first, day__lte=last).order_by()
    return rows if people is None else rows.filter(person__in=list(people))


def _stored(
    schools: Sequence[Key], first: date, last: date, people: Collection[Key] | None
) -> dict[RowKey, tuple[Any, ...]]:
    """Return the rows that are there: the values of COLUMNS by person, school and date.

    JSON comes as text, and equal text is read once: most days say the same few things.
    """
    read = lru_cache(maxsize=4096)(json.loads)
    plain = [f"{name}_text" if name in JSON_COLUMNS else name for name in COLUMNS]
    texts = {f"{name}_text": Cast(name, TextField()) for name in JSON_COLUMNS}
    places = [COLUMNS.index(name) for name in JSON_COLUMNS]
    rows = _rows(schools, first, last, people).annotate(**texts).values_list("person", "school", "day", *plain)
    found: dict[RowKey, tuple[Any, ...]] = {}
    for person, school, day, *values in rows.iterator(chunk_size=2000):
        for place in places:
            values[place] = read(values[place])
        found[person, school, day] = tuple(values)
    return found


@transaction.atomic
def declare_complete(
    *, school: School, day: date, reason: str, name: str, by: User | None, now: datetime
) -> CompletenessDeclaration:
    """Let a named person answer for it that nothing more will come of this day, with a reason.

    For a kiosk that is broken or lost. Scans that come later all the same are facts and are counted. Raises HadirError
    `reason_missing`, `name_of_declarer_missing`, `day_not_over`, `declared_already`.
    """
    told, named = clean_text(reason, field="alasan", limit=300), clean_text(name, field="nama", limit=160)
    if not told:
        raise HadirError("reason_missing")
    if not named:
        raise HadirError("name_of_declarer_missing")
    if day >= local_date(now, school.time_zone):
        raise HadirError("day_not_over")
    try:
        with transaction.atomic():
            row = CompletenessDeclaration.objects.create(
                school=school, day=day, reason=told, declared_by=by, declared_name=named, declared_at=now
            )
    except IntegrityError as error:
        raise HadirError("declared_already") from error
    mark_schools(schools=[school.pk], first=day, last=day, now=now)
    record_audit(
        actor=by,
        action="declare_complete",
        object_kind="school",
        object_id=school.pk,
        now=now,
        detail={"day": day.isoformat(), "reason": told, "name": named},
    )
    return row
