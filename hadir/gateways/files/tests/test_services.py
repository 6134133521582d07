"""From a file to the ledger, over the command and over HTTP."""

import io
import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from hadir.accounts.models import RoleKind
from hadir.conftest import World
from hadir.core import clock
from hadir.core.models import AuditEntry
from hadir.devices.models import Device, Terminal
from hadir.devices.services_terminal import add_terminal
from hadir.gateways.files.models import ColumnProfile, ReportedDay, ScanFile
from hadir.gateways.files.services import DRAFT_LIFE, apply_scan_file, forget_old_files, keep_scan_file
from hadir.gateways.files.tests.samples import CLOUD, USB, csv, sheets, workbook
from hadir.ledger.mapping import map_pin
from hadir.ledger.models import TerminalScan
from hadir.ledger.punch import Punch
from hadir.ledger.queries_terminal import count_records, punches_of, waiting_pins
from hadir.ledger.services_terminal import record_punches
from hadir.terminals.models import KnownUser

pytestmark = pytest.mark.django_db
wall = datetime.fromisoformat
NOW = wall("2026-09-20T00:00:00+00:00")


@pytest.fixture(autouse=True)
def clock_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def terminal(world: World) -> Terminal:
    made, _ = add_terminal(serial="FILE1", kind="file", schools=[world.kota], by=None, now=NOW)
    return made


def command(path: Any, data: bytes, *options: str, name: str = "1_attlog.dat") -> dict[str, Any]:
    file = path / name
    file.write_bytes(data)
    out = io.StringIO()
    try:
        call_command("import", "scans", str(file), "--device", "FILE1", "--json", *options, stdout=out, stderr=out)
    except SystemExit:
        return {"error": out.getvalue()}
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def rows() -> list[tuple[str, str, str, str]]:
    return list(
        TerminalScan.objects.order_by("local_time", "pin").values_list("pin", "local_time", "state_raw", "verify_raw")
    )


def test_without_yes_nothing_changes(terminal: Terminal, tmp_path: Any):  # noqa: ARG001
    told = command(tmp_path, USB)
    assert (told["new"], told["known"], told["applied"], told["pins"]) == (3, 0, None, 2)
    assert not TerminalScan.objects.exists()
    assert not ScanFile.objects.exists()


def test_taken_in_once_however_often(terminal: Terminal, tmp_path: Any):
    assert command(tmp_path, USB, "--yes")["applied"]["new"] == 3
    again = command(tmp_path, USB, "--yes")
    assert (again["applied"]["new"], again["applied"]["known"], again["warnings"]) == (0, 3, ["same_file"])
    assert rows() == [
        ("5", "2026-09-14 06:58:12", "0", "15"),
        ("0071", "2026-09-14 06:59:40", "0", "1"),
        ("0071", "2026-09-14 15:02:03", "1", "1"),
    ]
    scan = TerminalScan.objects.order_by("local_time")[0]
    assert (scan.source, scan.trust, scan.school_id) == ("file", "file", terminal.device.schools.get().pk)
    assert AuditEntry.objects.filter(action="import_scans").count() == 2
    until = Device.objects.get(pk=terminal.device_id).handed_in_until
    assert until == wall("2026-09-14T15:02:03+07:00")


def test_what_was_pushed_stays_as_it_is(terminal: Terminal, tmp_path: Any):
    pushed = Punch("5", wall("2026-09-14 06:58:12"), "255", "25", "118")
    record_punches(device=terminal.device, punches=[pushed], source="push", trust="secret", now=NOW)
    assert command(tmp_path, USB, "--yes")["applied"] == {
        "new": 2, "known": 1, "bad": 0, "waiting": 2, "doubted": 0, "reported": 0,
    }  # fmt: skip
    assert rows()[0] == ("5", "2026-09-14 06:58:12", "255", "25")
    minutes = csv("PIN;Tanggal;Jam", "5;2026-09-14;06:58", "5;2026-09-14;07:30", "")
    assert command(tmp_path, minutes, "--yes", name="ekspor.csv")["applied"]["new"] == 1


@pytest.mark.usefixtures("terminal")
def test_a_file_that_was_taken_in_for_another_machine_is_told(world: World, tmp_path: Any):
    other, _ = add_terminal(serial="FILE2", kind="file", schools=[world.kota], by=None, now=NOW)
    kept = keep_scan_file(device=other.device, data=USB, file_name="1_attlog.dat", by=None, now=NOW)
    assert command(tmp_path, USB)["warnings"] == [], "it was not taken in yet"
    apply_scan_file(kept=kept, now=NOW, by=None)
    assert command(tmp_path, USB)["warnings"] == ["same_file_elsewhere"]


