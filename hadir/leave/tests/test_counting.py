"""What a request counts, and what is left: by year, by school, by the calendar of today, after a move."""

from datetime import UTC, date, datetime
from typing import Any
from unittest.mock import Mock
from zoneinfo import ZoneInfo

import pytest

from hadir.accounts.models import RoleKind
from hadir.conftest import NOW, World
from hadir.core.errors import HadirError
from hadir.leave.counting import Balance, balances
from hadir.leave.models_request import LeaveRequest
from hadir.leave.services import Wish, carry_days, decide, file_request, withdraw_request
from hadir.leave.working import DAY, counts_of
from hadir.people.models import Person
from hadir.people.services import add_person, assign_person
from hadir.schedules.models import WorkingHours
from hadir.schedules.services import add_calendar_days, set_hours, set_timetable
from hadir.schools.models import School

WIB = ZoneInfo("Asia/Jakarta")
TUESDAY = datetime(2026, 9, 15, 9, 0, tzinfo=WIB)
TODAY = TUESDAY.date()
NEW_YEAR = datetime(2027, 1, 4, 9, 0, tzinfo=WIB)


@pytest.fixture(autouse=True)
def _hours(world: World) -> None:
    set_hours(scope=world.region, pattern="5hari", valid_from=date(2020, 1, 1), now=NOW, source="uji")


@pytest.fixture
def _recorded_long(world: World) -> None:
    """Let the kiosk of `kota` and `pulau` have recorded since before 2024."""
    world.kiosk.tokens.update(issued_at=datetime(2023, 12, 1, tzinfo=UTC))


def ask(person: Person, kind: str, first: date, last: date, now: datetime = TUESDAY, **more: Any) -> LeaveRequest:
    wish = Wish(kind=kind, first=first, last=last, reason="Keperluan keluarga", **more)
    return file_request(person=person, wish=wish, by=None, name="Pemohon", now=now)


def refused(person: Person, kind: str, first: date, last: date, now: datetime = TUESDAY) -> tuple[object, object]:
    """Return the name and the number that the refusal tells as left."""
    with pytest.raises(HadirError) as caught:
        ask(person, kind, first, last, now)
    assert caught.value.code == "leave_over_limit"
    return caught.value.values["name"], caught.value.values["left"]


def annual(person: Person, day: date, today: date | None = None) -> Balance:
    (found,) = [one for one in balances(person, day, today=today) if one.kind == "CT"]
    return found


def moved(world: World, then: School, staff_kind: str = "PNS", gap: int = 0) -> Person:
    """Add somebody who came from `kota` to another school on 1 July 2025, or some days later."""
    person = add_person(name="Pindah", now=NOW)
    first = assign_person(
        person=person,
        school=world.kota,
        duty="Guru",
        staff_kind=staff_kind,
        valid_from=date(2020, 1, 1),
        now=NOW,
        is_home=True,
    )
    type(first).objects.filter(pk=first.pk).update(valid_to=date(2025, 6, 30))
    assign_person(person=person, school=then, duty="Guru", staff_kind="PNS", valid_from=date(2025, 7, 1 + gap), now=NOW)
    return person


@pytest.mark.usefixtures("_recorded_long")
def test_who_moves_keeps_what_was_not_used(world: World):
    assert annual(world.siti, TODAY).carried == 12
    assert annual(moved(world, world.pulau), TODAY).carried == 12
    assert annual(moved(world, world.kota), TODAY).carried == 12, "the row was replaced, as by an import"


@pytest.mark.usefixtures("_recorded_long")
def test_nothing_is_brought_from_a_year_that_hadir_did_not_see(world: World):
    assert annual(moved(world, world.jauh), TODAY).carried == 0, "the other school has no kiosk"
    assert annual(moved(world, world.pulau, gap=7), TODAY).carried == 0
    assert annual(moved(world, world.pulau, staff_kind="HONORER"), TODAY).carried == 0, "no annual leave until July"


def test_leave_over_new_year_counts_in_both_years(world: World):
    # 31 December; 1, 4 to 8 and 11 to 15 January.
    request = ask(world.rahma, "CT", date(2026, 12, 31), date(2027, 1, 15))
    assert request.days == 12
    assert (annual(world.rahma, TODAY).taken, annual(world.rahma, date(2027, 2, 1)).taken) == (1, 11)
    assert refused(world.rahma, "CT", date(2027, 2, 1), date(2027, 2, 2)) == ("Cuti tahunan", 1)


def test_the_new_year_gives_its_own_days(world: World):
    ask(world.siti, "CT", date(2026, 10, 5), date(2026, 10, 16))
    assert ask(world.siti, "CT", date(2026, 12, 30), date(2027, 1, 8)).days == 8
    assert (annual(world.siti, TODAY).left, annual(world.siti, date(2027, 2, 1)).left) == (0, 6)
    assert refused(world.siti, "CT", date(2026, 12, 29), date(2026, 12, 29)) == ("Cuti tahunan", 0)
    ask(world.hasan, "CT", date(2026, 10, 5), date(2026, 10, 20))
    assert refused(world.hasan, "CT", date(2026, 12, 31), date(2027, 1, 8)) == ("Cuti tahunan 2026", 0)


