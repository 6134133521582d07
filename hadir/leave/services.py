"""Writing requests: filed, decided, withdrawn, cancelled. What changes days marks them in the same transaction."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from hadir.accounts.models import User
from hadir.core.clock import YEARS
from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.core.texts import clean_text
from hadir.leave.checks import check_request, check_span
from hadir.leave.counting import count_days
from hadir.leave.deciding import (
    goes_on,
    is_head,
    is_late,
    may_cancel,
    may_decide,
    may_file,
    may_withdraw,
    needs_document,
)
from hadir.leave.models_request import (
    STANDING,
    CarriedDays,
    Decision,
    LeaveRequest,
    RequestState,
    Verdict,
)
from hadir.leave.rules import CORRECTION, filed_rule, rule_of
from hadir.leave.working import held_between, staff_kinds, staff_of
from hadir.people.marks import begun_by, mark_person
from hadir.people.models import Person
from hadir.schools.models import School

MOST_CARRIED = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks for. `start`, `end`: local times of part of one day; a correction has `start` only."""

    kind: str
    first: date
    last: date
    reason: str
    start: time | None = None
    end: time | None = None
    school: School | None = None
    letter: str = ""
    place: str = ""


@transaction.atomic
def file_request(*, person: Person, wish: Wish, by: User | None, name: str, now: datetime) -> LeaveRequest:
    """File a request for a person. Who heads a school asks the pengawas or the dinas, everybody else the head.

    Filed later than the rule allows it goes to the dinas, it is not refused. Raises HadirError `leave_kind_unknown`,
    `leave_dates`, `leave_times`, `leave_part_not_allowed`, `leave_kind_not_open`, `leave_outside_assignment`,
    `leave_correction_ahead`, `leave_overlap`, `leave_over_limit`, `leave_not_beside`, `leave_counts_nothing`,
    `reason_missing`, `leave_letter_missing`, `text_*`, `not_allowed` (`by` may not file for these dates; None: a
    command of the office).
    """
    check_span(wish.first, wish.last)
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    held = held_between(person, wish.first, wish.last)
    rule = rule_of(wish.kind, wish.first, staff_kinds(held, wish.school.pk if wish.school else None))
    request = LeaveRequest(
        person=person,
        school=wish.school,
        kind=wish.kind,
        first=wish.first,
        last=wish.last,
        start=wish.start,
        end=wish.end,
        days=0,
        reason=clean_text(wish.reason, field="alasan", limit=500),
        letter=clean_text(wish.letter, field="nomor surat", limit=120),
        place=clean_text(wish.place, field="tempat", limit=160),
        filed_by=by,
        filed_name=clean_text(name, field="nama", limit=160),
        filed_at=now,
    )
    if not request.reason or not request.filed_name:
        raise HadirError("reason_missing")
    partly = wish.kind == CORRECTION or wish.start is not None
    request.days = 1 if partly else count_days(person, rule, wish.first, wish.last, request.school_id)
    # Before the other checks: a refusal for overlap tells when somebody is away, and why.
    if by is not None and held and not may_file(by, request):
        raise HadirError("not_allowed")
    check_request(request, rule)
    to_office = is_late(request, rule) or is_head(request)
    request.state = RequestState.WAITING_OFFICE if to_office else RequestState.WAITING_HEAD
    request.save(force_insert=True)
    _audit("file_leave", request, by, now, {"state": request.state})
    return request


@transaction.atomic
def decide(
    *, request: LeaveRequest, approve: bool, reason: str, by: User | None, name: str, now: datetime
) -> LeaveRequest:
    """Say yes or no. A head's yes to more days than the rule leaves to him sends the request on to the dinas.

    `by` None: a command of the office, which may decide on everything. Of two who decide at once one wins. Raises
    HadirError `not_allowed`, `leave_request_changed`, `reason_missing` (a no), `leave_document_missing` (a yes).
    """
    request = _locked(request, waiting=True)
    if by is not None and not may_decide(by, request):
        raise HadirError("not_allowed")
    told = clean_text(reason, field="alasan", limit=300)
    if not approve:
        if not told:
            raise HadirError("reason_missing")
        return _end(request, RequestState.REJECTED, Verdict.REJECT, told, by, name, now)
    rule = filed_rule(request.kind, request.first, staff_of(request))
    if rule and needs_document(request, rule) and not request.documents.exists():
        raise HadirError("leave_document_missing", days=rule.document_from, name=rule.name)
    if goes_on(by, request):
        return _end(request, RequestState.WAITING_OFFICE, Verdict.FORWARD, told, by, name, now)
    done = _end(request, RequestState.APPROVED, Verdict.APPROVE, told, by, name, now)
    _mark(done, now)
    return done


