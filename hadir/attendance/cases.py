"""Facts in memory, and the person-days that they make: what `judge_day` gets to see.

The same few things hold for many person-days: a school on a date, hours on a date, what a person's kiosks could know.
Each is worked out once and kept for as long as these facts are in memory.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from hadir.attendance.grants import Allowed, allowed_on
from hadir.attendance.machines import Machines
from hadir.attendance.shapes import Case, Doubt, Frame, Key, Place, Seen, Span, Standing, zone_of
from hadir.core.clock import day_bounds
from hadir.leave.granted import Granted
from hadir.people.models import Assignment
from hadir.rules.facts import Calendar, DayFacts, Provenance, Scan
from hadir.rules.patterns import NO_HOURS, Pattern
from hadir.schedules.queries import Schedule
from hadir.schools.models import School

DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
NOTHING = Allowed()


@dataclass(slots=True)
class Gathered:
    """The facts of some schools and dates in memory. `scans`: by person, oldest first."""

    schools: Mapping[Key, School]
    schedule: Schedule
    assignments: Mapping[Key, Sequence[Assignment]]
    scans: Mapping[Key, Sequence[Seen]]
    doubts: Mapping[Key, Sequence[Doubt]]
    granted: Mapping[Key, Sequence[Granted]]
    machines: Machines
    declared: Collection[tuple[Key, date]]
    places: dict[tuple[Key, date], Place] = field(default_factory=dict)

    def cases(self, schools: Collection[Key], first: date, last: date, now: datetime) -> Iterator[Case]:
        """Yield a case for everybody assigned to one of `schools` on each date that has begun there.

        A school has no person-days before its first kiosk was linked: it was not using Hadir.
        """
        bounds = {key: self._bounds(self.schools[key], now) for key in schools if key in self.schools}
        for person in self.assignments:
            moments = [seen[0] for seen in self.scans.get(person, ())]
            for standing, start, end in self._standings(person, first, last):
                here = [key for key in standing.schools if key in bounds]
                day = start
                while day <= end:
                    for key in here:
                        if bounds[key][0] <= day <= bounds[key][1]:
                            yield self._case(person, self._place(key, day), standing, moments, now)
                    day += DAY

    def _bounds(self, school: School, now: datetime) -> tuple[date, date]:
        """Return the first and the last date on which a school has person-days."""
        since, zone = self.machines.since(school.pk), zone_of(school)
        return since.astimezone(zone).date() if since else date.max, now.astimezone(zone).date()

    def _standings(self, person: Key, first: date, last: date) -> Iterator[tuple[Standing, date, date]]:
        """Yield the stretches of dates over which a person's assignments do not change."""
        rows = self.assignments.get(person, ())
        turns = {first, *(one.valid_from for one in rows), *(one.valid_to + DAY for one in rows if one.valid_to)}
        starts = sorted(day for day in turns if first <= day <= last)
        for start, following in zip(starts, [*starts[1:], last + DAY], strict=True):
            held = _held(rows, start)
            if held:
                schools = tuple(dict.fromkeys(one.school_id for one in held))
                yield Standing(held, schools, frozenset(schools)), start, following - DAY

    def _place(self, school: Key, day: date) -> Place:
        found = self.places.get((school, day))
        if found is None:
            row = self.schools[school]
            start, end = day_bounds(day, row.time_zone)
            found = self.places[school, day] = Place(
                school=row,
                day=day,
                zone=zone_of(row),
                rules=self.schedule.rules_on(row, day),
                calendar=self.schedule.calendar_on(row, day),
                trial=self.schedule.in_trial(row, day),
                declared=(school, day) in self.declared,
                start=start.astimezone(UTC),
                end=end.astimezone(UTC),
            )
        return found

    def _case(self, person: Key, place: Place, standing: Standing, moments: Sequence[datetime], now: datetime) -> Case:
        school, day = place.school, place.day
        frame = self._frame(person, place, standing)
        allowed, granted = self._allowed(person, place, frame)
        scans = self._scans_of(person, place, frame, moments) if moments else ()
        unplaced: tuple[Scan, ...] = ()
        heard, quiet, known = None, False, True
        if frame.opens is not None and frame.closes is not None and _is_working_day(place, frame):
            # Once a person answers for the day, what devices say about its completeness changes nothing any more.
            if not place.declared:
                whole = len(standing.schools) == 1 or not _came_and_went(scans, frame, place)
                proving = standing.together if whole else self._proving(person, place, standing)
                heard, quiet = self.machines.heard(standing, frame, proving)
            known = self.machines.known(person, place, standing, frame)
            if person in self.doubts:
                unplaced = self._unplaced(person, frame.opens, frame.closes)
            if self.machines.strays or self.machines.doubted_strays:
                unplaced += self.machines.strays_on(person, frame, standing)
        facts = DayFacts(
            day=day,
            zone=place.zone,
            now=now,
            pattern=frame.pattern,
            scans=scans,
            full_days=allowed.full_days,
            part_days=allowed.part_days,
            corrections=allowed.corrections,
            technical=allowed.technical,
            calendar=place.calendar,
            heard_until=heard,
            declared_complete=place.declared,
            trial=place.trial,
            known_to_devices=known,
            unplaced=unplaced,
        )
        # Frames live as long as their place, so an id names one frame.
        shared = (id(frame), heard, quiet, known)
        return Case(person, school, facts, place.rules, frame.window, quiet, granted, shared)

    def _proving(self, person: Key, place: Place, standing: Standing) -> frozenset[Key]:
        """Return the schools whose devices must have shown that they worked before the day of somebody who was seen
        coming and going is complete; else she may have been at any.

        Those at which she has hours on the date: at a school that is closed on Saturdays no device works then, and no
        Saturday of hers at the other one would ever be final.
        """
        here = place.school.pk
        return frozenset(
            key for key in standing.schools if key == here or self._works(person, key, place.day, standing)
        )

    def _works(self, person: Key, school: Key, day: date, standing: Standing) -> bool:
        place = self._place(school, day)
        frame = self._frame(person, place, standing)
        return frame.window is not None and not _is_off(place, frame)

    def _frame(self, person: Key, place: Place, standing: Standing) -> Frame:
        """Return the hours of a person at a school on a date, narrowed to the weekdays of a timetable.

        Without a timetable somebody of several schools works at the first of them, the home school; at the others
        nobody has said when, so there are no hours, unless it was said that there are none.
        """
        schedule, school = self.schedule, place.school.pk
        weekdays = (
            schedule.weekdays(person, place.school, place.day) if (person, school) in schedule.timetables else None
        )
        kind = next(one.staff_kind for one in standing.held if one.school_id == school)
        if (person, "") in schedule.hours:
            key = schedule.pattern_key(person, place.school, kind, place.day)
        else:
            known = place.patterns.get(kind)
            key = schedule.pattern_key(person, place.school, kind, place.day) if known is None else known
            place.patterns[kind] = key
        if weekdays is None and standing.schools[0] != school and key != NO_HOURS.key:
            return place.frames.setdefault(("", None), Frame(None, None))
        found = place.frames.get((key, weekdays))
        if found is None:
            pattern = NO_HOURS if key == NO_HOURS.key else place.rules.patterns.get(key)
            found = place.frames[key, weekdays] = _framed(place, pattern, weekdays)
        return found

    def _allowed(self, person: Key, place: Place, frame: Frame) -> tuple[Allowed, tuple[Granted, ...]]:
        """Return what approved leave, duty and corrections mean for the day, and the entries behind it."""
        entries = self.granted.get(person)
        if not entries:
            return NOTHING, ()
        day, school = place.day, place.school.pk
        touching = tuple(
            one for one in entries if one.first <= day <= one.last and (one.school is None or one.school == school)
        )
        return (allowed_on(touching, day, place.zone, frame.window), touching) if touching else (NOTHING, ())

    def _scans_of(self, person: Key, place: Place, frame: Frame, moments: Sequence[datetime]) -> tuple[Scan, ...]:
        """Return the scans of the date and of its window; those of a neighbouring date's shift are marked so.

        A scan on any kiosk counts for each school of the person: whoever was seen is not absent.
        """
        opens, closes = frame.opens or place.end, frame.closes or place.start
        low = bisect_left(moments, min(place.start, opens))
        high = bisect_right(moments, max(place.end, closes))
        others: list[Span] | None = None
        found = []
        for at, provenance, reference in self.scans[person][low:high]:
            if opens <= at <= closes:
                found.append(Scan(at, provenance, reference=reference))
            elif place.start <= at < place.end:
                others = self._neighbours(person, place.day) if others is None else others
                elsewhere = any(begin <= at <= finish for begin, finish in others)
                found.append(Scan(at, provenance, elsewhere, reference))
        return tuple(found)

    def _neighbours(self, person: Key, day: date) -> list[Span]:
        """Return the windows of the person's shifts of the dates before and after, at all schools."""
        windows = []
        for other in (day - DAY, day + DAY):
            for standing, _first, _last in self._standings(person, other, other):
                for key in standing.schools:
                    place = self._place(key, other)
                    frame = self._frame(person, place, standing)
                    if frame.window and not _is_off(place, frame):
                        windows.append(frame.window)
        return windows

    def _unplaced(self, person: Key, opens: datetime, closes: datetime) -> tuple[Scan, ...]:
        """Return the scans with a doubted clock that may have been made in this window, by when they came in."""
        return tuple(
            Scan(one.received_at, Provenance.FALLBACK_UNCHECKED, reference=one.reference)
            for one in self.doubts[person]
            if one.received_at >= opens and one.made_after <= closes
        )


