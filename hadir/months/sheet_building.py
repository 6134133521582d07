"""Building a school's month from person-days: a fixed number of queries, then memory."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hadir.attendance.models import PersonDay
from hadir.core.clock import local_date, month_bounds
from hadir.months.sheet import (
    MonthSheet,
    SheetAdjustment,
    SheetCell,
    SheetDay,
    SheetRow,
    SheetSchool,
    SheetTotals,
)
from hadir.people.models import Assignment, StaffKind
from hadir.people.queries import assignments_between
from hadir.rules.facts import Calendar
from hadir.rules.pack import Pack
from hadir.rules.period import DayLine, PeriodVerdict, judge_period
from hadir.rules.verdict import Cause
from hadir.schedules.packs import office_pack
from hadir.schedules.queries import Schedule, schedule_for
from hadir.schools.models import School

DAY = timedelta(days=1)
UNHEARD = frozenset({Cause.DAY_NOT_OVER.value, Cause.SCHOOL_NOT_HEARD.value})
OFF = frozenset({Calendar.HOLIDAY, Calendar.JOINT_LEAVE})


def month_sheet(
    school: School, year: int, month: int, now: datetime, adjustments: Sequence[SheetAdjustment] = ()
) -> MonthSheet:
    """Build the sheet of a month from the person-days as they are stored at this moment.

    `school` is loaded with `district__region` and `island`. Eight queries, whatever the number of people. `now` only
    decides whether the month is over. Raises HadirError `rule_pack_unusable`.
    """
    first, last = month_bounds(year, month)
    held = _held(school, first, last)
    cells = _cells(school, first, last)
    schedule = schedule_for([school], list(held), first, last)
    dates = [first + number * DAY for number in range((last - first).days + 1)]
    pack = office_pack(schedule.rules_on(school, last).version.rsplit("-", 1)[0])
    rows = sorted(
        (_row(assignment, [one for one, _rules in cells.get(person, ())], pack) for person, assignment in held.items()),
        key=_row_order,
    )
    every = [one for row in rows for one in row.cells]
    working = _working(schedule, school, held, dates)
    return MonthSheet(
        school=SheetSchool.of(school),
        year=year,
        month=month,
        days=tuple(SheetDay(day, day not in working.dates, _label(schedule, school, day)) for day in dates),
        rows=tuple(rows),
        rules=tuple(sorted({rules for each in cells.values() for _one, rules in each})),
        period_rules=pack.version,
        hours=working.titles,
        adjustments=tuple(adjustments),
        provisional=local_date(now, school.time_zone) <= last or any(not one.final for one in every),
        complete_through=_complete_through(every, min(last, local_date(now, school.time_zone))),
    )


def _held(school: School, first: date, last: date) -> dict[uuid.UUID, Assignment]:
    """Return everybody assigned during the month with the assignment that holds last; the home one of two."""
    rows = assignments_between(first, last).filter(school=school).select_related("person")
    ordered = sorted(rows, key=lambda one: (min(one.valid_to or last, last), one.is_home, one.valid_from, one.pk))
    return {one.person_id: one for one in ordered}


def _cells(school: School, first: date, last: date) -> Mapping[uuid.UUID, Sequence[tuple[SheetCell, str]]]:
    """Return the person-days by person and date, each with the version of its rules."""
    rows = PersonDay.objects.filter(school=school, day__gte=first, day__lte=last).order_by("day")
    found: dict[uuid.UUID, list[tuple[SheetCell, str]]] = defaultdict(list)
    for row in rows.values(
        "person", "day", "status", "codes", "late", "early", "final", "flags", "cause", "reasons", "rules", "digest"
    ):
        noted = bool(row["flags"]) or not row["final"]
        cell = SheetCell(
            date=row["day"],
            status=row["status"],
            codes=tuple(row["codes"]),
            late=row["late"],
            early=row["early"],
            final=row["final"],
            flags=tuple(row["flags"]),
            cause=row["cause"],
            reasons=tuple((key, params) for key, params in row["reasons"]) if noted else (),
            digest=row["digest"],
        )
        found[row["person"]].append((cell, row["rules"]))
    return found


def _row(assignment: Assignment, cells: Sequence[SheetCell], pack: Pack) -> SheetRow:
    person = assignment.person
    return SheetRow(
        person=person.pk,
        name=person.full_name,
        nip=person.nip,
        nuptk=person.nuptk,
        staff_kind=assignment.staff_kind,
        duty=assignment.duty,
        cells=tuple(cells),
        totals=totals_of(judge_period([line_of(one) for one in cells], pack=pack, staff_kind=assignment.staff_kind))
        if cells
        else SheetTotals(),
    )


def line_of(cell: SheetCell) -> DayLine:
    """Return what adding up needs of a cell."""
    return DayLine(cell.date, cell.status, cell.codes, cell.late, cell.early, cell.final)


def totals_of(verdict: PeriodVerdict) -> SheetTotals:
    """Return what a sheet keeps of a period's judgement."""
    return SheetTotals(
        statuses=dict(sorted(verdict.statuses.items())),
        codes=dict(sorted(verdict.codes.items())),
        working_days=verdict.working_days,
        late=verdict.late,
        early=verdict.early,
        provisional_minutes=verdict.provisional_minutes,
        minute_days=verdict.minute_days,
        attendance=verdict.attendance,
    )


def _row_order(row: SheetRow) -> tuple[int, bool, str, uuid.UUID]:
    return StaffKind.values.index(row.staff_kind), not row.is_head, row.name.casefold(), row.person


@dataclass(frozen=True, slots=True)
class _Working:
    """Dates on which somebody has hours, and the titles of the patterns, most people first."""

    dates: Collection[date]
    titles: tuple[str, ...]


def _working(
    schedule: Schedule, school: School, held: Mapping[uuid.UUID, Assignment], dates: Sequence[date]
) -> _Working:
    """Ask the schedule, not the cells: a month that is not over has no cells for the days to come."""
    found: set[date] = set()
    people: Counter[str] = Counter()
    for day in dates:
        patterns = schedule.rules_on(school, day).patterns
        closed = bool(schedule.calendar_on(school, day) & OFF)
        for person, assignment in held.items():
            pattern = patterns.get(schedule.pattern_key(person, school, assignment.staff_kind, day))
            if pattern is None:
                continue
            people[pattern.title] += 1
            weekdays = schedule.weekdays(person, school, day)
            on_duty = day.weekday() in pattern.hours and (weekdays is None or day.weekday() in weekdays)
            if on_duty and not pattern.on_holidays and not closed:
                found.add(day)
    return _Working(found, tuple(title for title, _number in sorted(people.items(), key=lambda one: (-one[1], one[0]))))


def _label(schedule: Schedule, school: School, day: date) -> str:
    """Return the names that the calendars of school and region give to a date."""
    names = [
        entry.name
        for scope in (school.district.region_id, school.pk)
        for entry in schedule.calendar.get(scope, ())
        if entry.valid_from <= day and (entry.valid_to is None or entry.valid_to >= day)
    ]
    return "; ".join(dict.fromkeys(names))


def _complete_through(cells: Sequence[SheetCell], until: date) -> date | None:
    """Return the day before the first one that waits for the devices; at most `until`, and the last day judged."""
    if not cells:
        return None
    waiting = [one.date for one in cells if one.cause in UNHEARD]
    through = min([until, max(one.date for one in cells), *(day - DAY for day in waiting)])
    return through if through >= min(one.date for one in cells) else None
