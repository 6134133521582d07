"""Reading faces on file: the notice in force, a person's state, a kiosk's gallery, faces that wait for a person."""

import base64
import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from hadir.accounts.access import Action, people_for
from hadir.accounts.models import User
from hadir.core.clock import local_date
from hadir.core.errors import HadirError
from hadir.enrolment.models import DuplicateReview, Enrolment, EnrolmentState, Notice, ReviewState, Template
from hadir.enrolment.pack import current_manifest
from hadir.enrolment.vault import key_ring, unseal_bytes
from hadir.people.models import Person
from hadir.people.queries import assignments_on
from hadir.schools.models import School


@dataclass(frozen=True, slots=True)
class GalleryPerson:
    """One person of a gallery; each template is base64 of little-endian float32, unit length."""

    id: uuid.UUID
    name: str
    salutation: str
    templates: Sequence[str]


@dataclass(frozen=True, slots=True)
class Gallery:
    """The faces that a kiosk needs, all made by one pack. Equal versions are equal galleries."""

    version: str
    pack: str
    people: Sequence[GalleryPerson]


@dataclass(frozen=True, slots=True)
class PersonFaces:
    """What is on file of a person's face: at most one enrolment of each state, and what has ended, newest first."""

    active: Enrolment | None
    held: Enrolment | None
    draft: Enrolment | None
    ended: Sequence[Enrolment]


def current_notice(language: str, now: datetime) -> Notice:
    """Return the newest notice in force, in this language or else in Indonesian. Raises HadirError `notice_missing`."""
    in_force = Notice.objects.filter(valid_from__lte=now)
    newest = in_force.order_by("-version").first()
    if newest is None:
        raise HadirError("notice_missing")
    texts = {notice.language: notice for notice in in_force.filter(version=newest.version)}
    return texts.get(language) or texts.get("id") or newest


def faces_of(person: Person, pack: str) -> PersonFaces:
    """Return what is on file of a person for one pack; `enrolment.templates.all()` is loaded. Two queries."""
    rows = (
        Enrolment.objects.filter(person=person, pack=pack)
        .select_related("started_by", "ended_by", "notice_record__notice")
        .prefetch_related(Prefetch("templates", queryset=Template.objects.defer("sealed")))
    )
    by_state = {row.state: row for row in rows}
    ended = [row for row in rows if row.ended_at is not None]
    return PersonFaces(
        active=by_state.get(EnrolmentState.ACTIVE),
        held=by_state.get(EnrolmentState.HELD),
        draft=by_state.get(EnrolmentState.DRAFT),
        ended=sorted(ended, key=lambda row: row.started_at, reverse=True),
    )


def face_states(people: Iterable[Person], pack: str) -> Mapping[uuid.UUID, EnrolmentState]:
    """Return for each person with a face on file whether it is active or held (active wins). One query."""
    rows = Enrolment.objects.filter(
        person__in=[person.pk for person in people],
        pack=pack,
        state__in=(EnrolmentState.ACTIVE, EnrolmentState.HELD),
    ).values_list("person", "state")
    # Held comes after active by name; read backwards, active overwrites it.
    return {person: EnrolmentState(state) for person, state in rows.order_by("-state")}


def usable_enrolments(state: EnrolmentState) -> QuerySet[Enrolment]:
    """Return the enrolments in this state by which a kiosk can know people: those of the pack in use.

    After a change of pack nobody is known until enrolled anew, and nobody may be awaited. While no pack is installed
    there is nothing to compare with, and every enrolment is returned.
    """
    rows = Enrolment.objects.filter(state=state)
    manifest = current_manifest()
    return rows if manifest is None else rows.filter(pack=manifest["id"])


def gallery_version(schools: Sequence[School], pack: str, now: datetime) -> str:
    """Return the version of the gallery of these schools without opening any template. Two queries."""
    return _version(pack, _gallery_people(schools, pack, now, Template.objects.only("id", "enrolment_id")))


def gallery_for(schools: Sequence[School], pack: str, now: datetime) -> Gallery:
    """Return the people assigned to these schools today (in each school's own zone) with an active face of this pack.

    Two queries, whatever the number of people. Raises HadirError `sealed_unreadable`, `template_key_missing`.
    """
    rows = _gallery_people(schools, pack, now, Template.objects.all())
    ring = key_ring()
    people = [
        GalleryPerson(
            id=row.person_id,
            name=row.person.full_name,
            salutation=row.person.salutation,
            templates=[base64.b64encode(unseal_bytes(ring, template)).decode() for template in row.templates.all()],
        )
        for row in rows
    ]
    return Gallery(version=_version(pack, rows), pack=pack, people=people)


def active_templates(pack: str, now: datetime, schools: Sequence[School] | None = None) -> QuerySet[Template]:
    """Return the templates in the gallery of these schools today, or of everybody."""
    found = Template.objects.filter(pack=pack, enrolment__state=EnrolmentState.ACTIVE)
    return found if schools is None else found.filter(_assigned(schools, now))


def _assigned(schools: Sequence[School], now: datetime) -> Q:
    """Narrow rows with a `person` to those assigned to these schools today, by each school's own date."""
    here = Q(pk__in=[])
    for zone in {school.time_zone for school in schools}:
        keys = [school.pk for school in schools if school.time_zone == zone]
        here |= Q(person__in=assignments_on(local_date(now, zone)).filter(school__in=keys).values("person"))
    return here


def _gallery_people(
    schools: Sequence[School], pack: str, now: datetime, templates: QuerySet[Template]
) -> list[Enrolment]:
    rows = Enrolment.objects.filter(_assigned(schools, now), pack=pack, state=EnrolmentState.ACTIVE)
    rows = rows.select_related("person").prefetch_related(Prefetch("templates", queryset=templates))
    return list(rows.order_by("person__name", "person_id"))


def _version(pack: str, rows: Iterable[Enrolment]) -> str:
    digest = hashlib.sha256(pack.encode())
    for row in rows:
        templates = ",".join(str(template.pk) for template in row.templates.all())
        digest.update(f"\n{row.person_id}|{row.person.full_name}|{row.person.salutation}|{templates}".encode())
    return digest.hexdigest()[:32]


def reviews_for(user: User | AnonymousUser, *, open_only: bool = True) -> QuerySet[DuplicateReview]:
    """Return the reviews that this login may decide: it must be allowed to judge the faces of both people.

    A face that is like someone at another school therefore goes to the dinas, not to a head.
    """
    people = people_for(user, Action.REVIEW_FACES)
    found = DuplicateReview.objects.filter(enrolment__person__in=people, other_person__in=people)
    if open_only:
        found = found.filter(state=ReviewState.OPEN)
    return found.select_related("enrolment__person", "enrolment__started_by", "other_person", "decided_by")


def get_review_or_404(user: User | AnonymousUser, review_id: uuid.UUID) -> DuplicateReview:
    """Return the review if this login may decide it, decided or not."""
    review = reviews_for(user, open_only=False).filter(pk=review_id).first()
    if review is None:
        raise Http404
    return review


def get_enrolment_or_404(user: User | AnonymousUser, enrolment_id: uuid.UUID) -> Enrolment:
    """Return the enrolment if this login may enrol its person."""
    people = people_for(user, Action.ENROL)
    enrolment = Enrolment.objects.select_related("person").filter(pk=enrolment_id, person__in=people).first()
    if enrolment is None:
        raise Http404
    return enrolment
