"""The list of people, found by typing."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hadir.accounts.access import Action, get_school_or_404, schools_for
from hadir.accounts.models import User
from hadir.core import clock
from hadir.enrolment.queries import reviews_for
from hadir.people.queries import find_people
from hadir.reports.people import face_counts, face_groups, people_at
from hadir.reports.views_region import Group
from hadir.schools.models import School

PAGE = 100
FEW = 30
"""Up to so many schools people are found by school, not by name."""


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List who is assigned today at the visitor's schools, or at one of them (`?sekolah=`)."""
    npsn, words = request.GET.get("sekolah", ""), request.GET.get("cari", "").strip()
    school = get_school_or_404(request.user, npsn) if npsn else None
    schools = schools_for(request.user)
    here = School.objects.filter(pk=school.pk) if school else schools
    today = clock.local_date(clock.now(), school.time_zone if school else settings.TIME_ZONE)
    number = schools.count()
    everybody = people_at(here, today, few=school is not None or number <= FEW)
    groups = face_groups(everybody)
    numbers = face_counts(people_at(here, today, few=True))
    wanted = request.GET.get("wajah", "")
    found = find_people(groups.get(wanted, everybody), words)
    reviews = reviews_for(request.user)
    if isinstance(request.user, User):
        reviews = reviews.exclude(enrolment__started_by=request.user)
    managed = schools_for(request.user, Action.MANAGE_PEOPLE)
    pages = Paginator(found, PAGE)
    if not words:
        # The counters above have counted them already.
        pages.count = numbers[wanted] if wanted in groups else sum(numbers.values())
    context = {
        "page": pages.get_page(request.GET.get("halaman")),
        "words": words,
        "wanted": wanted if wanted in groups else "",
        "school": school or (schools.first() if number == 1 else None),
        "chosen": npsn,
        "several": number > 1,
        "groups": [
            Group("terdaftar", numbers["terdaftar"], _("Terdaftar"), _("dikenali kios"), "circle-check", "st-seen"),
            Group("menunggu", numbers["menunggu"], _("Menunggu"), _("wajah diperiksa dulu"), "hourglass", "st-look"),
            Group("belum", numbers["belum"], _("Belum didaftarkan"), _("wajah belum ada"), "user-scan", "st-none"),
        ],
        "kept": {"sekolah": npsn, "wajah": wanted},
        "reviews": reviews.count(),
        "may_add": managed.filter(pk=school.pk).exists() if school else managed.exists(),
    }
    return render(request, "reports/people.html", context)
