"""A person's year: one row for each month, one cell for each date, and what the final days add up to.

The number of queries does not grow with the days of the year.
"""

import calendar
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from hadir.attendance.marks import DUTY, Mark, leave_mark, mark_of
from hadir.attendance.models import PersonDay
from hadir.people.models import Assignment, Person
from hadir.reports.held_days import Stored, whole_and_seen
from hadir.reports.whole_days import Proposal, look_back, proposal_of, with_run_before
from hadir.rules.facts import Calendar
from hadir.rules.pack import Pack
from hadir.rules.period import DayLine, PeriodVerdict, YearCount, judge_period
from hadir.rules.values import Discipline, PeriodRules
from hadir.rules.verdict import ABSENT, DAY_OFF, NOT_COUNTED, PENDING, PRESENT
from hadir.schedules.packs import office_pack
from hadir.schedules.queries import Schedule, schedule_for

DAY = timedelta(days=1)
WEEK = 7
COLUMNS = 37
"""The longest month, begun on a Sunday, needs so many weekdays in line."""
ALWAYS = (DUTY, "I", "S", "CT")
"""Leave that the legend shows even where there was none."""
PLAIN, OFF, OUTSIDE = "dc-plain", "dc-off", "dc-none"


@dataclass(frozen=True, slots=True)
class Merged:
    """What one date means for a person, all schools together."""

    line: DayLine
    mark: Mark


@dataclass(frozen=True, slots=True)
class Cell:
    """One date of the year. `label`: what it means in words; `told`: there is a story to open."""

    day: date
    classes: str
    letter: str
    label: str
    told: bool
    today: bool = False
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month: as a row with the weekdays of all months in line, and as the weeks of a calendar leaf."""

    first: date
    cells: Sequence[Cell | None]
    weeks: Sequence[Sequence[Cell | None]]


@dataclass(frozen=True, slots=True)
class Total:
    """One line of the legend: how the meaning looks, its word, and its number of days."""

    cell: str
    letter: str
    word: str
    number: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """Unexcused days of a year. `steps`: groups of boxes up to each sanction, a box is True for a day reached; empty
    for people without steps. `said`: the step reached, or that none is; `made`: which days come from minutes."""

    days: int
    steps: Sequence[Sequence[bool]]
    said: str
    note: str
    made: str = ""


@dataclass(frozen=True, slots=True)
class Minutes:
    """Working time missed: all final minutes, the minutes that make a day (None: never), and how full the next day is,
    in percent for the bar."""

    total: int
    per_day: int | None
    filled: str
    provisional: int


@dataclass(frozen=True, slots=True)
class PersonYear:
    """Everything of the year page but the chosen day. `until`: the last day that the totals hold."""

    year: int
    months: Sequence[MonthRow]
    totals: Sequence[Total]
    until: date | None
    ladder: Ladder
    minutes: Minutes
    verdict: PeriodVerdict | None


def weekday_line() -> list[tuple[str, str, str]]:
    """Return the heads of the columns: two letters, the whole name, and three letters."""
    monday = date(2024, 1, 1)
    short = [
        pgettext("hari", "Sn"),
        pgettext("hari", "Sl"),
        pgettext("hari", "Rb"),
        pgettext("hari", "Km"),
        pgettext("hari", "Jm"),
        pgettext("hari", "Sb"),
        pgettext("hari", "Mg"),
    ]
    names = [
        (date_format(monday + number * DAY, "l"), date_format(monday + number * DAY, "D")) for number in range(WEEK)
    ]
    return [(short[place % WEEK], *names[place % WEEK]) for place in range(COLUMNS)]


def person_days(
    person: Person, first: date, last: date, schools: Collection[uuid.UUID] | None
) -> tuple[list[DayLine], list[DayLine]]:
    """Return what each judged date means for a person, over all schools and as seen at `schools` (None: all).

    One query, and those of `held_days`.
    """
    rows = PersonDay.objects.filter(person=person, day__gte=first, day__lte=last).order_by("day", "school_id")
    wanted = rows.values_list("school", "cause", "day", "status", "codes", "late", "early", "final")
    stored = [
        Stored(person.pk, school, DayLine(day, status, tuple(codes), late, early, final), cause)
        for school, cause, day, status, codes, late, early, final in wanted
    ]
    return whole_and_seen(stored, schools)


def year_of(
    person: Person,
    year: int,
    *,
    today: date,
    chosen: date | None,
    held: Sequence[Assignment],
    schools: Collection[uuid.UUID] | None,
) -> PersonYear:
    """Return a person's year. Steps and minutes are counted over all schools, for every reader alike.

    `held`: the assignments to read hours and kind of staff from, home school first, with school and district loaded.
    One query for the days, six for the schedule. Raises HadirError `rule_pack_unusable`.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    whole, seen = person_days(person, look_back(first), last, schools)
    days = {
        line.day: Merged(line, mark_of(line.status, line.codes, line.late, line.early, final=line.final))
        for line in seen
        if line.day >= first
    }
    schedule = schedule_for([one.school for one in held], [person.pk], first, last)
    names = [date_format(date(year, month, 1), "F") for month in range(1, 13)]
    dates = _Dates(person, days, schedule, held, today, chosen, names)
    cells = [dates.cell(first + number * DAY) for number in range((last - first).days + 1)]
    pack = _pack(schedule, held, min(last, today))
    lines = with_run_before(whole, first) if days else []
    staff_kind = held[0].staff_kind if held else ""
    verdict = judge_period(lines, pack=pack, staff_kind=staff_kind) if lines and pack else None
    rules = pack.period_rules(min(last, max(today, first))) if pack else None
    settled = [day for day, one in days.items() if day < today or one.line.final]
    return PersonYear(
        year=year,
        months=_months(year, cells),
        totals=_totals(one for day, one in days.items() if day in set(settled)),
        until=max(settled, default=None),
        ladder=_ladder(verdict, year, rules, staff_kind),
        minutes=_minutes(verdict, rules),
        verdict=verdict,
    )


