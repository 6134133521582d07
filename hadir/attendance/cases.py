"""Facts in memory, and the person-days that they make: what `judge_day` gets to see.

The same few things hold for many person-days: a school on a date, hours on a date, what a person's kiosks could know.
Each is worked out once and kept for as long as these facts are in memory.
"""

import uuid
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hadir.attendance.grants import Allowed, allowed_on
from hadir.core.clock import day_bounds
from hadir.devices.hearing import Hearing, complete_until
from hadir.devices.models import DeviceKind
from hadir.enrolment.known import FaceSpan
from hadir.leave.granted import Granted
from hadir.people.models import Assignment
from hadir.rules.facts import Calendar, DayFacts, Provenance, Scan
from hadir.rules.patterns import Pattern
from hadir.rules.values import DayRules
from hadir.schedules.queries import Schedule
from hadir.schools.models import School

Key = uuid.UUID
Span = tuple[datetime, datetime]
Seen = tuple[datetime, Provenance, str]
"""When a scan says that the person was there, how it came to be, its id."""
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
PACK_MEMORY = timedelta(days=40)
"""How far back the packs that kiosks used are looked for."""
NOTHING = Allowed()


@dataclass(frozen=True, slots=True)
class Case:
    """One person-day before its judgement. `window` is its scan window; None without a shift.

    `quiet`: every kiosk has handed in everything and none showed a sign of life: nothing more comes by itself.
    `granted`: the approved entries that touch the day. `shared`: the same for all person-days of one gathering whose
    facts differ in nothing but `own`: the person's scans and approved entries.
    """

    person: Key
    school: School
    facts: DayFacts
    rules: DayRules
    window: Span | None
    quiet: bool = False
    granted: tuple[Granted, ...] = ()
    shared: Hashable = None

    @property
    def complete(self) -> bool:
        """Tell whether nothing more is to come of this day: its window is over, and devices or a person say so."""
        if self.window is None:
            return True
        heard = self.facts.heard_until
        told = self.facts.declared_complete or (heard is not None and heard >= self.window[1])
        return told and self.facts.now >= self.window[1]

    @property
    def own(self) -> bool:
        """Tell whether anything is known of the person on this day that is not true of all colleagues."""
        return bool(self.facts.scans or self.granted or self.facts.unplaced)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A scan whose clock is doubted and that nobody has decided on: made at some moment between these two."""

    made_after: datetime
    received_at: datetime
    reference: str


@dataclass(frozen=True, slots=True)
class PackUse:
    """A school's kiosks recognised people by `pack` on a date (WIB), the last time at `last`."""

    day: date
    last: datetime
    pack: str


@dataclass(frozen=True, slots=True)
class PinSpan:
    """A PIN of a person on a terminal, from its first to its last date, and since when the terminal has recorded her
    under it; None: never."""

    device: Key
    first: date
    last: date | None
    recorded: datetime | None


@dataclass(slots=True)
class Place:
    """A school on a date. `start` and `end`: bounds of the date in UTC; `patterns`: key of the pattern by kind of
    staff, for people without hours of their own."""

    school: School
    day: date
    zone: ZoneInfo
    rules: DayRules
    calendar: frozenset[Calendar]
    trial: bool
    declared: bool
    start: datetime
    end: datetime
    patterns: dict[str, str] = field(default_factory=dict)
    frames: dict[tuple[str, frozenset[int] | None], "Frame"] = field(default_factory=dict)