PUSHED = [
    Punch("5", wall("2026-09-14 06:58:12"), "255", "1", "11"),
    Punch("0071", wall("2026-09-14 06:59:40"), "255", "1", "12"),
    Punch("0071", wall("2026-09-14 15:02:03"), "255", "1", "13"),
]


def shown() -> list[tuple[str, str, str]]:
    out = io.StringIO()
    call_command("scans", "--device", "FILE1", "--json", stdout=out)
    facts = [json.loads(line) for line in out.getvalue().splitlines()]
    return [(one["pin"], one["local_time"][11:], one["source"]) for one in facts]


def test_a_push_after_the_file_doubles_nothing_and_loses_nothing(world: World, terminal: Terminal, tmp_path: Any):
    map_pin(device=terminal.device, pin="0071", person=world.siti, by=None, now=NOW)
    command(tmp_path, USB, "--yes")
    for _time in range(2):
        record_punches(device=terminal.device, punches=PUSHED, source="push", trust="secret", now=NOW)
        assert shown() == [("5", "06:58:12", "push"), ("0071", "06:59:40", "push"), ("0071", "15:02:03", "push")]
    begin = wall("2026-09-14T00:00:00+07:00")
    hers = punches_of([world.siti.pk], begin, begin + timedelta(days=1))
    assert [(one.source, one.trust) for one in hers] == [("push", "secret")] * 2
    assert [one.count for one in waiting_pins(terminal.device)] == [1]
    assert count_records(terminal.device_id, "2026-09-14 00:00:00", "2026-09-14 23:59:59") == 3
    assert TerminalScan.objects.count() == 6, "what the file said stays in the ledger"


def test_two_records_of_one_second_count_by_their_numbers(terminal: Terminal):
    twice = [Punch("5", wall("2026-09-14 06:58:12"), "0", "1", number) for number in ("11", "22")]
    record_punches(device=terminal.device, punches=twice, source="push", trust="secret", now=NOW)
    read = Punch("5", wall("2026-09-14 06:58:12"), "1", "0")
    record_punches(device=terminal.device, punches=[read], source="agent", trust="hmac", now=NOW)
    assert count_records(terminal.device_id, "2026-09-14 00:00:00", "2026-09-14 23:59:59") == 2


def test_a_record_without_seconds_stands_for_one_with_them(terminal: Terminal, tmp_path: Any):
    minutes = csv("PIN;Tanggal;Jam", "5;2026-09-14;06:58", "")
    assert command(tmp_path, minutes, "--yes", name="a.csv")["applied"]["new"] == 1
    exact = csv("PIN;Tanggal;Jam", "5;2026-09-14;06:58:12", "5;2026-09-14;06:58:50", "")
    for new in (1, 0):
        told = command(tmp_path, exact, "--yes", name="b.csv")
        assert told["applied"]["new"] == new, "two of one minute stay two"
    record_punches(device=terminal.device, punches=PUSHED[:1], source="push", trust="secret", now=NOW)
    assert shown() == [("5", "06:58:12", "push"), ("5", "06:58:50", "file")]


@pytest.mark.usefixtures("terminal")
def test_a_whole_minute_with_its_seconds_stands_for_itself(tmp_path: Any):
    first = csv("PIN;Tanggal;Jam", "5;2026-09-14;06:58:00", "")
    later = csv("PIN;Tanggal;Jam", "5;2026-09-14;06:58:00", "5;2026-09-14;06:58:50", "")
    assert command(tmp_path, first, "--yes", name="a.csv")["applied"]["new"] == 1
    assert command(tmp_path, later, "--yes", name="b.csv")["applied"]["new"] == 1


def test_pins_without_a_person_are_named(world: World, terminal: Terminal, tmp_path: Any):
    map_pin(device=terminal.device, pin="5", person=world.siti, by=None, now=NOW)
    table = csv("PIN;Nama;Tanggal;Jam", "5;Siti;2026-09-14;06:58:00", "0072;Budi;2026-09-14;07:00:00", "")
    told = command(tmp_path, table, "--yes", name="ekspor.csv")
    assert told["unknown_pins"] == [{"pin": "0072", "name": "Budi", "records": 1}]
    assert told["applied"]["waiting"] == 1
    assert KnownUser.objects.get(pin="0072").name == "Budi"


