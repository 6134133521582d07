"""The board in the words of the judgement: provisional lateness, what is waited for, nobody absent too early."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from hadir.accounts.models import RoleKind
from hadir.attendance.tests.conftest import BEFORE, MONDAY, PACK, Week, at
from hadir.conftest import NOW
from hadir.devices.services import create_kiosk
from hadir.leave.granted import Granted
from hadir.people.models import Person
from hadir.reports.tests.test_board_page import counters, rows
from hadir.schedules.models import TrialPeriod

BOARD = "/hari-ini/20529001/"
FRIDAY = MONDAY - timedelta(days=3)


@pytest.fixture(autouse=True)
def kiosk_in_use(week: Week, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the faces of the week be of the pack in use, and its kiosk in use as long as it knows them."""
    monkeypatch.setattr("hadir.enrolment.queries.current_manifest", lambda: {"id": PACK})
    week.kiosk.activated_at = BEFORE
    week.kiosk.save(update_fields=["activated_at"])


def operator(week: Week) -> Client:
    return week.world.client(week.world.login(RoleKind.OPERATOR, week.world.kota))


def page(week: Week, query: str = "") -> str:
    return operator(week).get(BOARD + query).content.decode()


def freeze(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr("hadir.core.clock.now", lambda: moment)


def row_of(text: str, person: Person) -> str:
    return rows(text)[str(person.pk)]


def grant(monkeypatch: pytest.MonkeyPatch, *entries: Granted) -> None:
    """Let these be the approved entries, for the judgement and for the board."""

    def granted_for(people: Collection[UUID], first: date, last: date) -> Mapping[UUID, Sequence[Granted]]:
        found: dict[UUID, list[Granted]] = {}
        for one in entries:
            if one.person in people and one.first <= last and one.last >= first:
                found.setdefault(one.person, []).append(one)
        return found

    for place in ("hadir.attendance.facts", "hadir.reports.board"):
        monkeypatch.setattr(f"{place}.granted_for", granted_for)


def test_lateness_so_far_is_provisional(week: Week, monkeypatch: pytest.MonkeyPatch):
    freeze(monkeypatch, at("08:00"))
    week.scan(week.world.siti, at("07:45"))
    week.compute(week.world.kota, now=at("08:00"))
    text = page(week)
    assert "Terlambat 15 menit sementara" in row_of(text, week.world.siti)
    assert counters(text) == {"Terlambat": 1, "Belum terlihat": 1}
    assert "Jam kerja 07.30\N{EN DASH}16.00." in text


def test_nobody_is_without_a_reason_before_the_window_is_over(week: Week, monkeypatch: pytest.MonkeyPatch):
    freeze(monkeypatch, at("08:00"))
    week.compute(week.world.kota, now=at("08:00"))
    text = page(week)
    assert "baru dihitung setelah 20.00" in text
    assert "st-absent" not in text
    assert "Belum terlihat" in row_of(text, week.world.hasan)


def test_a_complete_day_counts_and_says_who_is_missing(week: Week, monkeypatch: pytest.MonkeyPatch):
    freeze(monkeypatch, at("21:00"))
    week.scan(week.world.siti, at("07:20"))
    week.scan(week.world.siti, at("16:10"))
    week.hear(at("20:30"))
    week.compute(week.world.kota, now=at("21:00"))
    text = page(week)
    assert counters(text) == {"Hadir": 1, "Tanpa keterangan": 1}
    assert "Tanpa keterangan" in row_of(text, week.world.hasan)
    assert next(iter(rows(text))) == str(week.world.hasan.pk), "who needs somebody comes first"
    assert "07.20" in row_of(text, week.world.siti)
    assert "16.10" in row_of(text, week.world.siti)
    assert "sementara" not in text


def test_pending_says_which_device_is_waited_for_since_when(week: Week):
    week.scan(week.world.siti, at("07:20", FRIDAY))
    week.hear(at("15:00", FRIDAY), noon=False)
    week.compute(week.world.kota, FRIDAY, now=NOW)
    text = page(week, f"?tanggal={FRIDAY}")
    assert "Menunggu Kantor guru, sejak Jum 11 Sep 15.00." in row_of(text, week.world.hasan)
    assert counters(text)["Tertunda"] == 1
    assert "st-absent" not in text
    assert "menunggu perangkat sekolah" in text


def test_a_silent_kiosk_of_another_school_is_named(week: Week):
    other = create_kiosk(name="Kios pulau", schools=[week.world.pulau], by=None, now=at("06:00", FRIDAY))
    other.activated_at = at("06:00", FRIDAY)
    other.save(update_fields=["activated_at"])
    other.tokens.create(token_hash="0" * 64, issued_at=at("06:00", FRIDAY))
    week.hear(at("21:00", FRIDAY))
    week.compute(week.world.kota, FRIDAY, now=NOW)
    text = page(week, f"?tanggal={FRIDAY}")
    assert "Menunggu Kios pulau, SDN Kebunan II, belum pernah terdengar." in row_of(text, week.world.hasan)
    assert "Tanpa keterangan" in row_of(text, week.world.siti)


def test_a_doubted_clock_waits_for_a_person_and_is_no_presence(week: Week, monkeypatch: pytest.MonkeyPatch):
    freeze(monkeypatch, at("12:00"))
    week.hear(at("09:00"))
    week.scan(week.world.siti, at("07:00"), received=at("10:00"))
    week.compute(week.world.kota, now=at("12:00"))
    text = page(week)
    assert "Jam perangkat diragukan, menunggu diperiksa." in row_of(text, week.world.siti)
    assert "Tertunda" in row_of(text, week.world.siti)
    head = week.world.client(week.world.login(RoleKind.HEAD, week.world.kota))
    assert "1 catatan dengan jam yang diragukan menunggu Anda." in head.get(BOARD).content.decode()
    assert "menunggu Anda" not in text


def test_leave_and_duty_are_told_with_their_end(week: Week, monkeypatch: pytest.MonkeyPatch):
    world = week.world
    grant(
        monkeypatch,
        Granted(world.siti.pk, "S", MONDAY, MONDAY + timedelta(days=1)),
        Granted(world.hasan.pk, "DL", MONDAY, MONDAY),
    )
    week.compute(world.kota, now=NOW)
    text = page(week)
    assert "Sakit sampai 15 September 2026." in row_of(text, world.siti)
    assert "Dinas luar hari ini." in row_of(text, world.hasan)
    assert counters(text) == {"Dinas luar": 1, "Izin, sakit, cuti": 1}
    only = page(week, "?keadaan=dinas-luar")
    assert list(rows(only)) == [str(world.hasan.pk)]


def test_a_record_newer_than_its_judgement_shows_at_once(week: Week):
    week.compute(week.world.kota, now=at("06:50"))
    week.scan(week.world.siti, at("07:04"))
    text = page(week)
    assert "07.04" in row_of(text, week.world.siti)
    assert "Hadir" in row_of(text, week.world.siti)


def test_every_state_has_its_colour_its_icon_and_its_word(week: Week):
    week.compute(week.world.kota, now=NOW)
    text = page(week)
    ledger = text.split('class="led"')[1].split("</nav>", maxsplit=1)[0]
    for chip in re.findall(r'<span class="st [^"]*">(.*?)</span>', ledger, re.DOTALL):
        assert "<svg" in chip
        assert re.sub(r"<svg.*?</svg>", "", chip, flags=re.DOTALL).strip()


def test_a_school_on_trial_is_led_to_the_comparison(week: Week):
    TrialPeriod.objects.create(school=week.world.kota, valid_from=FRIDAY, created_at=NOW)
    assert "/sekolah/20529001/banding/2026-09-14/" in page(week)
    assert "/banding/" not in page(week, "?tanggal=2026-09-10")
