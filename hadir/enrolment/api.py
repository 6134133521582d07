"""The office API behind the enrolment page: session login, CSRF header, only for people whom the login may enrol."""

import uuid
from collections.abc import Sequence
from typing import Literal

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from ninja.security import django_auth

from hadir.accounts.access import Action, get_person_or_404
from hadir.accounts.models import User
from hadir.core import clock
from hadir.enrolment import services
from hadir.enrolment.engine import current_engine
from hadir.enrolment.queries import get_enrolment_or_404

router = Router(tags=["enrolment"], auth=django_auth)


class EnrolmentStart(Schema):
    """Which text the person was told, and on which legal basis the face is processed."""

    notice_version: int
    basis: Literal["public_task", "legal_obligation", "consent"]


class EnrolmentStarted(Schema):
    """The draft, and the poses to ask for, in order."""

    enrolment_id: uuid.UUID
    poses: Sequence[str]


class RefusalReason(Schema):
    """A stable code and the sentence for the person."""

    code: str
    text: str


class ImageAnswer(Schema):
    """What became of a picture. `quality` holds the measures of the main face (docs/face.md); the picture is gone."""

    accepted: bool
    template_id: uuid.UUID | None
    reasons: Sequence[RefusalReason]
    quality: dict[str, float]
    templates: int


class TemplatesLeft(Schema):
    """How many templates the draft has now."""

    templates: int


class EnrolmentFinished(Schema):
    """`active`: in the gallery. `held`: a person must look first; `review_id` is the nearest likeness."""

    state: Literal["active", "held"]
    templates: int
    review_id: uuid.UUID | None


@router.post("/people/{person_id}/enrolments", response=EnrolmentStarted, operation_id="start_enrolment")
def start_enrolment(request: HttpRequest, person_id: uuid.UUID, start: EnrolmentStart) -> EnrolmentStarted:
    """Record the notice and open a draft; an unfinished draft of the same person gives way."""
    user, now = _login(request), clock.now()
    person = get_person_or_404(user, person_id, Action.ENROL)
    services.discard_old_drafts(now=now)
    enrolment = services.start_enrolment(
        person=person,
        notice_version=start.notice_version,
        basis=start.basis,
        by=user,
        now=now,
        pack=current_engine().manifest.id,
        language=get_language() or "id",
    )
    return EnrolmentStarted(enrolment_id=enrolment.pk, poses=list(services.CAMERA_POSES))


@router.post("/enrolments/{enrolment_id}/images", response=ImageAnswer, operation_id="add_image")
def add_image(
    request: HttpRequest,
    enrolment_id: uuid.UUID,
    image: File[UploadedFile],
    pose: Form[Literal["front", "left", "right", "front2", "upload"]],
    source: Form[Literal["camera", "upload"]],
) -> ImageAnswer:
    """Look at a picture, keep its template or say why not. The picture is dropped."""
    user = _login(request)
    result = services.add_image(
        enrolment=get_enrolment_or_404(user, enrolment_id),
        image=image.read(),
        pose=pose,
        source=source,
        engine=current_engine(),
        now=clock.now(),
        by=user,
    )
    return ImageAnswer(
        accepted=result.accepted,
        template_id=result.template.pk if result.template else None,
        reasons=[RefusalReason(code=reason.code, text=reason.text) for reason in result.reasons],
        quality=result.quality,
        templates=result.templates,
    )


@router.delete(
    "/enrolments/{enrolment_id}/templates/{template_id}", response=TemplatesLeft, operation_id="remove_template"
)
def remove_template(request: HttpRequest, enrolment_id: uuid.UUID, template_id: uuid.UUID) -> TemplatesLeft:
    """Take a template out of a draft."""
    user = _login(request)
    enrolment = get_enrolment_or_404(user, enrolment_id)
    left = services.remove_template(enrolment=enrolment, template_id=template_id, by=user, now=clock.now())
    return TemplatesLeft(templates=left)


@router.post("/enrolments/{enrolment_id}/finish", response=EnrolmentFinished, operation_id="finish_enrolment")
def finish_enrolment(request: HttpRequest, enrolment_id: uuid.UUID) -> EnrolmentFinished:
    """Compare with everybody on file; then into the gallery, or held for a person's eye."""
    user = _login(request)
    result = services.finish_enrolment(
        enrolment=get_enrolment_or_404(user, enrolment_id), engine=current_engine(), by=user, now=clock.now()
    )
    return EnrolmentFinished(
        state="held" if result.reviews else "active",
        templates=result.templates,
        review_id=result.reviews[0].pk if result.reviews else None,
    )


def _login(request: HttpRequest) -> User:
    """Return the login that `django_auth` has let in."""
    if not isinstance(request.user, User):
        raise TypeError("the router lets in logins only")
    return request.user
