"""The pages of machines, over HTTP and by role: what is shown, once, to whom, and what a click changes."""
# ruff: noqa: ARG001  some fixtures only need to be there

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from hadir.accounts.models import RoleKind
from hadir.conftest import NOW, World
from hadir.core import clock
from hadir.core.models import AuditEntry
from hadir.devices.models import Terminal
from hadir.devices.services import create_kiosk
from hadir.devices.services_terminal import Conversation, add_terminal, hash_secret, hear_terminal, note_clock
from hadir.ledger.mapping import map_pin
from hadir.terminals.door import Stranger, keep_unclaimed
from hadir.terminals.intake import raise_alerts
from hadir.terminals.models import Alert, Caller, Quarantined
from hadir.terminals.reading import Noticed, Reading, Sent
from hadir.terminals.tests.conftest import SERIAL
from hadir.terminals.tests.machines import at, punched, text


@pytest.fixture(autouse=True)
def five_past_seven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


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


@pytest.mark.parametrize(("kind", "is_secret"), [("zkteco", True), ("fkweb", False)])
def test_an_address_without_a_secret_is_not_called_one(world: World, operator: Client, kind: str, is_secret: bool):
    form = {"kind": kind, "serial": "BARU0001", "schools": [world.kota.npsn]}
    assert ("tampil sekali saja" in text(operator.post("/perangkat/mesin/tambah/", form))) == is_secret


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
