"""Everything that `judge_day` needs, for all people of some schools over some dates, with a fixed number of queries."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Max, Min, Q
from django.db.models.functions import TruncDate

from hadir.attendance.models import CompletenessDeclaration
from hadir.core.clock import day_bounds
from hadir.devices.hearing import Hearing, complete_until, hearings
from hadir.devices.models import DeviceSchool
from hadir.enrolment.known import FaceSpan, face_spans
from hadir.enrolment.pack import current_manifest
from hadir.ledger.models import Scan as LedgerScan
from hadir.ledger.queries import counted
from hadir.people.models import Assignment
from hadir.rules.facts import Calendar, DayFacts, Scan
from hadir.rules.patterns import Pattern
from hadir.rules.values import DayRules
from hadir.schedules.queries import Schedule, schedule_for
from hadir.schools.models import School

Key = uuid.UUID
Span = tuple[datetime, datetime]
DAY = timedelta(days=1)
PACK_MEMORY = timedelta(days=40)
"""How far back the packs that kiosks used are looked for."""


@dataclass(frozen=True, slots=True)
class Case:
    """One person-day before its judgement. `window` is its scan window; None without a shift.

    `quiet`: every kiosk has handed in everything and none showed a sign of life: nothing more comes by itself.
    """

    person: Key
    school: School
    facts: DayFacts
    rules: DayRules
    window: Span | None
    quiet: bool = False


@dataclass(slots=True)
class Gathered:
    """The facts of some schools and dates in memory."""

    schools: Mapping[Key, School]
    schedule: Schedule
    assignments: Mapping[Key, Sequence[Assignment]]
    scans: Mapping[Key, Sequence[tuple[datetime, str]]]
    kiosks: Mapping[Key, Sequence[Hearing]]
    faces: Mapping[Key, Sequence[FaceSpan]]
    packs: Mapping[Key, Sequence[tuple[str, datetime, datetime]]]
    pack_now: str | None
    declared: Collection[tuple[Key, date]]
    recorded: Collection[tuple[Key, date]]
    heard: dict[tuple[Key, Span], datetime | None] = field(default_factory=dict)

    def cases(self, schools: Collection[Key], first: date, last: date, now: datetime) -> Iterator[Case]:
        """Yield a case for everybody assigned to one of `schools` on each date that has begun there.

        A school has no person-days before its first kiosk was linked: it was not using Hadir.
        """
        begun = {key: self._begun(key) for key in schools}
        for person in self.assignments:
            for number in range((last - first).days + 1):
                day = first + number * DAY
                held = self._held(person, day)
                for school in dict.fromkeys(one.school_id for one in held):
                    if (
                        school in schools
                        and begun[school] <= day <= now.astimezone(zone_of(self.schools[school])).date()
                    ):
                        yield self._case(person, self.schools[school], day, held, now)

    def _begun(self, school: Key) -> date:
        linked = [kiosk.since for kiosk in self.kiosks.get(school, ())]
        return min(linked).astimezone(zone_of(self.schools[school])).date() if linked else date.max

    def _held(self, person: Key, day: date) -> list[Assignment]:
        """Return the assignments of a date, home school first."""
        return [
            one
            for one in self.assignments.get(person, ())
            if one.valid_from <= day and (one.valid_to is None or one.valid_to >= day)
        ]

    def _case(self, person: Key, school: School, day: date, held: Sequence[Assignment], now: datetime) -> Case:
        rules = self.schedule.rules_on(school, day)
        pattern = self._pattern(person, school, day, held)
        window = _window(pattern, day, school, rules)
        calendar = self.schedule.calendar_on(school, day)
        facts = DayFacts(
            day=day,
            zone=zone_of(school),
            now=now,
            pattern=pattern,
            calendar=calendar,
            trial=self.schedule.in_trial(school, day),
            declared_complete=(school.pk, day) in self.declared,
            scans=self._scans_of(person, school, day, window),
        )
        if window is None:
            return Case(person, school, facts, rules, None)
        kiosks = [kiosk for key in {one.school_id for one in held} for kiosk in self.kiosks.get(key, ())]
        heard = self._heard_until({one.school_id for one in held}, window)
        facts = replace(
            facts,
            heard_until=heard,
            known_to_devices=self._known(person, school, held, kiosks, window, rules),
        )
        silent = complete_until(kiosks, *window) if heard is None else None
        return Case(person, school, facts, rules, window, quiet=silent is not None and silent >= window[1])

    def _heard_until(self, schools: Collection[Key], window: Span) -> datetime | None:
        """Return up to when all schools of the person are heard; what lies after the window says nothing more."""
        moments = [self._school_heard(key, window) for key in schools]
        return None if None in moments else min(window[1], *(moment for moment in moments if moment))

    def _school_heard(self, school: Key, window: Span) -> datetime | None:
        """Return up to when a school is heard; None also where no kiosk of it showed a sign of life all window long.

        A kiosk that was dead that day and says later that nothing is unsent has not seen who was there: such a day
        waits for a named person.
        """
        key = (school, window)
        if key not in self.heard:
            kiosks = self.kiosks.get(school, ())
            awake = any(kiosk.used_in(*window) and self._awake(kiosk, window) for kiosk in kiosks)
            self.heard[key] = complete_until(kiosks, *window) if awake else None
        return self.heard[key]

    def _awake(self, kiosk: Hearing, window: Span) -> bool:
        """Tell whether a kiosk recorded anything on the window's dates, or spoke to the server in it."""
        dates = {window[0].date(), window[1].date()}
        return any((kiosk.device, day) in self.recorded for day in dates) or any(
            first <= window[1] and last >= window[0] for first, last in kiosk.heard
        )

    def _pattern(self, person: Key, school: School, day: date, held: Sequence[Assignment]) -> Pattern | None:
        """Return the hours of a person at a school on a date, narrowed to the weekdays of a timetable.

        Without a timetable somebody of several schools works at the first of them, the home school; at the others
        nobody has said when, so there are no hours.
        """
        weekdays = self.schedule.weekdays(person, school, day)
        if weekdays is None and held[0].school_id != school.pk:
            return None
        staff_kind = next(one.staff_kind for one in held if one.school_id == school.pk)
        key = self.schedule.pattern_key(person, school, staff_kind, day)
        pattern = self.schedule.rules_on(school, day).patterns.get(key)
        if pattern is None or weekdays is None:
            return pattern
        return replace(pattern, hours={day: hours for day, hours in pattern.hours.items() if day in weekdays})

    def _scans_of(self, person: Key, school: School, day: date, window: Span | None) -> tuple[Scan, ...]:
        """Return the scans of the date and of its window; those of a neighbouring date's shift are marked so.

        A scan on any kiosk counts for each school of the person: whoever was seen is not absent.
        """
        scans = self.scans.get(person, ())
        if not scans:
            return ()
        start, end = day_bounds(day, school.time_zone)
        first, last = (min(start, window[0]), max(end, window[1])) if window else (start, end)
        near = [(at, reference) for at, reference in scans if first <= at <= last]
        chosen = [one for one in near if start <= one[0] < end or (window and window[0] <= one[0] <= window[1])]
        if not chosen:
            return ()
        others: list[Span] | None = None
        found = []
        for at, reference in chosen:
            elsewhere = False
            if window is None or not window[0] <= at <= window[1]:
                others = self._neighbours(person, day) if others is None else others
                elsewhere = any(begin <= at <= finish for begin, finish in others)
            found.append(Scan(at, other_shift=elsewhere, reference=reference))
        return tuple(found)

    def _neighbours(self, person: Key, day: date) -> list[Span]:
        """Return the windows of the person's shifts of the dates before and after, at all schools."""
        windows = []
        for other in (day - DAY, day + DAY):
            held = self._held(person, other)
            for key in dict.fromkeys(one.school_id for one in held):
                school = self.schools[key]
                pattern = self._pattern(person, school, other, held)
                off = self.schedule.calendar_on(school, other) - {Calendar.PUPILS_OFF}
                if pattern is not None and (pattern.on_holidays or not off):
                    window = _window(pattern, other, school, self.schedule.rules_on(school, other))
                    windows += [window] if window else []
        return windows

    def _known(  # noqa: PLR0917  what is already at hand for the case
        self,
        person: Key,
        school: School,
        held: Sequence[Assignment],
        kiosks: Sequence[Hearing],
        window: Span,
        rules: DayRules,
    ) -> bool:
        """Tell whether a kiosk of her schools could know her for the whole shift.

        It must have spoken to the server after her face became active and her assignment began, and before the scan
        window opened; and her face must be of a pack that the school's kiosks were using.
        """
        end = window[1] - rules.window.after
        joined = day_bounds(max(one.valid_from for one in held), school.time_zone)[0]
        packs = self._packs_on(school.pk, window)
        for face in self.faces.get(person, ()):
            if (packs and face.pack not in packs) or (face.until is not None and face.until < end):
                continue
            for kiosk in kiosks:
                contact = kiosk.contact_after(max(face.since, joined, kiosk.since))
                if kiosk.used_in(*window) and contact is not None and contact <= window[0]:
                    return True
        return False

    def _packs_on(self, school: Key, window: Span) -> set[str]:
        """Return the packs that the kiosks of a school used: of the window, else the last before, else today's."""
        seen = self.packs.get(school, ())
        during = {pack for pack, first, last in seen if first <= window[1] and last >= window[0]}
        if during:
            return during
        before = [(last, pack) for pack, _first, last in seen if last < window[0]]
        if before:
            return {max(before)[1]}
        return {self.pack_now} if self.pack_now else set()


