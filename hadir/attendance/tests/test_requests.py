"""Requests: filed, checked, decided by whom it concerns, taken back; and what they mean for days."""

import contextlib
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.accounts.models import RoleKind, User
from hadir.accounts.services import grant_role, make_login
from hadir.attendance.models import PersonDay
from hadir.attendance.services import work_once
from hadir.attendance.tests.conftest import MONDAY, PACK, Week, at
from hadir.conftest import NOW, World
from hadir.core.errors import HadirError
from hadir.leave.counting import balances
from hadir.leave.deciding import decidable_by, may_decide, may_withdraw, requests_for
from hadir.leave.documents import add_document, open_document
from hadir.leave.models_document import Document
from hadir.leave.models_request import Decision, LeaveRequest, RequestState
from hadir.leave.queries import granted_for
from hadir.leave.rules import BUILT_IN, read_rules
from hadir.leave.services import Wish, cancel_request, carry_days, decide, file_request, withdraw_request
from hadir.people.models import Assignment, Person
from hadir.people.services import add_person, assign_person
from hadir.rules.reader import PackError

TUESDAY = at("09:00", MONDAY + timedelta(days=1))
PDF = b"%PDF-1.7 surat"


@pytest.fixture(autouse=True)
def one_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hadir.attendance.facts.current_manifest", lambda: {"id": PACK})


@pytest.fixture
def week(world: World) -> Week:
    return Week(world)


def wish(kind: str = "I", first: date = MONDAY, last: date | None = None, **more: Any) -> Wish:
    return Wish(kind=kind, first=first, last=last or first, reason="Keperluan keluarga", **more)


def ask(person: Person, asked: Wish, by: User | None = None) -> LeaveRequest:
    return file_request(person=person, wish=asked, by=by, name="Pemohon", now=TUESDAY)


def yes(request: LeaveRequest, by: User | None = None) -> LeaveRequest:
    return decide(request=request, approve=True, reason="", by=by, name="Kepala", now=TUESDAY)


def own_login(world: World, person: Person, kind: RoleKind = RoleKind.TEACHER) -> User:
    user, _ = make_login(username=f"own.{person.pk}", display_name=person.name, person=person, now=NOW)
    grant_role(user=user, kind=kind, school=world.kota, now=NOW)
    return user


def test_from_asking_to_the_day_and_back(world: World, week: Week):
    week.scan(world.hasan, at("07:20"))
    week.hear(at("20:30"))
    work_once(now=TUESDAY)
    assert PersonDay.objects.get(person=world.siti, day=MONDAY).status == "A"
    request = ask(world.siti, wish())
    assert request.state == RequestState.WAITING_HEAD
    assert granted_for([world.siti.pk], MONDAY, MONDAY) == {}
    head = world.login(RoleKind.HEAD, world.kota)
    done = yes(request, head)
    assert done.state == RequestState.APPROVED
    work_once(now=TUESDAY)
    assert PersonDay.objects.get(person=world.siti, day=MONDAY).status == "I"
    cancel_request(request=done, reason="Ternyata keliru", by=head, name="Kepala", now=TUESDAY)
    work_once(now=TUESDAY)
    assert PersonDay.objects.get(person=world.siti, day=MONDAY).status == "A"
    assert [one.verdict for one in Decision.objects.order_by("decided_at", "id")] == ["approve", "cancel"]


def test_a_correction_is_evidence_and_a_part_day_excuses(world: World, week: Week):
    week.scan(world.siti, at("07:25"))
    week.hear(at("20:30"))
    request = ask(world.siti, wish("K", start=time(16, 5)))
    with pytest.raises(HadirError) as caught:
        yes(request)
    assert caught.value.code == "leave_document_missing"
    add_document(beside=request, name="foto.png", data=b"\x89PNG\r\n\x1a\n...", by=None, now=TUESDAY)
    yes(request)
    work_once(now=TUESDAY)
    assert PersonDay.objects.get(person=world.siti, day=MONDAY).codes == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (wish(last=MONDAY - timedelta(days=1)), "leave_dates"),
        (wish(last=date.max), "leave_dates"),
        (wish(first=date.min, last=date.min), "leave_dates"),
        (wish("CUTI"), "leave_kind_unknown"),
        (wish("S", start=time(8), end=time(10)), "leave_part_not_allowed"),
        (wish(start=time(10), end=time(8)), "leave_times"),
        (wish("K"), "leave_times"),
        (wish("DL"), "leave_letter_missing"),
        (wish(first=date(2019, 12, 30), last=date(2019, 12, 31)), "leave_kind_unknown"),
        (wish("I", first=date(2026, 9, 19), last=date(2026, 9, 20)), "leave_counts_nothing"),
        (wish("CT", first=date(2026, 10, 1), last=date(2026, 10, 30)), "leave_over_limit"),
        (Wish(kind="I", first=MONDAY, last=MONDAY, reason=" "), "reason_missing"),
    ],
)
def test_refusals(world: World, week: Week, asked: Wish, code: str):
    with pytest.raises(HadirError) as caught:
        ask(world.siti, asked)
    assert caught.value.code == code
    assert week.kiosk.pk


