"""What a page of an incident shows: whom it touches, and what their days mean with and without it."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hadir.attendance.models import PersonDay
from hadir.attendance.trying import Difference, Meaning, Trial
from hadir.attendance.trying_granted import try_granted
from hadir.leave.granted import Granted
from hadir.leave.models_incident import AffectedPerson, Incident, IncidentState
from hadir.leave.queries_incident import TECHNICAL, Span, assigned_spans, heads_of
from hadir.people.models import Person
from hadir.rules.verdict import ABSENT, PENDING
from hadir.schools.models import School

Key = uuid.UUID


@dataclass(frozen=True, slots=True)
class Run:
    """Dates of one person that follow each other in a list and mean the same; `before` is empty once it is decided."""

    first: date
    last: date
    number: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Affected:
    """One person of an incident, as a row. `changes`: her days that would mean something else; `days`: what they mean
    now, once it is decided. `head`: her part is confirmed from above; `part`: None before the report is saved."""

    person: Key
    name: str
    first: date
    last: date
    ticked: bool
    head: bool
    part: AffectedPerson | None = None
    changes: Sequence[Difference] = ()
    days: Sequence[PersonDay] = ()

    @property
    def is_cut(self) -> bool:
        """Tell whether her assignment covers only a part of the incident."""
        incident = self.part.incident if self.part else None
        return incident is not None and (self.first, self.last) != (incident.first, incident.last)

    @property
    def changing(self) -> list[Run]:
        """Her days that would mean something else, those that follow each other and are alike as one."""
        return _runs((one.day, _said(one.before), _said(one.after)) for one in self.changes)

    @property
    def meant(self) -> list[Run]:
        """What her days mean now, those that follow each other and are alike as one."""
        return _runs((day.day, "", " ".join((day.status, *day.codes))) for day in self.days)


def draft_rows(
    school: School, first: date, last: date, now: datetime, ticked: Collection[Key] | None
) -> list[Affected]:
    """Return everybody whom a report would list. `ticked` None: those who wait now are ticked, nobody else is: who
    came nevertheless, or was absent on a day that was heard, is for a person to tick."""
    spans = assigned_spans(school, first, last)
    trial = _trial(school, spans, now)
    changes = _by_person(trial)
    names = dict(Person.objects.filter(pk__in={span[0] for span in spans}).values_list("pk", "name"))
    heads = heads_of(school, first, last)
    rows = [
        Affected(
            person=person,
            name=names[person],
            first=begins,
            last=ends,
            ticked=_waits(changes[person]) if ticked is None else person in ticked,
            head=person in heads,
            changes=[one for one in changes[person] if begins <= one.day <= ends],
        )
        for person, begins, ends in spans
    ]
    return sorted(rows, key=lambda row: (row.name, row.first))


def incident_rows(incident: Incident, now: datetime) -> list[Affected]:
    """Return everybody whom an incident lists, with what would change and what their days are now."""
    parts = list(incident.affected.select_related("person", "incident", "incident__school"))
    heads = heads_of(incident.school, incident.first, incident.last)
    open_spans = [(part.person_id, part.first, part.last) for part in parts if part.confirmed_at is None]
    may_change = incident.state in {IncidentState.REPORTED, IncidentState.CONFIRMED}
    changes = _by_person(_trial(incident.school, open_spans, now)) if may_change else _by_person(None)
    days = _stored(incident)
    rows = [
        Affected(
            person=part.person_id,
            name=part.person.name,
            first=part.first,
            last=part.last,
            ticked=part.included,
            head=part.person_id in heads,
            part=part,
            changes=[one for one in changes[part.person_id] if part.first <= one.day <= part.last],
            days=[day for day in days[part.person_id] if part.first <= day.day <= part.last],
        )
        for part in parts
    ]
    return sorted(rows, key=lambda row: (row.name, row.first))


def _trial(school: School, spans: Sequence[Span], now: datetime) -> Trial | None:
    """Try a technical reason for everybody, for as many days as the incident has; None for nobody."""
    if not spans:
        return None
    entries = [Granted(person, TECHNICAL, first, last, school=school.pk) for person, first, last in spans]
    first, last = min(span[1] for span in spans), max(span[2] for span in spans)
    return try_granted(school=school, first=first, last=last, now=now, entries=entries)


def _by_person(trial: Trial | None) -> Mapping[Key, list[Difference]]:
    found: dict[Key, list[Difference]] = defaultdict(list)
    for one in trial.differences if trial else ():
        found[one.person].append(one)
    return found


def _waits(changes: Sequence[Difference]) -> bool:
    before = {one.before.status for one in changes if one.before is not None}
    return PENDING in before and ABSENT not in before


def _stored(incident: Incident) -> Mapping[Key, list[PersonDay]]:
    rows = PersonDay.objects.filter(school=incident.school, day__gte=incident.first, day__lte=incident.last)
    found: dict[Key, list[PersonDay]] = defaultdict(list)
    for row in rows.filter(person__in=incident.affected.values("person")).order_by("day"):
        found[row.person_id].append(row)
    return found


def _said(one: Meaning | None) -> str:
    """Return "H TL1", without what is true of all days here: that they wait, and the minutes that codes imply."""
    return " ".join((one.status, *one.codes)) if one else ""


def _runs(days: Iterable[tuple[date, str, str]]) -> list[Run]:
    found: list[Run] = []
    for day, before, after in days:
        last = found[-1] if found else None
        if last is not None and (last.before, last.after) == (before, after):
            found[-1] = Run(last.first, day, last.number + 1, before, after)
        else:
            found.append(Run(day, day, 1, before, after))
    return found
