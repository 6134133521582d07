"""Dates that no calendar of a school has: they reach the ledger and the office, and never stop the worker."""

import json
from datetime import date, timedelta

import pytest

from hadir.attendance.models import PersonDay
from hadir.attendance.services import work_once
from hadir.attendance.tests.conftest import MONDAY, Week, at
from hadir.core.errors import HadirError
from hadir.ledger.services import record_scan
from hadir.people.marks import mark_person, mark_schools
from hadir.people.models import DayMark
from hadir.schedules.services import add_calendar_days

LATER = at("21:00", MONDAY + timedelta(days=1))


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00", "1970-01-01T07:00:00+07:00"]
)
def test_a_kiosk_that_claims_an_impossible_date_stops_nobody(week: Week, text: str):
    record = week.world.record_text(person=str(week.world.siti.pk), captured_at=text)
    receipt = record_scan(
        device=week.kiosk, claimed_id=json.loads(record)["id"], record=record.encode(), now=at("07:10")
    )
    assert receipt.status in {"stored", "held"}
    week.scan(week.world.hasan, at("07:20"))
    week.hear(at("20:30"))
    work_once(now=LATER)
    assert PersonDay.objects.get(person=week.world.hasan, school=week.world.kota, day=MONDAY).status == "H"
    assert not DayMark.objects.exists()


@pytest.mark.parametrize("day", [date.min, date.max])
def test_no_date_however_wrong_stops_the_worker(week: Week, day: date):
    mark_person(person_id=week.world.siti.pk, first=day, last=day, now=LATER)
    mark_schools(schools=[week.world.kota.pk], first=date.min, last=date.max, now=LATER)
    outcome = work_once(now=LATER)
    assert outcome.judged > 0
    assert not DayMark.objects.exists()


@pytest.mark.parametrize(("first", "last"), [(date.min, MONDAY), (MONDAY, date.max), (date.max, date.max)])
def test_a_schedule_has_years_that_exist(week: Week, first: date, last: date):
    with pytest.raises(HadirError, match="2000 sampai 2199"):
        add_calendar_days(scope=week.world.kota, kind="libur", name="x", valid_from=first, valid_to=last, now=LATER)