def test_not_at_a_school_where_she_does_not_work(world: World, week: Week):
    with pytest.raises(HadirError) as caught:
        ask(world.siti, wish(school=world.jauh))
    assert caught.value.code == "leave_outside_assignment"
    assert week.kiosk.pk


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        (wish(), wish("S"), True),
        (wish(last=MONDAY + timedelta(days=2)), wish("CT", first=MONDAY + timedelta(days=2)), True),
        (wish(), wish(first=MONDAY + timedelta(days=1)), False),
        (wish(start=time(8), end=time(10)), wish(start=time(10), end=time(12)), False),
        (wish(start=time(8), end=time(10)), wish(start=time(9), end=time(12)), True),
        (wish(start=time(8), end=time(10)), wish("S"), True),
        (wish("K", start=time(7)), wish("K", start=time(16)), False),
        (wish("K", start=time(7)), wish("K", start=time(7)), True),
    ],
)
def test_overlaps(world: World, week: Week, first: Wish, second: Wish, clash: bool):
    ask(world.siti, first)
    if clash:
        with pytest.raises(HadirError, match="Sudah ada"):
            ask(world.siti, second)
    else:
        ask(world.siti, second)
    assert week.kiosk.pk


def test_who_decides(world: World, week: Week):
    head = own_login(world, world.hasan, RoleKind.HEAD)
    other_head = world.login(RoleKind.HEAD, world.pulau)
    pengawas = world.login(RoleKind.SUPERVISOR, world.district)
    dinas = world.login(RoleKind.DINAS, world.region)
    teacher = own_login(world, world.siti)
    operator = world.login(RoleKind.OPERATOR, world.kota)
    of_siti, of_head = ask(world.siti, wish(), teacher), ask(world.hasan, wish(), head)
    assert (of_siti.state, of_head.state) == (RequestState.WAITING_HEAD, RequestState.WAITING_OFFICE)
    deciders = {
        name: (may_decide(user, of_siti), may_decide(user, of_head))
        for name, user in (
            *(("head", head), ("other", other_head), ("pengawas", pengawas), ("dinas", dinas)),
            *(("teacher", teacher), ("operator", operator)),
        )
    }
    assert deciders == {
        "head": (True, False),
        "other": (False, False),
        "pengawas": (False, True),
        "dinas": (True, True),
        "teacher": (False, False),
        "operator": (False, False),
    }
    assert list(decidable_by(pengawas)) == [of_head]
    with pytest.raises(HadirError, match="Peran Anda"):
        yes(of_head, head)
    assert may_withdraw(teacher, of_siti)
    assert not may_withdraw(teacher, of_head)
    assert set(requests_for(teacher)) == {of_siti}
    assert week.kiosk.pk


def test_more_days_than_a_heads_share_go_on_to_the_dinas(world: World, week: Week):
    head, dinas = world.login(RoleKind.HEAD, world.kota), world.login(RoleKind.DINAS, world.region)
    request = ask(world.siti, wish(first=date(2026, 9, 21), last=date(2026, 9, 25)))
    sent_on = yes(request, head)
    assert sent_on.state == RequestState.WAITING_OFFICE
    assert not may_decide(head, sent_on)
    assert yes(sent_on, dinas).state == RequestState.APPROVED
    assert week.kiosk.pk


@pytest.mark.parametrize("duty", ["Kepala sekolah", "Plt. Kepala Sekolah", "Guru kelas 6, Plt Kepala Sekolah"])
def test_also_an_acting_head_asks_above_the_school(world: World, week: Week, duty: str):
    world.siti.assignments.update(duty=duty)
    assert ask(world.siti, wish()).state == RequestState.WAITING_OFFICE
    assert week.kiosk.pk


def test_filed_late_goes_to_the_dinas(world: World, week: Week):
    late = ask(world.siti, wish(first=date(2026, 9, 1)))
    assert late.state == RequestState.WAITING_OFFICE
    assert week.kiosk.pk


