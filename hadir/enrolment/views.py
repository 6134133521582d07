"""The pages about faces: enrolment in three steps, deletion, and faces that a person must look at.

The enrolment page works without script: each step is one form. The script in `kiosk/src/enrol/` adds the camera and
talks to the office API instead; docs/enrol-page.md is what both keep.
"""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from hadir.accounts.access import Action, get_person_or_404
from hadir.accounts.models import User
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.core.isolation import cross_origin_isolated
from hadir.enrolment import services
from hadir.enrolment.engine import current_engine
from hadir.enrolment.forms import DecisionForm, DeleteForm, NoticeForm, PhotosForm
from hadir.enrolment.models import Enrolment, EnrolmentState, Notice, Pose, ReviewKind, ReviewState, TemplateSource
from hadir.enrolment.pack import current_manifest
from hadir.enrolment.queries import current_notice, get_review_or_404, reviews_for
from hadir.people.models import Person
from hadir.people.queries import assignments_on

OFFICE_API = "/api/office/v1/"


@dataclass(frozen=True)
class PhotoLine:
    """One photo of an upload and what became of it."""

    name: str
    accepted: bool
    reasons: list[str]


@dataclass
class Desk:
    """One visit to the enrolment page: who enrols whom, and where the draft stands."""

    request: HttpRequest
    user: User
    person: Person
    draft: Enrolment | None
    photos: list[PhotoLine]
    notice_form: NoticeForm | None = None
    photos_form: PhotosForm | None = None
    trouble: str = ""


@login_required
@never_cache
@cross_origin_isolated
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Show the three steps; on POST do the one that the form names (`step`)."""
    user = _login(request)
    person = get_person_or_404(user, person_id, Action.ENROL)
    draft = Enrolment.objects.filter(person=person, state=EnrolmentState.DRAFT).order_by("-started_at").first()
    desk = Desk(request, user, person, draft, photos=[])
    steps = {"start": _start, "photos": _add_photos, "remove": _remove, "finish": _finish}
    step = steps.get(request.POST.get("step", ""))
    if request.method == "POST" and step is not None:
        try:
            done = step(desk)
        except HadirError as error:
            desk.trouble = error.message
        else:
            if done is not None:
                return done
    return _show(desk)


def _start(desk: Desk) -> HttpResponseRedirect | None:
    """Step 1: the person was told; open a draft."""
    form = NoticeForm(desk.request.POST)
    if not form.is_valid():
        desk.notice_form = form
        return None
    now = clock.now()
    services.discard_old_drafts(now=now)
    services.start_enrolment(
        person=desk.person,
        notice_version=form.cleaned_data["notice_version"],
        basis=form.cleaned_data["basis"],
        by=desk.user,
        now=now,
        pack=current_engine().manifest.id,
        language=get_language() or "id",
    )
    return redirect("enrol", desk.person.pk)


def _add_photos(desk: Desk) -> HttpResponseRedirect | None:
    """Step 2: look at each photo; the page then says what became of it."""
    form = PhotosForm(desk.request.POST, desk.request.FILES)
    if desk.draft is None:
        return redirect("enrol", desk.person.pk)
    if not form.is_valid():
        desk.photos_form = form
        return None
    for photo in form.cleaned_data["photos"]:
        result = services.add_image(
            enrolment=desk.draft,
            image=photo.read(),
            pose=Pose.UPLOAD,
            source=TemplateSource.UPLOAD,
            engine=current_engine(),
            now=clock.now(),
            by=desk.user,
        )
        desk.photos.append(PhotoLine(photo.name or "", result.accepted, [reason.text for reason in result.reasons]))
    return None


def _remove(desk: Desk) -> HttpResponseRedirect | None:
    """Step 2: take a template out again."""
    if desk.draft is not None:
        template = _uuid(desk.request.POST.get("template", ""))
        services.remove_template(enrolment=desk.draft, template_id=template, by=desk.user, now=clock.now())
    return redirect("enrol", desk.person.pk)


def _finish(desk: Desk) -> HttpResponseRedirect | None:
    """Step 3: compare with everybody; into the gallery, or held for a person's eye."""
    if desk.draft is None:
        return redirect("enrol", desk.person.pk)
    result = services.finish_enrolment(enrolment=desk.draft, engine=current_engine(), by=desk.user, now=clock.now())
    if result.reviews:
        messages.warning(
            desk.request,
            _("Terima kasih, pengambilan selesai. Wajahnya diperiksa dulu oleh kepala sekolah atau dinas."),
        )
    else:
        messages.success(desk.request, _("Wajah terdaftar. Kios mengenalinya dalam beberapa menit."))
    return redirect("person", desk.person.pk)


