"""What is refused when a request is filed, and what is not."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hadir.conftest import NOW, World
from hadir.core.errors import HadirError
from hadir.leave.models_request import LeaveRequest
from hadir.leave.services import Wish, file_request
from hadir.people.models import Person
from hadir.schedules.services import set_hours
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


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])
def test_the_time_of_a_correction_is_that_of_the_school(world: World, zone: str):
    # 09.00 WIB is 10.00 WITA and 11.00 WIT.
    School.objects.filter(pk=world.kota.pk).update(time_zone=zone)
    local = TUESDAY.astimezone(ZoneInfo(zone)).time()
    assert ask(world.siti, "K", TUESDAY.date(), start=local).days == 1
    later = local.replace(minute=1)
    assert refused(world.siti, "K", TUESDAY.date(), start=later).code == "leave_correction_ahead"
