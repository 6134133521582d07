"""What a request must hold before it is filed. Each refusal says what is wrong and what is left."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from hadir.core.clock import YEARS, local_date
from hadir.core.errors import HadirError
from hadir.leave.counting import balance_of, count_days, days_before, periods, taken_instead
from hadir.leave.models_request import STANDING, LeaveRequest
from hadir.leave.rules import CORRECTION, DUTY, KindRule, kinds_on
from hadir.leave.working import DAY, held_between, staff_kinds, working_for
from hadir.people.models import Assignment

LONGEST = timedelta(days=1500)


def check_span(first: date, last: date) -> None:
    """Refuse dates that no request has, before anything is counted over them. Raises HadirError `leave_dates`."""
    if last < first or last - first > LONGEST or first.year not in YEARS:
        raise HadirError("leave_dates")


def check_request(request: LeaveRequest, rule: KindRule) -> None:
    """Raise the HadirError of the first thing that is wrong; see `services.file_request`."""
    _check_times(request, rule)
    held = held_between(request.person, request.first, request.last)
    _check_assignment(request, rule, held)
    _check_begun(request, held)
    if request.kind == DUTY and not request.letter:
        raise HadirError("leave_letter_missing")
    _check_overlap(request)
    _check_limit(request, rule, staff_kinds(held, request.school_id))


def _check_times(request: LeaveRequest, rule: KindRule) -> None:
    if request.kind == CORRECTION:
        if request.start is None or request.end is not None or request.first != request.last:
            raise HadirError("leave_times")
        return
    if request.start is None and request.end is None:
        return
    if not rule.partly:
        raise HadirError("leave_part_not_allowed", name=rule.name)
    if request.first != request.last or request.start is None or request.end is None or request.end <= request.start:
        raise HadirError("leave_times")


def _check_assignment(request: LeaveRequest, rule: KindRule, held: Sequence[Assignment]) -> None:
    rows = [one for one in held if request.school_id in {None, one.school_id}]
    for day in (request.first, request.last):
        if not any(one.valid_from <= day and (one.valid_to is None or one.valid_to >= day) for one in rows):
            raise HadirError("leave_outside_assignment", day=day.isoformat())
    if not rule.staff_kinds & {one.staff_kind for one in rows}:
        raise HadirError("leave_kind_not_open", name=rule.name)
    # A letter may send somebody out on a Sunday: the day stays free, the duty is on record.
    if request.days == 0 and request.kind != DUTY:
        raise HadirError("leave_counts_nothing")


def _check_begun(request: LeaveRequest, held: Sequence[Assignment]) -> None:
    """Refuse the correction of a record that could not have been made yet: its time at the school is still to come."""
    if request.kind != CORRECTION or request.start is None:
        return
    rows = [one for one in held if request.school_id in {None, one.school_id}]
    moments = [datetime.combine(request.first, request.start, ZoneInfo(one.school.time_zone)) for one in rows]
    ahead = any(moment > request.filed_at for moment in moments)
    if not ahead and any(moment + DAY > request.filed_at for moment in moments):
        working = working_for([request.person_id], request.first, request.first)
        ahead = any(working.in_next_morning(one, request.first, request.start) for one in rows)
    if ahead:
        raise HadirError("leave_correction_ahead")


def _check_overlap(request: LeaveRequest) -> None:
    """Two whole absences, or two parts of one day that overlap, cannot both hold at one school; a correction disturbs
    nothing."""
    others = LeaveRequest.objects.filter(
        person=request.person_id, state__in=STANDING, first__lte=request.last, last__gte=request.first
    )
    for other in others:
        if CORRECTION in {request.kind, other.kind}:
            clash = request.kind == other.kind and request.start == other.start
        elif request.school_id and other.school_id and request.school_id != other.school_id:
            clash = False
        elif request.start is not None and other.start is not None and request.end and other.end:
            clash = request.start < other.end and other.start < request.end
        else:
            clash = True
        if clash:
            raise HadirError(
                "leave_overlap", kind=other.kind, first=other.first.isoformat(), last=other.last.isoformat()
            )


def _check_limit(request: LeaveRequest, rule: KindRule, staff: Sequence[str]) -> None:
    if rule.limit is None:
        return
    if rule.period == "kali":
        used = taken_instead(request.person, rule, request.first) + days_before(request, rule)
        _refuse_over(rule.name, request.days, max(0, rule.limit - used))
        return
    spans = periods(rule, request.first, request.last)
    for begins, ends in spans:
        first, last = max(begins, request.first), min(ends, request.last)
        partly = request.start is not None
        asked = 1 if partly else count_days(request.person, rule, first, last, request.school_id)
        if asked:
            _check_period(request, staff, first, asked, named=len(spans) > 1)


def _check_period(request: LeaveRequest, staff: Sequence[str], first: date, asked: int, *, named: bool) -> None:
    """Refuse more than is left in the year or month of `first`; `named`: the refusal says which one that is."""
    today = local_date(request.filed_at, settings.TIME_ZONE)
    balance = balance_of(request.person, request.kind, first, staff, today=today)
    if balance is None:
        return
    name = balance.rule.name
    if balance.instead:
        raise HadirError("leave_not_beside", name=name, other=balance.instead, year=first.year)
    period = f"{first.month}/{first.year}" if balance.rule.period == "bulan" else str(first.year)
    told = f"{name} {period}" if named else name
    _refuse_over(told, asked, balance.left)
    if balance.rule.carried and first.year < today.year:
        _refuse_over(told, asked, asked - _spent_twice(request, first.year + 1, staff, today))


def _spent_twice(request: LeaveRequest, year: int, staff: Sequence[str], today: date) -> int:
    """Return how many of the days that a request wants late were carried over into a year and are used there."""
    next_year = date(year, 1, 1)
    if request.kind not in kinds_on(next_year, staff):
        return 0
    before, after = (
        balance_of(request.person, request.kind, next_year, staff, today=today, beside=beside)
        for beside in (None, request)
    )
    if before is None or after is None:
        return 0
    return max(0, min(before.carried - after.carried, after.taken - after.limit - after.carried))


def _refuse_over(name: str, asked: int, left: int) -> None:
    if asked > left:
        raise HadirError("leave_over_limit", name=name, asked=asked, left=left)
