"""Reading incidents: what they mean for days, whom they may touch, who may decide."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from hadir.accounts.models import Role, RoleKind, User
from hadir.leave.granted import Granted
from hadir.leave.models_incident import AffectedPerson, Incident, IncidentState
from hadir.people.duties import head_duty
from hadir.people.queries import assignments_between
from hadir.schools.models import School

TECHNICAL = "TEKNIS"
DAY = timedelta(days=1)
ABOVE_SCHOOL = (RoleKind.DINAS, RoleKind.SUPERVISOR)
"""Who confirms what concerns a head of school."""
Span = tuple[uuid.UUID, date, date]


def technical_for(people: Collection[uuid.UUID], first: date, last: date) -> Mapping[uuid.UUID, list[Granted]]:
    """Return the confirmed technical reasons of these people that touch the dates from `first` to `last`. One query."""
    rows = AffectedPerson.objects.filter(
        person__in=list(people),
        included=True,
        confirmed_at__isnull=False,
        incident__state=IncidentState.CONFIRMED,
        first__lte=last,
        last__gte=first,
    ).select_related("incident")
    found: dict[uuid.UUID, list[Granted]] = defaultdict(list)
    for row in rows.order_by("first", "id"):
        found[row.person_id].append(
            Granted(
                row.person_id,
                TECHNICAL,
                row.first,
                row.last,
                school=row.incident.school_id,
                reference=str(row.incident_id),
            )
        )
    return found


def assigned_spans(school: School, first: date, last: date) -> Sequence[Span]:
    """Return who is assigned to a school between two dates, and from when to when within them.

    Assignments that follow each other without a gap, or overlap, are one span. One query.
    """
    rows = assignments_between(first, last).filter(school=school)
    spans: list[Span] = []
    for person, begins, ends in rows.order_by("person", "valid_from").values_list("person", "valid_from", "valid_to"):
        start, end = max(begins, first), min(ends or last, last)
        if spans and spans[-1][0] == person and start <= spans[-1][2] + DAY:
            spans[-1] = (person, spans[-1][1], max(spans[-1][2], end))
        else:
            spans.append((person, start, end))
    return spans


def heads_of(school: School, first: date, last: date) -> set[uuid.UUID]:
    """Return the people who are head of a school between two dates, by their login's role or by their duty."""
    logins = Role.objects.filter(kind=RoleKind.HEAD, school=school, user__person__isnull=False)
    duties = assignments_between(first, last).filter(head_duty(), school=school)
    linked = {key for key in logins.values_list("user__person", flat=True) if key is not None}
    return linked | set(duties.values_list("person", flat=True))


def stands_above(user: User | None, school: School) -> bool:
    """Tell whether a login decides for the dinas or as pengawas at this school; a command does."""
    if user is None:
        return True
    return _roles(user, school, ABOVE_SCHOOL).exists()


def is_dinas(user: User | None, school: School) -> bool:
    """Tell whether a login is of the dinas of this school's region; a command counts as one."""
    return user is None or _roles(user, school, (RoleKind.DINAS,)).exists()


def _roles(user: User, school: School, kinds: Collection[RoleKind]) -> QuerySet[Role]:
    place = Q(school=school) | Q(district=school.district_id) | Q(region=school.district.region_id)
    return Role.objects.filter(place, user=user, kind__in=kinds)


def waiting_parts(incident: Incident, by: User | None) -> list[AffectedPerson]:
    """Return the parts of an incident that this login may confirm now.

    Nobody confirms her own part, nor a report of her own unless it is the dinas; the parts of heads of the school are
    confirmed from above.
    """
    if by is not None and incident.reported_by_id == by.pk and not is_dinas(by, incident.school):
        return []
    rows = incident.affected.filter(included=True, confirmed_at__isnull=True).select_related("person")
    heads = set() if stands_above(by, incident.school) else heads_of(incident.school, incident.first, incident.last)
    own = by.person_id if by is not None else None
    return [row for row in rows if row.person_id != own and row.person_id not in heads]


def incidents_of(schools: QuerySet[School]) -> QuerySet[Incident]:
    """Return the incidents of these schools, the latest first, with `touched`: how many people each includes."""
    here = Incident.objects.filter(school__in=schools.order_by().values("pk"))
    touched = Count("affected__person", filter=Q(affected__included=True), distinct=True)
    return here.select_related("school").annotate(touched=touched).order_by("-first", "-reported_at", "-id")


def half_confirmed(schools: QuerySet[School]) -> QuerySet[Incident]:
    """Return the confirmed incidents in which somebody's part still waits for the pengawas or the dinas."""
    open_parts = AffectedPerson.objects.filter(included=True, confirmed_at__isnull=True).values("incident")
    return incidents_of(schools).filter(state=IncidentState.CONFIRMED, pk__in=open_parts)


def known_days(schools: Collection[uuid.UUID], first: date, last: date) -> set[tuple[uuid.UUID, date]]:
    """Return the schools and dates for which an incident is reported or confirmed. One query."""
    rows = Incident.objects.filter(
        school__in=list(schools),
        state__in=[IncidentState.REPORTED, IncidentState.CONFIRMED],
        first__lte=last,
        last__gte=first,
    )
    return {
        (school, max(begins, first) + place * DAY)
        for school, begins, ends in rows.order_by().values_list("school", "first", "last")
        for place in range((min(ends, last) - max(begins, first)).days + 1)
    }