@pytest.mark.parametrize(
    ("name", "data", "warnings"),
    [
        ("2_attlog.dat", USB, ["other_device"]),
        ("LAIN123_attlog.dat", USB, ["other_serial"]),
        ("FILE1_attlog.dat", USB, []),
        ("1_attlog.dat", USB + b"7\t2026-09-14 08:00:00\t2\t0\t1\t0\n", ["other_device", "several_devices"]),
    ],
)
@pytest.mark.usefixtures("terminal")
def test_a_file_of_another_machine_is_told(name: str, data: bytes, warnings: list[str], tmp_path: Any):
    assert command(tmp_path, data, name=name)["warnings"] == warnings


@pytest.mark.usefixtures("terminal")
def test_bad_lines_are_kept_with_their_reason(tmp_path: Any):
    ahead = b"5\t2026-09-20 07:10:01\t1\t0\t1\t0\n5\t2026-09-20 07:09:59\t1\t0\t1\t0\n"
    told = command(tmp_path, USB + ahead + b"5\t2014-01-01 00:00:00\t1\t0\t1\t0\n", "--yes")
    assert [(one["line"], one["reason"]) for one in told["bad"]] == [(5, "future"), (7, "old")]
    assert told["applied"]["new"] == 4
    kept = ScanFile.objects.get()
    assert [one["reason"] for one in kept.bad_lines] == ["future", "old"]
    assert (kept.draft, kept.counts["bad"]) == (None, 2)


@pytest.mark.usefixtures("terminal")
def test_questions_are_refused_until_answered(tmp_path: Any):
    table = csv("PIN;Tanggal;Jam", "5;03/07/2026;06:58:00", "")
    assert "scans_ask_order" in command(tmp_path, table, "--yes", name="a.csv")["error"]
    assert command(tmp_path, table, "--yes", "--dates", "dmy", name="a.csv")["first"] == "2026-07-03"
    nameless = csv("5;2026-07-04;06:58:00", "5;2026-07-05;06:58:00", "")
    assert "scans_ask_columns" in command(tmp_path, nameless, "--yes", name="b.csv")["error"]
    for wrong in ("pin=1", "pin=0,stamp=2", "pin=1,pin=2,stamp=3", "x=1"):
        assert "scans_columns_wrong" in command(tmp_path, nameless, "--columns", wrong, name="b.csv")["error"]
    assert command(tmp_path, nameless, "--yes", "--columns", "pin=1,date=2,time=3", name="b.csv")["applied"]["new"] == 2


KODE = csv("Laporan;;;", "Kode;Orang;Hari;Pukul", "5;Siti;2026-09-14;06:58:10", "")
NAMED = ("--yes", "--columns", "pin=1,date=3,time=4")


@pytest.mark.usefixtures("terminal")
def test_columns_of_unknown_headings_are_remembered(tmp_path: Any):
    told = command(tmp_path, KODE, *NAMED, "--vendor", "Vendor X", name="a.csv")
    assert (told["applied"]["new"], told["bad"]) == (1, [])
    assert ColumnProfile.objects.get().headings == ["Kode", "Orang", "Hari", "Pukul"]
    later = csv("Laporan;;;", "Periode;;;", "", "Kode;Orang;Hari;Pukul", "5;Siti;2026-09-15;06:58:10", "")
    told = command(tmp_path, later, "--yes", name="b.csv")
    assert (told["applied"]["new"], told["bad"]) == (1, [])


@pytest.mark.parametrize("data", [csv("5;Siti;2026-09-14;06:58:10", "6;Budi;2026-09-14;06:58:10", ""), USB])
@pytest.mark.usefixtures("terminal")
def test_a_vendor_of_a_file_without_headings_is_refused(data: bytes, tmp_path: Any):
    assert "scans_no_headings" in command(tmp_path, data, *NAMED, "--vendor", "X", name="a.csv")["error"]
    assert not TerminalScan.objects.exists()
    assert command(tmp_path, data, *NAMED, name="a.csv")["applied"]["new"] > 1


MONTH = [["PIN", "Tanggal", "Jam"], ["5", "2026-09-14", "06:58:10"]]
OTHER_MONTH = [["PIN", "Tanggal", "Jam"], ["5", "2026-08-14", "06:58:10"]]