def test_of_two_who_decide_one_wins(world: World, week: Week):
    request = ask(world.siti, wish())
    same = LeaveRequest.objects.get(pk=request.pk)
    yes(request)
    with pytest.raises(HadirError) as caught:
        decide(request=same, approve=False, reason="Tidak", by=None, name="Dinas", now=TUESDAY)
    assert caught.value.code == "leave_request_changed"
    again = ask(world.hasan, wish())
    withdraw_request(request=again, by=None, name="Hasan", now=TUESDAY)
    with pytest.raises(HadirError):
        yes(again)
    assert week.kiosk.pk


def test_documents_are_recognised_by_their_bytes_and_sealed(world: World, week: Week, settings: Any, tmp_path: Any):
    settings.HADIR_DATA = tmp_path
    request = ask(world.siti, wish())
    row = add_document(beside=request, name="../../surat.pdf", data=PDF, by=None, now=TUESDAY)
    assert (row.name, row.content_type) == ("surat.pdf", "application/pdf")
    assert PDF not in bytes(row.sealed)
    assert open_document(Document.objects.get(pk=row.pk)) == PDF
    for data, code in ((b"MZ", "document_kind"), (PDF + b"x" * 5 * 1024 * 1024, "document_too_large")):
        with pytest.raises(HadirError) as caught:
            add_document(beside=request, name="a.pdf", data=data, by=None, now=TUESDAY)
        assert caught.value.code == code
    assert week.kiosk.pk


def test_what_is_left_of_the_year(world: World, week: Week):
    by_kind = {one.kind: one for one in balances(world.siti, MONDAY)}
    assert (by_kind["CT"].limit, by_kind["CT"].carried) == (12, 0)
    # Two whole years without any leave were seen by Hadir: twelve days more.
    week.kiosk.tokens.update(issued_at=at("08:00", date(2023, 12, 1)))
    by_kind = {one.kind: one for one in balances(world.siti, MONDAY)}
    assert (by_kind["CT"].limit, by_kind["CT"].carried, by_kind["CT"].left) == (12, 12, 24)
    carry_days(person=world.siti, kind="CT", year=2026, days=2, source="Kartu cuti 2025", by=None, now=TUESDAY)
    yes(ask(world.siti, wish("CT", first=date(2026, 10, 5), last=date(2026, 10, 6))))
    left = {one.kind: one.left for one in balances(world.siti, MONDAY)}
    assert left["CT"] == 12
    assert week.kiosk.pk
    fresh = add_person(name="Baru", now=NOW)
    assign_person(person=fresh, school=world.kota, duty="Guru", staff_kind="PNS", valid_from=date(2026, 1, 5), now=NOW)
    assert {one.kind: one.carried for one in balances(fresh, MONDAY)}["CT"] == 0


def test_long_leave_takes_the_place_of_annual_leave(world: World, week: Week):
    # PP 11/2017: a year with long leave has no annual leave; what was taken of it already shortens the long leave.
    yes(ask(world.siti, wish("CT", first=date(2026, 9, 21), last=date(2026, 9, 23))))
    with pytest.raises(HadirError) as caught:
        ask(world.siti, wish("CB", first=date(2026, 10, 1), last=date(2026, 12, 31)))
    assert (caught.value.code, caught.value.values["left"]) == ("leave_over_limit", 89)
    long = ask(world.siti, wish("CB", first=date(2026, 10, 1), last=date(2026, 12, 1)))
    with pytest.raises(HadirError) as caught:
        ask(world.siti, wish("CT", first=date(2026, 12, 7)))
    assert caught.value.code == "leave_not_beside"
    assert "Cuti besar" in caught.value.message
    (annual,) = [one for one in balances(world.siti, MONDAY) if one.kind == "CT"]
    assert (annual.left, annual.taken, annual.instead) == (0, 3, "Cuti besar")
    week.kiosk.tokens.update(issued_at=at("08:00", date(2023, 12, 1)))
    (next_year,) = [one for one in balances(world.siti, date(2027, 3, 1)) if one.kind == "CT"]
    assert (next_year.left, next_year.carried, next_year.instead) == (12, 0, "")
    withdraw_request(request=long, by=None, name="Siti", now=TUESDAY)
    ask(world.siti, wish("CT", first=date(2026, 12, 7)))
    with pytest.raises(HadirError) as caught:
        ask(world.siti, wish("CB", first=date(2026, 12, 7)))
    assert caught.value.code == "leave_overlap"


