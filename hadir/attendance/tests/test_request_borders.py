"""Whom a request concerns: the schools of its dates, nobody else; and what outlives a change of the rules."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from hadir.accounts.models import RoleKind
from hadir.attendance.tests.conftest import MONDAY, Week
from hadir.attendance.tests.test_requests import PDF, TUESDAY, ask, own_login, wish, yes
from hadir.conftest import World
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.leave.deciding import decidable_by, may_cancel, may_decide, requests_for
from hadir.leave.documents import add_document
from hadir.leave.models_request import LeaveRequest, RequestState
from hadir.leave.rules import BUILT_IN
from hadir.leave.services import cancel_request
from hadir.people.models import Assignment
from hadir.people.services import assign_person, end_assignment

LEFT = date(2026, 9, 11)
"""The last day of Bu Siti at `kota`; from Saturday on she is at `jauh`."""


@pytest.fixture(autouse=True)
def tuesday(world: World, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """Let it be Tuesday 15 September 2026 in a region with hours."""
    Week(world)
    monkeypatch.setattr(clock, "now", lambda: TUESDAY)
    settings.HADIR_DATA = tmp_path


@pytest.fixture
def moved(world: World) -> None:
    end_assignment(assignment=Assignment.objects.get(person=world.siti), last_day=LEFT, now=TUESDAY)
    assign_person(
        person=world.siti,
        school=world.jauh,
        duty="Guru kelas",
        staff_kind="PNS",
        valid_from=LEFT + timedelta(days=1),
        now=TUESDAY,
    )


@pytest.mark.usefixtures("moved")
def test_a_school_that_she_left_neither_reads_nor_decides(world: World):
    former, current = world.login(RoleKind.HEAD, world.kota), world.login(RoleKind.HEAD, world.jauh)
    operator = world.login(RoleKind.OPERATOR, world.kota)
    new, old = ask(world.siti, wish("S")), ask(world.siti, wish("I", LEFT))
    document = add_document(beside=new, name="surat.pdf", data=PDF, by=None, now=TUESDAY)
    assert list(decidable_by(former)) == [old]
    assert list(decidable_by(current)) == [new]
    assert list(requests_for(operator)) == [old]
    assert list(requests_for(current)) == [new]
    page = world.client(operator)
    assert page.get(f"/izin/{new.pk}/").status_code == 404
    assert page.get(f"/izin/{new.pk}/dokumen/{document.pk}/").status_code == 404
    assert page.get(f"/izin/{old.pk}/").status_code == 200
    yes(new, current)
    new.refresh_from_db()
    assert not may_cancel(former, new)
    assert may_cancel(current, new)


@pytest.mark.usefixtures("moved")
def test_a_school_that_she_left_files_only_for_the_days_she_was_there(world: World):
    operator = world.login(RoleKind.OPERATOR, world.kota)
    with pytest.raises(HadirError) as caught:
        ask(world.siti, wish("I", MONDAY), operator)
    assert caught.value.code == "not_allowed"
    assert ask(world.siti, wish("I", LEFT), operator).state == RequestState.WAITING_HEAD


def test_a_request_for_one_school_concerns_that_school(world: World):
    here, there = world.login(RoleKind.HEAD, world.kota), world.login(RoleKind.HEAD, world.pulau)
    teacher = own_login(world, world.hasan)
    page = world.client(teacher)
    form = page.get("/izin/baru/?jenis=I").content.decode()
    assert "Semua sekolahnya" in form
    assert world.jauh.name not in form
    values = {"person": str(world.hasan.pk), "first": "2026-09-16", "reason": "Rapat wali", "school": world.pulau.pk}
    assert page.post("/izin/baru/?jenis=I", values).status_code == 302
    made = LeaveRequest.objects.get()
    assert made.school == world.pulau
    assert (may_decide(here, made), may_decide(there, made)) == (False, True)
    assert (
        "Semua sekolahnya" not in world.client(own_login(world, world.siti)).get("/izin/baru/?jenis=I").content.decode()
    )


@pytest.mark.parametrize(
    ("asked", "head_may"),
    [
        (wish(first=date(2026, 9, 21), last=date(2026, 9, 23)), True),
        (wish(first=date(2026, 9, 21), last=date(2026, 9, 25)), False),
        (wish(first=date(2026, 9, 1)), False),
    ],
    ids=["his own share", "more days", "filed late"],
)
def test_a_head_cancels_only_what_he_could_have_approved(world: World, asked: Any, head_may: bool):
    head, dinas = world.login(RoleKind.HEAD, world.kota), world.login(RoleKind.DINAS, world.region)
    done = yes(ask(world.siti, asked), dinas)
    assert may_cancel(head, done) is head_may
    if not head_may:
        with pytest.raises(HadirError, match="Peran Anda"):
            cancel_request(request=done, reason="Tidak jadi", by=head, name="Kepala", now=TUESDAY)
    cancelled = cancel_request(request=done, reason="Tidak jadi", by=dinas, name="Dinas", now=TUESDAY)
    assert cancelled.state == RequestState.CANCELLED


def test_a_pengawas_passes_a_request_on_once(world: World):
    head = own_login(world, world.hasan, RoleKind.HEAD)
    pengawas = world.login(RoleKind.SUPERVISOR, world.district)
    long = ask(world.hasan, wish(first=date(2026, 9, 21), last=date(2026, 9, 25)), head)
    passed_on = yes(long, pengawas)
    assert passed_on.state == RequestState.WAITING_OFFICE
    assert not may_decide(pengawas, passed_on)
    assert yes(passed_on, world.login(RoleKind.DINAS, world.region)).state == RequestState.APPROVED


def test_a_kind_that_is_switched_off_keeps_its_requests(world: World, settings: Any):
    teacher = own_login(world, world.siti)
    asked = ask(world.siti, wish("CT", first=date(2026, 9, 21)), teacher)
    own = settings.HADIR_DATA / "leave" / "kantor.toml"
    own.parent.mkdir()
    text = BUILT_IN.read_text(encoding="utf-8")
    own.write_text(text.replace('nama = "Cuti tahunan"', 'nama = "Cuti tahunan"\naktif = false', 1), encoding="utf-8")
    with pytest.raises(HadirError) as caught:
        ask(world.siti, wish("CT", first=date(2026, 9, 28)), teacher)
    assert caught.value.code == "leave_kind_unknown"
    head = world.client(world.login(RoleKind.HEAD, world.kota))
    assert head.get("/izin/").status_code == 200
    assert head.get(f"/izin/{asked.pk}/").status_code == 200
    assert head.post(f"/izin/{asked.pk}/", {"act": "approve"}).status_code == 302
    asked.refresh_from_db()
    assert asked.state == RequestState.APPROVED
    assert head.get(f"/izin/{asked.pk}/").status_code == 200
