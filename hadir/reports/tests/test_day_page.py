"""The page of one day: who sees it, and what it says."""

from datetime import date, timedelta

from hadir.accounts.models import RoleKind, User
from hadir.attendance.tests.conftest import Week, at
from hadir.conftest import World


def page(world: World, user: User, person: object, day: str = "2026-09-14", **headers: str) -> tuple[int, str]:
    answer = world.client(user).get(f"/orang/{person}/hari/{day}/", **headers)  # type: ignore[arg-type]
    return answer.status_code, answer.content.decode()


def test_a_late_morning_is_provisional_and_says_why(week: Week):
    week.scan(week.world.siti, at("07:04"))
    code, text = page(week.world, week.world.login(RoleKind.OPERATOR, week.world.kota), week.world.siti.pk)
    assert code == 200
    assert "Hadir, sementara" in text
    assert "Tanpa keterangan" not in text
    assert 'data-rule="R7"' in text
    assert "Perpres 21/2023" in text
    assert "contoh-" in text


def test_a_complete_day_names_arrival_departure_and_minutes(week: Week, monkeypatch: object):
    monkeypatch.setattr("hadir.core.clock.now", lambda: at("21:00"))  # type: ignore[attr-defined]
    week.scan(week.world.siti, at("07:45"))
    week.scan(week.world.siti, at("16:05"))
    week.hear(at("20:30"))
    _code, text = page(week.world, week.world.login(RoleKind.HEAD, week.world.kota), week.world.siti.pk)
    assert "Terlambat 15 menit" in text
    assert "sementara" not in text
    assert "TL1" in text
    assert "07.45" in text


def test_who_sees_it(week: Week):
    world = week.world
    own = world.login(RoleKind.TEACHER, world.kota)
    own.person = world.siti
    own.save(update_fields=["person"])
    assert page(world, own, world.siti.pk)[0] == 200
    assert page(world, own, world.hasan.pk)[0] == 404
    assert page(world, world.login(RoleKind.OPERATOR, world.jauh), world.siti.pk)[0] == 404
    assert page(world, world.login(RoleKind.INSPECTOR, world.region), world.siti.pk)[0] == 200


def test_only_the_visitors_schools_are_told(week: Week):
    _code, text = page(week.world, week.world.login(RoleKind.OPERATOR, week.world.pulau), week.world.hasan.pk)
    assert week.world.pulau.name in text
    assert week.world.kota.name not in text


def test_other_dates(week: Week):
    user = week.world.login(RoleKind.HEAD, week.world.kota)
    siti = week.world.siti.pk
    assert page(week.world, user, siti, "kemarin")[0] == 404
    assert page(week.world, user, siti, "0001-01-01")[0] == 404
    assert "belum tiba" in page(week.world, user, siti, (date(2026, 9, 14) + timedelta(days=3)).isoformat())[1]
    assert "Tidak ada penugasan" in page(week.world, user, siti, "2019-01-01")[1]


def test_the_person_page_leads_there(week: Week):
    week.scan(week.world.siti, at("07:01"))
    client = week.world.client(week.world.login(RoleKind.HEAD, week.world.kota))
    for address in (f"/orang/{week.world.siti.pk}/", f"/hari-ini/{week.world.kota.npsn}/"):
        assert f"/orang/{week.world.siti.pk}/hari/2026-09-14/" in client.get(address).content.decode()
