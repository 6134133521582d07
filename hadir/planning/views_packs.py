"""Pages of rule packs: read them, copy and change them, try them on a past month, switch them on from a date."""

import re
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from hadir.accounts.access import Action, schools_for
from hadir.attendance.trying import Trial, with_pack
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.planning import access
from hadir.planning.describe import describe
from hadir.planning.forms import date_field
from hadir.planning.trials import SHOWN, month_trial
from hadir.planning.views import may_see_rules
from hadir.rules.pack import Pack
from hadir.schedules.models import PackVersion, RulePackChoice
from hadir.schedules.office_packs import PackFile, changed_keys, list_packs, pack_text, read_draft, save_pack
from hadir.schedules.packs import office_pack
from hadir.schedules.services import choose_pack
from hadir.schools.models import District, Region, School

MONTHS_OFFERED = 12


class ChooseForm(forms.Form):
    """A pack for a region from a date on, with the reason."""

    valid_from = date_field(gettext_lazy("Berlaku mulai"))
    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        max_length=300,
        help_text=gettext_lazy("Misalnya nomor dan tanggal Peraturan Bupati. Tampil di setiap hari yang dinilai."),
        error_messages={"required": gettext_lazy("Tulis alasannya.")},
    )

    def __init__(self, *args: Any, regions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["region"] = forms.ModelChoiceField(regions, label=_("Wilayah"), empty_label=None)


class TextForm(forms.Form):
    """The text of a pack and why it changes."""

    text = forms.CharField(
        label=gettext_lazy("Isi paket"),
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "code"}),
        strip=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        max_length=300,
        error_messages={"required": gettext_lazy("Tulis alasannya.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


@login_required
@require_safe
def packs(request: HttpRequest) -> HttpResponse:
    """List the packs, and which region is judged by which."""
    _door(request)
    choices = RulePackChoice.objects.select_related("region", "created_by").order_by("region__name", "-valid_from")
    regions = access.regions_for(request.user)
    context = {
        "packs": list_packs(),
        "choices": choices.filter(region__in=regions),
        "may_change": _may_change(request),
    }
    return render(request, "planning/packs.html", context)


@login_required
@require_safe
def pack(request: HttpRequest, name: str) -> HttpResponse:
    """Show what is in a pack, in words."""
    _door(request)
    file = _file_or_404(name)
    today = _today()
    context: dict[str, Any] = {"file": file, "today": today, "may_change": _may_change(request)}
    if file.pack is not None:
        context["sections"] = describe(file.pack, today)
        context["versions"] = PackVersion.objects.filter(pack=name).select_related("created_by").order_by("-created_at")
        context["months"] = _months(today)
        context["districts"] = District.objects.filter(schools__in=schools_for(request.user)).distinct()
    return render(request, "planning/pack.html", context)


@login_required
@require_safe
def pack_file(request: HttpRequest, name: str) -> HttpResponse:
    """Hand out the file of a pack, to be copied or compared."""
    _door(request)
    _file_or_404(name)
    response = HttpResponse(pack_text(name), content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.toml"'
    return response


@login_required
@require_http_methods(["GET", "POST"])
def pack_new(request: HttpRequest) -> HttpResponse:
    """Copy or change a pack as text. What is wrong is said with its place; what changes is listed before it is kept."""
    if not _may_change(request):
        raise PermissionDenied
    source = request.GET.get("dari", "contoh")
    file = _file_or_404(source)
    form = TextForm(request.POST or None, initial={"text": _copied(source) if not file.own else pack_text(source)})
    changes: list[tuple[str, date]] = []
    read: Pack | None = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["text"].replace("\r\n", "\n").encode()
        try:
            read = read_draft(data)
            changes = _changes(read)
            if "confirmed" in request.POST or not changes:
                save_pack(
                    data=data, reason=form.cleaned_data["reason"], now=clock.now(), by=access.user_of(request.user)
                )
                messages.success(request, _("Paket %(name)s tersimpan.") % {"name": read.name})
                return redirect("rule-pack", read.name)
        except HadirError as error:
            form.add_error(None if error.code == "rule_pack_name_taken" else "text", error.message)
    context = {"form": form, "file": file, "changes": changes, "read": read}
    return render(request, "planning/pack_new.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def pack_try(request: HttpRequest, name: str) -> HttpResponse:
    """Judge a past month by a pack and by the rules in force, and list the days that differ."""
    _door(request)
    file = _file_or_404(name)
    if file.pack is None:
        raise Http404
    today = _today()
    month = _month(request.GET.get("bulan", ""), today)
    schools, where = _asked(request)
    context: dict[str, Any] = {"file": file, "month": month, "where": where}
    try:
        context |= _tried(file.pack, schools, month, today)
    except HadirError as error:
        context["wrong"] = error.message
    return render(request, "planning/tried.html", context, status=422 if "wrong" in context else 200)


@login_required
@require_http_methods(["GET", "POST"])
def pack_choose(request: HttpRequest, name: str) -> HttpResponse:
    """Judge a region by this pack from a date on."""
    file = _file_or_404(name)
    regions = access.regions_for(request.user, Action.MANAGE_RULES)
    if not regions.exists() or file.pack is None:
        raise PermissionDenied
    form = ChooseForm(request.POST or None, regions=regions, initial={"valid_from": _today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            choose_pack(
                region=given["region"],
                pack=name,
                valid_from=given["valid_from"],
                reason=given["reason"],
                now=clock.now(),
                by=access.user_of(request.user),
            )
        except HadirError as error:
            form.add_error(None, error.message)
        else:
            messages.success(
                request, _("Paket %(name)s dipakai. Hari yang sudah lewat dihitung ulang.") % {"name": name}
            )
            return redirect("rule-packs")
    return render(request, "planning/choose.html", {"form": form, "file": file}, status=422 if form.errors else 200)


def _door(request: HttpRequest) -> None:
    if not may_see_rules(request):
        raise PermissionDenied


def _may_change(request: HttpRequest) -> bool:
    return schools_for(request.user, Action.MANAGE_RULES).exists()


def _file_or_404(name: str) -> PackFile:
    file = next((one for one in list_packs() if one.name == name), None)
    if file is None:
        raise Http404
    return file


def _today() -> date:
    return clock.local_date(clock.now(), "Asia/Jakarta")


def _copied(name: str) -> str:
    """Return the text of a pack of the project under a name of the office's own."""
    return re.sub(rf'(?m)^nama = "{re.escape(name)}"$', 'nama = "kantor"', pack_text(name))


def _changes(read: Pack) -> list[tuple[str, date]]:
    """Return what differs from the pack that has this name now; nothing where the name is new."""
    if not any(one.name == read.name and one.own for one in list_packs()):
        return []
    return changed_keys(office_pack(read.name), read)


def _months(today: date) -> list[date]:
    """Return the first days of the months that can be tried, this one first."""
    found, first = [], today.replace(day=1)
    for _number in range(MONTHS_OFFERED):
        found.append(first)
        first = (
            first.replace(year=first.year - 1, month=12) if first.month == 1 else first.replace(month=first.month - 1)
        )
    return found


def _month(given: str, today: date) -> date:
    return next((one for one in _months(today) if f"{one:%Y-%m}" == given), today.replace(day=1))


def _asked(request: HttpRequest) -> tuple[list[School], Region | District | School]:
    """Return the schools to try and the place that they are: a school, or a kecamatan."""
    mine = schools_for(request.user).select_related("district__region").order_by("npsn")
    npsn = request.GET.get("sekolah", "").strip()
    if npsn:
        school = mine.filter(npsn=npsn).first()
        if school is None:
            raise Http404
        return [school], school
    here = [one for one in mine if str(one.district_id) == request.GET.get("kecamatan", "")] or list(mine)
    if not here:
        raise Http404
    place = (
        here[0]
        if len(here) == 1
        else here[0].district
        if len({one.district_id for one in here}) == 1
        else here[0].district.region
    )
    return here, place


def _tried(read: Pack, schools: list[School], month: date, today: date) -> dict[str, Any]:
    last = min(clock.month_bounds(month.year, month.month)[1], today)
    trial: Trial = month_trial(schools, month, last, clock.now(), with_pack(read))
    return {"trial": trial, "shown": trial.differences[:SHOWN], "last": last}
