"""Who decides on a request, and who may see it. The same words answer for pages, counts and services."""

from datetime import date

from django.conf import settings
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet

from hadir.accounts.access import Action, Visitor, people_for, schools_for
from hadir.accounts.models import Role, RoleKind, User
from hadir.core.clock import local_date
from hadir.core.expressions import DateInWib
from hadir.leave.models_request import WAITING, Decision, LeaveRequest, RequestState, Verdict
from hadir.leave.rules import KindRule, filed_rule
from hadir.leave.working import staff_of
from hadir.people.duties import head_duty
from hadir.people.models import Assignment, Person
from hadir.schools.models import School


def is_head(request: LeaveRequest) -> bool:
    """Tell whether who asks heads a school: by a role of her login, or by her duty on a date of the request or on the
    day on which it was filed. Her requests go past herself."""
    if Role.objects.filter(user__person=request.person_id, kind=RoleKind.HEAD).exists():
        return True
    asked = local_date(request.filed_at, settings.TIME_ZONE)
    touching = _held(request.first, request.last) | _held(asked, asked)
    return Assignment.objects.filter(touching, head_duty(), person=request.person_id).exists()


def decidable_by(user: Visitor) -> QuerySet[LeaveRequest]:
    """Return the requests on which this login may decide now; never its own.

    A head: those that wait for the head, of people at his schools. The dinas: all that wait in its region. A pengawas:
    those of heads of school; beyond a head's share of days he only passes them on, once.
    """
    if not isinstance(user, User) or not user.is_active:
        return LeaveRequest.objects.none()
    # Only what the login's roles need: the whole condition costs every page three times the time of this query.
    roles = list(Role.objects.filter(user=user))
    led = [role.school_id for role in roles if role.kind == RoleKind.HEAD and role.school_id]
    regions = [role.region_id for role in roles if role.kind == RoleKind.DINAS and role.region_id]
    watching = [role for role in roles if role.kind == RoleKind.SUPERVISOR]
    ways = Q(pk__in=[])
    if led:
        ways |= Q(state=RequestState.WAITING_HEAD) & concerns(School.objects.filter(pk__in=led))
    if regions:
        ways |= Q(state__in=WAITING) & concerns(School.objects.filter(district__region__in=regions), few=False)
    if watching:
        in_districts = Q(district__in=[role.district_id for role in watching if role.district_id])
        below = School.objects.filter(in_districts | Q(pk__in=[role.school_id for role in watching if role.school_id]))
        ways |= Q(state=RequestState.WAITING_OFFICE) & _of_heads() & concerns(below)
    waiting = LeaveRequest.objects.filter(ways)
    if user.person_id is not None:
        waiting = waiting.exclude(person=user.person_id)
    passed_on = Decision.objects.filter(decided_by=user, verdict=Verdict.FORWARD)
    return LeaveRequest.objects.filter(pk__in=waiting.exclude(pk__in=passed_on.values("request")).values("pk"))


def concerns(schools: QuerySet[School], *, few: bool = True) -> Q:
    """Return the condition that a request is of somebody assigned to one of these schools on a date of it.

    A school that she has left, or has yet to come to, neither reads it nor decides on it; a request for one school
    concerns that school alone. `few` helps the database where the schools are a small part of all: it finds their
    people first, then the requests of these.
    """
    held = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("first")),
        person=OuterRef("person"),
        school__in=schools,
        valid_from__lte=OuterRef("last"),
    )
    here = Q(Exists(held)) & (Q(school__isnull=True) | Q(school__in=schools))
    return here & Q(person__in=Assignment.objects.filter(school__in=schools).values("person")) if few else here


def _of_heads() -> Q:
    """Return the condition for which `is_head` is true."""
    asked = DateInWib(OuterRef("filed_at"))
    touching = _held(OuterRef("first"), OuterRef("last")) | _held(asked, asked)
    duties = Assignment.objects.filter(touching, head_duty(), person=OuterRef("person"))
    return Q(person__user__roles__kind=RoleKind.HEAD) | Q(Exists(duties))


def _held(first: date | F | Func, last: date | F | Func) -> Q:
    """Return the condition that an assignment touches these dates, also where its end is known beforehand."""
    return (Q(valid_to__isnull=True) | Q(valid_to__gte=first)) & Q(valid_from__lte=last)