def _pack(schedule: Schedule, held: Sequence[Assignment], day: date) -> Pack | None:
    return office_pack(schedule.rules_on(held[0].school, day).version.rpartition("-")[0]) if held else None


@dataclass(frozen=True, slots=True)
class _Dates:
    """What the dates of a person's year are looked up in."""

    person: Person
    days: Mapping[date, Merged]
    schedule: Schedule
    held: Sequence[Assignment]
    today: date
    chosen: date | None
    months: Sequence[str]

    def cell(self, day: date) -> Cell:
        """Return the cell of one date."""
        words = f"{day.day} {self.months[day.month - 1]}"
        one = self.days.get(day)
        today, chosen = day == self.today, day == self.chosen
        if one is not None and today and one.line.status == PENDING:
            return Cell(day, PLAIN, "", f"{words}: " + _("belum terlihat"), told=True, today=today, chosen=chosen)
        if one is not None:
            label = f"{words}: {one.mark.word}"
            # That today is not over needs no dashes; that a past day is still open does.
            classes = one.mark.cell.removesuffix(" dc-open") if today else one.mark.cell
            return Cell(day, classes, one.mark.letter, label, told=True, today=today, chosen=chosen)
        if day < self.today or not any(_holds(each, day) for each in self.held):
            return Cell(day, OUTSIDE, "", f"{words}: " + _("tidak dihitung di Hadir"), told=False)
        off = self._is_off(day)
        label = f"{words}: " + (_("libur") if off else _("belum tiba"))
        return Cell(day, OFF if off else PLAIN, "", label, told=False, today=today, chosen=chosen)

    def _is_off(self, day: date) -> bool:
        """Tell whether a date to come has no shift at any of the schools."""
        for one in self.held:
            school = one.school
            key = self.schedule.pattern_key(self.person.pk, school, one.staff_kind, day)
            pattern = self.schedule.rules_on(school, day).patterns.get(key)
            weekdays = self.schedule.weekdays(self.person.pk, school, day)
            if pattern is None or (weekdays is not None and day.weekday() not in weekdays):
                continue
            closed = self.schedule.calendar_on(school, day) - {Calendar.PUPILS_OFF}
            if pattern.shift_on(day, ZoneInfo(school.time_zone)) and (pattern.on_holidays or not closed):
                return False
        return True


def _holds(one: Assignment, day: date) -> bool:
    return one.valid_from <= day and (one.valid_to is None or one.valid_to >= day)