def zone_of(school: School) -> ZoneInfo:
    """Return the school's time zone."""
    return ZoneInfo(school.time_zone)


def _window(pattern: Pattern | None, day: date, school: School, rules: DayRules) -> Span | None:
    shift = pattern.shift_on(day, zone_of(school)) if pattern else None
    return None if shift is None else (shift.start - rules.window.before, shift.end + rules.window.after)


def gather(schools: Sequence[School], first: date, last: date, people: Collection[Key] | None = None) -> Gathered:
    """Load the facts for everybody (or only `people`) assigned to these schools from `first` to `last`.

    Dates before and after are loaded too where a shift may reach over midnight. About twenty queries, however many
    people and dates.
    """
    early, late = first - DAY, last + DAY
    spanning = Q(valid_to__isnull=True) | Q(valid_to__gte=early)
    held = Assignment.objects.filter(spanning, valid_from__lte=late)
    here = held.filter(school__in=[school.pk for school in schools])
    if people is not None:
        here = here.filter(person__in=list(people))
    persons = list(here.order_by().values_list("person", flat=True).distinct())
    assignments: dict[Key, list[Assignment]] = defaultdict(list)
    for one in held.filter(person__in=persons).order_by("person", "-is_home", "valid_from", "id"):
        assignments[one.person_id].append(one)
    keys = {one.school_id for rows in assignments.values() for one in rows}
    involved = {school.pk: school for school in School.objects.filter(pk__in=keys).select_related("district")}
    begin = datetime.combine(early - DAY, time(), ZoneInfo("Asia/Jayapura"))
    end = datetime.combine(late + 2 * DAY, time(), ZoneInfo("Asia/Jakarta"))
    manifest = current_manifest()
    return Gathered(
        schools=involved,
        schedule=schedule_for(list(involved.values()), persons, early, late),
        assignments=assignments,
        scans=_scans(persons, begin, end),
        kiosks=hearings(keys),
        faces=face_spans(persons),
        packs=_packs(keys, begin - PACK_MEMORY, end),
        recorded=_recorded(keys, begin, end),
        pack_now=manifest["id"] if manifest else None,
        declared=set(
            CompletenessDeclaration.objects.filter(school__in=keys, day__gte=first, day__lte=last).values_list(
                "school", "day"
            )
        ),
    )


