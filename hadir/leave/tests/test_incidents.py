"""Incidents: who may say what, whom they touch, and what they mean for days."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hadir.accounts.models import RoleKind, User
from hadir.conftest import NOW, World
from hadir.core.errors import HadirError
from hadir.core.models import AuditEntry
from hadir.leave.models_incident import AffectedPerson, Incident
from hadir.leave.queries import granted_for
from hadir.leave.queries_incident import known_days, technical_for, waiting_parts
from hadir.leave.services_incident import (
    cancel_confirmed,
    choose_people,
    confirm_incident,
    dismiss_incident,
    report_incident,
)
from hadir.people.models import Assignment, DayMark, Person

MONDAY = date(2026, 9, 14)
FRIDAY = date(2026, 9, 11)
DAY = timedelta(days=1)


@contextmanager
def refuses(code: str) -> Iterator[None]:
    """Expect a refusal with this code."""
    with pytest.raises(HadirError) as refused:
        yield
    assert refused.value.code == code


def report(world: World, **more: Any) -> Incident:
    given: dict[str, Any] = {
        "school": world.kota,
        "kind": "power",
        "first": FRIDAY,
        "last": MONDAY,
        "words": "Listrik padam",
        "name": "Bu Operator",
        "now": NOW,
    }
    return report_incident(**given | more)


def as_head(world: World, person: Person | None = None) -> User:
    user = world.login(RoleKind.HEAD, world.kota)
    user.person = person
    user.save()
    return user


def confirm(incident: Incident, by: User | None, name: str = "Pak Kepala") -> set[uuid.UUID]:
    return {part.person_id for part in confirm_incident(incident=incident, reason="Benar", name=name, by=by, now=NOW)}


def test_everybody_assigned_is_listed_and_nothing_changes_before_it_is_confirmed(world: World):
    DayMark.objects.all().delete()
    incident = report(world)
    assert set(incident.affected.values_list("person", "first", "last", "included")) == {
        (world.siti.pk, FRIDAY, MONDAY, True),
        (world.hasan.pk, FRIDAY, MONDAY, True),
    }
    assert granted_for([world.siti.pk], FRIDAY, MONDAY) == {}
    assert not DayMark.objects.exists()
    assert AuditEntry.objects.filter(action="report_incident", object_id=str(incident.pk)).exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"kind": "ghost"}, "incident_kind_unknown"),
        ({"first": MONDAY, "last": FRIDAY}, "incident_dates"),
        ({"last": MONDAY + DAY}, "incident_dates"),
        ({"first": MONDAY - 62 * DAY}, "incident_dates"),
        ({"first": MONDAY, "start": time(9), "end": time(9)}, "incident_times"),
        ({"words": "  "}, "reason_missing"),
        ({"name": ""}, "incident_name_missing"),
        ({"people": set()}, "incident_nobody"),
        ({"people": {uuid.uuid4()}}, "incident_nobody"),
        ({"first": date(2019, 1, 7), "last": date(2019, 1, 7)}, "incident_nobody"),
        ({"words": "x" * 501}, "text_too_long"),
    ],
)
def test_what_no_report_can_be(world: World, given: dict[str, Any], code: str):
    with refuses(code):
        report(world, **given)
    assert not Incident.objects.exists()


def test_the_same_report_twice_is_one_but_after_a_refusal_it_may_be_made_again(world: World):
    incident = report(world)
    with refuses("incident_exists"):
        report(world)
    dismiss_incident(incident=incident, reason="Salah tanggal", name="Pak Kepala", now=NOW)
    assert report(world).pk != incident.pk


def test_a_technical_reason_never_leaves_the_assignment(world: World):
    Assignment.objects.filter(person=world.siti).update(valid_to=FRIDAY)
    incident = report(world)
    Assignment.objects.filter(person=world.hasan, school=world.kota).update(valid_from=MONDAY)
    confirm(incident, None)
    found = technical_for([world.siti.pk, world.hasan.pk, world.rahma.pk], FRIDAY - 30 * DAY, MONDAY + 30 * DAY)
    spans = {person: [(one.first, one.last, one.school) for one in rows] for person, rows in found.items()}
    assert spans == {
        world.siti.pk: [(FRIDAY, FRIDAY, world.kota.pk)],
        world.hasan.pk: [(MONDAY, MONDAY, world.kota.pk)],
    }
    assert found[world.siti.pk][0].code == "TEKNIS"
    assert found[world.siti.pk][0].reference == str(incident.pk)


def test_somebody_who_is_no_longer_assigned_gets_nothing(world: World):
    incident = report(world)
    Assignment.objects.filter(person=world.siti).update(valid_to=FRIDAY - DAY)
    assert confirm(incident, None) == {world.hasan.pk}
    assert technical_for([world.siti.pk], FRIDAY, MONDAY) == {}


def test_only_those_who_are_ticked(world: World):
    incident = report(world, people={world.siti.pk})
    assert choose_people(incident=incident, people={world.hasan.pk}, now=NOW) == 1
    for people, code in (({world.rahma.pk}, "incident_stranger"), (set(), "incident_nobody")):
        with refuses(code):
            choose_people(incident=incident, people=people, now=NOW)
    assert confirm(incident, None) == {world.hasan.pk}
    with refuses("incident_decided"):
        choose_people(incident=incident, people={world.siti.pk}, now=NOW)
    entry = AuditEntry.objects.get(action="choose_affected")
    assert entry.detail == {"included": [str(world.hasan.pk)], "left_out": [str(world.siti.pk)]}


@pytest.mark.parametrize(
    ("kind", "place", "reported", "own", "may"),
    [
        (RoleKind.HEAD, "kota", False, None, {"siti", "hasan"}),
        (RoleKind.HEAD, "kota", True, None, set()),
        (RoleKind.HEAD, "kota", False, "siti", {"hasan"}),
        (RoleKind.SUPERVISOR, "district", False, None, {"siti", "hasan"}),
        (RoleKind.SUPERVISOR, "district", True, None, set()),
        (RoleKind.SUPERVISOR, "district", False, "hasan", {"siti"}),
        (RoleKind.DINAS, "region", False, None, {"siti", "hasan"}),
        (RoleKind.DINAS, "region", True, None, {"siti", "hasan"}),
        (RoleKind.DINAS, "region", True, "siti", {"hasan"}),
    ],
)
def test_whose_part_a_login_may_confirm(
    world: World, kind: RoleKind, place: str, reported: bool, own: str | None, may: set[str]
):
    user = world.login(kind, getattr(world, place))
    user.person = getattr(world, own) if own else None
    user.save()
    incident = report(world, by=user if reported else None)
    assert {part.person_id for part in waiting_parts(incident, user)} == {getattr(world, name).pk for name in may}
    if not may:
        with refuses("incident_not_yours"):
            confirm(incident, user)
        assert not AffectedPerson.objects.filter(confirmed_at__isnull=False).exists()


@pytest.mark.parametrize("known_by", ["duty", "login"])
def test_the_heads_own_part_waits_for_the_dinas(world: World, known_by: str):
    head = as_head(world, world.siti if known_by == "login" else None)
    if known_by == "duty":
        Assignment.objects.filter(person=world.siti).update(duty="Kepala Sekolah")
    incident = report(world)
    assert confirm(incident, head) == {world.hasan.pk}
    assert set(technical_for([world.siti.pk, world.hasan.pk], FRIDAY, MONDAY)) == {world.hasan.pk}
    with refuses("incident_not_yours"):
        confirm(incident, head)
    assert confirm(incident, world.login(RoleKind.DINAS, world.region), "Dinas") == {world.siti.pk}
    assert set(technical_for([world.siti.pk, world.hasan.pk], FRIDAY, MONDAY)) == {world.siti.pk, world.hasan.pk}
    incident.refresh_from_db()
    assert incident.decided_name == "Pak Kepala"
    with refuses("incident_decided"):
        confirm(incident, None)


def test_a_decision_marks_the_days_and_leaves_a_trace(world: World):
    incident = report(world)
    DayMark.objects.all().delete()
    confirm(incident, as_head(world))
    marked = set(DayMark.objects.values_list("person", "first", "last"))
    assert marked == {(world.siti.pk, FRIDAY, MONDAY), (world.hasan.pk, FRIDAY, MONDAY)}
    DayMark.objects.all().delete()
    cancel_confirmed(incident=incident, reason="Ternyata menyala", name="Dinas", now=NOW)
    assert set(DayMark.objects.values_list("person", "first", "last")) == marked
    assert technical_for([world.siti.pk], FRIDAY, MONDAY) == {}
    actions = (
        AuditEntry.objects.filter(object_id=str(incident.pk)).order_by("at", "id").values_list("action", flat=True)
    )
    assert list(actions) == ["report_incident", "confirm_incident", "cancel_incident"]


def test_a_decision_stands_until_it_is_taken_back(world: World):
    incident = report(world)
    with refuses("incident_not_confirmed"):
        cancel_confirmed(incident=incident, reason="x", name="y", now=NOW)
    with refuses("reason_missing"):
        dismiss_incident(incident=incident, reason=" ", name="y", now=NOW)
    dismiss_incident(incident=incident, reason="Salah", name="y", now=NOW)
    for again in (dismiss_incident, confirm_incident):
        with refuses("incident_decided"):
            again(incident=incident, reason="x", name="y", now=NOW)
    assert technical_for([world.siti.pk], FRIDAY, MONDAY) == {}


def test_a_failure_leaves_nothing_half_done(world: World, monkeypatch: pytest.MonkeyPatch):
    incident = report(world)
    DayMark.objects.all().delete()

    def broken(**_given: Any) -> None:
        raise RuntimeError("no trace")

    monkeypatch.setattr("hadir.leave.services_incident.record_audit", broken)
    with pytest.raises(RuntimeError):
        confirm(incident, None)
    incident.refresh_from_db()
    assert incident.state == "reported"
    assert not DayMark.objects.exists()
    assert technical_for([world.siti.pk], FRIDAY, MONDAY) == {}


def test_the_database_refuses_a_decision_of_nobody(world: World):
    incident = report(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(state="confirmed")
    with pytest.raises(IntegrityError), transaction.atomic():
        incident.affected.update(confirmed_at=NOW)


def test_days_with_an_incident(world: World):
    incident = report(world)
    days = {(world.kota.pk, FRIDAY + number * DAY) for number in range(4)}
    assert known_days([world.kota.pk, world.pulau.pk], FRIDAY - 9 * DAY, MONDAY + 9 * DAY) == days
    assert known_days([world.kota.pk], MONDAY, MONDAY + DAY) == {(world.kota.pk, MONDAY)}
    dismiss_incident(incident=incident, reason="Salah", name="y", now=NOW)
    assert known_days([world.kota.pk], FRIDAY, MONDAY) == set()


def test_many_people_are_read_with_one_query(world: World, django_assert_num_queries: Any):
    confirm(report(world), None)
    with django_assert_num_queries(1):
        technical_for([world.siti.pk, world.hasan.pk, world.rahma.pk, world.anwar.pk], FRIDAY, MONDAY)
