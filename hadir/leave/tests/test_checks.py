"""What is refused when a request is filed, and what is not."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hadir.conftest import NOW, World
from hadir.core.errors import HadirError
from hadir.leave.counting import balances
from hadir.leave.models_request import LeaveRequest
from hadir.leave.services import Wish, decide, file_request, withdraw_request
from hadir.people.models import Person
from hadir.schedules.models import WorkingHours
from hadir.schedules.services import add_calendar_days, set_hours
from hadir.schools.models import School

TUESDAY = datetime(2026, 9, 15, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))


@pytest.fixture(autouse=True)
def _hours(world: World) -> None:
    set_hours(scope=world.region, pattern="5hari", valid_from=date(2020, 1, 1), now=NOW, source="uji")


def ask(person: Person, kind: str, first: date, last: date | None = None, **more: Any) -> LeaveRequest:
    wish = Wish(kind=kind, first=first, last=last or first, reason="Keperluan keluarga", **more)
    return file_request(person=person, wish=wish, by=None, name="Pemohon", now=TUESDAY)


def refused(person: Person, kind: str, first: date, last: date | None = None, **more: Any) -> HadirError:
    with pytest.raises(HadirError) as caught:
        ask(person, kind, first, last, **more)
    return caught.value


@pytest.mark.parametrize(
    ("day", "at"), [(date(2026, 9, 25), time(7, 20)), (date(2026, 9, 16), time(0, 0)), (date(2026, 9, 15), time(9, 1))]
)
def test_what_has_not_come_cannot_be_corrected(world: World, day: date, at: time):
    assert refused(world.siti, "K", day, start=at).code == "leave_correction_ahead"


def test_the_morning_of_a_night_watch_is_one_of_the_date_on_which_it_began(world: World):
    set_hours(scope=world.siti, pattern="jaga-malam", valid_from=date(2020, 1, 1), now=NOW, source="uji")
    # 07.02 of Tuesday's watch is Wednesday morning; this morning belongs to Monday's.
    assert refused(world.siti, "K", date(2026, 9, 15), start=time(7, 2)).code == "leave_correction_ahead"
    assert ask(world.siti, "K", date(2026, 9, 14), start=time(7, 2)).days == 1
    assert ask(world.hasan, "K", date(2026, 9, 15), start=time(7, 2)).days == 1


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_the_time_of_a_correction_is_that_of_the_school(world: World, zone: str):
    # 09.00 WIB is 10.00 WITA and 11.00 WIT.
    School.objects.filter(pk=world.kota.pk).update(time_zone=zone)
    local = TUESDAY.astimezone(ZoneInfo(zone)).time()
    assert ask(world.siti, "K", TUESDAY.date(), start=local).days == 1
    later = local.replace(minute=1)
    assert refused(world.siti, "K", TUESDAY.date(), start=later).code == "leave_correction_ahead"


@pytest.mark.parametrize(
    ("kind", "first", "second", "left"),
    [
        ("CAP", (date(2026, 10, 1), date(2026, 10, 31)), (date(2026, 11, 1), date(2026, 12, 1)), 0),
        ("CB", (date(2027, 1, 1), date(2027, 4, 2)), (date(2027, 4, 3), date(2027, 7, 3)), 0),
        ("CAP", (date(2026, 11, 1), date(2026, 11, 30)), (date(2026, 10, 19), date(2026, 10, 30)), 0),
        ("CAP", (date(2026, 10, 5), date(2026, 10, 23)), (date(2026, 10, 26), date(2026, 11, 6)), 10),
    ],
    ids=["on the next day", "over three months", "before the other", "a weekend between"],
)
def test_one_leave_in_two_requests_has_one_limit(
    world: World, kind: str, first: tuple[date, date], second: tuple[date, date], left: int
):
    request = ask(world.siti, kind, *first)
    told = refused(world.siti, kind, *second)
    assert (told.code, told.values["left"]) == ("leave_over_limit", left)
    withdraw_request(request=request, by=None, name="Siti", now=TUESDAY)
    assert ask(world.siti, kind, *second).days


def test_a_third_request_is_not_a_way_around_the_limit(world: World):
    ask(world.siti, "CAP", date(2026, 10, 1), date(2026, 10, 9))
    ask(world.siti, "CAP", date(2026, 10, 19), date(2026, 10, 31))
    assert refused(world.siti, "CAP", date(2026, 10, 10), date(2026, 11, 1)).code == "leave_overlap"
    ask(world.siti, "CAP", date(2026, 10, 10), date(2026, 10, 18))
    assert refused(world.siti, "CAP", date(2026, 11, 2)).values["left"] == 0


def test_leaves_with_work_between_them_are_two(world: World):
    ask(world.siti, "CAP", date(2026, 10, 1), date(2026, 10, 30))
    assert ask(world.siti, "CAP", date(2026, 11, 3), date(2026, 12, 2)).days == 30
    # A joint leave between them is no work.
    day = date(2026, 12, 3)
    add_calendar_days(
        scope=world.region, kind="cuti_bersama", name="Cuti bersama", valid_from=day, valid_to=day, now=TUESDAY
    )
    assert refused(world.siti, "CAP", date(2026, 12, 4), date(2026, 12, 8)).values["left"] == 0


def test_without_hours_only_what_is_near_is_one_leave(world: World):
    WorkingHours.objects.all().delete()
    ask(world.siti, "CAP", date(2026, 10, 1), date(2026, 10, 30))
    assert ask(world.siti, "CAP", date(2026, 12, 1), date(2026, 12, 30)).days == 30


def test_a_duty_on_a_sunday_is_kept_with_its_letter(world: World):
    sunday = date(2026, 9, 20)
    request = ask(world.siti, "DL", sunday, letter="800/12/2026")
    assert request.days == 0
    with pytest.raises(HadirError) as caught:
        decide(request=request, approve=True, reason="", by=None, name="Kepala", now=TUESDAY)
    assert caught.value.code == "leave_document_missing"
    assert refused(world.siti, "S", date(2026, 9, 27)).code == "leave_counts_nothing"


def test_two_schools_may_have_two_requests_of_one_date(world: World):
    monday = date(2026, 9, 21)
    ask(world.hasan, "DL", monday, letter="800/12/2026", school=world.kota)
    ask(world.hasan, "I", monday, school=world.pulau)
    assert refused(world.hasan, "S", monday, school=world.pulau).code == "leave_overlap"
    assert refused(world.hasan, "S", monday).code == "leave_overlap"
    # Of annual leave a date counts once, at however many schools.
    for school in (world.kota, world.pulau):
        ask(world.hasan, "CT", date(2026, 10, 5), date(2026, 10, 9), school=school)
    (left,) = [one for one in balances(world.hasan, TUESDAY.date()) if one.kind == "CT"]
    assert left.taken == 5