def _scans(people: Sequence[Key], begin: datetime, end: datetime) -> Mapping[Key, Sequence[tuple[datetime, str]]]:
    rows = counted(LedgerScan.objects.filter(person__in=people, captured_at__gte=begin, captured_at__lt=end))
    found: dict[Key, list[tuple[datetime, str]]] = defaultdict(list)
    for person, at, key in rows.order_by("captured_at", "id").values_list("person", "captured_at", "id"):
        found[person].append((at, str(key)))
    return found


def _recorded(schools: Collection[Key], begin: datetime, end: datetime) -> set[tuple[Key, date]]:
    """Return on which dates (WIB) each kiosk of these schools recorded anything, also an unknown face."""
    rows = LedgerScan.objects.filter(
        device__in=DeviceSchool.objects.filter(school__in=schools).values("device"),
        captured_at__gte=begin,
        captured_at__lt=end,
    )
    days = rows.order_by().annotate(day=TruncDate("captured_at", tzinfo=ZoneInfo("Asia/Jakarta")))
    return set(days.values_list("device", "day").distinct())


def _packs(
    schools: Collection[Key], begin: datetime, end: datetime
) -> Mapping[Key, Sequence[tuple[str, datetime, datetime]]]:
    rows = (
        LedgerScan.objects.filter(school__in=schools, captured_at__gte=begin, captured_at__lt=end, verdict="recognised")
        .order_by()
        .values_list("school", "pack")
        .annotate(Min("captured_at"), Max("captured_at"))
    )
    found: dict[Key, list[tuple[str, datetime, datetime]]] = defaultdict(list)
    for school, pack, first, last in rows:
        found[school].append((pack, first, last))
    return found
