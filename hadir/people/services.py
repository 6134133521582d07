"""Writing people and their assignments."""

import re
from datetime import date, datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Q

from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.core.texts import clean_text
from hadir.people.marks import begun_by, mark_person
from hadir.people.models import Assignment, Person, Salutation, StaffKind
from hadir.people.numbers import plain_number
from hadir.schools.models import School

NIP = re.compile(r"[0-9]{18}")
NUPTK = re.compile(r"[0-9]{16}")


@transaction.atomic
def add_person(
    *,
    name: str,
    now: datetime,
    title_front: str = "",
    title_back: str = "",
    salutation: str = Salutation.NONE,
    nip: str = "",
    nuptk: str = "",
    by: AbstractBaseUser | None = None,
) -> Person:
    """Add a person. NIP and NUPTK may be empty and may be typed with blanks.

    The digits of a NIP are read for what they are (`numbers.read_nip`) and never used to reject: a NI PPPK is built
    otherwise. Raises HadirError `name_missing`, `nip_invalid`, `nip_taken`, `nuptk_invalid`, `nuptk_taken`, `text_*`.
    """
    person = Person(created_at=now)
    _fill(person, name=name, title_front=title_front, title_back=title_back, salutation=salutation)
    _number(person, nip=nip, nuptk=nuptk)
    person.save(force_insert=True)
    record_audit(actor=by, action="add_person", object_kind="person", object_id=person.pk, now=now)
    return person


@transaction.atomic
def change_person(
    *,
    person: Person,
    name: str,
    now: datetime,
    title_front: str = "",
    title_back: str = "",
    salutation: str = Salutation.NONE,
    nip: str = "",
    nuptk: str = "",
    by: AbstractBaseUser | None = None,
) -> Person:
    """Replace a person's names and numbers; errors as in `add_person`. The audit entry names the fields changed."""
    before = {name: getattr(person, name) for name in _FIELDS}
    _fill(person, name=name, title_front=title_front, title_back=title_back, salutation=salutation)
    _number(person, nip=nip, nuptk=nuptk)
    changed = sorted(name for name in _FIELDS if getattr(person, name) != before[name])
    if changed:
        person.save(update_fields=changed)
        record_audit(
            actor=by,
            action="change_person",
            object_kind="person",
            object_id=person.pk,
            now=now,
            detail={"before": {name: before[name] for name in changed}},
        )
    return person


_FIELDS = ("name", "title_front", "title_back", "salutation", "nip", "nuptk")


def _fill(person: Person, *, name: str, title_front: str, title_back: str, salutation: str) -> None:
    person.name = clean_text(name, field="nama", limit=160)
    if not person.name:
        raise HadirError("name_missing")
    person.title_front = clean_text(title_front, field="gelar depan", limit=40)
    person.title_back = clean_text(title_back, field="gelar belakang", limit=60)
    person.salutation = salutation if salutation in Salutation.values else Salutation.NONE


def _number(person: Person, *, nip: str, nuptk: str) -> None:
    person.nip = plain_number(nip)
    person.nuptk = plain_number(nuptk)
    if person.nip and not NIP.fullmatch(person.nip):
        raise HadirError("nip_invalid")
    if person.nuptk and not NUPTK.fullmatch(person.nuptk):
        raise HadirError("nuptk_invalid")
    others = Person.objects.exclude(pk=person.pk)
    if person.nip and others.filter(nip=person.nip).exists():
        raise HadirError("nip_taken")
    if person.nuptk and others.filter(nuptk=person.nuptk).exists():
        raise HadirError("nuptk_taken")


@transaction.atomic
def assign_person(
    *,
    person: Person,
    school: School,
    duty: str,
    staff_kind: str,
    valid_from: date,
    now: datetime,
    valid_to: date | None = None,
    is_home: bool = True,
    by: AbstractBaseUser | None = None,
) -> Assignment:
    """Assign a person to a school from one date to another, both included.

    1. Lock the person's row, so that two assignments of one person are judged one after the other (PostgreSQL;
       SQLite has one writer anyway).
    2. Refuse the same duty at the same school on days already covered (`assignment_overlaps`). Several duties, and
       several schools, on one day are allowed: people do work so.
    3. Insert.

    Raises also `assignment_dates`, `text_*`.
    """
    if valid_to is not None and valid_to < valid_from:
        raise HadirError("assignment_dates")
    duty = clean_text(duty, field="tugas", limit=80)
    Person.objects.select_for_update().get(pk=person.pk)
    same = Assignment.objects.filter(person=person, school=school, duty=duty)
    overlapping = same.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from))
    if valid_to is not None:
        overlapping = overlapping.filter(valid_from__lte=valid_to)
    if overlapping.exists():
        raise HadirError("assignment_overlaps")
    assignment = Assignment.objects.create(
        person=person,
        school=school,
        duty=duty,
        staff_kind=StaffKind(staff_kind),
        is_home=is_home,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    record_audit(
        actor=by,
        action="assign_person",
        object_kind="person",
        object_id=person.pk,
        now=now,
        detail={"assignment": str(assignment.pk), "school": school.npsn, "from": valid_from.isoformat()},
    )
    if valid_from <= begun_by(now):
        mark_person(person_id=person.pk, first=valid_from, last=begun_by(now), now=now)
    return assignment


@transaction.atomic
def end_assignment(
    *, assignment: Assignment, last_day: date, now: datetime, by: AbstractBaseUser | None = None
) -> Assignment:
    """Let an assignment end after `last_day`. The row stays: what was is never erased.

    Raises HadirError `assignment_dates` (ends before it began), `assignment_ended` (a day already passed it).
    """
    current = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if last_day < current.valid_from:
        raise HadirError("assignment_dates")
    if current.valid_to is not None and current.valid_to <= last_day:
        raise HadirError("assignment_ended")
    assignment.valid_to = last_day
    assignment.save(update_fields=["valid_to"])
    record_audit(
        actor=by,
        action="end_assignment",
        object_kind="person",
        object_id=assignment.person_id,
        now=now,
        detail={"assignment": str(assignment.pk), "last_day": last_day.isoformat()},
    )
    if last_day <= begun_by(now):
        mark_person(person_id=assignment.person_id, first=last_day, last=begun_by(now), now=now)
    return assignment
