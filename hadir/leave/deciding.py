"""Who decides on a request, and who may see it. The same words answer for pages, counts and services."""

from django.db.models import Q, QuerySet

from hadir.accounts.access import Action, Visitor, people_for
from hadir.accounts.models import Role, RoleKind, User
from hadir.leave.models_request import LeaveRequest, RequestState
from hadir.leave.rules import rule_of
from hadir.people.models import Assignment, Person
from hadir.schools.models import School

HEAD_DUTY = "kepala sekolah"


def is_head(person: Person) -> bool:
    """Tell whether somebody heads a school: by a role of her login, or by her duty. Her requests go past herself."""
    if Role.objects.filter(user__person=person, kind=RoleKind.HEAD).exists():
        return True
    return Assignment.objects.filter(person=person, valid_to__isnull=True, duty__istartswith=HEAD_DUTY).exists()


def decidable_by(user: Visitor) -> QuerySet[LeaveRequest]:
    """Return the requests on which this login may decide now; never its own.

    A head: those that wait for the head, of people at his schools. The dinas: all that wait in its region. A pengawas:
    those of heads of school, as long as the rule lets a head decide on so many days.
    """
    if not isinstance(user, User) or not user.is_active:
        return LeaveRequest.objects.none()
    heads = Role.objects.filter(user=user, kind=RoleKind.HEAD).values("school")
    regions = Role.objects.filter(user=user, kind=RoleKind.DINAS).values("region")
    districts = Role.objects.filter(user=user, kind=RoleKind.SUPERVISOR, district__isnull=False).values("district")
    watched = Role.objects.filter(user=user, kind=RoleKind.SUPERVISOR, school__isnull=False).values("school")
    at_school = _people_at(Q(pk__in=heads))
    in_region = _people_at(Q(district__region__in=regions))
    below = _people_at(Q(district__in=districts) | Q(pk__in=watched))
    leaders = Q(person__user__roles__kind=RoleKind.HEAD) | Q(
        person__assignments__duty__istartswith=HEAD_DUTY, person__assignments__valid_to__isnull=True
    )
    waiting = LeaveRequest.objects.filter(
        Q(state=RequestState.WAITING_HEAD, person__in=at_school)
        | Q(state__in=[RequestState.WAITING_HEAD, RequestState.WAITING_OFFICE], person__in=in_region)
        | (Q(state=RequestState.WAITING_OFFICE, person__in=below) & leaders)
    )
    if user.person_id is not None:
        waiting = waiting.exclude(person=user.person_id)
    return LeaveRequest.objects.filter(pk__in=waiting.values("pk"))


def may_decide(user: Visitor, request: LeaveRequest) -> bool:
    """Tell whether this login may decide on a request now."""
    return decidable_by(user).filter(pk=request.pk).exists()


def goes_on(user: User | None, request: LeaveRequest) -> bool:
    """Tell whether the yes of this login is not the last word: beyond a head's share of days only the dinas' is."""
    if user is None or _is_office(user, request):
        return False
    return request.days > rule_of(request.kind, request.first).head_days


def may_cancel(user: Visitor, request: LeaveRequest) -> bool:
    """Tell whether this login may take back an approved request: who could have decided it; never its own."""
    if not isinstance(user, User) or request.state != RequestState.APPROVED or user.person_id == request.person_id:
        return False
    mine = people_for(user, Action.APPROVE_LEAVE).filter(pk=request.person_id).exists()
    return mine and (not is_head(request.person) or _is_office(user, request))


def may_withdraw(user: Visitor, request: LeaveRequest) -> bool:
    """Tell whether this login may withdraw a waiting request: the person herself, or who filed it."""
    if not isinstance(user, User) or request.state not in {RequestState.WAITING_HEAD, RequestState.WAITING_OFFICE}:
        return False
    return user.person_id == request.person_id or user.pk == request.filed_by_id


def requests_for(user: Visitor) -> QuerySet[LeaveRequest]:
    """Return the requests that this login may see: of the people on its boards, and its own."""
    found = LeaveRequest.objects.filter(person__in=people_for(user).values("pk"))
    return found.select_related("person", "school").order_by("-first", "-filed_at")


def may_file_for(user: Visitor) -> QuerySet[Person]:
    """Return the people for whom this login may file: those of its schools, and itself."""
    others = people_for(user, Action.REQUEST_LEAVE).values("pk")
    own = user.person_id if isinstance(user, User) and user.is_active else None
    return Person.objects.filter(Q(pk__in=others) | Q(pk=own))


def _people_at(schools: Q) -> QuerySet[Person]:
    here = Assignment.objects.filter(school__in=School.objects.filter(schools))
    return Person.objects.filter(pk__in=here.values("person"))


def _is_office(user: User, request: LeaveRequest) -> bool:
    regions = Role.objects.filter(user=user, kind=RoleKind.DINAS).values("region")
    return Assignment.objects.filter(person=request.person_id, school__district__region__in=regions).exists()
