"""Approved leave, duty and corrections as facts of a day."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest

from hadir.attendance.queries import day_stories
from hadir.attendance.services import verify_days
from hadir.attendance.tests.conftest import BEFORE, MONDAY, Week, at
from hadir.leave.granted import Granted
from hadir.schedules.services import set_hours

TUESDAY = MONDAY + timedelta(days=1)
Grant = Callable[..., None]


@pytest.fixture
def grant(week: Week, monkeypatch: pytest.MonkeyPatch) -> Grant:
    """Approve something for Bu Siti on Monday, whole or in part."""
    found: list[Granted] = []
    monkeypatch.setattr(
        "hadir.attendance.facts.granted_for", lambda _people, _first, _last: {week.world.siti.pk: found}
    )

    def add(code: str, **more: Any) -> None:
        more = {"first": MONDAY, "last": MONDAY, "reference": f"ref-{code}", **more}
        found.append(Granted(person=week.world.siti.pk, code=code, **more))

    return add


def judged(week: Week, day: date = MONDAY) -> tuple[str, list[str], int, int, bool]:
    """Judge two days and return what Bu Siti's means."""
    week.hear(at("20:30"))
    week.hear(at("20:30", TUESDAY))
    now = at("12:30", TUESDAY + timedelta(days=1))
    week.compute(week.world.kota, now=now, days=2)
    assert verify_days(schools=[week.world.kota], first=MONDAY, last=TUESDAY, now=now).different == []
    row = week.day(week.world.siti, week.world.kota, day)
    return row.status, row.codes, row.late, row.early, row.final


def test_a_whole_day_at_every_school_and_only_on_its_dates(week: Week, grant: Grant):
    grant("CT", first=MONDAY - timedelta(days=3))
    assert judged(week) == ("CT", [], 0, 0, True)
    assert judged(week, TUESDAY)[0] == "A"


def test_an_entry_of_another_school_is_not_this_ones(week: Week, grant: Grant):
    grant("TEKNIS", school=week.world.pulau.pk)
    assert judged(week)[0] == "A"


def test_a_technical_reason_of_this_school(week: Week, grant: Grant):
    grant("TEKNIS", school=week.world.kota.pk)
    assert judged(week) == ("H", ["TEKNIS"], 0, 0, True)


def test_parts_of_a_day_and_corrections(week: Week, grant: Grant):
    week.scan(week.world.siti, at("10:00"))
    grant("I", start=time(7, 30), end=time(10))
    grant("K", start=time(16, 1))
    assert judged(week) == ("H", ["I"], 0, 0, True)
    story = day_stories(week.world.siti, MONDAY, now=at("12:30", TUESDAY + timedelta(days=1)))[0]
    assert {one.reference for one in story.granted} == {"ref-I", "ref-K"}
    assert [piece.evidence.source for piece in story.used] == ["scan", "correction"]


def test_duty_for_part_of_a_day_is_evidence_and_its_story_can_be_told(week: Week, grant: Grant):
    grant("DL", start=time(7, 30), end=time(12))
    assert judged(week)[:2] == ("H", ["PSW4", "DL"])
    story = day_stories(week.world.siti, MONDAY, now=at("12:30", TUESDAY + timedelta(days=1)))[0]
    assert [piece.scan for piece in story.used] == [None, None]


def test_times_of_a_night_watch_may_be_those_of_the_next_date(week: Week, grant: Grant):
    set_hours(scope=week.world.siti, pattern="jaga-malam", valid_from=MONDAY, valid_to=MONDAY, now=BEFORE)
    week.scan(week.world.siti, at("19:55"))
    grant("K", start=time(7, 2))
    assert judged(week) == ("H", [], 0, 0, True)


def test_part_of_a_night_that_goes_over_midnight(week: Week, grant: Grant):
    set_hours(scope=week.world.siti, pattern="jaga-malam", valid_from=MONDAY, valid_to=MONDAY, now=BEFORE)
    week.scan(week.world.siti, at("02:00", TUESDAY))
    week.scan(week.world.siti, at("05:00", TUESDAY))
    grant("I", start=time(20), end=time(2))
    grant("I", start=time(5), end=time(7))
    assert judged(week) == ("H", ["I", "I"], 0, 0, True)
