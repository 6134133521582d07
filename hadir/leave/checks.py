"""What a request must hold before it is filed. Each refusal says what is wrong and what is left."""

from collections.abc import Sequence
from datetime import date, timedelta

from hadir.core.clock import YEARS
from hadir.core.errors import HadirError
from hadir.leave.counting import balance_of, held_between, staff_kinds, taken_instead
from hadir.leave.models_request import STANDING, LeaveRequest
from hadir.leave.rules import CORRECTION, DUTY, KindRule
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
    if request.days == 0:
        raise HadirError("leave_counts_nothing")


def _check_overlap(request: LeaveRequest) -> None:
    """Two whole absences, or two parts of one day that overlap, cannot both hold; a correction disturbs nothing."""
    others = LeaveRequest.objects.filter(
        person=request.person_id, state__in=STANDING, first__lte=request.last, last__gte=request.first
    )
    for other in others:
        if CORRECTION in {request.kind, other.kind}:
            clash = request.kind == other.kind and request.start == other.start
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
    balance = balance_of(request.person, request.kind, request.first, staff)
    if balance is not None and balance.instead:
        raise HadirError("leave_not_beside", name=rule.name, other=balance.instead, year=request.first.year)
    left = max(0, rule.limit - taken_instead(request.person, rule, request.first)) if balance is None else balance.left
    if request.days > left:
        raise HadirError("leave_over_limit", name=rule.name, asked=request.days, left=left)
