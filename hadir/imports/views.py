"""The pages of an import: upload, look, apply, result. They work without any script."""

import uuid
from typing import cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hadir.accounts.models import User
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.imports import access, words
from hadir.imports.drafts import FileList
from hadir.imports.forms import SchoolFileForm, StaffFileForm
from hadir.imports.models import BatchKind, ImportBatch
from hadir.imports.plans import Kind, SchoolItem, StaffItem, digest_of
from hadir.imports.preview import Posted, choices_of, preview_of
from hadir.imports.queries import applied_before, district_names, names_other_school, plan_schools, plan_staff
from hadir.imports.reading import read_schools, read_staff
from hadir.imports.school_list import SchoolList
from hadir.imports.school_matching import new_districts
from hadir.imports.services import (
    apply_schools,
    apply_staff,
    discard,
    draft_of,
    forget_old_drafts,
    keep_file,
    past_of,
)
from hadir.imports.staff_list import StaffList
from hadir.people.models import StaffKind
from hadir.schools.models import Region, School

RECENT = 10


@login_required
@require_http_methods(["GET", "POST"])
def import_staff(request: HttpRequest) -> HttpResponse:
    """Ask for a Daftar PTK and its school; read it, then show what it would do."""
    user = cast("User", request.user)
    schools = access.import_schools(user)
    if not schools.exists():
        raise PermissionDenied
    now = clock.now()
    forget_old_drafts(now=now)
    today = clock.local_date(now, settings.TIME_ZONE)
    initial = {"school": request.GET.get("sekolah", "")}
    form = StaffFileForm(request.POST or None, request.FILES or None, schools=schools, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        school = form.cleaned_data["school"]
        made = _keep(request, form, BatchKind.STAFF, school=school)
        if made is not None:
            return redirect("import-batch", made.pk)
    return _upload_page(request, form, "imports/staff.html")


@login_required
@require_http_methods(["GET", "POST"])
def import_schools(request: HttpRequest) -> HttpResponse:
    """Ask for a list of schools; read it, then show what it would do. For the office (dinas) only."""
    regions = access.import_regions(cast("User", request.user))
    if not regions.exists():
        raise PermissionDenied
    forget_old_drafts(now=clock.now())
    form = SchoolFileForm(request.POST or None, request.FILES or None, regions=regions)
    if request.method == "POST" and form.is_valid():
        made = _keep(request, form, BatchKind.SCHOOLS, region=form.cleaned_data["region"])
        if made is not None:
            return redirect("import-batch", made.pk)
    return _upload_page(request, form, "imports/schools.html")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Show what an uploaded file would do and, on POST, do what is ticked; afterwards show what was done."""
    user = cast("User", request.user)
    shown = access.get_batch_or_404(user, batch_id)
    if request.method == "POST" and "discard" in request.POST:
        discard(batch=shown)
        messages.success(request, _("Impor dibatalkan. Tidak ada yang berubah."))
        return redirect(_start_page(shown))
    if shown.applied_at is not None:
        results = [(number, words.RESULTS[name]) for name, number in shown.counts.items() if name in words.RESULTS]
        return render(request, "imports/result.html", {"batch": shown, "results": results})
    now = clock.now()
    try:
        told = draft_of(shown, now=now)
    except HadirError as error:
        messages.warning(request, error.message)
        return redirect(_start_page(shown))
    items = _plan(shown, told, user)
    wrong = ""
    if request.method == "POST":
        try:
            _apply(shown, items, request.POST.dict(), user)
        except HadirError as error:
            wrong, items = error.message, _plan(shown, told, user)
        else:
            return redirect("import-batch", shown.pk)
    context = _preview_context(shown, told, items, request.POST.dict() if wrong else None)
    return render(request, "imports/preview.html", context | {"wrong": wrong}, status=409 if wrong else 200)


def _upload_page(request: HttpRequest, form: forms.Form, template: str) -> HttpResponse:
    user = cast("User", request.user)
    if _too_big(request):
        # Such a body is not taken in at all; without this the page would say that no file was chosen.
        form.errors.pop("file", None)
        form.add_error("file", HadirError("import_too_big").message)
    context = {
        "form": form,
        "recent": access.recent_batches(user, RECENT),
        "may_import_schools": access.import_regions(user).exists(),
        "may_import_staff": access.import_schools(user).exists(),
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _too_big(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return request.method == "POST" and int(length) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def _keep(
    request: HttpRequest,
    form: forms.Form,
    kind: BatchKind,
    *,
    school: School | None = None,
    region: Region | None = None,
) -> ImportBatch | None:
    """Read the uploaded file and keep its rows for the preview; None with an error at the form's field."""
    upload = form.cleaned_data["file"]
    now = clock.now()
    try:
        data = upload.read()
        return keep_file(
            told=read_staff(data) if kind is BatchKind.STAFF else read_schools(data),
            data=data,
            file_name=upload.name or "",
            start=form.cleaned_data.get("start") or clock.local_date(now, settings.TIME_ZONE),
            now=now,
            by=cast("User", request.user),
            school=school,
            region=region,
        )
    except HadirError as error:
        form.add_error("start" if error.code in {"import_start", "import_past_office_only"} else "file", error.message)
        return None


def _plan(shown: ImportBatch, told: FileList, user: User) -> list[StaffItem] | list[SchoolItem]:
    if isinstance(told, StaffList):
        school = cast("School", shown.school)
        return plan_staff(school=school, told=told, start=shown.start, managed=access.import_schools(user))
    return plan_schools(region=cast("Region", shown.region), told=told)


def _apply(shown: ImportBatch, items: list[StaffItem] | list[SchoolItem], posted: Posted, user: User) -> ImportBatch:
    now = clock.now()
    digest = posted.get("digest", "")
    if digest != digest_of(items):
        raise HadirError("import_changed")
    choices = choices_of(items, posted)
    if shown.kind == BatchKind.SCHOOLS:
        return apply_schools(batch=shown, choices=choices, digest=digest, now=now, by=user)
    return apply_staff(
        batch=shown,
        choices=choices,
        digest=digest,
        now=now,
        by=user,
        managed=access.import_schools(user),
        confirmed="confirmed" in posted,
        reason=posted.get("reason", ""),
    )


def _preview_context(
    shown: ImportBatch, told: FileList, items: list[StaffItem] | list[SchoolItem], posted: Posted | None
) -> dict[str, object]:
    other = isinstance(told, StaffList) and shown.school is not None and names_other_school(told, shown.school)
    return {
        "batch": shown,
        "preview": preview_of(items, start=shown.start, posted=posted),
        "digest": digest_of(items),
        "written": (told.npsn or told.school) if other and isinstance(told, StaffList) else "",
        "confirmed": bool(posted) and "confirmed" in (posted or {}),
        "asks_reason": shown.school is not None and past_of(shown, now=clock.now()).asks_reason(items),
        "reason": (posted or {}).get("reason", ""),
        "unread_nip": told.unread_nip if isinstance(told, StaffList) else (),
        "skipped": told.skipped if isinstance(told, StaffList) else (),
        "before": applied_before(sha256=shown.sha256, school=shown.school, region=shown.region),
        "districts": _new_districts(shown, items) if isinstance(told, SchoolList) else [],
        "staff_kinds": StaffKind.choices,
    }


def _new_districts(shown: ImportBatch, items: list[StaffItem] | list[SchoolItem]) -> list[str]:
    schools = [item for item in items if isinstance(item, SchoolItem) and item.kind in {Kind.NEW, Kind.CHANGED}]
    return new_districts(schools, district_names(cast("Region", shown.region)))


def _start_page(shown: ImportBatch) -> str:
    return "import" if shown.kind == BatchKind.STAFF else "import-schools"
