"""The door of `accounts.access` for schedules, rule packs and incidents: whose may be seen, whose may be changed."""

import uuid
from typing import cast

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from hadir.accounts.access import Action, Visitor, get_school_or_404, may, schools_for
from hadir.accounts.models import User
from hadir.leave.models_incident import Incident, IncidentState
from hadir.people.models import Person
from hadir.schedules.corrections import ROWS, scope_of
from hadir.schedules.models import Dated, RulePackChoice, Timetable
from hadir.schools.models import Region, School

Place = Region | School


def regions_for(user: Visitor, action: Action = Action.VIEW_BOARD) -> QuerySet[Region]:
    """Return the regions in which this login may do `action` at every school."""
    schools = schools_for(user, action)
    every = Region.objects.filter(districts__schools__in=schools).distinct()
    narrow = School.objects.exclude(pk__in=schools.values("pk"))
    return every.exclude(districts__schools__in=narrow)


def get_region_or_404(user: Visitor, region_id: uuid.UUID, action: Action = Action.VIEW_BOARD) -> Region:
    """Return the region if this login may do `action` all over it; errors as in `get_school_or_404`."""
    region = regions_for(user, action).filter(pk=region_id).first()
    if region is not None:
        return region
    if regions_for(user).filter(pk=region_id).exists():
        raise PermissionDenied
    raise Http404


def get_place_or_404(user: Visitor, place: str, action: Action = Action.VIEW_BOARD) -> Place:
    """Return the school of an NPSN, or the region of an id; errors as in `get_school_or_404`."""
    if place.isdigit():
        return get_school_or_404(user, place, action)
    try:
        return get_region_or_404(user, uuid.UUID(place), action)
    except ValueError:
        raise Http404 from None


def may_change(user: Visitor, place: Place) -> bool:
    """Tell whether this login may change the schedule of a school (from today on) or of a region."""
    if isinstance(place, School):
        return may(user, Action.MANAGE_CALENDAR, place)
    return regions_for(user, Action.MANAGE_RULES).filter(pk=place.pk).exists()


def may_change_past(user: Visitor, place: Place) -> bool:
    """Tell whether this login may change what was: the dinas only, since a school's own truancy could hide in it."""
    if isinstance(place, School):
        return may(user, Action.MANAGE_RULES, place)
    return may_change(user, place)


def get_row_or_404(user: Visitor, kind: str, row_id: uuid.UUID) -> tuple[Dated, Place]:
    """Return a row of the schedule and the place whose page it stands on, if this login may change that place.

    Hours of a person stand on the page of a school of theirs. A choice of rule pack has its own page.
    """
    model = ROWS.get(kind)
    row = model._default_manager.filter(pk=row_id).first() if model else None
    if row is None or isinstance(row, RulePackChoice):
        raise Http404
    scope = row.school if isinstance(row, Timetable) else scope_of(row)
    if isinstance(scope, Person):
        here = schools_for(user, Action.MANAGE_CALENDAR).filter(assignments__person=scope)
        school = here.order_by("npsn").first()
        if school is None:
            raise Http404
        return row, school
    place = scope.npsn if isinstance(scope, School) else str(scope.pk)
    shown = get_place_or_404(user, place)
    if not may_change(user, shown):
        raise PermissionDenied
    return row, shown


def incident_or_404(user: Visitor, incident_id: uuid.UUID) -> Incident:
    """Return the incident if it was at a school whose board this login may open. Raises Http404."""
    found = Incident.objects.filter(pk=incident_id, school__in=schools_for(user).values("pk"))
    shown = found.select_related("school__district__region", "reported_by", "decided_by").first()
    if shown is None:
        raise Http404
    return shown


def may_add_documents(user: Visitor, incident: Incident) -> bool:
    """Tell whether a login may put documents beside an incident: who reports or decides there, while it stands."""
    if incident.state not in {IncidentState.REPORTED, IncidentState.CONFIRMED}:
        return False
    return may(user, Action.REQUEST_LEAVE, incident.school) or may(user, Action.APPROVE_LEAVE, incident.school)


def user_of(user: Visitor) -> User:
    """Return the login behind `login_required`."""
    return cast("User", user)