def _months(year: int, cells: Sequence[Cell]) -> list[MonthRow]:
    rows = []
    for month in range(1, 13):
        weekday, _length = calendar.monthrange(year, month)
        here = [cell for cell in cells if cell.day.month == month]
        line: list[Cell | None] = [*[None] * weekday, *here]
        line += [None] * (COLUMNS - len(line))
        weeks = [line[start : start + WEEK] for start in range(0, COLUMNS, WEEK)]
        full = [[*week, *[None] * (WEEK - len(week))] for week in weeks if any(week)]
        rows.append(MonthRow(date(year, month, 1), line, full))
    return rows


def _totals(days: Iterable[Merged]) -> list[Total]:
    """Count each date once: final ones by what they mean, the others as waiting."""
    numbers: Counter[str] = Counter()
    leave: Counter[str] = Counter()
    for one in days:
        line = one.line
        if not line.final or line.status == PENDING:
            numbers["open"] += 1
        elif line.status == PRESENT:
            numbers["late" if line.late else "early" if line.early else "seen"] += 1
        elif line.status in {ABSENT, DAY_OFF, NOT_COUNTED}:
            numbers[line.status] += 1
        else:
            leave[line.status] += 1
    names = [*ALWAYS, *sorted(set(leave) - set(ALWAYS))]
    kinds = [(code, leave_mark(code)) for code in names]
    return [
        Total("dc-seen", "", _("Hadir tepat waktu"), numbers["seen"]),
        Total("dc-seen dc-tl2", "", _("Terlambat"), numbers["late"]),
        Total("dc-seen dc-psw2", "", _("Pulang awal"), numbers["early"]),
        *(Total(mark.cell, mark.letter, mark.word, leave[code]) for code, mark in kinds),
        Total("dc-absent", "A", _("Tanpa keterangan"), numbers[ABSENT]),
        Total("dc-pending", "T", _("Tertunda"), numbers["open"]),
        Total("dc-off", "", _("Libur"), numbers[DAY_OFF]),
        *([Total("dc-none", "", _("Tidak dihitung"), numbers[NOT_COUNTED])] if numbers[NOT_COUNTED] else []),
    ]


def _ladder(verdict: PeriodVerdict | None, year: int, rules: PeriodRules | None, staff_kind: str) -> Ladder:
    count = next((one for one in verdict.years if one.year == year), None) if verdict else None
    days = count.unexcused if count else 0
    discipline = rules.discipline.get(staff_kind, Discipline((), None)) if rules else Discipline((), None)
    if not discipline.steps:
        return Ladder(days, (), "", _("Dihitung saja; tidak ada jenjang yang berlaku."), _made(count))
    starts = [1, *(step.days for step in discipline.steps)]
    ends = [*starts[1:], starts[-1] + 1]
    boxes = [[number <= days for number in range(start, end)] for start, end in zip(starts, ends, strict=True)]
    proposal = proposal_of(count, verdict) if verdict else None
    following = next((step for step in discipline.steps if step.days > days), None)
    note = _("Sistem hanya mengusulkan, orang yang memutuskan.")
    if following is not None and not (proposal and proposal.in_a_row):
        told = _("%(step)s mulai %(days)s hari.") % {"step": following.sanction.capitalize(), "days": following.days}
        note = f"{told} {note}"
    return Ladder(days, boxes, _said(proposal), note, _made(count))


def _said(proposal: Proposal | None) -> str:
    if proposal is None:
        return _("belum mencapai jenjang pertama")
    step = proposal.reached.step
    if proposal.in_a_row:
        return _("usulan: %(step)s (%(days)s hari berturut-turut)") % {"step": step.sanction, "days": step.days}
    return _("usulan: %(step)s") % {"step": step.sanction}


def _made(count: YearCount | None) -> str:
    """Return which of the days come from minutes; empty where none does."""
    if count is None or not count.minute_days:
        return ""
    words = ngettext(
        "%(days)s hari dari %(minutes)s menit.", "%(days)s hari dari %(minutes)s menit.", count.minute_days
    )
    return words % {"days": count.minute_days, "minutes": count.minutes}


def _minutes(verdict: PeriodVerdict | None, rules: PeriodRules | None) -> Minutes:
    total = verdict.late + verdict.early if verdict else 0
    per_day = rules.conversion.minutes_per_day if rules else None
    filled = 100 * (total % per_day) / per_day if per_day else 0.0
    return Minutes(total, per_day, f"{filled:.1f}%", verdict.provisional_minutes if verdict else 0)
