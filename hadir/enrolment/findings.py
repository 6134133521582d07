"""What speaks against putting a finished enrolment straight into the gallery."""

import uuid
from datetime import datetime
from typing import Final

from django.db.models import Q

from hadir.core.sealed import KeyRing
from hadir.enrolment.likeness import SAME_IMAGE, likenesses, templates_of_others
from hadir.enrolment.models import (
    DuplicateReview,
    Enrolment,
    EnrolmentState,
    ReviewKind,
    ReviewState,
    Template,
)
from hadir.enrolment.vault import Vector
from hadir.face import Thresholds

MOST_REVIEWS: Final = 5
"""A face like many others is one to look at, whatever their number."""


def findings_for(
    enrolment: Enrolment,
    probes: Vector,
    *,
    ring: KeyRing,
    thresholds: Thresholds,
    now: datetime,
    finished_since: datetime | None = None,
) -> list[DuplicateReview]:
    """Return unsaved reviews, nearest first: other people with such a face, and a face unlike the one on file.

    With `finished_since` only templates of enrolments finished from then on are looked at.
    """
    others = templates_of_others(enrolment.person, enrolment.pack, finished_since=finished_since)
    settled = _settled_as_different(enrolment)
    found = [
        DuplicateReview(
            enrolment=enrolment,
            other_person_id=like.person_id,
            similarity=like.similarity,
            reused_image=like.nearest >= SAME_IMAGE,
            created_at=now,
        )
        for like in likenesses(probes, others, ring, at_least=thresholds.duplicate)
        if like.person_id not in settled
    ][:MOST_REVIEWS]
    changed = _change_of_face(enrolment, probes, ring, thresholds, now)
    return [*found, *([changed] if changed is not None else [])]


def _settled_as_different(enrolment: Enrolment) -> set[uuid.UUID]:
    """People about whom somebody has already said: like, but not the same. Twins are asked once."""
    person = enrolment.person
    decided = DuplicateReview.objects.filter(
        Q(enrolment__person=person) | Q(other_person=person),
        kind=ReviewKind.DUPLICATE,
        state=ReviewState.DIFFERENT_PERSON,
    ).values_list("enrolment__person", "other_person")
    return {key for pair in decided for key in pair if key != person.pk}


def _change_of_face(
    enrolment: Enrolment, probes: Vector, ring: KeyRing, thresholds: Thresholds, now: datetime
) -> DuplicateReview | None:
    """A new set must look like the one it replaces, or another face could move in under this name."""
    own = Template.objects.filter(person=enrolment.person, pack=enrolment.pack, enrolment__state=EnrolmentState.ACTIVE)
    on_file = likenesses(probes, own, ring, at_least=-1.0)
    if not on_file or on_file[0].similarity >= thresholds.unknown:
        return None
    return DuplicateReview(
        enrolment=enrolment,
        kind=ReviewKind.CHANGED,
        other_person=enrolment.person,
        similarity=on_file[0].similarity,
        created_at=now,
    )
