"""The one door to "what may this login see and do". Views, APIs and exports never query around it.

`ALLOWED` is the whole policy. Who decides on doubtful faces (REVIEW_FACES) is never the operator who enrolled them.
What a login may not see answers like something that does not exist (404); what it may see but not do, 403.
Devices have their own door of the same shape in `hadir.devices.access`, because they are built on top of this.
"""

import uuid
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from hadir.accounts.models import Role, RoleKind, User
from hadir.core import clock
from hadir.people.models import Assignment, Person
from hadir.schools.models import School


class Action(StrEnum):
    """What a login may do at a school."""

    VIEW_BOARD = "view_board"
    MANAGE_PEOPLE = "manage_people"
    ENROL = "enrol"
    MANAGE_DEVICES = "manage_devices"
    EXPORT = "export"
    REVIEW_FACES = "review_faces"
    REQUEST_LEAVE = "request_leave"
    """File leave, duty or a correction for somebody else; everybody may for themselves."""
    APPROVE_LEAVE = "approve_leave"
    SIGN_MONTH = "sign_month"
    REOPEN_MONTH = "reopen_month"
    MANAGE_CALENDAR = "manage_calendar"
    """Hours, calendar and timetables of a school."""
    MANAGE_RULES = "manage_rules"
    """Rule packs, and hours and calendars of a region."""


ALLOWED: Mapping[RoleKind, frozenset[Action]] = {
    RoleKind.OPERATOR: frozenset(
        {
            *(Action.VIEW_BOARD, Action.MANAGE_PEOPLE, Action.ENROL, Action.MANAGE_DEVICES, Action.EXPORT),
            *(Action.REQUEST_LEAVE, Action.MANAGE_CALENDAR),
        }
    ),
    RoleKind.HEAD: frozenset(
        {
            *(Action.VIEW_BOARD, Action.MANAGE_PEOPLE, Action.MANAGE_DEVICES, Action.EXPORT, Action.REVIEW_FACES),
            *(Action.REQUEST_LEAVE, Action.APPROVE_LEAVE, Action.SIGN_MONTH, Action.MANAGE_CALENDAR),
        }
    ),
    RoleKind.TEACHER: frozenset(),
    RoleKind.SUPERVISOR: frozenset({Action.VIEW_BOARD, Action.EXPORT, Action.APPROVE_LEAVE}),
    RoleKind.DINAS: frozenset(Action),
    RoleKind.INSPECTOR: frozenset({Action.VIEW_BOARD, Action.EXPORT}),
    RoleKind.IT: frozenset({Action.MANAGE_DEVICES}),
}
"""Each kind of role with its actions, at the role's place: one school, all of a kecamatan, all of a region."""

WRITES = frozenset({Action.MANAGE_PEOPLE, Action.ENROL, Action.REVIEW_FACES})
"""Actions on a person that end with the assignment; looking at the past does not."""

Visitor = User | AnonymousUser


def schools_for(user: Visitor, action: Action = Action.VIEW_BOARD) -> QuerySet[School]:
    """Return the schools where this login may do `action`; none for the anonymous and the deactivated."""
    if not isinstance(user, User) or not user.is_active:
        return School.objects.none()
    kinds = [kind for kind, actions in ALLOWED.items() if action in actions]
    roles = Role.objects.filter(user=user, kind__in=kinds)
    return School.objects.filter(
        Q(pk__in=roles.filter(school__isnull=False).values("school"))
        | Q(district__in=roles.filter(district__isnull=False).values("district"))
        | Q(district__region__in=roles.filter(region__isnull=False).values("region"))
    )


def may(user: Visitor, action: Action, school: School) -> bool:
    """Tell whether this login may do `action` at this school. One query."""
    return schools_for(user, action).filter(pk=school.pk).exists()


def people_for(user: Visitor, action: Action = Action.VIEW_BOARD, *, today: date | None = None) -> QuerySet[Person]:
    """Return the people on whom this login may do `action`.

    To look: everybody who is, was or will be assigned to one of its schools, and itself. To change (`WRITES`): only
    those whose assignment there has not ended by `today` (default: today): a former school cannot touch a face.
    """
    return _people(user, action, Assignment.objects.all(), today)


def _people(user: Visitor, action: Action, among: QuerySet[Assignment], today: date | None) -> QuerySet[Person]:
    """Do what `people_for` says, among these assignments: the database then need not look at all people of a region."""
    assignments = among.filter(school__in=schools_for(user, action))
    if action in WRITES:
        day = today or clock.local_date(clock.now(), settings.TIME_ZONE)
        assignments = assignments.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    allowed = Q(pk__in=assignments.values("person"))
    if action is Action.VIEW_BOARD and isinstance(user, User) and user.is_active and user.person_id is not None:
        allowed |= Q(pk=user.person_id)
    return Person.objects.filter(allowed)


def get_school_or_404(user: Visitor, npsn: str, action: Action = Action.VIEW_BOARD) -> School:
    """Return the school if this login may do `action` there.

    Raises Http404 where the login has nothing to do with the school, PermissionDenied where only the action is missing.
    """
    school = schools_for(user, action).filter(npsn=npsn).select_related("district", "island").first()
    if school is not None:
        return school
    if any(schools_for(user, other).filter(npsn=npsn).exists() for other in Action if other is not action):
        raise PermissionDenied
    raise Http404


def get_person_or_404(
    user: Visitor, person_id: uuid.UUID | str, action: Action = Action.VIEW_BOARD, *, today: date | None = None
) -> Person:
    """Return the person if this login may do `action` on them; errors as in `get_school_or_404`."""
    try:
        key = uuid.UUID(str(person_id))
    except ValueError:
        raise Http404 from None
    held = Assignment.objects.filter(person=key)
    person = _people(user, action, held, today).filter(pk=key).first()
    if person is not None:
        return person
    if _people(user, Action.VIEW_BOARD, held, None).filter(pk=key).exists():
        raise PermissionDenied
    raise Http404
