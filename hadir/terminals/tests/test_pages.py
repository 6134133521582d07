"""The pages of machines, over HTTP and by role: what is shown, once, to whom, and what a click changes."""
# ruff: noqa: ARG001  some fixtures only need to be there

import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from hadir.accounts.models import RoleKind
from hadir.conftest import NOW, World
from hadir.core import clock
from hadir.core.models import AuditEntry
from hadir.devices.models import Device, PinMapping, Terminal
from hadir.devices.services import create_kiosk
from hadir.devices.services_terminal import Conversation, add_terminal, hash_secret, hear_terminal, note_clock
from hadir.ledger.models_terminal import ConfirmedTime
from hadir.ledger.punch import Punch
from hadir.ledger.services_terminal import record_punches
from hadir.terminals.door import Stranger, keep_unclaimed
from hadir.terminals.intake import note_users, raise_alerts
from hadir.terminals.mapping import map_pin
from hadir.terminals.models import Alert, Caller, Command, Quarantined
from hadir.terminals.reading import ListedUser, Noticed, Reading, Sent

SERIAL = "CKUH204960119"


@pytest.fixture(autouse=True)
def five_past_seven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def terminal(world: World) -> Terminal:
    made, _secret = add_terminal(
        serial=SERIAL, kind="zkteco", schools=[world.kota], by=None, now=NOW, name="Ruang guru", claimed=True
    )
    return made


@pytest.fixture
def operator(world: World) -> Client:
    return world.client(world.login(RoleKind.OPERATOR, world.kota))


def at(terminal: Terminal, page: str = "") -> str:
    return f"/perangkat/mesin/{terminal.pk}/{page}"


def punched(terminal: Terminal, *punches: tuple[str, str], now: datetime = NOW) -> None:
    rows = [Punch(pin, datetime.fromisoformat(local)) for pin, local in punches]
    record_punches(device=terminal.device, punches=rows, source="push", trust="secret", now=now)


def text(answer: Any) -> str:
    return str(answer.content.decode())


# The list


def test_the_list_has_kiosks_and_machines_of_ones_own(world: World, operator: Client, terminal: Terminal):
    add_terminal(serial="JAUH0001", kind="zkteco", schools=[world.jauh], by=None, now=NOW, name="Mesin jauh")
    raise_alerts(device=terminal.device, noticed=[Noticed("storage", "80 %")], now=NOW)
    note_clock(device=terminal.device, skew=-3600, now=NOW)
    page = text(operator.get("/perangkat/"))
    assert "Kantor guru" in page
    assert "Ruang guru" in page
    assert "1 peringatan" in page
    assert "Jam salah" in page
    assert "Mesin jauh" not in page
    assert "Ruang guru" not in text(operator.get("/perangkat/?jenis=kios"))
    assert "Kantor guru" not in text(operator.get("/perangkat/?jenis=mesin"))
    assert "Ruang guru" in text(operator.get("/perangkat/?cari=204960"))


def test_the_list_costs_the_same_for_many(
    world: World,
    operator: Client,
    terminal: Terminal,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
):
    operator.get("/perangkat/")
    with django_assert_max_num_queries(20) as few:
        operator.get("/perangkat/")
    for number in range(8):
        add_terminal(serial=f"BANYAK{number}", kind="zkteco", schools=[world.kota], by=None, now=NOW)
        create_kiosk(name=f"Kios {number}", schools=[world.kota], by=None, now=NOW)
    # With more than ten a search box appears, which asks nothing.
    with django_assert_num_queries(len(few.captured_queries)):
        operator.get("/perangkat/")


# Adding and setting up


