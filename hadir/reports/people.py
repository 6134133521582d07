"""Reading for the pages about people: the list, and one person with face and last scans."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from hadir.core.clock import day_bounds
from hadir.enrolment.models import Enrolment, EnrolmentState, Template
from hadir.enrolment.queries import usable_enrolments
from hadir.ledger.models import Scan, Verdict
from hadir.people.models import Assignment, Person
from hadir.people.queries import assignments_on
from hadir.schools.models import School

LAST_SCANS = 30


def people_at(schools: QuerySet[School], day: date, *, few: bool) -> QuerySet[Person]:
    """Return who is assigned to any of these schools on a date, by name, each once.

    `person.assignments_of_day` holds the assignments there, home school first; `has_face` and `is_held` tell the state
    of the face. `few` helps the database: of few schools it finds the people first, of a region it goes by name and
    looks at no more people than a page shows.
    """
    held = assignments_on(day)
    if few:
        held = held.filter(school__in=schools.order_by().values("pk"))
    else:
        held = held.filter(Exists(schools.order_by().filter(pk=OuterRef("school_id"))))
    here = Q(pk__in=held.values("person")) if few else Q(Exists(held.filter(person=OuterRef("pk"))))
    return (
        Person.objects.filter(here)
        .annotate(has_face=_has_enrolment(EnrolmentState.ACTIVE), is_held=_has_enrolment(EnrolmentState.HELD))
        .order_by("name", "id")
        .prefetch_related(
            Prefetch(
                "assignments",
                queryset=held.select_related("school").order_by("-is_home", "valid_from", "id"),
                to_attr="assignments_of_day",
            )
        )
    )


def face_groups(people: QuerySet[Person]) -> Mapping[str, QuerySet[Person]]:
    """Divide people by the state of their face; everybody is in exactly one group."""
    active, held = _has_enrolment(EnrolmentState.ACTIVE), _has_enrolment(EnrolmentState.HELD)
    return {
        "terdaftar": people.filter(active),
        "menunggu": people.filter(~active, held),
        "belum": people.filter(~active, ~held),
    }


def face_counts(people: QuerySet[Person]) -> Mapping[str, int]:
    """Return how many people of `people_at` are in each of the groups of `face_groups`. One query."""
    numbers: dict[str, int] = people.order_by().aggregate(
        terdaftar=Count("pk", filter=Q(has_face=True)),
        menunggu=Count("pk", filter=Q(has_face=False, is_held=True)),
        belum=Count("pk", filter=Q(has_face=False, is_held=False)),
    )
    return numbers


def _has_enrolment(state: EnrolmentState) -> Exists:
    return Exists(usable_enrolments(state).filter(person=OuterRef("pk")))


@dataclass(frozen=True, slots=True)
class FaceOnFile:
    """What is on file of a face; `templates` counts those of the active or held enrolment."""

    active: Enrolment | None
    held: Enrolment | None
    ended: Enrolment | None
    templates: int


def face_on_file(person: Person) -> FaceOnFile:
    """Return the newest active, held and ended enrolment of a person, whatever pack made them."""
    rows = list(
        Enrolment.objects.filter(person=person)
        .exclude(state=EnrolmentState.DRAFT)
        .select_related("started_by", "ended_by", "notice_record__notice")
        .prefetch_related(Prefetch("templates", queryset=Template.objects.defer("sealed")))
        .order_by("-started_at", "-id")
    )
    active = next((row for row in rows if row.state == EnrolmentState.ACTIVE), None)
    held = next((row for row in rows if row.state == EnrolmentState.HELD), None)
    shown = active or held
    return FaceOnFile(
        active=active,
        held=held,
        ended=next((row for row in rows if row.ended_at is not None), None),
        templates=len(shown.templates.all()) if shown else 0,
    )


def assignments_of(person: Person, schools: QuerySet[School] | None) -> list[Assignment]:
    """Return a person's assignments, newest first; only those at `schools` unless None."""
    found = Assignment.objects.filter(person=person).select_related("school__district")
    if schools is not None:
        found = found.filter(school__in=schools.order_by().values("pk"))
    return list(found.order_by("-valid_from", "-is_home", "id"))


def last_scans(person: Person, assignments: Iterable[Assignment] | None) -> QuerySet[Scan]:
    """Return a person's newest scans, newest first.

    With `assignments`: those at these schools, and elsewhere only on days of these assignments: a school reads where
    its own people were, not what they did before they came or after they left. None: all.
    """
    scans = Scan.objects.filter(person=person, verdict=Verdict.RECOGNISED)
    if assignments is not None:
        scans = scans.filter(_within(assignments))
    return (
        scans.select_related("device", "school").defer("record", "quality").order_by("-captured_at", "-id")[:LAST_SCANS]
    )


def _within(assignments: Iterable[Assignment]) -> Q:
    within = Q(pk=uuid.UUID(int=0))
    for assignment in assignments:
        zone = assignment.school.time_zone
        days = Q(captured_at__gte=day_bounds(assignment.valid_from, zone)[0])
        if assignment.valid_to is not None:
            days &= Q(captured_at__lt=day_bounds(assignment.valid_to, zone)[1])
        within |= Q(school=assignment.school) | days
    return within


def flag_notes(scan: Scan) -> list[str]:
    """Return what a reader must know of one scan, in words: what the server flagged when it came."""
    words = {
        "clock_ahead": _("Jam kios lebih maju daripada jam server."),
        "clock_old": _("Diterima lebih dari 30 hari kemudian."),
        "device_revoked": _("Dari kios yang sudah dinonaktifkan."),
        "person_elsewhere": _("Di sekolah yang bukan penugasannya."),
        "sample_outside_demo": _("Contoh di luar wilayah peragaan, tidak dihitung."),
    }
    return [words[flag] for flag in scan.flags if flag in words]
