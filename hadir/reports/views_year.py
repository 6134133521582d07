"""One person: the year with a chosen day, where they belong, their face on file."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from hadir.accounts.access import Action, Visitor, get_person_or_404, schools_for
from hadir.accounts.models import User
from hadir.attendance.marks import awaited_mark, mark_of
from hadir.attendance.models import PersonDay
from hadir.attendance.queries import day_stories
from hadir.core import clock
from hadir.devices.models import PinMapping
from hadir.leave.counting import balances
from hadir.people.models import Assignment, Person
from hadir.reports.days import ToldDay, told_days
from hadir.reports.people import assignments_of, face_on_file, flag_notes, last_scans
from hadir.reports.year import weekday_line, year_of
from hadir.rules.verdict import ABSENT, DAY_OFF, PENDING, Cause

YEARS = range(2000, 2100)


@login_required
@require_GET
def person(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Show one person: the year, the story of one day of it, balances, assignments, face and last scans."""
    shown = get_person_or_404(request.user, person_id)
    now = clock.now()
    is_self = isinstance(request.user, User) and request.user.person_id == shown.pk
    assignments = assignments_of(shown, None if is_self else schools_for(request.user))
    zone = assignments[0].school.time_zone if assignments else settings.TIME_ZONE
    today = clock.local_date(now, zone)
    with timezone.override(ZoneInfo(zone)):
        context = _year_context(request, shown, assignments, today=today, now=now, is_self=is_self)
        context |= _person_context(request.user, shown, assignments, today=today, is_self=is_self)
        return render(request, "reports/person.html", context)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a kind of leave: its name, days left of how many, a box for each day, and a note."""

    word: str
    left: int
    limit: int
    boxes: list[bool]
    note: str


def _person_context(
    visitor: Visitor, shown: Person, assignments: Sequence[Assignment], *, today: date, is_self: bool
) -> dict[str, Any]:
    """Return who this is and what is on file."""
    return {
        "person": shown,
        "assignments": assignments,
        "current": [one for one in assignments if _holds(one, today)],
        "face": face_on_file(shown),
        "has_pin": PinMapping.objects.filter(person=shown, valid_to__isnull=True).exists(),
        "scans": [(scan, flag_notes(scan)) for scan in last_scans(shown, None if is_self else assignments)],
        "may_enrol": may_at(visitor, Action.ENROL, [one for one in assignments if _lasts(one, today)]),
        "back": schools_for(visitor).exists(),
        "is_self": is_self,
        "may_decide": not is_self and may_at(visitor, Action.APPROVE_LEAVE, assignments),
        "may_ask": is_self or may_at(visitor, Action.REQUEST_LEAVE, assignments),
        "balance": _balance(shown, today),
    }


def _balance(shown: Person, today: date) -> Left | None:
    """Return what is left of the yearly leave, None for whom there is none."""
    found = next((one for one in balances(shown, today) if one.rule.period == "tahun"), None)
    if found is None:
        return None
    limit = found.limit + found.carried
    note = ""
    if found.instead:
        note = _("%(name)s pada tahun ini") % {"name": found.instead}
    elif found.carried:
        note = ngettext(
            "termasuk %(days)s hari dari tahun lalu", "termasuk %(days)s hari dari tahun lalu", found.carried
        ) % {"days": found.carried}
    return Left(found.rule.name, found.left, limit, [place < found.left for place in range(limit)], note)


def _year_context(
    request: HttpRequest,
    shown: Person,
    assignments: Sequence[Assignment],
    *,
    today: date,
    now: datetime,
    is_self: bool,
) -> dict[str, Any]:
    """Return the year asked for, the chosen day with its story, and today's record for oneself."""
    wanted = _date(request.GET.get("hari", ""))
    year = wanted.year if wanted else _number(request.GET.get("tahun", ""), today.year)
    schools = None if is_self else schools_for(request.user)
    keys = None if is_self else [one.school_id for one in assignments]
    held = sorted(
        (
            one
            for one in assignments
            if one.valid_from.year <= year and (one.valid_to is None or one.valid_to.year >= year)
        ),
        key=lambda one: (not one.is_home, one.valid_from),
    )
    chosen = wanted or _telling_day(shown, year, keys)
    found = year_of(shown, year, today=today, chosen=chosen, held=held, schools=keys)
    told = _told(shown, chosen, schools, now=now)
    month = _month(request.GET.get("bulan", ""), year, chosen, today)
    return {
        "found": found,
        "weekday_line": weekday_line(),
        "years": _years(shown, year, today, keys),
        "chosen": chosen,
        "days": told,
        "leaf": found.months[month - 1],
        "leaf_before": found.months[month - 2].first if month > 1 else None,
        "leaf_after": found.months[month].first if month < 12 else None,
        "today": today,
        "record": _record(shown, schools, today, told if chosen == today else None, now=now) if is_self else None,
        "only_here": not is_self and _is_elsewhere(shown, keys),
    }