def test_a_machine_is_added_and_its_address_is_shown_once(world: World, operator: Client, settings: Any):
    settings.PUBLIC_URL = "https://hadir.example"
    form = {"kind": "zkteco", "serial": "BARU0001", "name": "Gerbang", "schools": [world.kota.npsn]}
    shown = operator.post("/perangkat/mesin/tambah/", form)
    made = Terminal.objects.get(serial="BARU0001")
    found = re.search(r"https://hadir\.example/m/(\w+)<", text(shown))
    assert found
    assert hash_secret(found[1]) == made.secret_hash
    assert "no-store" in shown["Cache-Control"]
    assert "Cloud Server" in text(shown)
    assert found[1] not in text(operator.get(at(made, "pasang/")))
    assert found[1] not in text(operator.get(at(made)))
    renewed = operator.post(at(made, "pasang/"))
    made.refresh_from_db()
    again = re.search(r"https://hadir\.example/m/(\w+)<", text(renewed))
    assert again
    assert hash_secret(again[1]) == made.secret_hash != hash_secret(found[1])


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("hikvision", "HTTP Listening"),
        ("fkweb", "Server Req"),
        ("fingerspot-cloud", "Webhook"),
        ("aiface", "WebSocket"),
        ("file", "flash disk"),
    ],
)
def test_every_make_has_its_steps(world: World, operator: Client, kind: str, words: str):
    form = {"kind": kind, "serial": f"SERI{kind}", "schools": [world.kota.npsn]}
    assert words in text(operator.post("/perangkat/mesin/tambah/", form))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"serial": ""}, "Isi nomor seri"),
        ({"serial": SERIAL}, "sudah terdaftar"),
        ({"schools": []}, "Pilih sedikitnya satu sekolah"),
        ({"schools": ["20529003"]}, "tidak ada di wilayah Anda"),
        ({"kind": "lain"}, "lain"),
    ],
)
def test_a_wrong_form_adds_nothing(
    world: World, operator: Client, terminal: Terminal, changes: dict[str, Any], words: str
):
    form = {"kind": "zkteco", "serial": "BARU0001", "schools": [world.kota.npsn]} | changes
    answer = operator.post("/perangkat/mesin/tambah/", form)
    assert answer.status_code == 422
    assert words in text(answer)
    assert Terminal.objects.count() == 1


# Claiming


def called(serial: str = "ASING001", *, at_: datetime = NOW) -> None:
    keep_unclaimed(
        stranger=Stranger(serial=serial, kind="zkteco", address="36.80.1.2", reason="unknown_serial"),
        sent=Sent(b"0701\t2026-09-14 06:58:12\t0\t15\n", table="ATTLOG"),
        clean=b"0701\t2026-09-14 06:58:12\t0\t15\n",
        reading=Reading(lines=1, traits={"model": "X903"}, options={"UserCount": "31", "TransactionCount": "512"}),
        now=at_,
    )


def test_an_operator_names_the_serial_sees_the_machine_and_claims_it(world: World, operator: Client):
    called()
    page = text(operator.get("/perangkat/mesin/akui/"))
    assert "ASING001" not in page  # not a list of everybody's machines
    page = text(operator.get("/perangkat/mesin/akui/?seri=ASING001"))
    for word in ("X903", "36.80.1.2", "31", "512"):
        assert word in page
    answer = operator.post("/perangkat/mesin/akui/", {"serial": "ASING001", "school": world.kota.npsn})
    made = Terminal.objects.get(serial="ASING001")
    assert made.claimed_at == NOW
    assert "1 catatan dari karantina" in text(answer)
    assert "/m/" in text(answer)
    assert not Caller.objects.exists()


def test_a_call_that_is_too_old_cannot_be_claimed(world: World, operator: Client):
    called(at_=NOW - timedelta(minutes=16))
    page = text(operator.get("/perangkat/mesin/akui/?seri=ASING001"))
    assert "terlalu lama" in page
    assert "Ini mesin sekolah itu" not in page
    answer = operator.post("/perangkat/mesin/akui/", {"serial": "ASING001", "school": world.kota.npsn})
    assert answer.status_code == 422
    assert not Terminal.objects.exists()