@transaction.atomic
def withdraw_request(*, request: LeaveRequest, by: User | None, name: str, now: datetime) -> LeaveRequest:
    """Take back a request that still waits. Raises HadirError `not_allowed`, `leave_request_changed`."""
    request = _locked(request, waiting=True)
    if by is not None and not may_withdraw(by, request):
        raise HadirError("not_allowed")
    return _end(request, RequestState.WITHDRAWN, Verdict.WITHDRAW, "", by, name, now)


@transaction.atomic
def cancel_request(*, request: LeaveRequest, reason: str, by: User | None, name: str, now: datetime) -> LeaveRequest:
    """Take back what was approved: its days are judged as if it had never been asked for.

    Raises HadirError `not_allowed`, `reason_missing`, `leave_request_changed`.
    """
    request = _locked(request, waiting=False)
    if by is not None and not may_cancel(by, request):
        raise HadirError("not_allowed")
    told = clean_text(reason, field="alasan", limit=300)
    if not told:
        raise HadirError("reason_missing")
    done = _end(request, RequestState.CANCELLED, Verdict.CANCEL, told, by, name, now)
    _mark(done, now)
    return done


@transaction.atomic
def carry_days(
    *, person: Person, kind: str, year: int, days: int, source: str, by: User | None, now: datetime
) -> CarriedDays:
    """Write down the days that a person brings into a year from before Hadir. Raises `leave_carried_wrong`,
    `leave_kind_unknown`, `reason_missing`."""
    if year not in YEARS or days not in range(MOST_CARRIED + 1):
        raise HadirError("leave_carried_wrong", most=MOST_CARRIED)
    rule_of(kind, date(year, 1, 1))
    told = clean_text(source, field="dasar", limit=200)
    if not told:
        raise HadirError("reason_missing")
    values = {"days": days, "source": told, "created_by": by, "created_at": now}
    row, _made = CarriedDays.objects.update_or_create(person=person, kind=kind, year=year, defaults=values)
    record_audit(
        actor=by,
        action="carry_days",
        object_kind="person",
        object_id=person.pk,
        now=now,
        detail={"kind": kind, "year": year, "days": days, "source": told},
    )
    return row


def _locked(request: LeaveRequest, *, waiting: bool) -> LeaveRequest:
    """Return the request as it is now, locked. Raises `leave_request_changed` where somebody was quicker."""
    row = LeaveRequest.objects.select_for_update(of=("self",)).select_related("person").get(pk=request.pk)
    wanted = [state for state in STANDING if state != RequestState.APPROVED] if waiting else [RequestState.APPROVED]
    if row.state not in wanted or row.state != request.state:
        raise HadirError("leave_request_changed", state=row.get_state_display())
    return row


def _end(  # noqa: PLR0917  what every decision has
    request: LeaveRequest,
    state: RequestState,
    verdict: Verdict,
    reason: str,
    by: User | None,
    name: str,
    now: datetime,
) -> LeaveRequest:
    request.state = state
    request.save(update_fields=["state"])
    named = clean_text(name, field="nama", limit=160)
    Decision.objects.create(
        request=request, verdict=verdict, reason=reason, decided_by=by, decided_name=named, decided_at=now
    )
    _audit(f"{verdict}_leave", request, by, now, {"reason": reason})
    return request


def _mark(request: LeaveRequest, now: datetime) -> None:
    """Mark the days of the request that have begun."""
    last = min(request.last, begun_by(now))
    if request.first <= last:
        mark_person(person_id=request.person_id, first=request.first, last=last, now=now)


def _audit(action: str, request: LeaveRequest, by: User | None, now: datetime, detail: dict[str, object]) -> None:
    span = {"kind": request.kind, "from": request.first.isoformat(), "to": request.last.isoformat()}
    record_audit(
        actor=by,
        action=action,
        object_kind="person",
        object_id=request.person_id,
        now=now,
        detail={"request": str(request.pk), **span, **detail},
    )
