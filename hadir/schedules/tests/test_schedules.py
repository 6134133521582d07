"""What the schedule says for people and dates, and what the database refuses."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from hadir.conftest import NOW, World
from hadir.core.errors import HadirError
from hadir.people.models import DayMark
from hadir.rules.facts import Calendar
from hadir.rules.patterns import NO_HOURS
from hadir.schedules.models import CalendarEntry, RulePackChoice, Timetable, TrialPeriod, WorkingHours
from hadir.schedules.queries import schedule_for
from hadir.schedules.services import (
    add_calendar_days,
    choose_pack,
    override_pattern,
    seed_holidays,
    set_hours,
    set_timetable,
)

DAY = date(2026, 9, 14)
EARLY = datetime(2026, 1, 1, tzinfo=UTC)
START = date(2026, 1, 1)


def key(world: World, day: date = DAY, kind: str = "PNS", person: Any = None) -> str:
    one = person or world.siti
    return schedule_for([world.kota], [one.pk], day, day).pattern_key(one.pk, world.kota, kind, day)


def test_the_nearest_scope_counts(world: World):
    assert key(world) == ""
    set_hours(scope=world.region, pattern="5hari", valid_from=START, now=EARLY)
    assert key(world) == "5hari"
    set_hours(scope=world.region, staff_kind="HONORER", pattern="ramadan5", valid_from=START, now=EARLY)
    assert (key(world), key(world, kind="HONORER")) == ("5hari", "ramadan5")
    set_hours(scope=world.kota, pattern="6hari", valid_from=START, now=EARLY)
    assert key(world, kind="HONORER") == "6hari"
    set_hours(scope=world.kota, staff_kind="GTY", pattern="", valid_from=START, now=EARLY)
    assert key(world, kind="GTY") == NO_HOURS.key
    set_hours(scope=world.siti, pattern="jaga-malam", valid_from=START, now=EARLY)
    assert (key(world), key(world, person=world.hasan)) == ("jaga-malam", "6hari")


def test_the_row_that_began_last_counts_while_it_holds(world: World):
    set_hours(scope=world.kota, pattern="5hari", valid_from=START, now=EARLY)
    set_hours(scope=world.kota, pattern="6hari", valid_from=DAY, valid_to=DAY, now=EARLY)
    days = [DAY - timedelta(days=1), DAY, DAY + timedelta(days=1)]
    assert [key(world, day) for day in days] == ["5hari", "6hari", "5hari"]


def test_ramadan_replaces_one_pattern_and_no_other(world: World):
    set_hours(scope=world.region, pattern="5hari", valid_from=START, now=EARLY)
    set_hours(scope=world.hasan, pattern="jaga-malam", valid_from=START, now=EARLY)
    override_pattern(
        scope=world.region,
        pattern="5hari",
        instead="ramadan5",
        name="Ramadan",
        valid_from=DAY,
        valid_to=DAY,
        now=EARLY,
    )
    assert (key(world), key(world, person=world.hasan)) == ("ramadan5", "jaga-malam")
    assert key(world, DAY + timedelta(days=1)) == "5hari"


def test_the_calendar_of_region_and_school(world: World):
    say: dict[str, Any] = {"valid_from": DAY, "valid_to": DAY, "now": EARLY}
    add_calendar_days(scope=world.region, kind="libur", name="Libur", **say)
    add_calendar_days(scope=world.kota, kind="libur_siswa", name="Rapat", **say)
    add_calendar_days(scope=world.pulau, kind="hari_kerja", name="Masuk", **say)
    found = schedule_for([world.kota, world.pulau], [], DAY, DAY)
    assert found.calendar_on(world.kota, DAY) == {Calendar.HOLIDAY, Calendar.PUPILS_OFF}
    assert found.calendar_on(world.pulau, DAY) == frozenset()


def test_national_holidays_are_copied_once(world: World):
    new = seed_holidays(region=world.region, years=[2026], now=NOW)
    assert new >= 15
    assert seed_holidays(region=world.region, years=[2026], now=NOW) == 0
    kinds = set(CalendarEntry.objects.filter(valid_from__year=2026).values_list("kind", "valid_from"))
    assert ("libur", date(2026, 8, 17)) in kinds
    assert "cuti_bersama" in {kind for kind, _day in kinds}
    assert all(row.source.startswith("holidays ") for row in CalendarEntry.objects.all())


def test_a_change_of_the_past_marks_its_days_and_one_of_the_future_none(world: World):
    DayMark.objects.all().delete()
    set_hours(scope=world.kota, pattern="5hari", valid_from=DAY + timedelta(days=5), now=NOW)
    assert DayMark.objects.count() == 0
    set_hours(scope=world.kota, pattern="5hari", valid_from=DAY - timedelta(days=5), now=NOW)
    set_timetable(person=world.siti, school=world.kota, weekdays=[4, 0], valid_from=DAY - timedelta(days=5), now=NOW)
    assert {(mark.school_id, mark.person_id) for mark in DayMark.objects.all()} == {
        (world.kota.pk, None),
        (None, world.siti.pk),
    }
    assert {(mark.first, mark.last) for mark in DayMark.objects.all()} == {(DAY - timedelta(days=5), DAY)}


def test_refusals(world: World):
    for code, call in (
        (
            "reason_missing",
            lambda: choose_pack(region=world.region, pack="contoh", valid_from=DAY, reason=" ", now=NOW),
        ),
        (
            "rule_pack_unusable",
            lambda: choose_pack(region=world.region, pack="contoh", valid_from=date(2001, 1, 1), reason="x", now=NOW),
        ),
        (
            "weekdays_wrong",
            lambda: set_timetable(person=world.siti, school=world.kota, weekdays=[], valid_from=DAY, now=NOW),
        ),
        (
            "pattern_unknown",
            lambda: override_pattern(
                scope=world.kota, pattern="5hari", instead="5hari", name="x", valid_from=DAY, valid_to=DAY, now=NOW
            ),
        ),
    ):
        with pytest.raises(HadirError) as refused:
            call()
        assert refused.value.code == code


@pytest.mark.parametrize("number", range(6))
def test_the_database_itself_refuses(world: World, number: int):
    base: dict[str, Any] = {"valid_from": DAY, "created_at": NOW}
    wrong = [
        WorkingHours(pattern="5hari", **base),
        WorkingHours(pattern="5hari", region=world.region, school=world.kota, **base),
        WorkingHours(pattern="5hari", person=world.siti, staff_kind="PNS", **base),
        Timetable(person=world.siti, school=world.kota, weekdays="10", **base),
        TrialPeriod(school=world.kota, valid_to=DAY - timedelta(days=1), **base),
        RulePackChoice(region=world.region, pack="contoh", note="", **base),
    ][number]
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong.save(force_insert=True)


def test_six_queries_for_any_number_of_people(world: World, django_assert_num_queries: Any):
    people = [world.siti.pk, world.hasan.pk, world.rahma.pk]
    schools = [world.kota, world.pulau, world.jauh]
    assert all(school.district for school in schools)
    with django_assert_num_queries(6):
        found = schedule_for(schools, people, START, DAY)
        for school in schools:
            for person in people:
                found.pattern_key(person, school, "PNS", DAY)
                found.rules_on(school, DAY)
                found.calendar_on(school, DAY)
