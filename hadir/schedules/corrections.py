"""Ending and taking back rows of the schedule. The days that may change are judged anew, and the reason stays."""

from datetime import date, datetime, timedelta

from django.db import transaction

from hadir.accounts.models import User
from hadir.core.clock import YEARS
from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.core.texts import clean_text
from hadir.people.marks import begun_by, mark_person, mark_schools
from hadir.people.models import Person
from hadir.schedules.models import (
    CalendarEntry,
    Dated,
    PatternOverride,
    RulePackChoice,
    Timetable,
    TrialPeriod,
    WorkingHours,
)
from hadir.schools.models import Region, School

ROWS: dict[str, type[Dated]] = {
    "hours": WorkingHours,
    "override": PatternOverride,
    "calendar": CalendarEntry,
    "timetable": Timetable,
    "trial": TrialPeriod,
    "pack": RulePackChoice,
}
"""Every kind of row by the word that addresses and commands use."""


@transaction.atomic
def end_row(*, row: Dated, valid_to: date, reason: str, now: datetime, by: User | None = None) -> Dated:
    """Let a row hold up to `valid_to`, that date included; it may also be made longer again.

    Raises HadirError `reason_missing`, `schedule_dates` (an end before the start; a choice of rule pack has no end, the
    next choice ends it).
    """
    told = _reason(reason)
    row = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if isinstance(row, RulePackChoice) or valid_to < row.valid_from or valid_to.year not in YEARS:
        raise HadirError("schedule_dates")
    before, row.valid_to = row.valid_to, valid_to
    row.save(update_fields=["valid_to"])
    changed_from = min(before or date.max, valid_to) + timedelta(days=1)
    _mark(row, max(changed_from, row.valid_from), max(before or now.date(), valid_to), now)
    _audit("end", row, told, now, by, {"to": valid_to.isoformat(), "before": before.isoformat() if before else None})
    return row


@transaction.atomic
def remove_row(*, row: Dated, reason: str, now: datetime, by: User | None = None) -> None:
    """Take back a row that was a mistake: its days are judged as if it had never been. Raises `reason_missing`.

    What it said stays in the trace.
    """
    told = _reason(reason)
    row = type(row)._default_manager.select_for_update().get(pk=row.pk)
    _mark(row, row.valid_from, row.valid_to or now.date(), now)
    said = {field.name: str(field.value_from_object(row)) for field in row._meta.concrete_fields}
    _audit("remove", row, told, now, by, {"row": said})
    row.delete()


def scope_of(row: Dated) -> Region | School | Person:
    """Return the region, school or person that a row holds for; for a timetable the person."""
    for name in ("person", "school", "region"):
        scope = getattr(row, name, None)
        if isinstance(scope, Region | School | Person):
            return scope
    raise TypeError(type(row).__name__)


def _reason(reason: str) -> str:
    told = clean_text(reason, field="alasan", limit=300)
    if not told:
        raise HadirError("reason_missing")
    return told


def _mark(row: Dated, first: date, last: date, now: datetime) -> None:
    """Mark the dates from `first` to `last` that have begun."""
    last = min(last, begun_by(now))
    if first > last:
        return
    scope = scope_of(row)
    if isinstance(scope, Person):
        mark_person(person_id=scope.pk, first=first, last=last, now=now)
        return
    here = School.objects.filter(district__region=scope) if isinstance(scope, Region) else None
    schools = [scope.pk] if here is None else list(here.values_list("pk", flat=True))
    mark_schools(schools=schools, first=first, last=last, now=now)


def _audit(  # noqa: PLR0917  what every trace has
    verb: str, row: Dated, reason: str, now: datetime, by: User | None, detail: dict[str, object]
) -> None:
    scope = scope_of(row)
    record_audit(
        actor=by,
        action=f"{verb}_{row._meta.model_name}",
        object_kind=str(scope._meta.model_name),
        object_id=scope.pk,
        now=now,
        detail={"id": str(row.pk), "reason": reason, **detail},
    )
