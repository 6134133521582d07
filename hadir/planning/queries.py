"""What a schedule page shows: the rows of a place with those it inherits, and what was changed lately."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hadir.planning.describe import say_hours
from hadir.rules.pack import Pack
from hadir.schedules.corrections import ROWS
from hadir.schedules.models import CalendarEntry, Dated, RulePackChoice
from hadir.schedules.packs import DEFAULT, office_pack
from hadir.schools.models import Region, School

Place = Region | School
RECENT = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the schedule as a list shows it. `inherited`: of the region, on a school's page."""

    row: Any
    kind: str
    what: str
    who: str
    state: str
    inherited: bool


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one kind: those that hold now or later, and those that are over."""

    kind: str
    lines: Sequence[Line]
    past: Sequence[Line]


def chosen_pack(region: Region, day: date) -> Pack:
    """Return the rule pack that judges a region on a date. Raises HadirError `rule_pack_unusable`."""
    choice = RulePackChoice.objects.filter(region=region, valid_from__lte=day).order_by("-valid_from").first()
    return office_pack(choice.pack if choice else DEFAULT)


def region_of(place: Place) -> Region:
    """Return the region of a place."""
    return place.district.region if isinstance(place, School) else place


def blocks_of(place: Place, pack: Pack, today: date) -> list[Block]:
    """Return the rows of every kind but the calendar; five queries."""
    kinds = ("hours", "override", "timetable", "trial") if isinstance(place, School) else ("hours", "override")
    blocks = []
    for kind in kinds:
        lines = [_line(row, kind, place, pack, today) for row in _rows(kind, place)]
        blocks.append(
            Block(kind, [one for one in lines if one.state != "past"], [one for one in lines if one.state == "past"])
        )
    return blocks


def calendar_of(place: Place, year: int, pack: Pack, today: date) -> list[Line]:
    """Return the days of a year's calendar, those of the region too; one query."""
    entries = _rows("calendar", place).filter(valid_from__year__lte=year, valid_to__year__gte=year)
    return [_line(row, "calendar", place, pack, today) for row in entries]


def recent_changes(region: Region) -> list[tuple[School, Line]]:
    """Return the latest rows that logins put into the schedules of single schools: what the dinas should look at."""
    found: list[tuple[School, Line]] = []
    for kind in ("hours", "calendar", "timetable", "trial"):
        model: Any = ROWS[kind]
        rows = model.objects.filter(school__district__region=region, created_by__isnull=False)
        latest: Iterable[Any] = rows.select_related("school", "created_by").order_by("-created_at")[:RECENT]
        found += [(row.school, _line(row, kind, row.school, None, date.min)) for row in latest]
    return sorted(found, key=lambda one: one[1].row.created_at, reverse=True)[:RECENT]


def _rows(kind: str, place: Place) -> QuerySet[Any]:
    model = ROWS[kind]
    if isinstance(place, Region):
        here = Q(region=place)
    elif kind == "hours":
        at_school = Q(person__assignments__school=place)
        here = Q(school=place) | Q(region=place.district.region) | at_school
    elif kind in {"override", "calendar"}:
        here = Q(school=place) | Q(region=place.district.region)
    else:
        here = Q(school=place)
    related = [name for name in ("person", "school", "region", "created_by") if _has(model, name)]
    return model._default_manager.filter(here).select_related(*related).order_by("valid_from", "id").distinct()


def _has(model: type[Dated], name: str) -> bool:
    return any(field.name == name for field in model._meta.fields)


def _line(row: Any, kind: str, place: Place, pack: Pack | None, today: date) -> Line:
    state = "now"
    if row.valid_from > today:
        state = "later"
    elif row.valid_to is not None and row.valid_to < today:
        state = "past"
    inherited = isinstance(place, School) and getattr(row, "region_id", None) is not None
    return Line(row, kind, _what(row, kind, pack, today), _who(row, kind), state, inherited)


def _what(row: Any, kind: str, pack: Pack | None, today: date) -> str:
    if kind == "hours":
        return _pattern(row.pattern, pack, today) if row.pattern else _("tanpa jam kerja")
    if kind == "override":
        return f"{_pattern(row.pattern, pack, today)} → {_pattern(row.instead, pack, today)}"
    if kind == "calendar":
        return str(row.get_kind_display())
    if kind == "timetable":
        return _days(row.weekdays)
    return _("uji coba, tidak dihitung")


def _who(row: Any, kind: str) -> str:
    if kind in {"override", "calendar"}:
        return str(row.name)
    if getattr(row, "person", None) is not None:
        return str(row.person.name)
    if getattr(row, "staff_kind", ""):
        return str(row.get_staff_kind_display())
    return _("semua")


def _pattern(key: str, pack: Pack | None, today: date) -> str:
    series = pack.patterns.get(key) if pack else None
    pattern = series.on(today) if series else None
    return pattern.title if pattern else key


def _days(digits: Iterable[str]) -> str:
    names = (_("Sen"), _("Sel"), _("Rab"), _("Kam"), _("Jum"), _("Sab"), _("Min"))
    return ", ".join(names[int(digit)] for digit in digits)


def pattern_facts(pack: Pack, today: date) -> list[tuple[str, str, str, str]]:
    """Return the patterns of a pack in force: title, key, the hours of the week in words, source."""
    found = []
    for key, series in pack.patterns.items():
        row = series.row_on(today)
        if row is not None:
            found.append((row.value.title, key, say_hours(row.value), row.source))
    return found


def years_of(place: Place, today: date) -> list[int]:
    """Return the years that the calendar has, and this one."""
    region = region_of(place)
    starts = CalendarEntry.objects.filter(region=region).dates("valid_from", "year")
    return sorted({today.year, *(start.year for start in starts)})
