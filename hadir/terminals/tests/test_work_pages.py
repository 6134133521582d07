"""Work on one machine over HTTP: PINs, doubted clocks, commands, the register."""
# ruff: noqa: ARG001  some fixtures only need to be there

import io
import re
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from hadir.conftest import NOW, World
from hadir.core import clock
from hadir.devices.models import Device, PinMapping, Terminal
from hadir.devices.services_terminal import add_terminal
from hadir.ledger.mapping import map_pin
from hadir.ledger.models_terminal import ConfirmedTime
from hadir.ledger.punch import Punch
from hadir.ledger.services_terminal import record_punches
from hadir.terminals.intake import note_users
from hadir.terminals.models import Command, Quarantined
from hadir.terminals.reading import ListedUser
from hadir.terminals.tests.conftest import SERIAL
from hadir.terminals.tests.machines import at, punched, text


@pytest.fixture(autouse=True)
def five_past_seven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


# PINs


def test_a_suggestion_is_confirmed_by_a_person_and_applies_backwards(
    world: World, operator: Client, terminal: Terminal
):
    note_users(device=terminal.device, users=[ListedUser("0701", "SITI AMINAH")], now=NOW)
    punched(terminal, ("0701", "2026-09-01 06:58:12"))
    page = text(operator.get(at(terminal, "pin/")))
    assert "Siti Aminah (nama sama)" in page
    assert "1 catatan menunggu" in page
    assert "Anwar" not in page
    operator.post(at(terminal, "pin/"), {"pin": "0701", "person": str(world.siti.pk)})
    mapping = PinMapping.objects.get()
    assert (mapping.pin, mapping.person, mapping.valid_from) == ("0701", world.siti, date(2020, 1, 1))
    assert "Semua PIN sudah bernama" in text(operator.get(at(terminal, "pin/")))


def test_a_pin_is_given_to_nobody_of_another_school(world: World, operator: Client, terminal: Terminal):
    answer = operator.post(at(terminal, "pin/"), {"pin": "0701", "person": str(world.anwar.pk)}, follow=True)
    assert not PinMapping.objects.exists()
    assert "kind" in text(answer)


def test_a_pin_that_is_somebodys_is_refused(world: World, operator: Client, terminal: Terminal):
    map_pin(device=terminal.device, pin="0701", person=world.siti, by=None, now=NOW)
    answer = operator.post(at(terminal, "pin/"), {"pin": "0701", "person": str(world.hasan.pk)}, follow=True)
    assert "Siti Aminah" in text(answer)
    assert PinMapping.objects.get().person == world.siti


def test_a_mapping_ends_or_is_taken_back(world: World, operator: Client, terminal: Terminal):
    kept = map_pin(device=terminal.device, pin="0701", person=world.siti, by=None, now=NOW)
    wrong = map_pin(device=terminal.device, pin="0702", person=world.hasan, by=None, now=NOW)
    operator.post(at(terminal, "pin/"), {"mapping": str(kept.pk), "end": "1"})
    operator.post(at(terminal, "pin/"), {"mapping": str(wrong.pk), "remove": "1"})
    kept.refresh_from_db()
    assert kept.valid_to == date(2026, 9, 14)
    assert not PinMapping.objects.filter(pk=wrong.pk).exists()


def test_a_mapping_of_another_machine_is_none_of_ones_business(world: World, operator: Client, terminal: Terminal):
    far, _secret = add_terminal(serial="JAUH0001", kind="zkteco", schools=[world.jauh], by=None, now=NOW)
    other = map_pin(device=far.device, pin="1", person=world.anwar, by=None, now=NOW)
    for key in (str(other.pk), "kacau"):
        assert operator.post(at(terminal, "pin/"), {"mapping": key, "remove": "1"}).status_code == 404
    assert PinMapping.objects.count() == 1


# The clock


@pytest.mark.parametrize("typed", ["2026-09-14T06:55", "2026-09-13T23:55:00+00:00"])
def test_doubted_records_get_a_time_from_a_person(world: World, operator: Client, terminal: Terminal, typed: str):
    rows = [Punch("0701", datetime(2000, 1, 1, 0, 5)), Punch("0702", datetime(2000, 1, 1, 0, 7))]  # noqa: DTZ001
    now = datetime(2026, 9, 14, 0, 1, tzinfo=UTC)
    record_punches(device=terminal.device, punches=rows, source="agent", trust="hmac", now=now)
    page = text(operator.get(at(terminal, "jam/")))
    assert "1 Jan 2000 00.05.00" in page
    first, second = re.findall(r'name="scan" value="([\w-]+)"', page)
    refused = operator.post(at(terminal, "jam/"), {"scan": first, "reason": "padam", "accept": "1"}, follow=True)
    assert "tidak punya usulan waktu" in text(refused)
    refused = operator.post(at(terminal, "jam/"), {"reason": "padam", "accept": "1"}, follow=True)
    assert "Belum ada yang dipilih" in text(refused)
    refused = operator.post(at(terminal, "jam/"), {"scan": first, "at": "2026-09-14T06:55", "accept": "1"}, follow=True)
    assert not ConfirmedTime.objects.exists()  # a reason is needed
    answer = {"scan": first, "at": typed, "reason": "listrik padam", "accept": "1"}
    operator.post(at(terminal, "jam/"), answer)
    assert ConfirmedTime.objects.get().at == datetime(2026, 9, 13, 23, 55, tzinfo=UTC)
    operator.post(at(terminal, "jam/"), {"scan": second, "reason": "tidak tahu", "reject": "1"})
    assert ConfirmedTime.objects.filter(at__isnull=True).count() == 1
    assert "Tidak ada yang menunggu" in text(operator.get(at(terminal, "jam/")))