@pytest.mark.usefixtures("terminal")
def test_every_sheet_is_read_or_named(world: World, tmp_path: Any):
    book = sheets({"Ringkasan": [["No", "Nama", "Status"], [1, "Siti", "Hadir"]], "Agu": OTHER_MONTH, "Sep": MONTH})
    told = command(tmp_path, book, "--yes", name="a.xlsx")
    assert (told["applied"]["new"], told["warnings"], told["other_sheets"]) == (2, ["other_sheets"], ["Ringkasan"])
    client = visitor(world)
    assert "Ringkasan" in client.get(upload(client, book, name="a.xlsx").url).content.decode()
    unknown = sheets({"Log": [["Kode", "Hari", "Pukul"], ["5", "2026-09-15", "06:58"]], "Lain": [["x"]]})
    page = client.get(upload(client, unknown, name="b.xlsx").url).content.decode()
    assert "Kolom mana berisi apa" in page
    assert "Lain" in page


@pytest.mark.usefixtures("terminal")
def test_the_wizard_remembers_unknown_headings_or_says_why_not(world: World):
    client = visitor(world)
    named = {"columns": "1", "column-0": "pin", "column-2": "date", "column-3": "time", "vendor": "Vendor X"}
    address = upload(client, KODE, name="a.csv").url
    assert "Pukul" in client.get(address).content.decode()
    assert client.post(address, named).status_code == 302
    client.post(address, {"apply": "1"})
    assert rows() == [("5", "2026-09-14 06:58:10", "", "")]
    later = upload(client, KODE.replace(b"2026-09-14", b"2026-09-15"), name="b.csv").url
    assert "Masukkan" in client.get(later).content.decode()
    without = upload(client, csv("5;Siti;2026-09-16;06:58:10", ""), name="c.csv").url
    answer = client.post(without, named)
    assert answer.status_code == 422
    assert "tidak punya baris judul kolom" in answer.content.decode()
    assert client.post(without, named | {"vendor": ""}).status_code == 302


def test_an_unknown_device(tmp_path: Any, world: World):  # noqa: ARG001
    assert "terminal_unknown" in command(tmp_path, USB)["error"]


@pytest.mark.usefixtures("terminal")
def test_a_report_adds_no_records(tmp_path: Any):
    report = workbook(
        [["No.ID", "Nama", "Tanggal", "Scan Masuk", "Scan Pulang"], ["5", "Siti", "2026-09-14", "06:58", "15:02"]]
    )
    for new in (1, 0):
        told = command(tmp_path, report, "--yes", name="lap.xlsx")
        assert (told["layout"], told["new"], told["applied"]["reported"]) == ("report", 0, new)
    assert not TerminalScan.objects.exists()
    day = ReportedDay.objects.get()
    assert (day.pin, str(day.day), day.came, day.left) == ("5", "2026-09-14", "06:58:00", "15:02:00")


def visitor(world: World, kind: RoleKind = RoleKind.OPERATOR) -> Client:
    return world.client(world.login(kind, world.kota))


def upload(client: Client, data: bytes, *, name: str = "1_attlog.dat", serial: str = "FILE1") -> Any:
    return client.post(reverse("scan-files"), {"terminal": serial, "file": SimpleUploadedFile(name, data)})


@pytest.mark.usefixtures("terminal")
def test_from_upload_to_result(world: World):
    client = visitor(world)
    answer = upload(client, USB)
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert "14 September 2026" in page
    assert "PIN tanpa orang" in page
    assert not TerminalScan.objects.exists()
    assert client.post(answer.url, {"apply": "1"}).status_code == 302
    assert TerminalScan.objects.count() == 3
    result = client.get(answer.url).content.decode()
    assert "<dt>catatan masuk</dt><dd><b>3</b></dd>" in re.sub(r"\s+", " ", result)
    assert client.post(answer.url, {"apply": "1"}).status_code == 200, "a second click changes nothing"
    assert "3 masuk" in client.get(reverse("scan-files")).content.decode()


