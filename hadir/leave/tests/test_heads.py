"""The requests of heads go past themselves, also where the end of their assignment is known beforehand."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from hadir.accounts.models import RoleKind
from hadir.conftest import NOW, World
from hadir.core.errors import HadirError
from hadir.leave.deciding import decidable_by, may_cancel, may_decide
from hadir.leave.models_request import LeaveRequest, RequestState
from hadir.leave.services import Wish, decide, file_request
from hadir.people.services import assign_person, end_assignment
from hadir.schedules.services import set_hours

TUESDAY = datetime(2026, 9, 15, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
WEDNESDAY = date(2026, 9, 16)
NEW_YEARS_EVE = date(2026, 12, 31)


@pytest.fixture(autouse=True)
def _hours(world: World) -> None:
    set_hours(scope=world.region, pattern="5hari", valid_from=date(2020, 1, 1), now=NOW, source="uji")


@pytest.fixture
def _siti_retires(world: World) -> None:
    """Bu Siti heads `kota` until the end of the year, as is known already."""
    world.siti.assignments.update(duty="Kepala Sekolah")
    end_assignment(assignment=world.siti.assignments.get(), last_day=NEW_YEARS_EVE, now=TUESDAY)


def ask(world: World, day: date) -> LeaveRequest:
    wish = Wish(kind="I", first=day, last=day, reason="Keperluan keluarga")
    return file_request(person=world.siti, wish=wish, by=None, name="Pemohon", now=TUESDAY)


@pytest.mark.usefixtures("_siti_retires")
def test_a_head_whose_end_is_known_is_a_head(world: World):
    # The login of the school's head: nobody's in particular, as after an import.
    head, pengawas = world.login(RoleKind.HEAD, world.kota), world.login(RoleKind.SUPERVISOR, world.district)
    request = ask(world, WEDNESDAY)
    assert request.state == RequestState.WAITING_OFFICE
    assert (may_decide(head, request), list(decidable_by(pengawas))) == (False, [request])
    with pytest.raises(HadirError) as caught:
        decide(request=request, approve=True, reason="", by=head, name="Kepala", now=TUESDAY)
    assert caught.value.code == "not_allowed"
    done = decide(request=request, approve=True, reason="", by=pengawas, name="Pengawas", now=TUESDAY)
    assert done.state == RequestState.APPROVED
    assert not may_cancel(head, done)


@pytest.mark.usefixtures("_siti_retires")
def test_who_heads_a_school_today_asks_above_it_for_every_date(world: World):
    new_year = date(2027, 1, 4)
    assign_person(
        person=world.siti, school=world.kota, duty="Guru kelas", staff_kind="PNS", valid_from=date(2027, 1, 1), now=NOW
    )
    request = ask(world, new_year)
    assert request.state == RequestState.WAITING_OFFICE
    assert may_decide(world.login(RoleKind.SUPERVISOR, world.district), request)


def test_who_was_a_head_once_asks_the_head(world: World):
    world.siti.assignments.update(duty="Kepala Sekolah")
    end_assignment(assignment=world.siti.assignments.get(), last_day=date(2026, 8, 31), now=TUESDAY)
    assign_person(
        person=world.siti, school=world.kota, duty="Guru kelas", staff_kind="PNS", valid_from=date(2026, 9, 1), now=NOW
    )
    request = ask(world, WEDNESDAY)
    assert request.state == RequestState.WAITING_HEAD
    assert may_decide(world.login(RoleKind.HEAD, world.kota), request)