# Commands


def test_a_command_is_shown_before_it_is_queued(world: World, operator: Client, terminal: Terminal):
    query = {"kind": "add_person", "pin": "0701", "person": str(world.siti.pk)}
    page = text(operator.get(at(terminal, "perintah/"), query))
    assert "DATA UPDATE USERINFO PIN=0701 | Name=Siti Aminah" in page
    assert "belum memakai alamat rahasianya" in page
    assert not Command.objects.exists()
    operator.post(at(terminal, "perintah/"), query)
    made = Command.objects.get()
    assert made.text.startswith("DATA UPDATE USERINFO PIN=0701\tName=Siti Aminah\t")
    assert made.made_by is not None
    assert "Menunggu mesin memanggil" in text(operator.get(at(terminal, "perintah/")))
    operator.post(at(terminal, "perintah/"), {"cancel": str(made.pk)})
    made.refresh_from_db()
    assert made.ended_at == NOW


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "resend"},
        {"kind": "resend", "first": "2026-09-10", "last": "2026-09-01"},
        {"kind": "add_person", "pin": "0701"},
        {"kind": "add_person", "pin": "", "person": "siti"},
        {"kind": "CLEAR DATA"},
        {"kind": "SHELL"},
    ],
)
def test_a_command_that_lacks_something_is_not_queued(
    world: World, operator: Client, terminal: Terminal, query: dict[str, str]
):
    query = {name: str(world.siti.pk) if value == "siti" else value for name, value in query.items()}
    for send in (operator.get, operator.post):
        assert send(at(terminal, "perintah/"), query).status_code == 422
    assert not Command.objects.exists()


def test_a_person_of_another_school_is_sent_to_no_machine(world: World, operator: Client, terminal: Terminal):
    query = {"kind": "add_person", "pin": "0701", "person": str(world.anwar.pk)}
    answer = operator.post(at(terminal, "perintah/"), query)
    assert answer.status_code == 422
    assert "Anwar" not in text(answer)


def test_records_are_asked_for_again_by_whole_days(operator: Client, terminal: Terminal):
    operator.post(at(terminal, "perintah/"), {"kind": "resend", "first": "2026-09-01", "last": "2026-09-10"})
    assert Command.objects.get().text == (
        "DATA QUERY ATTLOG StartTime=2026-09-01 00:00:00\tEndTime=2026-09-10 23:59:59"
    )


@pytest.mark.parametrize("number", ["", "x", "999999", "²"])
def test_a_command_that_is_not_there_is_not_cancelled(operator: Client, terminal: Terminal, number: str):
    assert operator.post(at(terminal, "perintah/"), {"cancel": number}).status_code == 404


def test_other_makes_take_no_commands(world: World, operator: Client):
    made, _secret = add_terminal(serial="HIK00001", kind="hikvision", schools=[world.kota], by=None, now=NOW)
    assert operator.get(at(made, "perintah/")).status_code == 404


# The register


def test_the_register_is_filled_in_and_goes_out_as_a_spreadsheet(world: World, operator: Client, terminal: Terminal):
    form = {
        "name": "=Ruang guru",
        "brand": "Solution",
        "model": "X903",
        "price": "2900000",
        "bought_on": "2024-03-01",
        "fund": "bos_afirmasi",
        "condition": "rusak_ringan",
        "where_used": "Ruang guru",
    }
    assert operator.post(at(terminal, "inventaris/"), form)["Location"] == at(terminal)
    terminal.refresh_from_db()
    assert (terminal.price, terminal.fund, terminal.condition) == (2900000, "bos_afirmasi", "rusak_ringan")
    assert "BOS Afirmasi" in text(operator.get("/perangkat/inventaris/"))
    answer = operator.get("/perangkat/inventaris/?berkas=xlsx")
    head, row = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    told = dict(zip(head, row, strict=True))
    assert (told["NPSN"], told["Nomor seri"], told["Nama mesin"]) == ("20529001", SERIAL, "=Ruang guru")
    assert (told["Harga (rupiah)"], told["Sumber dana"], told["Kondisi"]) == (2900000, "BOS Afirmasi", "rusak ringan")
    assert told["Tanggal beli"] == date(2024, 3, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"price": "-1"},
        {"price": "dua juta"},
        {"bought_on": "2030-01-01"},
        {"fund": "x"},
        {"condition": ""},
    ],
)
def test_a_wrong_register_changes_nothing(operator: Client, terminal: Terminal, changes: dict[str, str]):
    form = {"name": "Ruang guru", "price": "1", "condition": "baik", "fund": "lain"} | changes
    assert operator.post(at(terminal, "inventaris/"), form).status_code == 422
    terminal.refresh_from_db()
    assert terminal.price is None


def test_the_register_has_ones_own_schools_only(world: World, operator: Client, terminal: Terminal):
    add_terminal(serial="JAUH0001", kind="zkteco", schools=[world.jauh], by=None, now=NOW, name="Mesin jauh")
    assert "JAUH0001" not in text(operator.get("/perangkat/inventaris/"))
    answer = operator.get("/perangkat/inventaris/?berkas=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[6] for row in rows[1:]] == [SERIAL]


def test_unreadable_lines_are_shown(operator: Client, terminal: Terminal):
    Quarantined.objects.create(
        serial=SERIAL, device=terminal.device, kind="zkteco", body=b"x", digest="0" * 64, reason="bad_line",
        detail="<script>rusak", received_at=NOW,
    )  # fmt: skip
    page = text(operator.get(at(terminal)))
    assert "&lt;script&gt;rusak" in page


def test_there_is_a_device_behind_every_terminal(terminal: Terminal):
    assert Device.objects.get(pk=terminal.pk).kind == "zkteco"
