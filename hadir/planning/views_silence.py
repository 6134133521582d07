"""Proposals of incidents: days on which schools were silent and that nobody has reported. Nothing is written here."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hadir.accounts.access import Action, schools_for
from hadir.attendance.silence import SilentDay, Why, heard_days, silent_days, silent_schools
from hadir.core import clock
from hadir.leave.models_incident import IncidentKind
from hadir.leave.queries_incident import known_days
from hadir.leave.services_incident import MOST_DAYS
from hadir.schools.models import School

PAGE = 30
BACK = 21
"""How many days before today are looked at unless the visitor asks for others."""
TOGETHER = timedelta(days=4)
"""Silent days at most so far apart are one incident: a weekend or a holiday between them is no end of it, a day that
was heard is."""
KINDS = {
    Why.NO_DEVICE: IncidentKind.DEVICE,
    Why.DEAD: IncidentKind.DEVICE,
    Why.UNSENT: IncidentKind.NETWORK,
    Why.OFF: IncidentKind.POWER,
}
"""The kind that the form begins with; the person who knows chooses."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Silent days of one school that belong together."""

    school: School
    days: Sequence[SilentDay]

    @property
    def first(self) -> date:
        """The first silent day."""
        return self.days[0].day

    @property
    def last(self) -> date:
        """The last silent day."""
        return self.days[-1].day

    @property
    def why(self) -> Why:
        """What is known of the devices, of the last day."""
        return self.days[-1].why

    @property
    def since(self) -> datetime | None:
        """The last word before the first silent day was over."""
        return self.days[0].since

    @property
    def people(self) -> int:
        """How many people wait."""
        return len({key for day in self.days for key, _name in day.people})

    @property
    def devices(self) -> str:
        """The devices of the worst kind, by name."""
        return ", ".join(sorted({one.name for day in self.days for one in day.devices if one.why == self.why}))

    @property
    def sentence(self) -> str:
        """What the silence looks like, in words."""
        return say_silence(self.why, self.devices)

    @property
    def address(self) -> str:
        """The form of a report, filled in."""
        words = self.sentence
        if self.since is not None and self.why != Why.NO_DEVICE:
            local = self.since.astimezone(ZoneInfo(self.school.time_zone))
            words += " " + _("Terakhir terdengar %(day)s pukul %(clock)s.") % {
                "day": date_format(local.date(), "j F Y"),
                "clock": f"{local:%H.%M}",
            }
        given = {
            "sekolah": self.school.npsn,
            "mulai": self.first.isoformat(),
            "sampai": self.last.isoformat(),
            "jenis": KINDS[self.why].value,
            "kata": words,
        }
        return f"{reverse('incident-new')}?{urlencode(given)}"


def say_silence(why: Why, devices: str) -> str:
    """Return what is known of the devices of a silent day, in a sentence."""
    sentences = {
        Why.NO_DEVICE: _("Tidak ada perangkat yang dipakai."),
        Why.DEAD: _("%(devices)s belum terdengar lagi."),
        Why.UNSENT: _("%(devices)s masih menyimpan catatan; catatan itu akan datang sendiri."),
        Why.OFF: _("%(devices)s tidak mencatat apa pun hari itu, seperti dimatikan."),
    }
    return sentences[why] % {"devices": devices or _("Perangkat")}


def proposals(schools: QuerySet[School], first: date, last: date) -> list[Proposal]:
    """Return the silent days of these schools for which no incident is reported or confirmed, those that belong
    together in one proposal. Ten queries."""
    days = silent_days(schools, first, last)
    keys = {day.school.pk for day in days}
    known, heard = known_days(keys, first, last), heard_days(keys, first, last)
    return list(_joined([day for day in days if (day.school.pk, day.day) not in known], known | heard))


def _joined(days: Sequence[SilentDay], ends: Collection[tuple[uuid.UUID, date]]) -> Iterable[Proposal]:
    """Join days of one school; no proposal reaches over one of `ends`."""
    found: list[SilentDay] = []
    for day in days:
        apart = bool(found) and (
            day.school.pk != found[-1].school.pk
            or day.why != found[-1].why
            or day.day - found[-1].day > TOGETHER
            or any((day.school.pk, between) in ends for between in _between(found[-1].day, day.day))
            or (day.day - found[0].day).days >= MOST_DAYS
        )
        if apart:
            yield Proposal(found[0].school, found)
            found = []
        found.append(day)
    if found:
        yield Proposal(found[0].school, found)


def _between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range(1, (last - first).days)]


@login_required
@require_safe
def incident_proposals(request: HttpRequest) -> HttpResponse:
    """List schools and days of which nothing was heard and that nobody has reported."""
    schools = schools_for(request.user)
    if not schools.exists():
        raise Http404
    today = clock.local_date(clock.now(), settings.TIME_ZONE)
    last = min(_date(request.GET.get("sampai")) or today, today)
    first = _date(request.GET.get("mulai")) or last - timedelta(days=BACK)
    first = max(min(first, last), last - timedelta(days=MOST_DAYS - 1))
    page = Paginator(silent_schools(schools, first, last), PAGE).get_page(request.GET.get("halaman"))
    here = schools.filter(pk__in=[school.pk for school in page.object_list]).select_related("district")
    reporting = schools_for(request.user, Action.REQUEST_LEAVE).filter(pk__in=here.values("pk"))
    context = {
        "page": page,
        "proposals": proposals(here, first, last),
        "first": first,
        "last": last,
        "reporting": set(reporting.values_list("pk", flat=True)),
    }
    return render(request, "planning/incident_proposals.html", context)


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
