"""The region: how its day is so far, who has not been heard, and its schools, found by typing."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hadir.accounts.access import schools_for
from hadir.core import clock
from hadir.reports.queries import heard_groups, region_day, school_lines
from hadir.schools.models import School
from hadir.schools.queries import find_schools

PAGE = 100
FEW = 25
"""So many schools are listed without being asked for."""
SHOWN_SILENCES = 7
MAP_FROM = 4
"""A map of fewer kecamatan says nothing."""


@dataclass(frozen=True)
class Group:
    """One counter above a list: it filters the list, and all together are everything."""

    name: str
    number: int
    word: str
    note: str
    icon: str
    chip: str


def region(request: HttpRequest) -> HttpResponse:
    """Show the visitor's schools together; a search asks for the list alone."""
    now = clock.now()
    schools = schools_for(request.user).select_related("district__region", "island")
    context: dict[str, Any] = {"now": now, **_list(request, schools)}
    if "HX-Request" not in request.headers:
        found = region_day(schools, now=now)
        regions = list(
            schools.order_by("district__region__name").values_list("district__region__name", flat=True).distinct()
        )
        context |= {
            "found": found,
            "regions": regions,
            "has_map": len(found.tiles) >= MAP_FROM,
            "silences": found.silences[:SHOWN_SILENCES],
        }
    return render(request, "reports/region.html", context)


def _list(request: HttpRequest, schools: QuerySet[School]) -> dict[str, Any]:
    """Return the schools asked for by typing, by kecamatan, or by whether they were heard."""
    now = clock.now()
    words, wanted = request.GET.get("cari", "").strip(), request.GET.get("keadaan", "")
    district = request.GET.get("kecamatan", "")
    # "Today" of the region; the two time zones of one region would differ by an hour at most.
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    groups = heard_groups(schools, midnight)
    found = groups.get(wanted, schools)
    if district:
        found = found.filter(district__name=district)
    page = Paginator(find_schools(found, words), PAGE).get_page(request.GET.get("halaman"))
    asked = bool(words or district or wanted in groups or "halaman" in request.GET)
    listed = asked or page.paginator.count <= FEW
    return {
        "page": page,
        "lines": school_lines(list(page.object_list), now=now) if listed else [],
        "listed": listed,
        "asked": asked,
        "words": words,
        "wanted": wanted if wanted in groups else "",
        "district": district,
        "kept": {"keadaan": wanted if wanted in groups else "", "kecamatan": district},
    }


@login_required
@require_GET
def silent(request: HttpRequest) -> HttpResponse:
    """Show every school that has not been heard today, joined by cause, with the next step."""
    schools = schools_for(request.user).select_related("district__region", "island")
    if not schools.exists():
        raise Http404
    now = clock.now()
    found = region_day(schools, now=now)
    kinds = {
        "": _("Semua"),
        "district": _("Satu kecamatan"),
        "island": _("Satu pulau"),
        "never": _("Belum pernah terdengar"),
        "single": _("Lain"),
    }
    wanted = request.GET.get("sebab", "")
    numbers = {kind: sum(len(one.schools) for one in found.silences if kind in {"", one.kind}) for kind in kinds}
    context = {
        "now": now,
        "found": found,
        "chips": [(kind, word, numbers[kind]) for kind, word in kinds.items() if numbers[kind] or not kind],
        "wanted": wanted if wanted in kinds else "",
        "silences": [one for one in found.silences if wanted in {"", one.kind} or wanted not in kinds],
    }
    return render(request, "reports/silent.html", context)