def test_a_machine_is_not_claimed_for_another_school(world: World, operator: Client):
    called()
    answer = operator.post("/perangkat/mesin/akui/", {"serial": "ASING001", "school": world.jauh.npsn})
    assert answer.status_code == 422
    assert not Terminal.objects.exists()


@pytest.mark.parametrize(("kind", "sees"), [(RoleKind.DINAS, True), (RoleKind.IT, True), (RoleKind.HEAD, False)])
def test_only_the_region_sees_all_that_call(world: World, kind: RoleKind, sees: bool):
    called()
    place = world.kota if kind == RoleKind.HEAD else world.region
    client = world.client(world.login(kind, place))
    assert ("ASING001" in text(client.get("/perangkat/mesin/akui/"))) is sees
    assert ("mesin memanggil" in text(client.get("/perangkat/"))) is sees


# One machine


def spoke(terminal: Terminal, minutes: int, *, lines: int | None = None) -> None:
    now = NOW - timedelta(minutes=minutes)
    said = Conversation(request="POST ATTLOG", bytes=512, reply="OK: 6", lines=lines)
    hear_terminal(terminal=Terminal.objects.select_related("device").get(pk=terminal.pk), said=said, now=now)


def test_a_machine_that_never_called(operator: Client, terminal: Terminal):
    assert "belum pernah memanggil" in text(operator.get(at(terminal)))


def test_a_machine_that_speaks_but_sends_nothing(operator: Client, terminal: Terminal):
    spoke(terminal, 1)
    page = text(operator.get(at(terminal)))
    assert "Terhubung, tetapi belum ada catatan kehadiran" in page
    assert "bukan akses pintu" in page


def test_a_machine_that_fell_silent(operator: Client, terminal: Terminal):
    punched(terminal, ("0701", "2026-09-12 06:58:12"))
    spoke(terminal, 60 * 26)
    assert "Mesin tidak terdengar lagi" in text(operator.get(at(terminal)))


def test_a_machine_with_all_its_troubles(world: World, operator: Client, terminal: Terminal):
    punched(terminal, ("0701", "2026-09-14 06:58:12"), ("0702", "2000-01-01 00:03:00"))
    spoke(terminal, 1, lines=2)
    note_clock(device=terminal.device, skew=1200, now=NOW)
    raise_alerts(device=terminal.device, noticed=[Noticed("log_deleted", "2026-09-13 20:00:00")], now=NOW)
    Terminal.objects.filter(pk=terminal.pk).update(
        parse_errors=3, last_error="baris pendek", last_error_at=NOW, options={"AgentOutcome": "wrong_comm_key"}
    )
    page = text(operator.get(at(terminal)))
    for words in (
        *("Ada PIN tanpa orang", "Jam catatan diragukan", "Jam mesin tidak tepat", "Ada baris yang tidak terbaca"),
        *("Catatan kehadiran di mesin dihapus", "POST ATTLOG", "OK: 6", "512", "baris pendek", "sandi komunikasi"),
    ):
        assert words in page, words


def test_a_machine_that_works(world: World, operator: Client, terminal: Terminal):
    map_pin(device=terminal.device, pin="0701", person=world.siti, by=None, now=NOW)
    punched(terminal, ("0701", "2026-09-14 06:58:12"))
    spoke(terminal, 1, lines=1)
    assert "Semuanya berjalan" in text(operator.get(at(terminal)))


def test_the_page_costs_a_fixed_number_of_queries(
    operator: Client, terminal: Terminal, django_assert_num_queries: Any, django_assert_max_num_queries: Any
):
    punched(terminal, ("1", "2026-09-14 06:00:00"))
    operator.get(at(terminal))
    with django_assert_max_num_queries(28) as few:
        operator.get(at(terminal))
    punched(terminal, *[(str(n), f"2026-09-14 06:{n % 60:02}:01") for n in range(300)])
    with django_assert_num_queries(len(few.captured_queries)):
        operator.get(at(terminal))


