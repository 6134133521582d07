"""Whose face is this like? One person's new pictures against every template on file, in bounded memory."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

import numpy as np
from django.db.models import QuerySet

from hadir.core.sealed import KeyRing
from hadir.enrolment.models import EnrolmentState, Template
from hadir.enrolment.vault import WIRE, Vector, unseal_bytes
from hadir.face import Match
from hadir.people.models import Person

CHUNK: Final = 2048
"""Templates that are open at one time: 2048 x 1152 float32 are 9 MB."""

SAME_IMAGE: Final = 0.999
"""Two photos of one face are never this near; the same picture, saved again, is."""

IN_USE: Final = (EnrolmentState.ACTIVE, EnrolmentState.HELD)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near a person on file is to the new pictures.

    `similarity` is the cosine of each new picture to the nearest of the person's templates, averaged over the pictures:
    one lucky pair among many does not make a duplicate. `nearest` is the highest single cosine.
    """

    person_id: uuid.UUID
    similarity: float
    nearest: float


def templates_of_others(person: Person, pack: str, *, finished_since: datetime | None = None) -> QuerySet[Template]:
    """Return the templates in use of everybody else."""
    found = Template.objects.filter(pack=pack, enrolment__state__in=IN_USE).exclude(person=person)
    if finished_since is not None:
        found = found.filter(enrolment__finished_at__gte=finished_since)
    return found


def likenesses(probes: Vector, templates: QuerySet[Template], ring: KeyRing, *, at_least: float) -> list[Likeness]:
    """Return the people whose templates are like the probes (P x D, unit rows), nearest first.

    Those count who are as near as `at_least` or have one of the very pictures on file.
    """
    people_found = (
        Likeness(key, float(best.mean()), float(best.max()))
        for key, best in _nearest_templates(probes, templates, ring).items()
    )
    near = [like for like in people_found if like.similarity >= at_least or like.nearest >= SAME_IMAGE]
    return sorted(near, key=lambda like: (-like.similarity, like.person_id))


def nearest_people(probes: Vector, templates: QuerySet[Template], ring: KeyRing) -> list[Match[uuid.UUID]]:
    """Return the nearest person and the second for every probe (P x D, each another face), as `face.match` does."""
    best = _nearest_templates(probes, templates, ring)
    people, scores = list(best), np.stack(list(best.values())) if best else np.empty((0, len(probes)), np.float32)
    return [_two_best(people, column) for column in scores.T]


def _two_best(people: Sequence[uuid.UUID], scores: Vector) -> Match[uuid.UUID]:
    if not people:
        return Match(None, -1.0, None)
    order = np.argsort(-scores, kind="stable")[:2]
    second = float(scores[order[1]]) if len(order) > 1 else None
    return Match(people[order[0]], float(scores[order[0]]), second)


def _nearest_templates(probes: Vector, templates: QuerySet[Template], ring: KeyRing) -> dict[uuid.UUID, Vector]:
    """Return for every person the cosine of each probe to the nearest of the person's templates.

    Templates are read by person and opened `CHUNK` at a time.
    """
    found: dict[uuid.UUID, Vector] = {}
    rows = templates.order_by("person_id").only("id", "person_id", "pack", "sealed", "key_id")
    for chunk in _chunks(rows.iterator(chunk_size=CHUNK)):
        plain = b"".join(unseal_bytes(ring, template) for template in chunk)
        scores = np.frombuffer(plain, WIRE).reshape(len(chunk), -1) @ probes.T
        people = [template.person_id for template in chunk]
        starts = [place for place, key in enumerate(people) if place == 0 or key != people[place - 1]]
        for start, best in zip(starts, np.maximum.reduceat(scores, starts), strict=True):
            known = found.get(people[start])
            found[people[start]] = best if known is None else np.maximum(known, best)
    return found


def _chunks(rows: Iterable[Template]) -> Iterator[list[Template]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk
