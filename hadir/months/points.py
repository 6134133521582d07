"""What should be looked at before a month is signed, each with the next step and where it is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from hadir.months.grid import pending_dates
from hadir.months.queries import OpenPoint, open_points
from hadir.months.sheet import MonthSheet
from hadir.rules.verdict import Cause
from hadir.schools.models import School

SHOWN_DATES = 6
"""So many dates of one point are named; the grid shows the others."""


@dataclass(frozen=True, slots=True)
class Step:
    """One open point: how many, of what, what to do; `url` with its `link`, both empty where there is no such page."""

    point: OpenPoint
    todo: str
    link: str
    url: str
    dates: Sequence[date]
    more: int


def steps_of(school: School, sheet: MonthSheet) -> Sequence[Step]:
    """Return the open points of a month with their next steps."""
    waiting = pending_dates(sheet)
    return [_step(school, point, waiting) for point in open_points(school, sheet.year, sheet.month)]


def _step(school: School, point: OpenPoint, waiting: Mapping[str, Mapping[date, int]]) -> Step:
    todo, link, name, args = _todo(school, point.kind)
    dates = list(waiting.get(point.kind.removeprefix("pending_"), ()))
    return Step(point, todo, link, _url(name, args), dates[:SHOWN_DATES], max(0, len(dates) - SHOWN_DATES))


def _todo(school: School, kind: str) -> tuple[str, str, str, list[str]]:
    """Return what to do, the words of the link, and the address that it leads to."""
    board: tuple[str, list[str]] = ("board", [school.npsn])
    people: tuple[str, list[str]] = ("people", [])
    known: Mapping[str, tuple[str, str, tuple[str, list[str]]]] = {
        Cause.DAY_NOT_OVER: (_("Tunggu sampai harinya selesai."), "", ("", [])),
        Cause.SCHOOL_NOT_HEARD: (
            _("Sambungkan perangkat yang belum terdengar. Bila tidak mungkin lagi, nyatakan harinya lengkap."),
            _("Lihat perangkat"),
            ("devices", []),
        ),
        Cause.SCAN_OUTSIDE_WINDOW: (_("Periksa catatan di luar jam pindai."), _("Buka papan"), board),
        Cause.FALLBACK_UNCHECKED: (_("Periksa catatan yang memakai cara lain."), _("Buka papan"), board),
        Cause.PERSON_UNKNOWN_TO_DEVICES: (_("Daftarkan wajah atau PIN orang itu."), _("Lihat orang"), people),
        Cause.NO_SCHEDULE: (_("Tetapkan jam kerjanya."), _("Buka jadwal"), ("schedule", [school.npsn])),
        Cause.LEAVE_CODE_UNKNOWN: (_("Minta dinas memeriksa kode izinnya."), _("Buka jadwal"), ("schedules", [])),
    }
    by_kind = {f"pending_{cause}": entry for cause, entry in known.items()} | {
        "requests": (_("Putuskan dulu, supaya tidak menjadi penyesuaian."), _("Lihat permohonan"), ("leave", [])),
        "incidents": (_("Kukuhkan atau tolak laporannya."), _("Lihat kejadian"), ("incidents", [])),
        "pins": (_("Cocokkan PIN dengan orangnya."), _("Lihat perangkat"), ("devices", [])),
        "clocks": (_("Terima atau tolak jamnya."), _("Periksa jam"), ("clock-reviews", [])),
    }
    todo, link, (name, args) = by_kind.get(kind, (_("Buka harinya untuk melihat yang ditunggu."), "", ("", [])))
    return todo, link, name, args


def _url(name: str, args: Sequence[str]) -> str:
    try:
        return reverse(name, args=args) if name else ""
    except NoReverseMatch:
        return ""
