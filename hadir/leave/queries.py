"""What approved requests and confirmed incidents mean for days: the form in which `attendance` reads them."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from hadir.leave.granted import Granted
from hadir.leave.models_request import WAITING, LeaveRequest, RequestState
from hadir.leave.queries_incident import technical_for
from hadir.people.models import Person


def granted_for(people: Collection[uuid.UUID], first: date, last: date) -> Mapping[uuid.UUID, Sequence[Granted]]:
    """Return the approved entries of these people that touch the dates from `first` to `last`. Two queries."""
    found: dict[uuid.UUID, list[Granted]] = defaultdict(list)
    for person, entries in technical_for(people, first, last).items():
        found[person] += entries
    approved = LeaveRequest.objects.filter(
        person__in=list(people), state=RequestState.APPROVED, first__lte=last, last__gte=first
    )
    rows = approved.order_by("first", "id").values_list(
        "person", "kind", "first", "last", "school", "start", "end", "pk"
    )
    for person, kind, begins, ends, school, start, end, key in rows:
        found[person].append(Granted(person, kind, begins, ends, school, start, end, str(key)))
    return found


def waiting_at(people: Collection[uuid.UUID], first: date, last: date) -> Sequence[LeaveRequest]:
    """Return the requests of these people that wait for a decision and touch the dates. One query."""
    found = LeaveRequest.objects.filter(person__in=list(people), state__in=WAITING, first__lte=last, last__gte=first)
    return list(found.select_related("person").order_by("first", "id"))


def requests_of(person: Person) -> Sequence[LeaveRequest]:
    """Return a person's requests, latest first. One query."""
    return list(LeaveRequest.objects.filter(person=person).order_by("-first", "-filed_at"))
