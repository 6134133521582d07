"""Facts that come after the signature: found, explained, carried, and never anything silent."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from hadir.accounts.models import RoleKind
from hadir.attendance.models import PersonDay
from hadir.attendance.tests.conftest import at
from hadir.core import clock
from hadir.core.ids import new_id
from hadir.months.adjusting import closed_months, due_months, find_adjustments
from hadir.months.causes import say_cause
from hadir.months.models import Adjustment, Month
from hadir.months.queries import carried_to, current_sheet, printable_month, signed_later
from hadir.months.services import reopen_month
from hadir.months.tests.conftest import MONDAY, OCTOBER, September
from hadir.months.verifying import verify_months
from hadir.schedules.services import add_calendar_days
from hadir.schools.models import School

THURSDAY = MONDAY + timedelta(days=3)
LATER = OCTOBER + timedelta(days=1)


def late_scan(september: September, day: date = THURSDAY, now: datetime = LATER) -> None:
    september.week.scan(september.world.siti, at("07:45", day), received=now)
    september.settle(now)


def test_a_late_scan_becomes_an_adjustment_on_the_next_sheet(september: September):
    september.close()
    assert find_adjustments(now=OCTOBER) == 0
    late_scan(september)
    assert [month.school_id for month in due_months()] == [september.school.pk]
    assert find_adjustments(now=LATER) >= 1
    found = Adjustment.objects.get(person=september.world.siti, day=THURSDAY)
    assert (found.old or {})["status"] == "A"
    assert (found.new or {})["status"] in {"H", "T"}
    assert found.absent == -1
    assert found.cause == "late_scan"
    assert "catatan baru diterima" in say_cause(found.cause, found.params)
    assert found.carry_first == date(2026, 10, 1)
    (carried,) = [one for one in carried_to(september.school, 2026, 10) if one.date == THURSDAY]
    assert (carried.old, carried.new.split()[0]) == ("A", (found.new or {})["status"])
    assert carried.absent == -1
    assert current_sheet(september.school, 2026, 10, LATER).adjustments
    assert find_adjustments(now=LATER) == 0
    sheet, _closure = printable_month(september.school, 2026, 9, LATER)
    cell = next(
        c for row in sheet.rows if row.person == september.world.siti.pk for c in row.cells if c.date == THURSDAY
    )
    assert cell.status == "A"


def test_a_day_that_changes_back_is_adjusted_back(september: September):
    september.close()
    entry = add_calendar_days(
        scope=september.world.kota, kind="libur", name="Haul", valid_from=MONDAY, valid_to=MONDAY, now=LATER
    )
    september.settle(LATER)
    first = find_adjustments(now=LATER)
    assert first >= 1
    entry.delete()
    add_calendar_days(
        scope=september.world.kota, kind="hari_kerja", name="Kerja", valid_from=MONDAY, valid_to=MONDAY, now=LATER
    )
    september.settle(LATER)
    assert find_adjustments(now=LATER + timedelta(minutes=1)) == first
    both = list(Adjustment.objects.filter(person=september.world.siti, day=MONDAY).order_by("found_at"))
    assert both[0].old == both[1].new
    assert [one.is_right for one in verify_months(School.objects.all())] == [True]


def test_a_month_signed_anew_carries_the_old_adjustments_no_more(september: September):
    september.close()
    late_scan(september)
    find_adjustments(now=LATER)
    reopen_month(
        school=september.school, year=2026, month=9, reason="Catatan susulan", name="Dinas", by=None, now=LATER
    )
    assert carried_to(september.school, 2026, 10) == ()
    september.close(LATER + timedelta(hours=1))
    assert carried_to(september.school, 2026, 10) == ()
    assert find_adjustments(now=LATER + timedelta(hours=2)) == 0


def test_an_adjustment_skips_closed_months(september: September):
    november = at("09:00", date(2026, 11, 2))
    september.close()
    september.week.hear(november)
    september.judge(date(2026, 10, 1), date(2026, 10, 31), november)
    find_adjustments(now=november)
    september.close(november, month=10)
    late_scan(september, now=november)
    find_adjustments(now=november)
    assert set(Adjustment.objects.filter(day=THURSDAY).values_list("carry_first", flat=True)) == {date(2026, 11, 1)}


def test_reopening_names_the_signed_sheets_that_hold_its_changes(september: September, monkeypatch: pytest.MonkeyPatch):
    november = at("09:00", date(2026, 11, 2))
    september.close()
    late_scan(september)
    found = find_adjustments(now=LATER)
    row = Month.objects.get(first=date(2026, 9, 1))
    assert signed_later(row) == {}
    september.week.hear(november)
    september.judge(date(2026, 10, 1), date(2026, 10, 31), november)
    september.close(november, month=10)
    assert signed_later(row) == {date(2026, 10, 1): found}
    monkeypatch.setattr(clock, "now", lambda: november)
    client = september.world.client(september.world.login(RoleKind.DINAS, september.world.region))
    assert "terhitung dua kali" in client.get("/bulan/20529001/2026-09/buka/").content.decode()
    assert "terhitung dua kali" not in client.get("/bulan/20529001/2026-10/buka/").content.decode()
    for month in (9, 10):
        reopen_month(school=september.school, year=2026, month=month, reason="x", name="Dinas", by=None, now=november)
    september.close(november, month=9)
    september.close(november, month=10)
    assert signed_later(row) == {}


def test_an_unseen_difference_is_told(september: September):
    september.close()
    late_scan(september)
    (checked,) = verify_months(School.objects.all())
    assert (checked.digest_holds, checked.is_right) == (True, False)
    find_adjustments(now=LATER, months=closed_months([(september.school.pk, THURSDAY)]))
    (checked,) = verify_months(School.objects.all())
    assert checked.is_right


def test_a_second_change_has_its_own_cause(september: September):
    september.close()
    late_scan(september)
    find_adjustments(now=LATER)
    add_calendar_days(
        scope=september.world.kota, kind="libur", name="Haul", valid_from=THURSDAY, valid_to=THURSDAY, now=LATER
    )
    september.settle(LATER + timedelta(minutes=1))
    find_adjustments(now=LATER + timedelta(minutes=1))
    mine = Adjustment.objects.filter(person=september.world.siti, day=THURSDAY).order_by("found_at")
    assert [one.cause for one in mine] == ["late_scan", "settled"]


def test_removed_rows_are_found_although_nothing_was_computed_since(september: September):
    september.close()
    PersonDay.objects.filter(person=september.world.siti, day=THURSDAY).delete()
    Month.objects.update(compared_at=OCTOBER + timedelta(days=300))
    assert find_adjustments(now=LATER) == 1
    assert Adjustment.objects.get().cause == "assignment_changed"
    assert due_months() == []


def test_the_digest_is_the_same_in_every_language_and_zone(september: September):
    september.close()
    late_scan(september)
    find_adjustments(now=LATER)
    here = current_sheet(september.school, 2026, 10, LATER).digest()
    with translation.override("en"), timezone.override("Asia/Jayapura"):
        assert current_sheet(september.school, 2026, 10, LATER).digest() == here


def test_a_month_opened_behind_everybodys_back_is_told(september: September):
    september.close()
    Month.objects.update(state="open")
    (checked,) = verify_months(School.objects.all())
    assert (checked.opened_silently, checked.is_right) == (True, False)


def test_an_adjustment_on_no_sheet_is_told(september: September):
    november = at("09:00", date(2026, 11, 2))
    september.close()
    september.week.hear(november)
    september.judge(date(2026, 10, 1), date(2026, 10, 31), november)
    find_adjustments(now=november)
    september.close(november, month=10)
    month = Month.objects.get(first=date(2026, 9, 1))
    Adjustment.objects.create(
        month=month,
        version=1,
        person=september.world.siti,
        day=THURSDAY,
        old={"status": "A", "codes": [], "late": 0, "early": 0, "final": True},
        new={"status": "H", "codes": [], "late": 0, "early": 0, "final": True},
        cause="settled",
        late=0,
        early=0,
        absent=-1,
        found_at=november,
        carry_first=date(2026, 10, 1),
    )
    assert [one.homeless for one in verify_months(School.objects.all()) if one.month == "2026-10"] == [1]


def test_a_day_that_becomes_final_brings_all_its_minutes(september: September):
    day = date(2026, 9, 29)
    PersonDay.objects.filter(person=september.world.siti, day=day).update(
        status="H", codes=["TL1"], late=20, early=0, final=False, cause="school_not_heard"
    )
    september.close()
    (signed,) = [
        row.totals
        for row in printable_month(september.school, 2026, 9, OCTOBER)[0].rows
        if row.person == september.world.siti.pk
    ]
    PersonDay.objects.filter(person=september.world.siti, day=day).update(final=True, cause="", computed_at=LATER)
    assert find_adjustments(now=LATER) == 1
    found = Adjustment.objects.get(person=september.world.siti, day=day)
    assert (found.late, found.early, found.absent) == (20, 0, 0)
    (after,) = [
        row.totals
        for row in current_sheet(september.school, 2026, 9, LATER).rows
        if row.person == september.world.siti.pk
    ]
    assert after.late == signed.late + found.late
    assert [one.is_right for one in verify_months(School.objects.all())] == [True]
    found.pk = new_id()
    found.save(force_insert=True)
    (checked,) = verify_months(School.objects.all())
    assert (checked.unseen, checked.uneven, checked.is_right) == (0, 1, False)


class TestAnyFacts(TestCase):
    """Whatever comes late, in whatever order: what was signed and its adjustments are today's rows."""

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        facts=st.lists(
            st.tuples(st.sampled_from(["siti", "hasan"]), st.integers(0, 20), st.integers(5 * 60, 19 * 60)), max_size=6
        )
    )
    def test_nothing_is_silent(self, facts: list[tuple[str, int, int]]) -> None:
        september = September(_world())
        september.close()
        now = LATER
        for name, number, minutes in facts:
            now += timedelta(minutes=7)
            moment = at("00:00", date(2026, 9, 7) + timedelta(days=number)) + timedelta(minutes=minutes)
            september.week.scan(getattr(september.world, name), moment, received=now)
            september.settle(now)
            find_adjustments(now=now)
        assert all(one.is_right for one in verify_months(School.objects.all()))


def _world() -> Any:
    """Build the world of the fixtures outside of pytest's own fixtures: hypothesis runs many in one test."""
    from hadir.conftest import world as fixture

    build: Any = fixture
    return build.__wrapped__(None) if hasattr(build, "__wrapped__") else build._get_wrapped_function()(None)
