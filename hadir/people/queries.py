"""Reading people: who belongs to a school on a date."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from hadir.people.models import Assignment, Person
from hadir.schools.models import School


def assignments_between(first: date, last: date) -> QuerySet[Assignment]:
    """Return every assignment that holds on one of these dates, both ends included."""
    return Assignment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first), valid_from__lte=last)


def assignments_on(day: date) -> QuerySet[Assignment]:
    """Return every assignment that holds on a date."""
    return assignments_between(day, day)


def people_of_school(school: School, day: date) -> QuerySet[Person]:
    """Return the people assigned to a school on a date, each once, by name.

    `person.assignments_of_day` holds their assignments there that day, home school first. Two queries.
    """
    held = assignments_on(day).filter(school=school)
    return (
        Person.objects.filter(pk__in=held.values("person"))
        .order_by("name", "id")
        .prefetch_related(
            Prefetch(
                "assignments",
                queryset=held.order_by("-is_home", "valid_from", "id"),
                to_attr="assignments_of_day",
            )
        )
    )


def school_of_person(person_id: uuid.UUID, schools: Iterable[School], day: date) -> uuid.UUID | None:
    """Return the id of the one among `schools` where the person is assigned on a date; the home school if several."""
    held = assignments_on(day).filter(person=person_id, school__in=[school.pk for school in schools])
    return held.order_by("-is_home", "valid_from", "id").values_list("school", flat=True).first()


def find_people(people: QuerySet[Person], words: str) -> QuerySet[Person]:
    """Narrow people by what somebody typed: every word stands in the name, or the whole is part of NIP or NUPTK."""
    digits = "".join(words.split())
    if digits.isdecimal() and digits.isascii():
        return people.filter(Q(nip__contains=digits) | Q(nuptk__contains=digits))
    for word in words.split()[:6]:
        people = people.filter(name__icontains=word)
    return people