@pytest.mark.usefixtures("_recorded_long")
def test_days_of_a_year_that_is_not_over_are_not_carried_yet(world: World):
    assert annual(world.rahma, date(2027, 1, 11), TODAY).carried == 0
    assert refused(world.rahma, "CT", date(2027, 1, 4), date(2027, 1, 27)) == ("Cuti tahunan", 12)
    ask(world.rahma, "CT", date(2027, 1, 4), date(2027, 1, 19))
    ask(world.rahma, "CT", date(2026, 11, 2), date(2026, 11, 5))
    # In the new year what was left of the old one is there.
    assert annual(world.rahma, NEW_YEAR.date()).carried == 6
    carry_days(person=world.siti, kind="CT", year=2027, days=6, source="Kartu cuti", by=None, now=TUESDAY)
    assert annual(world.siti, date(2027, 1, 11), TODAY).carried == 6, "the office wrote it down"


@pytest.mark.usefixtures("_recorded_long")
def test_carried_days_that_were_used_are_not_taken_late_in_the_old_year(world: World):
    ask(world.rahma, "CT", date(2027, 2, 1), date(2027, 2, 24), NEW_YEAR)
    assert annual(world.rahma, NEW_YEAR.date()).taken == 18
    late = date(2026, 12, 21), date(2026, 12, 31)
    assert refused(world.rahma, "CT", *late, NEW_YEAR) == ("Cuti tahunan", 6)
    assert ask(world.siti, "CT", *late, NEW_YEAR).days == 9


def test_a_day_off_declared_later_is_not_taken(world: World):
    request = ask(world.siti, "CT", date(2026, 10, 5), date(2026, 10, 9))
    decide(request=request, approve=True, reason="", by=None, name="Kepala", now=TUESDAY)
    add_calendar_days(
        scope=world.region,
        kind="cuti_bersama",
        name="Cuti bersama",
        valid_from=date(2026, 10, 6),
        valid_to=date(2026, 10, 7),
        now=TUESDAY,
    )
    assert (annual(world.siti, TODAY).taken, annual(world.siti, TODAY).left) == (3, 9)
    other = ask(world.siti, "CT", date(2026, 10, 12), date(2026, 10, 16))
    withdraw_request(request=other, by=None, name="Siti", now=TUESDAY)
    assert counts_of([request, other]) == {request.pk: 3, other.pk: 5}
    page = world.client(world.login(RoleKind.HEAD, world.kota)).get(f"/izin/{request.pk}/").content.decode()
    assert "3 hari" in page
    assert "5 hari saat diajukan" in page
    page = world.client(world.login(RoleKind.HEAD, world.kota)).get("/izin/?masa=semua").content.decode()
    assert '<td class="soft">3 hari</td>' in page


def test_what_is_known_no_longer_counts_as_it_was_filed(world: World, monkeypatch: pytest.MonkeyPatch):
    request = ask(world.siti, "CT", date(2026, 10, 5), date(2026, 10, 9))
    with monkeypatch.context() as patch:
        patch.setattr("hadir.schedules.queries.office_pack", Mock(side_effect=HadirError("rule_pack_unusable")))
        assert annual(world.siti, TODAY).taken == 5
        head = world.client(world.login(RoleKind.HEAD, world.kota))
        assert head.get("/izin/").status_code == 200
        assert head.get(f"/izin/{request.pk}/").status_code == 200
    WorkingHours.objects.all().delete()
    assert annual(world.siti, TODAY).taken == 5
    assert annual(world.siti, date(2027, 1, 4), TODAY).taken == 0


def test_lists_are_counted_with_the_same_queries(world: World, django_assert_num_queries: Any):
    first = date(2026, 10, 5)
    some = [ask(world.siti, "CT", first + number * DAY, first + number * DAY) for number in range(5)]
    more = [
        ask(person, "I", first + number * DAY, first + number * DAY)
        for person in (world.hasan, world.rahma, world.anwar)
        for number in range(5)
    ]
    with django_assert_num_queries(7):
        assert set(counts_of(some).values()) == {1}
    with django_assert_num_queries(7):
        assert len(counts_of([*some, *more])) == 20


def test_a_request_for_one_school_counts_the_days_of_that_school(world: World):
    for school, weekdays in ((world.kota, [0]), (world.pulau, [1, 2, 3, 4])):
        set_timetable(person=world.hasan, school=school, weekdays=weekdays, valid_from=date(2026, 9, 1), now=TUESDAY)
    week = date(2026, 9, 21), date(2026, 9, 25)
    with pytest.raises(HadirError) as caught:
        ask(world.hasan, "I", date(2026, 9, 22), date(2026, 9, 25), school=world.kota)
    assert caught.value.code == "leave_counts_nothing"
    assert ask(world.hasan, "I", *week, school=world.kota).days == 1
    ask(world.hasan, "CT", date(2026, 10, 5), date(2026, 10, 9), school=world.pulau)
    assert annual(world.hasan, TODAY).taken == 4
