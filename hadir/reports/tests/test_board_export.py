"""The board as a file: whole, safe to open, and written down."""

import csv
import io

import pytest
from django.test import Client

from hadir.accounts.models import RoleKind
from hadir.conftest import NOW, World
from hadir.core.models import AuditEntry
from hadir.people.services import add_person, assign_person
from hadir.reports.export import plain_cell
from hadir.reports.tests.conftest import GiveFace, Scan


@pytest.fixture
def operator(world: World) -> Client:
    return world.client(world.login(RoleKind.OPERATOR, world.kota))


def lines(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "office programs need the mark to read UTF-8"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_file_has_school_date_and_everybody(world: World, operator: Client, give_face: GiveFace, scan: Scan):
    give_face(world.hasan)
    scan("06:30:00", world.siti)
    scan("07:01:00", world.siti)
    answer = operator.get("/hari-ini/20529001/unduh.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="hadir-20529001-2026-09-14.csv"'
    found = {line["Nama"]: line for line in lines(answer.content)}
    assert set(found) == {"Siti Aminah", "Hasan Basri"}
    siti = found["Siti Aminah"]
    assert (siti["NPSN"], siti["Sekolah"], siti["Tanggal"]) == ("20529001", "SDN Pangarangan I", "2026-09-14")
    assert (siti["Keadaan"], siti["Masuk"], siti["Pulang"]) == ("Hadir", "06:30", "07:01")
    assert found["Hasan Basri"]["Keadaan"] == "Belum terlihat"


def test_nip_survives_a_spreadsheet(world: World, operator: Client):
    person = add_person(name="Qurratul Aini", nip="198804122011012009", now=NOW)
    assign_person(person=person, school=world.kota, duty="Guru", staff_kind="PNS", valid_from=NOW.date(), now=NOW)
    found = {line["Nama"]: line for line in lines(operator.get("/hari-ini/20529001/unduh.csv").content)}
    assert found["Qurratul Aini"]["NIP"] == "19880412 201101 2 009"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+62", "'+62"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("\ufeff=1", "'\ufeff=1"),
        ("Siti Rofi'ah", "Siti Rofi'ah"),
        ("A=B", "A=B"),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(text: str, cell: str):
    assert plain_cell(text) == cell


def test_name_like_a_formula_is_harmless(world: World, operator: Client):
    person = add_person(name='=cmd|"/c calc"!A1', now=NOW)
    assign_person(person=person, school=world.kota, duty="@x", staff_kind="PNS", valid_from=NOW.date(), now=NOW)
    cells = [cell for line in lines(operator.get("/hari-ini/20529001/unduh.csv").content) for cell in line.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_who_took_the_file_is_written_down(world: World, operator: Client):
    operator.get("/hari-ini/20529001/unduh.csv?tanggal=2026-09-11")
    entry = AuditEntry.objects.get(action="export_board")
    assert entry.object_id == str(world.kota.pk)
    assert entry.detail == {"day": "2026-09-11"}
    assert entry.actor is not None


def test_export_needs_its_own_right(world: World):
    for kind in RoleKind:
        if kind not in (RoleKind.OPERATOR, RoleKind.HEAD, RoleKind.TEACHER):
            continue
        status = world.client(world.login(kind, world.kota)).get("/hari-ini/20529001/unduh.csv").status_code
        assert status == (404 if kind == RoleKind.TEACHER else 200)
