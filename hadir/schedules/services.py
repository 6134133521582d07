"""Writing schedules. Every write is audited, and marks the days up to today that it may change to be judged anew."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from importlib.metadata import version
from typing import Any, TypeVar

import holidays
from django.db import IntegrityError, transaction

from hadir.accounts.models import User
from hadir.core.clock import YEARS
from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.core.texts import clean_text
from hadir.people.marks import begun_by, mark_person, mark_schools
from hadir.people.models import Person, StaffKind
from hadir.schedules.models import (
    CalendarEntry,
    Dated,
    DayKind,
    PatternOverride,
    RulePackChoice,
    Timetable,
    TrialPeriod,
    WorkingHours,
)
from hadir.schedules.pack_use import check_choice
from hadir.schedules.packs import day_rules, office_pack
from hadir.schedules.queries import schedule_for
from hadir.schools.models import Region, School

Row = TypeVar("Row", bound=Dated)
Scope = Region | School | Person


@transaction.atomic
def set_hours(
    *,
    scope: Scope,
    pattern: str,
    valid_from: date,
    now: datetime,
    staff_kind: str = "",
    valid_to: date | None = None,
    source: str = "",
    note: str = "",
    by: User | None = None,
) -> WorkingHours:
    """Give a region, a school or a person hours from a date on; an empty pattern says that they have none.

    `pattern` must be in the rule pack of the scope on `valid_from`. Raises HadirError `pattern_unknown`,
    `schedule_dates`, `schedule_exists`, `staff_kind_unknown`.
    """
    if staff_kind and (isinstance(scope, Person) or staff_kind not in StaffKind.values):
        raise HadirError("staff_kind_unknown", kind=staff_kind)
    _check_pattern(pattern, scope, valid_from)
    row = WorkingHours(pattern=pattern, staff_kind=staff_kind, **_scope(scope))
    return _add(row, scope, valid_from, valid_to, source, note, by, now)


@transaction.atomic
def override_pattern(
    *,
    scope: Region | School,
    pattern: str,
    instead: str,
    name: str,
    valid_from: date,
    valid_to: date,
    now: datetime,
    source: str = "",
    by: User | None = None,
) -> PatternOverride:
    """Replace a pattern by another one from one date to another (Ramadan). Errors as in `set_hours`."""
    if pattern == instead or not pattern:
        raise HadirError("pattern_unknown", pattern=pattern, known=instead)
    for key in (pattern, instead):
        _check_pattern(key, scope, valid_from)
    named = clean_text(name, field="nama", limit=120)
    row = PatternOverride(pattern=pattern, instead=instead, name=named, **_scope(scope))
    return _add(row, scope, valid_from, valid_to, source, "", by, now)


@transaction.atomic
def add_calendar_days(
    *,
    scope: Region | School,
    kind: str,
    name: str,
    valid_from: date,
    valid_to: date,
    now: datetime,
    source: str = "",
    by: User | None = None,
) -> CalendarEntry:
    """Put days of one kind into a calendar. Raises HadirError `schedule_dates`, `schedule_exists`."""
    row = CalendarEntry(kind=DayKind(kind), name=clean_text(name, field="nama", limit=160), **_scope(scope))
    return _add(row, scope, valid_from, valid_to, source, "", by, now)


@transaction.atomic
def set_timetable(
    *,
    person: Person,
    school: School,
    weekdays: Collection[int],
    valid_from: date,
    now: datetime,
    valid_to: date | None = None,
    note: str = "",
    by: User | None = None,
) -> Timetable:
    """Say on which weekdays (0 = Monday) a person works at a school. Raises HadirError
    `weekdays_wrong`, `schedule_dates`, `schedule_exists`."""
    if not weekdays or set(weekdays) - set(range(7)):
        raise HadirError("weekdays_wrong")
    row = Timetable(person=person, school=school, weekdays="".join(map(str, sorted(set(weekdays)))))
    return _add(row, person, valid_from, valid_to, "", note, by, now)


@transaction.atomic
def set_trial(
    *, school: School, valid_from: date, valid_to: date | None, now: datetime, note: str = "", by: User | None = None
) -> TrialPeriod:
    """Put a school into *uji coba*: its days count for nothing. Errors as in `set_hours`."""
    return _add(TrialPeriod(school=school), school, valid_from, valid_to, "", note, by, now)


@transaction.atomic
def choose_pack(
    *, region: Region, pack: str, valid_from: date, reason: str, now: datetime, by: User | None = None
) -> RulePackChoice:
    """Judge a region by a rule pack from a date on. The reason stays beside it; days of the past are judged anew.

    Raises HadirError `reason_missing`, `rule_pack_unusable`, `rule_pack_lacks` (a pattern in use there),
    `schedule_exists`.
    """
    told = clean_text(reason, field="alasan", limit=300)
    if not told:
        raise HadirError("reason_missing")
    chosen = office_pack(pack)
    day_rules(chosen, valid_from)
    check_choice(chosen, region, valid_from)
    return _add(RulePackChoice(region=region, pack=pack), region, valid_from, None, "", told, by, now)


@transaction.atomic
def seed_holidays(*, region: Region, years: Iterable[int], now: datetime, by: User | None = None) -> int:
    """Put the national holidays and the cuti bersama of these years into a region's calendar; return how many are new.

    They are copied, so that a later edition of the library changes no day that was judged. Dates of the SKB that
    differ are corrected with `add_calendar_days`: kind `hari_kerja` takes a day back. Safe to repeat.
    """
    source = f"holidays {version('holidays')} (SKB 3 Menteri)"
    have = set(CalendarEntry.objects.filter(region=region).values_list("kind", "valid_from"))
    rows: dict[tuple[str, date], CalendarEntry] = {}
    for kind, category in ((DayKind.HOLIDAY, holidays.PUBLIC), (DayKind.JOINT_LEAVE, holidays.GOVERNMENT)):
        found = holidays.country_holidays("ID", years=sorted(years), categories=(category,), language="id")
        for day, name in found.items():
            if (kind.value, day) not in have:
                rows[kind.value, day] = CalendarEntry(
                    region=region,
                    kind=kind,
                    name=name[:160],
                    valid_from=day,
                    valid_to=day,
                    source=source,
                    created_by=by,
                    created_at=now,
                )
    CalendarEntry.objects.bulk_create(rows.values())
    past = [day for _kind, day in rows if day <= begun_by(now)]
    if past:
        mark_schools(schools=_schools_of(region), first=min(past), last=max(past), now=now)
    detail = {"new": len(rows), "source": source}
    record_audit(actor=by, action="seed_holidays", object_kind="region", object_id=region.pk, now=now, detail=detail)
    return len(rows)


def _add(  # noqa: PLR0917  every caller names the same eight things
    row: Row,
    scope: Scope,
    valid_from: date,
    valid_to: date | None,
    source: str,
    note: str,
    by: User | None,
    now: datetime,
) -> Row:
    """Fill in what all rows share, keep the row, mark the days and write the trace."""
    if valid_from.year not in YEARS or (valid_to is not None and (valid_to < valid_from or valid_to.year not in YEARS)):
        raise HadirError("schedule_dates")
    row.valid_from, row.valid_to = valid_from, valid_to
    row.source = clean_text(source, field="sumber", limit=200)
    row.note = clean_text(note, field="catatan", limit=300)
    row.created_by, row.created_at = by, now
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise HadirError("schedule_exists") from error
    last = min(valid_to or date.max, begun_by(now))
    if valid_from <= last and isinstance(scope, Person):
        mark_person(person_id=scope.pk, first=valid_from, last=last, now=now)
    elif valid_from <= last:
        mark_schools(schools=_schools_of(scope), first=valid_from, last=last, now=now)
    record_audit(
        actor=by,
        action=f"add_{row._meta.model_name}",
        object_kind=str(scope._meta.model_name),
        object_id=scope.pk,
        now=now,
        detail={"row": str(row.pk), "from": valid_from.isoformat(), "to": valid_to.isoformat() if valid_to else None},
    )
    return row


def _scope(scope: Scope) -> dict[str, Any]:
    return {str(scope._meta.model_name): scope}


def _schools_of(scope: Scope) -> Sequence[uuid.UUID]:
    if isinstance(scope, Region):
        return list(School.objects.filter(district__region=scope).values_list("pk", flat=True))
    return [scope.pk]


def _check_pattern(pattern: str, scope: Scope, day: date) -> None:
    """Refuse a key that the packs in force there do not have; a misspelt one would leave people without hours."""
    if not pattern:
        return
    if isinstance(scope, Person):
        schools = School.objects.filter(assignments__person=scope)
    elif isinstance(scope, Region):
        schools = School.objects.filter(district__region=scope)
    else:
        schools = School.objects.filter(pk=scope.pk)
    first_of_regions = {school.district.region_id: school for school in schools.select_related("district")}
    places = list(first_of_regions.values())
    schedule = schedule_for(places, (), day, day)
    known = [frozenset(schedule.rules_on(school, day).patterns) for school in places]
    known = known or [frozenset(day_rules(office_pack("contoh"), day).patterns)]
    for keys in known:
        if pattern not in keys:
            raise HadirError("pattern_unknown", pattern=pattern, known=", ".join(sorted(keys)))