@pytest.mark.parametrize(
    ("nip", "told"),
    [
        ("198804122024032009", "Menurut NIP orang ini bekerja sejak Maret 2024."),
        ("198804122021112009", "Menurut NIP orang ini bekerja sejak November 2021."),
        ("198804122021102009", ""),
        ("", "Masa kerja orang ini tidak terbaca dari NIP."),
    ],
)
def test_years_of_service_are_a_remark_and_refuse_nobody(world: World, week: Week, nip: str, told: str):
    Person.objects.filter(pk=world.siti.pk).update(nip=nip)
    world.siti.refresh_from_db()
    request = ask(world.siti, wish("CB", first=date(2026, 10, 1), last=date(2026, 10, 30)))
    page = world.client(world.login(RoleKind.HEAD, world.kota)).get(f"/izin/{request.pk}/").content.decode()
    assert ("Cuti besar disyaratkan sesudah 5 tahun bekerja." in page) == bool(told)
    assert told in page
    assert week.kiosk.pk


def test_what_is_doubtful_waits_for_the_office(world: World, week: Week, settings: Any):
    """Annual leave of PPPK: sources say 12 and 6 days, so the office switches it on with its own number."""
    Assignment.objects.filter(person=world.siti).update(staff_kind="PPPK")
    with pytest.raises(HadirError) as caught:
        ask(world.siti, wish("CT", first=date(2026, 9, 21)))
    assert caught.value.code == "leave_kind_unknown"
    teacher = world.client(own_login(world, world.siti))
    assert "Cuti tahunan" not in teacher.get("/izin/baru/").content.decode()
    own = settings.HADIR_DATA / "leave" / "kantor.toml"
    own.parent.mkdir()
    before, after = BUILT_IN.read_text(encoding="utf-8").split('untuk = ["PPPK"]', 1)
    after = after.replace("batas = 12", "batas = 6", 1).replace("aktif = false", "aktif = true", 1)
    own.write_text(before + 'untuk = ["PPPK"]' + after, encoding="utf-8")
    assert "Cuti tahunan" in teacher.get("/izin/baru/").content.decode()
    assert {one.kind: one.limit for one in balances(world.siti, MONDAY)}["CT"] == 6
    assert {one.kind: one.limit for one in balances(world.anwar, MONDAY)}["CT"] == 12
    with pytest.raises(HadirError) as caught:
        ask(world.siti, wish("CT", first=date(2026, 9, 21), last=date(2026, 9, 29)))
    assert (caught.value.code, caught.value.values["left"]) == ("leave_over_limit", 6)
    yes(ask(world.siti, wish("CT", first=date(2026, 9, 21), last=date(2026, 9, 23))))
    assert {one.kind: one.left for one in balances(world.siti, MONDAY)}["CT"] == 3
    assert week.kiosk.pk


@pytest.mark.parametrize(("year", "days"), [(0, 3), (9999, 3), (2026, -1), (2026, 100_000)])
def test_carried_days_are_days_of_a_year(world: World, year: int, days: int):
    with pytest.raises(HadirError, match="empat angka"):
        carry_days(person=world.siti, kind="CT", year=year, days=days, source="Kartu", by=None, now=TUESDAY)


def test_the_rules_are_checked_as_a_whole():
    text = BUILT_IN.read_text(encoding="utf-8")
    assert set(read_rules(text.encode())) == {"I", "S", "CT", "CB", "CS", "CM", "CAP", "CLTN", "DL", "K"}
    for wrong, place in (
        (text.replace('hitung = "hari_kerja"', 'hitung = "minggu"', 1), "jenis.I"),
        (text.replace("batas = 12", "batas = -1", 1), "jenis.CT"),
        (text.replace("[[jenis.I]]", "[[jenis.X]]", 1), "jenis.X"),
        (text.replace('nama = "Izin"\n', 'nama = "Izin"\nsalah = 1\n', 1), "jenis.I"),
        (text.replace('untuk = ["PPPK"]', 'untuk = ["CPNS", "PPPK"]', 1), "dua aturan mulai 2020-01-01 untuk CPNS"),
        (text.replace('tanpa = ["CT"]', 'tanpa = ["XX"]', 1), "jenis XX"),
        (text.replace('tanpa = ["CT"]', 'tanpa = ["CB"]', 1), "dirinya sendiri"),
        ("format = ", "TOML"),
    ):
        with pytest.raises(PackError) as caught:
            read_rules(wrong.encode())
        assert place in str(caught.value)


@given(data=st.binary(max_size=200))
def test_any_bytes_as_rules_are_read_or_refused(data: bytes):
    with contextlib.suppress(PackError):
        read_rules(data)