def _came_and_went(scans: Sequence[Scan], frame: Frame, place: Place) -> bool:
    """Tell whether scans that count for this shift, oldest first, show both an arrival and a departure."""
    if frame.opens is None or frame.closes is None:
        return False
    unsure = Provenance.FALLBACK_UNCHECKED
    sure = [one.at for one in scans if frame.opens <= one.at <= frame.closes and one.provenance is not unsure]
    return bool(sure) and sure[-1] - sure[0] >= place.rules.apart


def _is_off(place: Place, frame: Frame) -> bool:
    """Tell whether the calendar takes away the shift of the date."""
    on_holidays = frame.pattern is not None and frame.pattern.on_holidays
    return not on_holidays and bool(place.calendar - {Calendar.PUPILS_OFF})


def _is_working_day(place: Place, frame: Frame) -> bool:
    """Tell whether devices matter to the date; on others, what they say changes nothing and is no fact of the day."""
    return not place.trial and not _is_off(place, frame)


def _held(rows: Sequence[Assignment], day: date) -> list[Assignment]:
    """Return the assignments of a date, home school first."""
    return [one for one in rows if one.valid_from <= day and (one.valid_to is None or one.valid_to >= day)]


def _framed(place: Place, pattern: Pattern | None, weekdays: frozenset[int] | None) -> Frame:
    """Put hours around a date at a place."""
    if pattern is not None and weekdays is not None:
        pattern = replace(pattern, hours={day: hours for day, hours in pattern.hours.items() if day in weekdays})
    shift = pattern.shift_on(place.day, place.zone) if pattern else None
    if shift is None:
        return Frame(pattern, None)
    window = shift.start - place.rules.window.before, shift.end + place.rules.window.after
    dates = tuple(sorted({shift.start.date(), (shift.end - MOMENT).date()}))
    return Frame(pattern, window, window[0].astimezone(UTC), window[1].astimezone(UTC), dates)