def may_decide(user: Visitor, request: LeaveRequest) -> bool:
    """Tell whether this login may decide on a request now."""
    return decidable_by(user).filter(pk=request.pk).exists()


def goes_on(user: User | None, request: LeaveRequest) -> bool:
    """Tell whether the yes of this login is not the last word: beyond a head's share of days only the dinas' is."""
    if user is None or _is_office(user, request):
        return False
    rule = filed_rule(request.kind, request.first, staff_of(request))
    return rule is None or request.days > rule.head_days


def needs_document(request: LeaveRequest, rule: KindRule | None) -> bool:
    """Tell whether a request wants a document before its yes; a duty on a day off as one of a day."""
    return rule is not None and 0 < rule.document_from <= max(1, request.days)


def is_late(request: LeaveRequest, rule: KindRule) -> bool:
    """Tell whether a request was filed later than its rule leaves to a head."""
    return (local_date(request.filed_at, settings.TIME_ZONE) - request.first).days > rule.back_days


def may_cancel(user: Visitor, request: LeaveRequest) -> bool:
    """Tell whether this login may take back an approved request: whose yes could have been the last word; never its
    own."""
    if not isinstance(user, User) or request.state != RequestState.APPROVED or user.person_id == request.person_id:
        return False
    if not LeaveRequest.objects.filter(concerns(schools_for(user, Action.APPROVE_LEAVE)), pk=request.pk).exists():
        return False
    if _is_office(user, request):
        return True
    rule = filed_rule(request.kind, request.first, staff_of(request))
    alone = rule is not None and request.days <= rule.head_days and not is_late(request, rule)
    return alone and not is_head(request)


def may_withdraw(user: Visitor, request: LeaveRequest) -> bool:
    """Tell whether this login may withdraw a waiting request: the person herself, or who filed it."""
    if not isinstance(user, User) or request.state not in {RequestState.WAITING_HEAD, RequestState.WAITING_OFFICE}:
        return False
    return user.person_id == request.person_id or user.pk == request.filed_by_id


def sees_region(user: Visitor) -> bool:
    """Tell whether this login sees a whole region: what is quick for a school is not for a thousand."""
    return Role.objects.filter(user=user.pk, region__isnull=False).exists()


def requests_for(user: Visitor) -> QuerySet[LeaveRequest]:
    """Return the requests that this login may see: those that concern its boards, and its own."""
    seen = concerns(schools_for(user), few=not sees_region(user))
    if isinstance(user, User) and user.is_active and user.person_id is not None:
        seen |= Q(person=user.person_id)
    return LeaveRequest.objects.filter(seen).select_related("person", "school").order_by("-first", "-filed_at")


def may_file_for(user: Visitor) -> QuerySet[Person]:
    """Return the people for whom this login may file: those of its schools, and itself.

    Of somebody who left it, a school may file for dates on which she was there; `may_file` says so.
    """
    others = people_for(user, Action.REQUEST_LEAVE).values("pk")
    own = user.person_id if isinstance(user, User) and user.is_active else None
    return Person.objects.filter(Q(pk__in=others) | Q(pk=own))


def may_file_at_all(user: Visitor) -> bool:
    """Tell whether there is anybody for whom this login may file. One query, which ends at the first."""
    if not isinstance(user, User) or not user.is_active:
        return False
    here = schools_for(user, Action.REQUEST_LEAVE)
    return user.person_id is not None or Assignment.objects.filter(school__in=here).exists()


def may_file(user: User, request: LeaveRequest) -> bool:
    """Tell whether this login may file such a request: for itself, or for somebody of its schools on these dates."""
    if not user.is_active:
        return False
    if user.person_id == request.person_id:
        return True
    held = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=request.first),
        person=request.person_id,
        school__in=schools_for(user, Action.REQUEST_LEAVE),
        valid_from__lte=request.last,
    )
    return held.filter(school=request.school_id).exists() if request.school_id else held.exists()


def _is_office(user: User, request: LeaveRequest) -> bool:
    regions = Role.objects.filter(user=user, kind=RoleKind.DINAS).values("region")
    return Assignment.objects.filter(person=request.person_id, school__district__region__in=regions).exists()