def test_alerts_are_seen_by_name(world: World, operator: Client, terminal: Terminal):
    raise_alerts(device=terminal.device, noticed=[Noticed("time_set", "x"), Noticed("reset", "y")], now=NOW)
    one = Alert.objects.get(kind="time_set")
    operator.post(at(terminal, "peringatan/"), {"alert": [str(one.pk), "kacau"]})
    one.refresh_from_db()
    assert one.seen_at == NOW
    assert one.seen_by is not None
    assert Alert.objects.get(kind="reset").seen_at is None
    assert AuditEntry.objects.filter(action="see_alert").count() == 1


def test_what_came_without_the_secret_is_released_with_a_reason(world: World, operator: Client, terminal: Terminal):
    stranger = Stranger(serial=SERIAL, kind="zkteco", address="36.80.1.2", reason="secret_missing")
    body = b"0701\t2026-09-14 06:58:12\t0\t15\n"
    keep_unclaimed(stranger=stranger, sent=Sent(body, table="ATTLOG"), clean=body, reading=Reading(lines=1), now=NOW)
    page = text(operator.get(at(terminal)))
    assert "1 catatan datang atas nama mesin ini" in page
    assert "Ada kiriman tanpa alamat rahasia" in page
    operator.post(at(terminal, "karantina/"), {"reason": " "})
    assert Quarantined.objects.get().replayed_at is None
    answer = operator.post(at(terminal, "karantina/"), {"reason": "mesin diganti alamatnya"}, follow=True)
    assert "1 catatan masuk" in text(answer)
    assert Quarantined.objects.get().replayed_at == NOW


def test_ending_is_asked_first(operator: Client, terminal: Terminal):
    assert "tidak dapat dibatalkan" in text(operator.get(at(terminal, "nonaktifkan/")))
    operator.post(at(terminal, "nonaktifkan/"))
    terminal.device.refresh_from_db()
    assert terminal.device.revoked_at == NOW
    assert "sudah dinonaktifkan" in text(operator.get(at(terminal)))


def test_the_kiosks_addresses_lead_to_the_machine(operator: Client, terminal: Terminal):
    assert operator.get(f"/perangkat/{terminal.pk}/")["Location"] == at(terminal)
    assert operator.get(f"/perangkat/{terminal.pk}/nonaktifkan/")["Location"] == at(terminal, "nonaktifkan/")
    assert operator.post(f"/perangkat/{terminal.pk}/tautan/").status_code == 404


def test_a_kiosk_is_no_machine(world: World, operator: Client):
    own = create_kiosk(name="Kios sendiri", schools=[world.kota], by=None, now=NOW)
    for page in ("", "pin/", "jam/", "perintah/", "inventaris/", "pasang/"):
        assert operator.get(f"/perangkat/mesin/{own.pk}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["pin/", "jam/", "perintah/", "inventaris/", "pasang/", "nonaktifkan/"])
@pytest.mark.parametrize("kind", [RoleKind.SUPERVISOR, RoleKind.INSPECTOR])
def test_who_may_only_look_changes_nothing(world: World, terminal: Terminal, page: str, kind: RoleKind):
    client = world.client(world.login(kind, world.district if kind == RoleKind.SUPERVISOR else world.region))
    assert "Ruang guru" in text(client.get(at(terminal)))
    for answer in (client.get(at(terminal, page)), client.post(at(terminal, page))):
        assert answer.status_code == 403


def test_teachers_see_no_machines(world: World, terminal: Terminal):
    client = world.client(world.login(RoleKind.TEACHER, world.kota))
    assert client.get(at(terminal)).status_code == 404
    assert client.get("/perangkat/").status_code == 403
    assert client.get("/perangkat/inventaris/").status_code == 403


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


def test_doubted_records_get_a_time_from_a_person(world: World, operator: Client, terminal: Terminal):
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
    answer = {"scan": first, "at": "2026-09-14T06:55", "reason": "listrik padam", "accept": "1"}
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
