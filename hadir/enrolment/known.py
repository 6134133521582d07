"""Since when and until when a face of a person was on file, by pack."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from hadir.enrolment.models import Enrolment, EnrolmentState


@dataclass(frozen=True, slots=True)
class FaceSpan:
    """A face made by `pack` that kiosks could get from `since` to `until` (None: still)."""

    pack: str
    since: datetime
    until: datetime | None


def face_spans(people: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[FaceSpan]]:
    """Return when faces of these people were active. One query.

    A replaced face has no end: a kiosk knows the person by it until it gets the new one.
    """
    rows = Enrolment.objects.filter(person__in=list(people), activated_at__isnull=False).order_by("activated_at")
    found: dict[uuid.UUID, list[FaceSpan]] = defaultdict(list)
    for person, pack, state, since, until in rows.values_list("person", "pack", "state", "activated_at", "ended_at"):
        if since is not None:
            found[person].append(FaceSpan(pack, since, None if state == EnrolmentState.REPLACED else until))
    return found
