"""Writing incidents. A decision, its trace and the marks of the days that it changes are one transaction."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from hadir.accounts.models import User
from hadir.core.clock import local_date
from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.core.texts import clean_text
from hadir.leave.models_incident import AffectedPerson, Incident, IncidentKind, IncidentState
from hadir.leave.queries_incident import assigned_spans, waiting_parts
from hadir.people.marks import begun_by, mark_people
from hadir.schools.models import School

MOST_DAYS = 62
"""The longest incident; one that lasts longer is reported again."""


@transaction.atomic
def report_incident(
    *,
    school: School,
    kind: str,
    first: date,
    last: date,
    words: str,
    now: datetime,
    name: str,
    by: User | None = None,
    start: time | None = None,
    end: time | None = None,
    evidence: str = "",
    people: Collection[uuid.UUID] | None = None,
) -> Incident:
    """Report what happened at a school. Changes no day before somebody confirms it.

    Everybody assigned there between the dates is listed, each with the dates of her own assignment; with `people` only
    those are included. Raises HadirError `incident_kind_unknown`, `incident_dates` (the last before the first, a date
    that has not begun, more than 62 days), `incident_times`, `reason_missing`, `incident_name_missing`,
    `incident_exists`, `incident_nobody`.
    """
    if kind not in IncidentKind.values:
        raise HadirError("incident_kind_unknown", kinds=", ".join(IncidentKind.values))
    check_dates(school, first, last, now)
    if start is not None and end is not None and first == last and end <= start:
        raise HadirError("incident_times")
    named = _name(name)
    told = clean_text(words, field="yang terjadi", limit=500)
    if not told:
        raise HadirError("reason_missing")
    School.objects.select_for_update(no_key=True).get(pk=school.pk)
    standing = (IncidentState.REPORTED, IncidentState.CONFIRMED)
    if Incident.objects.filter(school=school, kind=kind, first=first, last=last, state__in=standing).exists():
        raise HadirError("incident_exists")
    spans = assigned_spans(school, first, last)
    if not spans or (people is not None and not {span[0] for span in spans} & set(people)):
        raise HadirError("incident_nobody")
    incident = Incident.objects.create(
        school=school,
        kind=kind,
        first=first,
        last=last,
        start=start,
        end=end,
        words=told,
        evidence=clean_text(evidence, field="bukti", limit=300),
        reported_by=by,
        reported_name=named,
        reported_at=now,
    )
    AffectedPerson.objects.bulk_create(
        AffectedPerson(
            incident=incident, person_id=person, first=begins, last=ends, included=people is None or person in people
        )
        for person, begins, ends in spans
    )
    detail = {"school": school.npsn, "kind": kind, "first": first.isoformat(), "last": last.isoformat()}
    _audit("report_incident", incident, by, now, {**detail, "name": named, "words": told})
    return incident


def check_dates(school: School, first: date, last: date, now: datetime) -> None:
    """Raise HadirError `incident_dates` for dates that no incident can have."""
    if last < first or last > local_date(now, school.time_zone) or last - first >= timedelta(days=MOST_DAYS):
        raise HadirError("incident_dates", limit=MOST_DAYS)


@transaction.atomic
def choose_people(*, incident: Incident, people: Collection[uuid.UUID], now: datetime, by: User | None = None) -> int:
    """Include these people in a report and leave out all others; return how many are included.

    Raises HadirError `incident_decided`, `incident_nobody`, `incident_stranger` (not assigned there on these dates).
    """
    fresh = _locked(incident, IncidentState.REPORTED)
    rows = list(fresh.affected.all())
    wanted = set(people)
    if not wanted:
        raise HadirError("incident_nobody")
    if wanted - {row.person_id for row in rows}:
        raise HadirError("incident_stranger")
    changed = [row for row in rows if row.included != (row.person_id in wanted)]
    for row in changed:
        row.included = row.person_id in wanted
    AffectedPerson.objects.bulk_update(changed, ["included"])
    if changed:
        detail = {
            "included": sorted({str(row.person_id) for row in changed if row.included}),
            "left_out": sorted({str(row.person_id) for row in changed if not row.included}),
        }
        _audit("choose_affected", fresh, by, now, detail)
    return len(wanted)


@transaction.atomic
def confirm_incident(
    *, incident: Incident, reason: str, now: datetime, name: str, by: User | None = None
) -> list[AffectedPerson]:
    """Confirm the parts of an incident that this login may confirm, and return them; their days are judged anew.

    The caller has checked APPROVE_LEAVE at the school. Nobody confirms her own part nor (but the dinas) her own report,
    and a head's part is confirmed by the pengawas or the dinas: it stays open, and can be confirmed after the others.
    Parts are cut to the assignments of this moment. Raises HadirError `incident_decided`, `incident_not_yours`,
    `reason_missing`, `incident_name_missing`.
    """
    fresh = _locked(incident, IncidentState.REPORTED, IncidentState.CONFIRMED)
    told, named = _reason(reason), _name(name)
    _cut_to_assignments(fresh)
    parts = waiting_parts(fresh, by)
    if not parts:
        raise HadirError("incident_not_yours" if _has_open_parts(fresh) else "incident_decided")
    for part in parts:
        part.confirmed_by, part.confirmed_name, part.confirmed_at = by, named, now
    AffectedPerson.objects.bulk_update(parts, ["confirmed_by", "confirmed_name", "confirmed_at"])
    if fresh.state == IncidentState.REPORTED:
        _decide(fresh, IncidentState.CONFIRMED, told, named, by, now)
    _mark(parts, now)
    detail = {"reason": told, "name": named, "people": sorted({str(part.person_id) for part in parts})}
    _audit("confirm_incident", fresh, by, now, detail)
    return parts


@transaction.atomic
def dismiss_incident(*, incident: Incident, reason: str, now: datetime, name: str, by: User | None = None) -> Incident:
    """Refuse a report; no day changes. Raises HadirError `incident_decided`, `reason_missing`,
    `incident_name_missing`."""
    fresh = _locked(incident, IncidentState.REPORTED)
    told, named = _reason(reason), _name(name)
    _decide(fresh, IncidentState.DISMISSED, told, named, by, now)
    _audit("dismiss_incident", fresh, by, now, {"reason": told, "name": named})
    return fresh


@transaction.atomic
def cancel_confirmed(*, incident: Incident, reason: str, now: datetime, name: str, by: User | None = None) -> Incident:
    """Take back a confirmed incident; the days that it touched are judged anew, without it.

    Raises HadirError `incident_not_confirmed`, `reason_missing`, `incident_name_missing`.
    """
    fresh = Incident.objects.select_for_update(of=("self",)).select_related("school__district").get(pk=incident.pk)
    if fresh.state != IncidentState.CONFIRMED:
        raise HadirError("incident_not_confirmed")
    told, named = _reason(reason), _name(name)
    _decide(fresh, IncidentState.CANCELLED, told, named, by, now)
    _mark(fresh.affected.filter(confirmed_at__isnull=False), now)
    _audit("cancel_incident", fresh, by, now, {"reason": told, "name": named})
    return fresh


def _locked(incident: Incident, *states: IncidentState) -> Incident:
    found = Incident.objects.select_for_update(of=("self",)).select_related("school__district").get(pk=incident.pk)
    if found.state not in states:
        raise HadirError("incident_decided")
    return found


def _decide(  # noqa: PLR0917  who decided what, why and when
    incident: Incident, state: IncidentState, reason: str, name: str, by: User | None, now: datetime
) -> None:
    incident.state, incident.decision = state, reason
    incident.decided_by, incident.decided_name, incident.decided_at = by, name, now
    incident.save(update_fields=["state", "decision", "decided_by", "decided_name", "decided_at"])


def _cut_to_assignments(incident: Incident) -> None:
    """Bring the open parts in line with the assignments, which may have changed since the report."""
    spans: dict[uuid.UUID, list[tuple[date, date]]] = defaultdict(list)
    for person, first, last in assigned_spans(incident.school, incident.first, incident.last):
        spans[person].append((first, last))
    parts = list(incident.affected.filter(confirmed_at__isnull=True))
    for part in parts:
        within = [span for span in spans[part.person_id] if span[0] <= part.last and span[1] >= part.first]
        if within:
            part.first = max(part.first, within[0][0])
            part.last = min(part.last, within[-1][1])
        else:
            part.included = False
    AffectedPerson.objects.bulk_update(parts, ["first", "last", "included"])


def _has_open_parts(incident: Incident) -> bool:
    return incident.affected.filter(included=True, confirmed_at__isnull=True).exists()


def _mark(parts: Iterable[AffectedPerson], now: datetime) -> None:
    begun = begun_by(now)
    people: dict[tuple[date, date], set[uuid.UUID]] = defaultdict(set)
    for part in parts:
        if part.first <= begun:
            people[part.first, min(part.last, begun)].add(part.person_id)
    for (first, last), keys in people.items():
        mark_people(people=sorted(keys), first=first, last=last, now=now)


def _reason(reason: str) -> str:
    told = clean_text(reason, field="alasan", limit=300)
    if not told:
        raise HadirError("reason_missing")
    return told


def _name(name: str) -> str:
    named = clean_text(name, field="nama", limit=160)
    if not named:
        raise HadirError("incident_name_missing")
    return named


def _audit(action: str, incident: Incident, by: User | None, now: datetime, detail: dict[str, Any]) -> None:
    record_audit(actor=by, action=action, object_kind="incident", object_id=incident.pk, now=now, detail=detail)
