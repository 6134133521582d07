"""Loading the side-by-side comparison of a school: one date in full, and the dates around it as counts."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median_low
from typing import Final

from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from hadir.core.clock import day_bounds, local_date
from hadir.devices.models import Device, DeviceKind, Terminal
from hadir.devices.queries_terminal import mappings_of, terminals_of_schools
from hadir.enrolment.models import EnrolmentState
from hadir.enrolment.queries import usable_enrolments
from hadir.ledger.models import Scan
from hadir.ledger.models_terminal import TerminalScan
from hadir.ledger.queries import counted
from hadir.ledger.queries_terminal import PersonPunch, punches_of
from hadir.people.models import Person
from hadir.people.queries import people_of_school
from hadir.schedules.models import TrialPeriod
from hadir.schools.models import School
from hadir.terminals.comparison import (
    DayResult,
    Mark,
    Result,
    Side,
    compare,
    days_in_a_row,
    is_face,
    side_of,
)
from hadir.terminals.models import Criteria

SPAN = 14
"""Dates shown beside the chosen one where the school is in no trial."""
LONGEST_TRIAL = 45
LARGEST_ERROR = timedelta(minutes=10)
"""A clock that is off by more is doubted by the ledger and not corrected here."""
NEEDS_LOOK: Final[Mapping[str, int]] = {
    "machine": 0,
    "face": 1,
    "minutes": 2,
    "machine_out": 3,
    "face_out": 4,
    "same": 5,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One person: both sides, how they differ, and what is known of the cause."""

    person: Person
    machine: Side
    face: Side
    result: Result
    minutes: int
    cause: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A date of a school, and the dates around it.

    `skew`: whole minutes that the machine was ahead on this date (negative: behind), taken off its times; 0 if none.
    `machine`: the first of the school's machines.
    """

    school: School
    day: date
    is_over: bool
    lines: Sequence[Line]
    days: Sequence[DayResult]
    criteria: Criteria
    in_a_row: int
    skew: int
    trial: TrialPeriod | None
    machine: Terminal | None

    @property
    def skew_minutes(self) -> int:
        """The same without its direction."""
        return abs(self.skew)

    def count(self, *results: str) -> int:
        """Return how many people have one of these results."""
        return sum(line.result in results for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Sides:
    """All marks of a span: by date and person, machine and face apart. `errors`: what was taken off, by date."""

    machine: Mapping[tuple[date, uuid.UUID], list[Mark]]
    face: Mapping[tuple[date, uuid.UUID], list[Mark]]
    errors: Mapping[date, Sequence[timedelta]]


def comparison_of(school: School, day: date, *, now: datetime) -> Comparison:
    """Return the comparison. A fixed number of queries, whatever the number of people and dates."""
    trial = _trial_on(school, day)
    first, last = _span(trial, day, local_date(now, school.time_zone))
    people = list(people_of_school(school, day))
    terminals = list(terminals_of_schools(School.objects.filter(pk=school.pk)))
    sides = _load(school, people, terminals, first, last)
    criteria = Criteria.objects.filter(region=school.district.region_id).first() or Criteria()
    days = [_result_of(one, people, sides, criteria, school, now) for one in _dates(first, last)]
    shown = [result for result in days if result.total or result.day == day]
    return Comparison(
        school=school,
        day=day,
        is_over=_is_over(school, day, now),
        lines=_lines(school, day, people, terminals, sides, criteria),
        days=shown,
        criteria=criteria,
        in_a_row=days_in_a_row(days, criteria.percent),
        skew=int(max(sides.errors.get(day, ()), key=abs, default=timedelta(0)) / timedelta(minutes=1)),
        trial=trial,
        machine=terminals[0] if terminals else None,
    )


def _trial_on(school: School, day: date) -> TrialPeriod | None:
    begun = TrialPeriod.objects.filter(school=school, valid_from__lte=day).order_by("-valid_from").first()
    return begun if begun is not None and (begun.valid_to is None or begun.valid_to >= day) else None


def _span(trial: TrialPeriod | None, day: date, today: date) -> tuple[date, date]:
    last = min(max(day, today), day + timedelta(days=SPAN)) if trial is None else min(trial.valid_to or today, today)
    last = max(last, day)
    first = day - timedelta(days=SPAN) if trial is None else trial.valid_from
    return max(first, last - timedelta(days=LONGEST_TRIAL)), last


def _dates(first: date, last: date) -> Sequence[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _is_over(school: School, day: date, now: datetime) -> bool:
    return day_bounds(day, school.time_zone)[1] <= now


class _Errors:
    """By how much each terminal was ahead on each date of a span, as far as it was measured on that date.

    The middle one of what the date's live records measured, else the terminal's last measurement if it is of that date.
    Nothing where it was not measured, is below a minute, or is so much that the ledger doubts the records. One query.
    """

    def __init__(self, terminals: Sequence[Terminal], time_zone: str, first: date, last: date) -> None:
        live = TerminalScan.objects.filter(device__in=[one.pk for one in terminals], skew__isnull=False, doubted=False)
        measured: dict[tuple[uuid.UUID, date], list[int]] = defaultdict(list)
        found = live.filter(day__gte=first, day__lte=last).order_by().values_list("device", "day", "skew")
        for device, day, skew in found:
            measured[device, day].append(skew or 0)
        for one in terminals:
            if one.clock_measured_at is not None and one.clock_skew is not None:
                key = one.pk, local_date(one.clock_measured_at, time_zone)
                measured[key] = measured[key] or [one.clock_skew]
        self.known = {key: error for key, skews in measured.items() if (error := _error(median_low(skews)))}

    def of(self, device: uuid.UUID, day: date) -> timedelta:
        """Return what is taken off the times of a terminal on a date."""
        return self.known.get((device, day), timedelta(0))

    def by_date(self) -> Mapping[date, Sequence[timedelta]]:
        """Return what was taken off, date by date."""
        found: dict[date, list[timedelta]] = defaultdict(list)
        for (_device, day), error in self.known.items():
            found[day].append(error)
        return found


def _error(skew: int) -> timedelta:
    error = timedelta(seconds=skew)
    return error if timedelta(minutes=1) <= abs(error) <= LARGEST_ERROR else timedelta(0)


def _load(school: School, people: Sequence[Person], terminals: Sequence[Terminal], first: date, last: date) -> _Sides:
    begin, end = day_bounds(first, school.time_zone)[0], day_bounds(last, school.time_zone)[1]
    keys = [person.pk for person in people]
    machine: dict[tuple[date, uuid.UUID], list[Mark]] = defaultdict(list)
    face: dict[tuple[date, uuid.UUID], list[Mark]] = defaultdict(list)
    errors = _Errors(terminals, school.time_zone, first, last)
    faces = _Faces(_punches_at(school, keys, terminals, begin, end), begin, end)
    for punch, at in faces.punches:
        side = face if faces.is_of(punch) else machine
        day = local_date(at, school.time_zone)
        # What a person confirmed is no reading of the machine's clock.
        error = timedelta(0) if punch.confirmed else errors.of(punch.device, day)
        side[day, punch.person].append(Mark(at, at - error))
    # A kiosk of two schools notes whose school it was; its scan shows the person at both.
    here = Q(school=school) | Q(device__in=Device.objects.filter(schools=school))
    seen = Scan.objects.filter(here, person__in=keys, captured_at__gte=begin, captured_at__lt=end)
    for person, at in counted(seen).order_by().values_list("person", "captured_at"):
        if person is not None:
            face[local_date(at, school.time_zone), person].append(Mark(at, at))
    return _Sides(machine, face, errors.by_date())


def _punches_at(
    school: School, people: Collection[uuid.UUID], terminals: Sequence[Terminal], begin: datetime, end: datetime
) -> Sequence[tuple[PersonPunch, datetime]]:
    """Return the records that count, with their time: only those of this school, where people work at several."""
    served = {terminal.pk for terminal in terminals}
    return [
        (punch, punch.at)
        for punch in punches_of(people, begin, end)
        if punch.at is not None and (punch.device in served or punch.school == school.pk)
    ]


class _Faces:
    """Which records were made by a face. Two queries."""

    def __init__(self, punches: Sequence[tuple[PersonPunch, datetime]], begin: datetime, end: datetime) -> None:
        self.punches = punches
        devices = {punch.device for punch, _at in punches}
        self.kinds = dict(Device.objects.filter(pk__in=devices).values_list("pk", "kind"))
        # A confirmed record stands in the table at the time that its wrong clock showed.
        confirmed = [punch.scan for punch, _at in punches if punch.confirmed]
        there = Q(captured_at__gte=begin, captured_at__lt=end) | Q(pk__in=confirmed)
        modes = TerminalScan.objects.filter(there, device__in=devices).order_by()
        self.verified = dict(modes.values_list("pk", "verify_raw"))

    def is_of(self, punch: PersonPunch) -> bool:
        """Tell whether a record was made by a face."""
        return is_face(self.kinds.get(punch.device, ""), self.verified.get(punch.scan, ""))


def _result_of(  # noqa: PLR0917  a date, and what all dates share
    day: date, people: Sequence[Person], sides: _Sides, criteria: Criteria, school: School, now: datetime
) -> DayResult:
    results = [
        compare(
            side_of(sides.machine.get((day, person.pk), ())),
            side_of(sides.face.get((day, person.pk), ())),
            criteria.minutes,
        )
        for person in people
    ]
    told = [result[0] for result in results if result is not None]
    return DayResult(day, told.count("same"), len(told), _is_over(school, day, now))


def _lines(  # noqa: PLR0917  the parts of one date
    school: School,
    day: date,
    people: Sequence[Person],
    terminals: Sequence[Terminal],
    sides: _Sides,
    criteria: Criteria,
) -> list[Line]:
    causes = _Causes(school, day, people, terminals)
    lines = []
    for person in people:
        machine = side_of(sides.machine.get((day, person.pk), ()))
        face = side_of(sides.face.get((day, person.pk), ()))
        result = compare(machine, face, criteria.minutes)
        if result is not None:
            cause, link = causes.of(person, result[0])
            lines.append(Line(person, machine, face, *result, cause, link))
    return sorted(lines, key=lambda line: (NEEDS_LOOK[line.result], -line.minutes, line.person.name))


class _Causes:
    """What is known of why two lists differ. Four queries for all people of a date."""

    def __init__(self, school: School, day: date, people: Sequence[Person], terminals: Sequence[Terminal]) -> None:
        keys = [person.pk for person in people]
        active = usable_enrolments(EnrolmentState.ACTIVE).filter(person__in=keys)
        self.enrolled = set(active.values_list("person", flat=True))
        here = [one.pk for one in terminals]
        mapped = mappings_of(people=keys, devices=here, first=day, last=day)
        self.mapped = set(mapped.values_list("person", flat=True))
        end = day_bounds(day, school.time_zone)[1]
        kiosks = Device.objects.filter(schools=school, kind=DeviceKind.KIOSK, revoked_at__isnull=True)
        self.kiosk = self._behind(kiosks, end)
        self.machine = self._behind([one.device for one in terminals if one.device.revoked_at is None], end)

    @staticmethod
    def _behind(devices: Iterable[Device], end: datetime) -> str:
        """Name the device that has not handed in the whole date, empty if all have."""
        for device in devices:
            until = device.handed_in_until
            if until is None:
                return _("%(name)s belum pernah menyerahkan catatan.") % {"name": device.name}
            if until < end:
                moment = localtime(until).strftime("%H.%M, %d/%m")
                return _("%(name)s terakhir menyerahkan catatan pukul %(moment)s.") % {
                    "name": device.name,
                    "moment": moment,
                }
        return ""

    def of(self, person: Person, result: Result) -> tuple[str, str]:
        """Return the cause in words, and the page that helps: `enrol`, `pins` or nothing."""
        if result == "machine" and person.pk not in self.enrolled:
            return _("Wajah belum didaftarkan."), "enrol"
        if result == "face" and person.pk not in self.mapped:
            return _("Belum ada PIN atas nama ini di mesin."), "pins"
        if result in {"machine", "machine_out"}:
            return self.kiosk, ""
        if result in {"face", "face_out"}:
            return self.machine, ""
        return "", ""
