"""The page that holds the fingerprint list and the faces side by side, and its spreadsheet."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hadir.accounts.access import Action, get_school_or_404, may
from hadir.accounts.models import User
from hadir.core import clock
from hadir.core.clock import local_date
from hadir.schools.models import School
from hadir.terminals.comparison_xlsx import RESULTS, comparison_file
from hadir.terminals.forms import CriteriaForm
from hadir.terminals.queries_comparison import Comparison, comparison_of
from hadir.terminals.services import set_criteria
from hadir.terminals.views_office import XLSX

EARLIEST = date(2020, 1, 1)


@login_required
@require_GET
def comparison_today(request: HttpRequest, npsn: str) -> HttpResponse:
    """Go to today's comparison, or to the date that was picked."""
    school = get_school_or_404(request.user, npsn)
    picked = request.GET.get("tanggal", "")
    try:
        day = date.fromisoformat(picked) if picked else local_date(clock.now(), school.time_zone)
    except ValueError:
        raise Http404 from None
    return redirect("comparison", school.npsn, day.isoformat())


def _found(request: HttpRequest, npsn: str, day: str, action: Action) -> Comparison:
    school = get_school_or_404(request.user, npsn, action)
    school = School.objects.select_related("district__region").get(pk=school.pk)
    now = clock.now()
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    if not EARLIEST <= wanted <= local_date(now, school.time_zone):
        raise Http404
    return comparison_of(school, wanted, now=now)


@login_required
@require_http_methods(["GET", "POST"])
def comparison(request: HttpRequest, npsn: str, day: str) -> HttpResponse:
    """Show one date: who agrees, who does not and why, and the agreement of the dates around it."""
    found = _found(request, npsn, day, Action.VIEW_BOARD)
    may_set = may(request.user, Action.MANAGE_RULES, found.school)
    form = CriteriaForm(request.POST or None, initial={name: getattr(found.criteria, name) for name in CRITERIA})
    if request.method == "POST":
        if not may_set:
            raise Http404
        if form.is_valid() and isinstance(request.user, User):
            set_criteria(region=found.school.district.region, by=request.user, now=clock.now(), **form.cleaned_data)
            messages.success(request, _("Ukuran kesesuaian disimpan untuk semua sekolah di wilayah ini."))
            return redirect("comparison", npsn, day)
    today = local_date(clock.now(), found.school.time_zone)
    with timezone.override(ZoneInfo(found.school.time_zone)):
        context = {
            "found": found,
            "look": [(line, RESULTS[line.result]) for line in found.lines if line.result != "same"],
            "same": [line for line in found.lines if line.result == "same"],
            "to_enrol": [line for line in found.lines if line.link == "enrol"],
            "to_name": [line for line in found.lines if line.link == "pins"],
            "outs": found.count("machine_out", "face_out"),
            "counts": {name: found.count(name) for name in RESULTS},
            "before": found.day - timedelta(days=1),
            "after": found.day + timedelta(days=1) if found.day < today else None,
            "form": form,
            "may_set": may_set,
            "may_export": may(request.user, Action.EXPORT, found.school),
            "may_enrol": may(request.user, Action.ENROL, found.school),
            "may_manage": may(request.user, Action.MANAGE_DEVICES, found.school),
        }
        return render(request, "terminals/comparison.html", context, status=422 if form.errors else 200)


CRITERIA = ("minutes", "percent", "days")


@login_required
@require_GET
def comparison_xlsx(request: HttpRequest, npsn: str, day: str) -> HttpResponse:
    """Send the comparison as a spreadsheet."""
    found = _found(request, npsn, day, Action.EXPORT)
    with timezone.override(ZoneInfo(found.school.time_zone)):
        content = comparison_file(found, clock.now())
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="banding-{found.school.npsn}-{found.day:%Y-%m-%d}.xlsx"'
    return answer