@pytest.mark.usefixtures("terminal")
def test_columns_are_named_once_and_remembered(world: World):
    client = visitor(world)
    table = csv("Karyawan;Kode;Masuk;Hari", "Siti;5;06:58:10;2026-09-14", "")
    address = upload(client, table, name="vendor.csv").url
    page = client.get(address).content.decode()
    assert "Kolom mana berisi apa" in page
    assert "06:58:10" in page
    wrong = client.post(address, {"columns": "1", "column-1": "pin"})
    assert wrong.status_code == 422
    named = {"columns": "1", "column-0": "name", "column-1": "pin", "column-2": "time", "column-3": "date"}
    assert client.post(address, named | {"vendor": "Program X"}).status_code == 302
    assert "Siti" in client.get(address).content.decode()
    assert ColumnProfile.objects.get().vendor == "Program X"
    client.post(address, {"apply": "1"})
    assert rows() == [("5", "2026-09-14 06:58:10", "", "")]
    later = upload(client, table.replace(b"2026-09-14", b"2026-09-15"), name="vendor.csv").url
    assert "Masukkan" in client.get(later).content.decode()
    assert "Kolom mana berisi apa" in client.post(later, {"again": "1"}).content.decode()


@pytest.mark.usefixtures("terminal")
def test_the_order_of_dates_is_asked(world: World):
    client = visitor(world)
    address = upload(client, csv("PIN;Tanggal;Jam", "5;03/07/2026;06:58:00", ""), name="a.csv").url
    assert "Mana tanggal, mana bulan" in client.get(address).content.decode()
    assert client.post(address, {"choose": "1"}).status_code == 422
    assert client.post(address, {"apply": "1"}).status_code in {200, 422}
    assert not TerminalScan.objects.exists()
    assert client.post(address, {"choose": "1", "order": "mdy"}).status_code == 302
    assert "bulan lebih dulu" in client.post(address, {"ask-order": "1"}).content.decode()
    client.post(address, {"apply": "1"})
    assert rows() == [("5", "2026-03-07 06:58:00", "", "")]


@pytest.mark.usefixtures("terminal")
def test_a_year_of_two_digits_is_asked(world: World, tmp_path: Any):
    client, table = visitor(world), csv("PIN;Tanggal;Jam", "5;26-07-25;06:58:00", "")
    address = upload(client, table, name="a.csv").url
    assert "25 Juli 2026, bukan 26 Juli 2025" in client.get(address).content.decode()
    assert client.post(address, {"choose": "1", "order": "ymd"}).status_code == 302
    assert "tahun lebih dulu" in client.post(address, {"ask-order": "1"}).content.decode()
    client.post(address, {"apply": "1"})
    assert rows() == [("5", "2026-07-25 06:58:00", "", "")]
    assert "scans_ask_order" in command(tmp_path, table, name="a.csv")["error"]
    assert command(tmp_path, table, "--dates", "dmy", name="a.csv")["first"] == "2025-07-26"
    assert command(tmp_path, table, "--dates", "ymd", name="a.csv")["first"] == "2026-07-25"


@pytest.mark.usefixtures("terminal")
def test_a_file_that_is_none_says_so(world: World):
    answer = upload(visitor(world), b"", name="x.dat")
    assert answer.status_code == 422
    assert "Berkas ini kosong. Salin lagi dari mesin atau unduh lagi." in answer.content.decode()


@pytest.mark.parametrize(("kind", "status"), [(RoleKind.TEACHER, 403), (RoleKind.SUPERVISOR, 403)])
@pytest.mark.usefixtures("terminal")
def test_who_may_not_hand_in(world: World, kind: RoleKind, status: int):
    place = world.kota if kind is RoleKind.TEACHER else world.district
    assert world.client(world.login(kind, place)).get(reverse("scan-files")).status_code == status


@pytest.mark.usefixtures("terminal")
def test_a_terminal_of_another_school_cannot_be_named(world: World):
    client = world.client(world.login(RoleKind.OPERATOR, world.jauh))
    add_terminal(serial="JAUH1", kind="file", schools=[world.jauh], by=None, now=NOW)
    assert upload(client, USB).status_code == 422
    assert not ScanFile.objects.exists()


@pytest.mark.usefixtures("terminal")
def test_what_waits_too_long_is_forgotten(world: World):
    client = visitor(world)
    address = upload(client, CLOUD).url
    assert bytes(ScanFile.objects.get().draft or b"").find(b"10021") == -1, "the file lies sealed"
    forget_old_files(now=NOW + 2 * DRAFT_LIFE)
    assert client.get(address).status_code == 302
    discarded = upload(client, CLOUD).url
    client.post(discarded, {"discard": "1"})
    assert not ScanFile.objects.filter(draft__isnull=False).exists()