def _telling_day(shown: Person, year: int, schools: Sequence[uuid.UUID] | None) -> date | None:
    """Return the day to open with: the last of the month past on which something must be explained, else the last."""
    rows = PersonDay.objects.filter(person=shown, day__year=year)
    if schools is not None:
        rows = rows.filter(school__in=schools)
    recent = list(
        rows.exclude(status=DAY_OFF).order_by("-day").values_list("day", "status", "late", "early", "cause")[:26]
    )
    telling = (
        day
        for day, status, late, early, cause in recent
        if late or early or status == ABSENT or (status == PENDING and cause != Cause.DAY_NOT_OVER)
    )
    return next(telling, recent[0][0] if recent else None)


def _told(shown: Person, day: date | None, schools: Any, *, now: datetime) -> list[ToldDay]:
    return told_days(day_stories(shown, day, now=now, schools=schools)) if day else []


def _record(shown: Person, schools: Any, today: date, told: list[ToldDay] | None, *, now: datetime) -> dict[str, Any]:
    """Return what is known of today: the first time seen and where, and how the day stands."""
    days = _told(shown, today, schools, now=now) if told is None else told
    seen = sorted(((piece.evidence.at, piece) for one in days for piece in one.story.used), key=lambda each: each[0])
    verdicts = [one.story.judged.verdict for one in days]
    # "Sementara" is said of lateness; that somebody was seen stays true.
    marks = [
        mark_of(one.status, one.codes, one.late, one.early, final=one.final or not one.late)
        for one in sorted(verdicts, key=lambda one: one.status == DAY_OFF)
    ]
    waits = bool(verdicts) and all(one.status == PENDING for one in verdicts) and not seen
    return {
        "at": seen[0][0] if seen else None,
        "device": seen[0][1].device if seen else None,
        "mark": awaited_mark() if waits else marks[0] if marks else None,
    }


def _years(shown: Person, year: int, today: date, schools: Sequence[uuid.UUID] | None) -> dict[str, int | None]:
    """Return the years before and after that have anything to show."""
    rows = PersonDay.objects.filter(person=shown)
    if schools is not None:
        rows = rows.filter(school__in=schools)
    ends = rows.aggregate(first=Min("day"), last=Max("day"))
    first = ends["first"].year if ends["first"] else today.year
    last = max(today.year, ends["last"].year if ends["last"] else today.year)
    return {"before": year - 1 if year > first else None, "after": year + 1 if year < last else None}


def _is_elsewhere(shown: Person, schools: Sequence[uuid.UUID] | None) -> bool:
    return Assignment.objects.filter(person=shown).exclude(school__in=list(schools or ())).exists()


def may_at(visitor: Visitor, action: Action, assignments: Sequence[Assignment]) -> bool:
    """Tell whether a login may do something at one of the schools of these assignments. One query."""
    return schools_for(visitor, action).filter(pk__in=[one.school_id for one in assignments]).exists()


def _lasts(one: Assignment, day: date) -> bool:
    return one.valid_to is None or one.valid_to >= day


def _holds(one: Assignment, day: date) -> bool:
    return one.valid_from <= day and (one.valid_to is None or one.valid_to >= day)


def _date(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        return None
    return day if day and day.year in YEARS else None


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) == 4 and int(text) in YEARS else otherwise


def _month(text: str, year: int, chosen: date | None, today: date) -> int:
    """Return the month of the calendar leaf that a phone shows."""
    asked = _date(f"{text}-01") if text else None
    if asked and asked.year == year:
        return asked.month
    if chosen and chosen.year == year:
        return chosen.month
    return today.month if today.year == year else 1