@dataclass(slots=True)
class Frame:
    """Hours at a place. `window`: scan window in local time, `opens`, `closes`: the same in UTC; None without a shift.

    `dates`: those of the shift itself, two for a night. `heard`: up to when these schools of a person were heard, and
    whether nothing more comes by itself.
    """

    pattern: Pattern | None
    window: Span | None
    opens: datetime | None = None
    closes: datetime | None = None
    dates: tuple[date, ...] = ()
    heard: dict[frozenset[Key], tuple[datetime | None, bool]] = field(default_factory=dict)
    packs: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A device that could know the person from `at` to `until`: a kiosk that spoke to the server after her face was
    active, by `pack`; a terminal (no pack) that had recorded her under her PIN."""

    at: datetime
    kiosk: Hearing
    pack: str
    until: datetime | None


@dataclass(slots=True)
class Standing:
    """The assignments of a person over some dates on which they do not change, home school first."""

    held: Sequence[Assignment]
    schools: tuple[Key, ...]
    together: frozenset[Key]
    contacts: dict[Key, Sequence[Contact]] = field(default_factory=dict)


@dataclass(slots=True)
class Gathered:
    """The facts of some schools and dates in memory. `scans`: by person, oldest first. `strays`: by terminal and date
    the first record of a PIN that is nobody's."""

    schools: Mapping[Key, School]
    schedule: Schedule
    assignments: Mapping[Key, Sequence[Assignment]]
    scans: Mapping[Key, Sequence[Seen]]
    doubts: Mapping[Key, Sequence[Doubt]]
    granted: Mapping[Key, Sequence[Granted]]
    kiosks: Mapping[Key, Sequence[Hearing]]
    pins: Mapping[Key, Sequence[PinSpan]]
    faces: Mapping[Key, Sequence[FaceSpan]]
    packs: Mapping[Key, Sequence[PackUse]]
    pack_now: str | None
    strays: Mapping[tuple[Key, date], datetime]
    declared: Collection[tuple[Key, date]]
    recorded: Collection[tuple[Key, date]]
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
        linked = [kiosk.since for kiosk in self.kiosks.get(school.pk, ())]
        zone = zone_of(school)
        return min(linked).astimezone(zone).date() if linked else date.max, now.astimezone(zone).date()

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
            heard, quiet = (None, False) if place.declared else self._heard(standing, frame)
            known = self._known(person, place, standing, frame)
            if person in self.doubts:
                unplaced = self._unplaced(person, frame.opens, frame.closes)
            if self.strays:
                unplaced += self._strays(person, day, standing)
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

    def _frame(self, person: Key, place: Place, standing: Standing) -> Frame:
        """Return the hours of a person at a school on a date, narrowed to the weekdays of a timetable.

        Without a timetable somebody of several schools works at the first of them, the home school; at the others
        nobody has said when, so there are no hours.
        """
        schedule, school = self.schedule, place.school.pk
        weekdays = (
            schedule.weekdays(person, place.school, place.day) if (person, school) in schedule.timetables else None
        )
        if weekdays is None and standing.schools[0] != school:
            return place.frames.setdefault(("", None), Frame(None, None))
        kind = next(one.staff_kind for one in standing.held if one.school_id == school)
        if (person, "") in schedule.hours:
            key = schedule.pattern_key(person, place.school, kind, place.day)
        else:
            known = place.patterns.get(kind)
            key = schedule.pattern_key(person, place.school, kind, place.day) if known is None else known
            place.patterns[kind] = key
        found = place.frames.get((key, weekdays))
        if found is None:
            found = place.frames[key, weekdays] = _framed(place, place.rules.patterns.get(key), weekdays)
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

    def _heard(self, standing: Standing, frame: Frame) -> tuple[datetime | None, bool]:
        """Return up to when all schools of the person are heard (what lies after the window says nothing more), and
        whether nothing more comes by itself."""
        found = frame.heard.get(standing.together)
        if found is None and frame.window is not None and frame.closes is not None:
            moments = [self._school_heard(key, frame.window, frame.dates) for key in standing.together]
            known = [moment for moment in moments if moment is not None]
            heard = min(frame.closes, *known) if len(known) == len(moments) else None
            silent = complete_until(self._kiosks(standing), *frame.window) if heard is None else None
            found = heard, silent is not None and silent >= frame.closes
            frame.heard[standing.together] = found
        return found or (None, False)

    def _kiosks(self, standing: Standing) -> list[Hearing]:
        return [kiosk for key in standing.schools for kiosk in self.kiosks.get(key, ())]

    def _school_heard(self, school: Key, window: Span, dates: Sequence[date]) -> datetime | None:
        """Return up to when a school is heard; None also where a device of it showed no sign of life all window long.

        A kiosk that was dead that day and says later that nothing is unsent has not seen who was there: such a day
        waits for a named person. Beside a device that works, a terminal that was heard is taken to work. `dates`: those
        of the shift.
        """
        used = [one for one in self.kiosks.get(school, ()) if one.used_in(*window)]
        works = any(self._awake(one, window, dates) for one in used)
        awake = works and all(self._awake(one, window, dates) or _spoke(one, window) for one in used)
        return complete_until(used, *window) if awake else None

    def _awake(self, device: Hearing, window: Span, dates: Sequence[date]) -> bool:
        """Tell whether a kiosk recorded anything on the window's dates or spoke to the server in it, or a terminal
        recorded something on each date of the shift.

        A terminal that speaks may be set so that it sends no records; only a record shows that it works, and one of the
        evening does not show it for the morning after a night.
        """
        if device.is_terminal:
            return all((device.device, day) in self.recorded for day in dates)
        if any((device.device, day) in self.recorded for day in {window[0].date(), window[1].date()}):
            return True
        return any(first <= window[1] and last >= window[0] for first, last in device.heard)

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

    def _strays(self, person: Key, day: date, standing: Standing) -> tuple[Scan, ...]:
        """Return what terminals of her schools recorded on the date of PINs that are nobody's, where she has none."""
        hers = {
            pin.device
            for pin in self.pins.get(person, ())
            if pin.first <= day and (pin.last is None or pin.last >= day)
        }
        return tuple(
            Scan(self.strays[one.device, day], Provenance.TERMINAL)
            for one in self._kiosks(standing)
            if one.is_terminal and one.device not in hers and (one.device, day) in self.strays
        )

    def _known(self, person: Key, place: Place, standing: Standing, frame: Frame) -> bool:
        """Tell whether a device of her schools could know her for the whole shift.

        Every kiosk in use at the school must have spoken to the server after her face became active and her assignment
        began, and before the scan window opened, for she may stand before any of them, also beside a terminal that
        knows her; and her face must be of a pack that the school's kiosks were using. Where there are terminals only,
        one of them must have recorded her under her PIN before the window opened. What knows her at another school of
        hers is no help here.
        """
        if frame.window is None or frame.opens is None or frame.closes is None:
            return True
        contacts = standing.contacts.get(place.school.pk)
        if contacts is None:
            contacts = standing.contacts[place.school.pk] = self._contacts(person, place.school, standing)
        if frame.packs is None:
            frame.packs = self._packs_on(place.school.pk, frame.window[0].date(), frame.window[1].date())
        ends = frame.closes - place.rules.window.after
        knowing = {
            one.kiosk.device
            for one in contacts
            if one.at <= frame.opens
            and (not frame.packs or not one.pack or one.pack in frame.packs)
            and (one.until is None or one.until >= ends)
            and one.kiosk.used_in(frame.opens, frame.closes)
        }
        used = [one for one in self.kiosks.get(place.school.pk, ()) if one.used_in(frame.opens, frame.closes)]
        kiosks = [one.device in knowing for one in used if not one.is_terminal]
        return all(kiosks) if kiosks else any(one.device in knowing for one in used)

    def _contacts(self, person: Key, school: School, standing: Standing) -> list[Contact]:
        joined = day_bounds(max(one.valid_from for one in standing.held), school.time_zone)[0]
        kiosks = self._kiosks(standing)
        found = []
        for face in self.faces.get(person, ()):
            for kiosk in kiosks:
                at = None if kiosk.is_terminal else kiosk.contact_after(max(face.since, joined, kiosk.since))
                if at is not None:
                    found.append(Contact(at, kiosk, face.pack, face.until))
        for pin in self.pins.get(person, ()):
            if pin.recorded is not None:
                until = day_bounds(pin.last, school.time_zone)[1] if pin.last else None
                found += [Contact(pin.recorded, one, "", until) for one in kiosks if one.device == pin.device]
        return found

    def _packs_on(self, school: Key, first: date, last: date) -> Collection[str]:
        """Return the packs that the kiosks of a school used: on these dates, else the last before, else today's."""
        uses = self.packs.get(school, ())
        during = {use.pack for use in uses if first <= use.day <= last}
        if during:
            return during
        before = [use for use in uses if first - PACK_MEMORY < use.day < first]
        if before:
            return {before[-1].pack}
        return {self.pack_now} if self.pack_now else set()


def _spoke(device: Hearing, window: Span) -> bool:
    """Tell whether a terminal was heard in the window, or is one whose files come later."""
    if device.kind == DeviceKind.FILE:
        return True
    return device.is_terminal and any(first <= window[1] and last >= window[0] for first, last in device.heard)


def zone_of(school: School) -> ZoneInfo:
    """Return the school's time zone."""
    return ZoneInfo(school.time_zone)


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
