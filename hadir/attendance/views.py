"""The pages on which a named person decides about days: doubted clocks, and days that nothing more will come of."""

import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hadir.accounts.access import Action, Visitor, get_school_or_404, schools_for
from hadir.accounts.models import User
from hadir.attendance.forms import CompleteForm, ReviewForm
from hadir.attendance.models import CompletenessDeclaration, PersonDay, ScanReview
from hadir.attendance.reviews import waiting_scans
from hadir.attendance.services import declare_complete
from hadir.attendance.services_review import review_scan
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.ledger.models import Scan

PAGE = 100
FIELD = "%Y-%m-%dT%H:%M"


def reviewable(visitor: Visitor) -> QuerySet[Scan]:
    """Return the doubted scans on which this login may decide: at its schools, and never its own."""
    found = Scan.objects.filter(
        school__in=schools_for(visitor, Action.APPROVE_LEAVE), clock_doubt__isnull=False, person__isnull=False
    )
    if isinstance(visitor, User) and visitor.person_id is not None:
        found = found.exclude(person=visitor.person_id)
    return found.select_related("person", "school", "device", "clock_doubt").defer("record", "quality")


@login_required
@require_GET
def clock_reviews(request: HttpRequest) -> HttpResponse:
    """List the scans that wait for somebody because their device's clock is doubted."""
    schools = schools_for(request.user, Action.APPROVE_LEAVE)
    if not schools.exists():
        raise PermissionDenied
    waiting = waiting_scans(schools).filter(pk__in=reviewable(request.user).order_by().values("pk"))
    page = Paginator(waiting, PAGE).get_page(request.GET.get("halaman"))
    return render(request, "attendance/clock_reviews.html", {"page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def clock_review(request: HttpRequest, scan_id: uuid.UUID) -> HttpResponse:
    """Show one doubted scan with what is known of its clock, and take a decision; the last one counts."""
    scan = reviewable(request.user).filter(pk=scan_id).first()
    if scan is None or scan.person is None:
        raise Http404
    zone = ZoneInfo(scan.school.time_zone)
    with timezone.override(zone):
        form = ReviewForm(
            request.POST or None, zone=zone, initial={"at": scan.captured_at.astimezone(zone).strftime(FIELD)}
        )
        if request.method == "POST" and form.is_valid() and _decided(request, scan, form):
            return redirect("person-day", scan.person.pk, _day_of(scan, form, zone).isoformat())
        context = {"scan": scan, "doubt": scan.clock_doubt, "form": form, "reviews": _reviews(scan)}
        return render(request, "attendance/clock_review.html", context)


def _decided(request: HttpRequest, scan: Scan, form: ReviewForm) -> bool:
    """Keep the decision; what is wrong with it is told at the form."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    accept = form.cleaned_data["decision"] == "accept"
    try:
        review_scan(
            scan=scan,
            accept=accept,
            reason=form.cleaned_data["reason"],
            name=user.display_name,
            by=user,
            now=clock.now(),
            at=form.cleaned_data["at"] if accept else None,
        )
    except HadirError as error:
        form.add_error("at" if error.code == "review_time_wrong" else "reason", error.message)
        return False
    messages.success(request, _("Keputusan disimpan. Harinya dinilai ulang."))
    return True


def _day_of(scan: Scan, form: ReviewForm, zone: ZoneInfo) -> date:
    at = form.cleaned_data["at"]
    moment = at if isinstance(at, datetime) and form.cleaned_data["decision"] == "accept" else scan.captured_at
    return moment.astimezone(zone).date()


def _reviews(scan: Scan) -> QuerySet[ScanReview]:
    return ScanReview.objects.filter(scan=scan).order_by("decided_at", "id")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def board_complete(request: HttpRequest, npsn: str, day: str) -> HttpResponse:
    """Let somebody answer for it that nothing more will come of a day, so that it can be counted."""
    school = get_school_or_404(request.user, npsn, Action.APPROVE_LEAVE)
    try:
        chosen = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    form = CompleteForm(request.POST or None)
    user = request.user
    if request.method == "POST" and form.is_valid() and isinstance(user, User):
        try:
            declare_complete(
                school=school,
                day=chosen,
                reason=form.cleaned_data["reason"],
                name=user.display_name,
                by=user,
                now=clock.now(),
            )
        except HadirError as error:
            form.add_error("reason", error.message)
        else:
            messages.success(request, _("Hari itu dinyatakan lengkap dan dinilai ulang."))
            return redirect(f"{reverse('board', args=[school.npsn])}?tanggal={chosen.isoformat()}")
    waiting = PersonDay.objects.filter(school=school, day=chosen, final=False)
    context = {
        "school": school,
        "day": chosen,
        "form": form,
        "waiting": waiting.filter(status="T").count(),
        "declared": CompletenessDeclaration.objects.filter(school=school, day=chosen).first(),
    }
    return render(request, "attendance/board_complete.html", context)