def _show(desk: Desk) -> HttpResponse:
    notice, missing = _notice()
    held = desk.person.enrolments.filter(state=EnrolmentState.HELD).exists()
    templates = list(desk.draft.templates.defer("sealed")) if desk.draft else []
    step = "notice" if desk.draft is None else "face"
    manifest = current_manifest()
    initial = {"notice_version": notice.version, "basis": notice.basis} if notice else {}
    today = clock.local_date(clock.now(), settings.TIME_ZONE)
    context: dict[str, Any] = {
        "person": desk.person,
        "assignment": assignments_on(today)
        .filter(person=desk.person)
        .select_related("school")
        .order_by("-is_home")
        .first(),
        "notice": notice,
        "paragraphs": _paragraphs(notice),
        "trouble": desk.trouble or missing,
        "held": held,
        "draft": desk.draft,
        "step": step,
        "templates": templates,
        "photo_lines": desk.photos,
        "notice_form": desk.notice_form or NoticeForm(initial=initial),
        "photos_form": desk.photos_form or PhotosForm(),
        "poses": [(pose.value, pose.label) for pose in (Pose.FRONT, Pose.LEFT, Pose.RIGHT, Pose.FRONT2)],
        "pack": json.dumps(manifest) if manifest else "",
        "api": OFFICE_API,
        "done": reverse("person", args=[desk.person.pk]),
    }
    return render(desk.request, "enrolment/enrol.html", context)


def _notice() -> tuple[Notice | None, str]:
    try:
        return current_notice(get_language() or "id", clock.now()), ""
    except HadirError as error:
        return None, error.message


def _paragraphs(notice: Notice | None) -> list[tuple[str, str]]:
    """Return heading and text of each paragraph: the heading is what stands before the first full stop."""
    if notice is None:
        return []
    parts = (part.partition(". ") for part in notice.text.split("\n\n") if part.strip())
    return [(heading.strip(), text.strip()) for heading, _stop, text in parts]


@login_required
@require_http_methods(["GET", "POST"])
def enrol_delete(request: HttpRequest, person_id: uuid.UUID) -> HttpResponse:
    """Ask why, then delete every template of a person."""
    user = _login(request)
    person = get_person_or_404(user, person_id, Action.ENROL)
    form = DeleteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.delete_templates(person=person, by=user, reason=form.cleaned_data["reason"], now=clock.now())
        except HadirError as error:
            form.add_error("reason", error.message)
        else:
            messages.success(request, _("Data wajah %(name)s dihapus.") % {"name": person.name})
            return redirect("person", person.pk)
    return render(request, "enrolment/enrol_delete.html", {"person": person, "form": form})


@login_required
@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """List the faces that wait for this login's eye, and what it decided lately."""
    user = _login(request)
    waiting = reviews_for(user).exclude(enrolment__started_by=user).order_by("created_at")
    decided = reviews_for(user, open_only=False).exclude(state=ReviewState.OPEN).order_by("-decided_at")[:20]
    own = reviews_for(user).filter(enrolment__started_by=user).count()
    return render(request, "enrolment/reviews.html", {"waiting": waiting, "decided": decided, "own": own})


@login_required
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, review_id: uuid.UUID) -> HttpResponse:
    """Show one likeness and take the decision on it."""
    user = _login(request)
    shown = get_review_or_404(user, review_id)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            enrolment = services.decide_review(
                review=shown,
                same_person=form.cleaned_data["same_person"],
                by=user,
                now=clock.now(),
                note=form.cleaned_data["note"],
            )
        except HadirError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _decided(enrolment))
            return redirect("reviews")
    context = {
        "review": shown,
        "person": shown.enrolment.person,
        "form": form,
        "is_open": shown.state == ReviewState.OPEN,
        "is_own": shown.enrolment.started_by_id == user.pk,
        "is_changed": shown.kind == ReviewKind.CHANGED,
    }
    return render(request, "enrolment/review.html", context)


def _decided(enrolment: Enrolment) -> str:
    name = {"name": enrolment.person.name}
    if enrolment.state == EnrolmentState.ACTIVE:
        return _("Wajah %(name)s sekarang dipakai kios.") % name
    if enrolment.state == EnrolmentState.REJECTED:
        return _("Pendaftaran wajah %(name)s ditolak dan templatnya dihapus.") % name
    return _("Keputusan dicatat. Masih ada pemeriksaan lain untuk %(name)s.") % name


def _login(request: HttpRequest) -> User:
    """Return the login that `login_required` has let in."""
    if not isinstance(request.user, User):
        raise TypeError("login_required lets in logins only")
    return request.user


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
