"""Deciding over HTTP: a record whose clock is doubted, a day that nothing more will come of, and who may."""

from datetime import timedelta

import pytest
from django.test import Client

from hadir.accounts.models import RoleKind, User
from hadir.attendance.models import ScanReview
from hadir.attendance.tests.conftest import Week, at
from hadir.ledger.models import Scan

TUESDAY = at("07:30") + timedelta(days=1)


@pytest.fixture(autouse=True)
def tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hadir.core.clock.now", lambda: TUESDAY)


def doubted(week: Week) -> Scan:
    """A record that claims to be of tomorrow."""
    week.hear(at("06:00"))
    scan = week.scan(week.world.siti, at("07:00") + timedelta(days=1), received=at("07:01"))
    assert "clock_ahead" in scan.flags
    return scan


def head_of(week: Week) -> tuple[User, Client]:
    user = week.world.login(RoleKind.HEAD, week.world.kota)
    return user, week.world.client(user)


def test_a_head_accepts_a_doubted_record_for_the_time_she_knows(week: Week):
    scan = doubted(week)
    user, client = head_of(week)
    assert week.world.siti.name in client.get("/catatan-jam/").content.decode()
    page = client.get(f"/catatan-jam/{scan.pk}/").content.decode()
    assert "Sel 15 Sep 07.00" in page
    answer = client.post(
        f"/catatan-jam/{scan.pk}/", {"decision": "accept", "at": "2026-09-14T07:00", "reason": "Saya melihatnya."}
    )
    assert answer.headers["Location"] == f"/orang/{week.world.siti.pk}/hari/2026-09-14/"
    review = ScanReview.objects.get(scan=scan)
    assert (review.at, review.decided_by, review.decided_name) == (at("07:00"), user, user.display_name)
    story = client.get(answer.headers["Location"]).content.decode()
    assert "Jam diterima oleh head: Saya melihatnya." in story
    assert week.world.siti.name not in client.get("/catatan-jam/").content.decode()


def test_a_head_rejects_and_says_why(week: Week):
    scan = doubted(week)
    _user, client = head_of(week)
    page = client.post(f"/catatan-jam/{scan.pk}/", {"decision": "reject", "at": "", "reason": ""})
    assert page.status_code == 200
    assert not ScanReview.objects.exists()
    client.post(f"/catatan-jam/{scan.pk}/", {"decision": "reject", "at": "", "reason": "Tidak ada yang melihat."})
    assert ScanReview.objects.get().at is None


def test_a_time_after_the_receipt_is_refused_at_its_field(week: Week):
    scan = doubted(week)
    _user, client = head_of(week)
    body = {"decision": "accept", "at": "2026-09-14T09:00", "reason": "Salah ketik."}
    page = client.post(f"/catatan-jam/{scan.pk}/", body).content.decode()
    assert "tidak mungkin dibuat sesudah diterima" in page
    assert (
        "Tuliskan tanggal dan jamnya"
        in client.post(f"/catatan-jam/{scan.pk}/", body | {"at": "kemarin"}).content.decode()
    )
    assert not ScanReview.objects.exists()


def test_nobody_decides_about_herself_and_operators_do_not_decide(week: Week):
    scan = doubted(week)
    world = week.world
    user, client = head_of(week)
    user.person = world.siti
    user.save(update_fields=["person"])
    assert client.get(f"/catatan-jam/{scan.pk}/").status_code == 404
    assert world.siti.name not in client.get("/catatan-jam/").content.decode()
    operator = world.client(world.login(RoleKind.OPERATOR, world.kota))
    assert operator.get("/catatan-jam/").status_code == 403
    assert operator.get(f"/catatan-jam/{scan.pk}/").status_code == 404
    elsewhere = world.client(world.login(RoleKind.HEAD, world.jauh))
    assert elsewhere.post(f"/catatan-jam/{scan.pk}/", {"decision": "reject", "reason": "x"}).status_code == 404
    assert world.client(world.login(RoleKind.DINAS, world.region)).get(f"/catatan-jam/{scan.pk}/").status_code == 200


def test_a_day_is_declared_complete_by_a_named_person(week: Week):
    world = week.world
    week.compute(world.kota, now=TUESDAY)
    assert week.day(world.siti, world.kota).status == "T"
    _user, client = head_of(week)
    board = client.get(f"/hari-ini/{world.kota.npsn}/?tanggal=2026-09-14").content.decode()
    address = f"/hari-ini/{world.kota.npsn}/lengkap/2026-09-14/"
    assert address in board
    assert "2 orang masih tertunda" in client.get(address).content.decode()
    client.post(address, {"reason": "Listrik padam."})
    week.compute(world.kota, now=TUESDAY)
    assert week.day(world.siti, world.kota).status == "A"
    assert "Dinyatakan lengkap oleh head: Listrik padam." in client.get(address).content.decode()
    again = client.post(address, {"reason": "Sekali lagi."}).content.decode()
    assert "Hari itu sudah dinyatakan lengkap" in again or "Dinyatakan lengkap oleh head" in again


def test_today_is_not_declared(week: Week):
    _user, client = head_of(week)
    page = client.post(f"/hari-ini/{week.world.kota.npsn}/lengkap/2026-09-15/", {"reason": "Cepat."}).content.decode()
    assert "Tanggal itu belum lewat" in page
