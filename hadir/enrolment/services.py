"""Writing faces: from the notice to templates in the gallery, and out of it again.

Pictures live in memory while they are looked at and nowhere else. The row of an ended enrolment stays, its templates
do not.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from django.db import transaction

from hadir.accounts.models import User
from hadir.core.errors import HadirError
from hadir.core.ids import new_id
from hadir.core.services import record_audit
from hadir.core.texts import clean_text
from hadir.enrolment.findings import findings_for
from hadir.enrolment.gate import Reason, faults_of
from hadir.enrolment.likeness import SAME_IMAGE
from hadir.enrolment.models import (
    DuplicateReview,
    Enrolment,
    EnrolmentState,
    LegalBasis,
    Notice,
    NoticeRecord,
    Pose,
    ReviewKind,
    ReviewState,
    Template,
    TemplateSource,
)
from hadir.enrolment.queries import current_notice
from hadir.enrolment.results import FinishResult, ImageResult, ImagesResult
from hadir.enrolment.vault import Vector, key_ring, seal_vector, unseal_vector
from hadir.face import Engine, Face, ImageTooLarge, UnreadableImage, decode_image
from hadir.people.models import Person

CAMERA_POSES: Final = (Pose.FRONT, Pose.LEFT, Pose.RIGHT, Pose.FRONT2)
LEAST_FROM_CAMERA: Final = 3
MOST_TEMPLATES: Final = 5
DRAFT_LIFE: Final = timedelta(hours=24)
RESEAL_BATCH: Final = 200
MEANWHILE: Final = timedelta(minutes=10)
"""No comparison with the templates on file takes longer than this."""


def start_enrolment(
    *,
    person: Person,
    notice_version: int,
    basis: str,
    by: User | None,
    now: datetime,
    pack: str,
    language: str = "id",
) -> Enrolment:
    """Record that the person was told the current notice, and open a draft for pictures.

    An unfinished draft of the same person gives way. Raises HadirError `notice_missing`, `notice_outdated`,
    `basis_unknown`, `enrolment_held` (a face of this person still waits for a decision).
    """
    if basis not in LegalBasis.values:
        raise HadirError("basis_unknown")
    notice = _notice_in_force(notice_version, language, now)
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        if Enrolment.objects.filter(person=person, state=EnrolmentState.HELD).exists():
            raise HadirError("enrolment_held")
        Enrolment.objects.filter(person=person, state=EnrolmentState.DRAFT).delete()
        record = NoticeRecord.objects.create(person=person, notice=notice, basis=basis, recorded_by=by, recorded_at=now)
        enrolment = Enrolment.objects.create(
            person=person, notice_record=record, pack=pack, started_by=by, started_at=now
        )
        detail = {"notice_version": notice.version, "basis": basis, "pack": pack}
        _audit("start_enrolment", enrolment, by, now, detail)
    return enrolment


def discard_old_drafts(*, now: datetime) -> int:
    """Delete drafts that nobody finished within a day, with their templates; return how many."""
    _rows, kinds = Enrolment.objects.filter(state=EnrolmentState.DRAFT, started_at__lt=now - DRAFT_LIFE).delete()
    return kinds.get("enrolment.Enrolment", 0)


def add_image(
    *,
    enrolment: Enrolment,
    image: bytes,
    pose: str,
    source: str,
    engine: Engine,
    now: datetime,
    by: User | None,
) -> ImageResult:
    """Look at one picture and keep its template if it is good enough; the picture itself is dropped here.

    1. Decode and analyse, outside any transaction.
    2. Judge it by the pack's gate and the pose, and against the pictures this enrolment already has.
    3. Seal and store, in place of an earlier template of the same camera pose.

    A refused picture is a result, not an error. Raises HadirError `enrolment_closed`, `pack_changed`, `pose_unknown`.
    """
    if enrolment.state != EnrolmentState.DRAFT:
        raise HadirError("enrolment_closed")
    if enrolment.pack != engine.manifest.id:
        raise HadirError("pack_changed")
    if pose not in Pose.values or source not in TemplateSource.values:
        raise HadirError("pose_unknown")
    try:
        faces = engine.analyze(decode_image(image), limit=2)
    except UnreadableImage:
        return _refused(enrolment, [Reason("unreadable_image")])
    except ImageTooLarge:
        return _refused(enrolment, [Reason("image_too_large")])
    reasons = faults_of(faces, pose=pose, gates=engine.manifest.gates["enrol"])
    if not reasons:
        reasons = _faults_in_set(enrolment, faces[0].embedding, pose, unknown=engine.manifest.thresholds.unknown)
    if reasons:
        return _refused(enrolment, reasons, faces[0] if faces else None)
    template = _store_template(enrolment, faces[0], pose=pose, source=source, now=now, by=by)
    return ImageResult(True, template, (), _rounded(faces[0]), enrolment.templates.count())


def remove_template(*, enrolment: Enrolment, template_id: uuid.UUID | None, by: User | None, now: datetime) -> int:
    """Take one template out of a draft and return how many are left. Raises `enrolment_closed`, `template_unknown`."""
    with transaction.atomic():
        _lock_draft(enrolment)
        found = enrolment.templates.filter(pk=template_id) if template_id else enrolment.templates.none()
        if not found.delete()[0]:
            raise HadirError("template_unknown")
        _audit("remove_template", enrolment, by, now, {"template": str(template_id)})
    return enrolment.templates.count()


def finish_enrolment(*, enrolment: Enrolment, engine: Engine, by: User | None, now: datetime) -> FinishResult:
    """Close a draft: into the gallery in place of the person's former set, or held for a person's eye.

    1. Compare with all templates on file, outside the transaction: in a whole regency that takes seconds.
    2. In the transaction, one finisher at a time, compare with what was finished meanwhile; then hold or activate.

    Raises HadirError `templates_missing`, `enrolment_closed`.
    """
    _check_enough(enrolment)
    ring, thresholds = key_ring(), engine.manifest.thresholds
    probes = np.stack([unseal_vector(ring, template) for template in enrolment.templates.all()])
    reviews = findings_for(enrolment, probes, ring=ring, thresholds=thresholds, now=now)
    with transaction.atomic():
        _lock_draft(enrolment)
        _one_finisher_at_a_time()
        if not reviews:
            since = now - MEANWHILE
            reviews = findings_for(enrolment, probes, ring=ring, thresholds=thresholds, now=now, finished_since=since)
        enrolment.finished_at = now
        if reviews:
            enrolment.state = EnrolmentState.HELD
            enrolment.save(update_fields=["state", "finished_at"])
            DuplicateReview.objects.bulk_create(reviews)
        else:
            _activate(enrolment, by=by, now=now)
        count = enrolment.templates.count()
        detail = {"state": enrolment.state, "templates": count, "reviews": [str(review.pk) for review in reviews]}
        _audit("finish_enrolment", enrolment, by, now, detail)
    return FinishResult(EnrolmentState(enrolment.state), count, reviews)


def enrol_images(
    *,
    person: Person,
    images: Sequence[bytes],
    by: User | None,
    now: datetime,
    engine: Engine,
    source: str,
    basis: str = LegalBasis.PUBLIC_TASK,
) -> ImagesResult:
    """Enrol a person from photos in one go: notice, pictures, finish. A draft without any good picture is dropped.

    Raises HadirError as `start_enrolment` and `finish_enrolment` do.
    """
    notice = current_notice("id", now)
    enrolment = start_enrolment(
        person=person, notice_version=notice.version, basis=basis, by=by, now=now, pack=engine.manifest.id
    )
    results = [
        add_image(enrolment=enrolment, image=image, pose=Pose.UPLOAD, source=source, engine=engine, now=now, by=by)
        for image in images
    ]
    if not any(result.accepted for result in results):
        enrolment.delete()
        return ImagesResult(results, None)
    return ImagesResult(results, finish_enrolment(enrolment=enrolment, engine=engine, by=by, now=now))


def decide_review(*, review: DuplicateReview, same_person: bool, by: User, now: datetime, note: str = "") -> Enrolment:
    """Record what a person saw, and let the enrolment in or out accordingly.

    Kind `duplicate`: the same person under two names is refused, a different one is let in. Kind `changed`: the other
    way round. The enrolment becomes active when its last review is settled; one refusal ends it.
    Raises HadirError `review_closed`, `review_own` (whoever enrolled a face does not judge it).
    """
    with transaction.atomic():
        held = DuplicateReview.objects.select_for_update(of=("self",)).select_related("enrolment__person")
        current = held.get(pk=review.pk)
        enrolment = current.enrolment
        if current.state != ReviewState.OPEN:
            raise HadirError("review_closed")
        if enrolment.started_by_id == by.pk:
            raise HadirError("review_own")
        _close_review(current, ReviewState.SAME_PERSON if same_person else ReviewState.DIFFERENT_PERSON, by, now, note)
        if same_person != (current.kind == ReviewKind.CHANGED):
            _end(enrolment, EnrolmentState.REJECTED, by=by, now=now, reason=str(current.pk))
            _withdraw_reviews(enrolment, by=by, now=now)
        elif not enrolment.reviews.filter(state=ReviewState.OPEN).exists():
            _activate(enrolment, by=by, now=now)
        detail = {"review": str(current.pk), "same_person": same_person, "state": enrolment.state}
        _audit("decide_review", enrolment, by, now, detail)
    return enrolment


def delete_templates(*, person: Person, by: User | None, reason: str, now: datetime) -> int:
    """Delete every template of a person, of all packs; return how many. UU PDP 27/2022 art. 8 and 43.

    The enrolments stay as proof: when, by whom, why. Reviews nobody has decided are withdrawn.
    Raises HadirError `reason_missing`.
    """
    reason = clean_text(reason, field="alasan", limit=200)
    if not reason:
        raise HadirError("reason_missing")
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        count = Template.objects.filter(person=person).count()
        for enrolment in Enrolment.objects.filter(person=person, ended_at__isnull=True):
            _end(enrolment, EnrolmentState.DELETED, by=by, now=now, reason=reason)
            _withdraw_reviews(enrolment, by=by, now=now)
            _audit("delete_templates", enrolment, by, now, {"reason": reason})
    return count


def reseal_templates(*, now: datetime, by: User | None = None) -> int:
    """Seal every template that an older key opens with the current key; return how many.

    Afterwards the retired key files may be destroyed. Batches are separate transactions: a second run goes on.
    """
    ring, count = key_ring(), 0
    while batch := list(Template.objects.exclude(key_id=ring.current).order_by("id")[:RESEAL_BATCH]):
        with transaction.atomic():
            for template in batch:
                vector = unseal_vector(ring, template)
                sealed = seal_vector(
                    ring, vector, template_id=template.pk, person_id=template.person_id, pack=template.pack
                )
                template.sealed, template.key_id = sealed.data, sealed.key_id
            Template.objects.bulk_update(batch, ["sealed", "key_id"])
        count += len(batch)
    record_audit(
        actor=by,
        action="reseal_templates",
        object_kind="key",
        object_id=ring.current,
        now=now,
        detail={"templates": count},
    )
    return count


def _notice_in_force(version: int, language: str, now: datetime) -> Notice:
    notice = current_notice(language, now)
    if notice.version != version:
        raise HadirError("notice_outdated")
    return notice


def _faults_in_set(enrolment: Enrolment, vector: Vector, pose: str, *, unknown: float) -> list[Reason]:
    """Compare with the pictures that this enrolment has and keeps: the same person, but not the same picture."""
    kept = [template for template in enrolment.templates.all() if template.pose != pose or pose == Pose.UPLOAD]
    if not kept:
        return []
    if len(kept) >= MOST_TEMPLATES:
        return [Reason("enrolment_full")]
    ring = key_ring()
    nearest = max(float(unseal_vector(ring, template) @ vector) for template in kept)
    if nearest >= SAME_IMAGE:
        return [Reason("same_image")]
    return [Reason("other_person_in_set")] if nearest < unknown else []


def _store_template(
    enrolment: Enrolment, face: Face, *, pose: str, source: str, now: datetime, by: User | None
) -> Template:
    key = new_id()
    ring = key_ring()
    sealed = seal_vector(ring, face.embedding, template_id=key, person_id=enrolment.person_id, pack=enrolment.pack)
    with transaction.atomic():
        _lock_draft(enrolment)
        if pose != Pose.UPLOAD:
            enrolment.templates.filter(pose=pose).delete()
        template = Template.objects.create(
            id=key,
            enrolment=enrolment,
            person_id=enrolment.person_id,
            pack=enrolment.pack,
            pose=pose,
            sealed=sealed.data,
            key_id=sealed.key_id,
            quality=_rounded(face),
            source=source,
            created_at=now,
        )
        _audit("add_template", enrolment, by, now, {"template": str(key), "pose": pose, "source": source})
    return template


def _refused(enrolment: Enrolment, reasons: Sequence[Reason], face: Face | None = None) -> ImageResult:
    return ImageResult(False, None, reasons, _rounded(face) if face else {}, enrolment.templates.count())


def _rounded(face: Face) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in face.quality.items()}


def _lock_draft(enrolment: Enrolment) -> None:
    state = Enrolment.objects.select_for_update().values_list("state", flat=True).get(pk=enrolment.pk)
    if state != EnrolmentState.DRAFT:
        raise HadirError("enrolment_closed")


def _one_finisher_at_a_time() -> None:
    """Lock one row that every finisher locks and nobody else waits for (PostgreSQL; SQLite has one writer anyway)."""
    first = Notice.objects.select_for_update(no_key=True).order_by("version", "language").values_list("pk", flat=True)
    first.first()


def _check_enough(enrolment: Enrolment) -> None:
    """Three templates from a camera, where taking one more is easy; one is enough from photos."""
    sources = list(enrolment.templates.values_list("source", flat=True))
    needed = 1 if any(source != TemplateSource.CAMERA for source in sources) else LEAST_FROM_CAMERA
    if len(sources) < needed:
        raise HadirError("templates_missing", needed=needed, have=len(sources))


def _activate(enrolment: Enrolment, *, by: User | None, now: datetime) -> None:
    """Put a set into the gallery and take the former one out, its templates deleted, in the caller's transaction."""
    former = Enrolment.objects.filter(
        person=enrolment.person_id, pack=enrolment.pack, state=EnrolmentState.ACTIVE
    ).exclude(pk=enrolment.pk)
    for row in former.select_for_update():
        _end(row, EnrolmentState.REPLACED, by=by, now=now, reason=str(enrolment.pk))
    enrolment.state, enrolment.activated_at = EnrolmentState.ACTIVE, now
    enrolment.save(update_fields=["state", "activated_at", "finished_at"])


def _end(enrolment: Enrolment, state: EnrolmentState, *, by: User | None, now: datetime, reason: str) -> None:
    enrolment.templates.all().delete()
    enrolment.state, enrolment.ended_by, enrolment.ended_at, enrolment.ended_reason = state, by, now, reason
    enrolment.save(update_fields=["state", "ended_by", "ended_at", "ended_reason"])


def _withdraw_reviews(enrolment: Enrolment, *, by: User | None, now: datetime) -> None:
    for review in enrolment.reviews.filter(state=ReviewState.OPEN):
        _close_review(review, ReviewState.WITHDRAWN, by, now, "")


def _close_review(review: DuplicateReview, state: ReviewState, by: User | None, now: datetime, note: str) -> None:
    review.state, review.decided_by, review.decided_at = state, by, now
    review.note = clean_text(note, field="catatan", limit=400)
    review.save(update_fields=["state", "decided_by", "decided_at", "note"])


def _audit(action: str, enrolment: Enrolment, by: User | None, now: datetime, detail: dict[str, Any]) -> None:
    record_audit(
        actor=by,
        action=action,
        object_kind="enrolment",
        object_id=enrolment.pk,
        now=now,
        detail={"person": str(enrolment.person_id), **detail},
    )
