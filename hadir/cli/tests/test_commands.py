"""Every command as a person or a program calls it, on the test database."""

import base64
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from hadir.accounts.models import RoleKind, User
from hadir.cli.main import COMMANDS
from hadir.conftest import NOW, World
from hadir.enrolment.tests.faces import SAMPLES, photo
from hadir.face import Engine
from hadir.ledger.services import record_scan
from hadir.people.models import Assignment, Person
from hadir.schools.models import School

TEXT_FILE = str(Path(__file__).resolve())


def hadir(*arguments: str) -> tuple[int, str, str]:
    """Run a command; return its exit code, what it said and what it complained of."""
    out, err = StringIO(), StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=err)
    except SystemExit as stopped:
        return int(stopped.code or 0), out.getvalue(), err.getvalue()
    except CommandError as wrong:
        return 2, out.getvalue(), str(wrong)
    return 0, out.getvalue(), err.getvalue()


def facts(*arguments: str) -> list[dict[str, Any]]:
    """Run a command with --json and return the object of each line."""
    _code, out, _err = hadir(*arguments, "--json")
    return [json.loads(line) for line in out.splitlines()]


class TestPeople:
    def test_add_answers_the_id(self, world: World):
        (fact,) = facts("people", "add", "Rofi\u2019ah", "--school", world.kota.npsn, "--nip", "19850412 201001 2 003")
        person = Person.objects.get(pk=fact["id"])
        assert list(fact) == ["id"]
        assert (person.name, person.nip) == ("Rofi\u2019ah", "198504122010012003")
        assert Assignment.objects.get(person=person).staff_kind == "PNS"

    def test_a_name_may_be_typed_without_quotes(self, world: World):
        code, out, _err = hadir("people", "add", "Abd.", "Wahid", "--school", world.kota.npsn, "--title-back", "S.Pd.")
        assert code == 0
        assert out.startswith("Abd. Wahid, S.Pd. ditambahkan di SDN Pangarangan I")

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (("--school", "11111111"), "school_unknown"),
            (("--school", "20529001", "--nip", "123"), "nip_invalid"),
            (("--school", "20529001", "--nuptk", "abc"), "nuptk_invalid"),
        ],
    )
    @pytest.mark.usefixtures("world")
    def test_what_is_refused_leaves_nothing(self, arguments: tuple[str, ...], code: str):
        before = Person.objects.count()
        status, out, err = hadir("people", "add", "Siti", *arguments)
        assert (status, out) == (1, "")
        assert err.startswith(f"Error {code}: ")
        assert Person.objects.count() == before

    @pytest.mark.usefixtures("engine")
    def test_list_by_school_and_words(self, world: World):
        rows = facts("people", "list", "--school", world.kota.npsn)
        assert [(row["name"], row["school"], row["face"]) for row in rows] == [
            ("Hasan Basri", world.kota.npsn, None),
            ("Siti Aminah", world.kota.npsn, None),
        ]
        assert [row["name"] for row in facts("people", "list", "amin")] == ["Siti Aminah"]


class TestFaces:
    @pytest.fixture
    def enrolled(self, world: World, engine: Engine) -> World:  # noqa: ARG002  the pack must be there
        photo("obama.jpg")
        assert hadir("enroll", str(world.siti.pk), str(SAMPLES / "obama.jpg"))[0] == 0
        return world

    @pytest.mark.usefixtures("engine")
    def test_enroll_reports_every_photo(self, world: World):
        photo("obama.jpg")
        files = [str(SAMPLES / "obama.jpg"), TEXT_FILE, str(SAMPLES / "obama.jpg")]
        (fact,) = facts("enroll", "siti aminah", *files)
        assert (fact["state"], fact["templates"], fact["person"]) == ("active", 1, str(world.siti.pk))
        assert [image["accepted"] for image in fact["images"]] == [True, False, False]
        assert [reason["code"] for image in fact["images"] for reason in image["reasons"]] == [
            "unreadable_image",
            "same_image",
        ]

    @pytest.mark.usefixtures("engine", "world")
    def test_enroll_says_in_words_what_is_wrong(self):
        code, out, err = hadir("enroll", "Siti Aminah", TEXT_FILE)
        assert code == 1
        assert "Berkas ini bukan gambar yang dapat dibaca." in out
        assert "belum didaftarkan" in out
        assert err == ""

    @pytest.mark.usefixtures("enrolled")
    def test_a_held_face_is_exit_code_one(self):
        code, out, _err = hadir("enroll", "Anwar Sadat", str(SAMPLES / "obama3.jpg"))
        assert code == 1
        assert "Menunggu pemeriksaan: wajah ini mirip wajah orang lain (Siti Aminah" in out

    def test_identify_answers_each_file_on_a_line(self, enrolled: World):
        files = [str(SAMPLES / "obama3.jpg"), TEXT_FILE, "/nowhere.jpg", str(SAMPLES / "biden.jpg")]
        rows = facts("identify", *files)
        assert [row["image"] for row in rows] == files
        for row in rows:
            assert list(row)[:6] == ["image", "person", "verdict", "similarity", "second", "quality"]
        known, text, nowhere, stranger = rows
        assert (known["person"], known["verdict"], known["second"]) == (str(enrolled.siti.pk), "recognised", None)
        assert known["quality"]["size"] > 100
        assert (text["verdict"], text["code"], text["person"]) == ("unreadable", "unreadable_image", None)
        assert (nowhere["verdict"], nowhere["code"]) == ("unreadable", "file_missing")
        assert (stranger["verdict"], stranger["person"]) == ("unknown", None)
        assert hadir("identify", *files)[0] == 1
        assert hadir("identify", files[0])[0] == 0

    def test_identify_within_a_school(self, enrolled: World):
        file = str(SAMPLES / "obama3.jpg")
        (here,) = facts("identify", file, "--school", enrolled.kota.npsn)
        (elsewhere,) = facts("identify", file, "--school", enrolled.jauh.npsn)
        assert here["person"] == str(enrolled.siti.pk)
        assert (elsewhere["person"], elsewhere["verdict"], elsewhere["similarity"]) == (None, "unknown", None)

    def test_forget(self, enrolled: World):
        assert facts("forget", "Siti Aminah", "--reason", "pindah") == [
            {"person": str(enrolled.siti.pk), "templates": 1}
        ]
        (row,) = facts("identify", str(SAMPLES / "obama3.jpg"))
        assert row["verdict"] == "unknown"

    @pytest.mark.usefixtures("enrolled")
    def test_keys_rotate(self, key_folder: Path):
        (before,) = facts("keys", "show")
        (rotated,) = facts("keys", "rotate")
        (after,) = facts("keys", "show")
        assert (before["templates"], rotated["templates"], after["templates"]) == (1, 1, 1)
        assert before["key"] != after["key"]
        assert Path(rotated["retired"]).parent == key_folder


class TestFindingAPerson:
    @pytest.mark.parametrize("by", ["id", "nip", "spaced nip", "nuptk", "name"])
    def test_by(self, world: World, by: str):
        Person.objects.filter(pk=world.siti.pk).update(nip="198504122010012003", nuptk="1234567890123456")
        words = {
            "id": str(world.siti.pk),
            "nip": "198504122010012003",
            "spaced nip": "19850412 201001 2 003",
            "nuptk": "1234567890123456",
            "name": "SITI  aminah",
        }[by]
        assert facts("forget", words, "--reason", "uji")[0]["person"] == str(world.siti.pk)

    def test_two_of_one_name(self, world: World):
        hadir("people", "add", "Siti Aminah", "--school", world.jauh.npsn)
        code, _out, err = hadir("forget", "Siti Aminah", "--reason", "uji")
        assert code == 1
        assert err.startswith("Error person_ambiguous: Ada 2 orang")
        assert str(world.siti.pk) in err

    @pytest.mark.usefixtures("world")
    def test_nobody(self):
        assert hadir("forget", "Tidak Ada", "--reason", "uji")[2].startswith("Error person_unknown: ")


class TestScans:
    def test_one_object_a_line_in_order(self, world: World):
        times = ["06:58:12.345", "06:57:00.000"]
        for time in times:
            text = world.record(captured_at=f"2026-09-14T{time}+07:00")
            record_scan(device=world.kiosk, claimed_id=text["id"], record=json.dumps(text).encode(), now=NOW)
        rows = facts("scans")
        assert [row["captured_at"] for row in rows] == [
            "2026-09-14T06:57:00+07:00",
            "2026-09-14T06:58:12.345000+07:00",
        ]
        assert (rows[0]["person"], rows[0]["name"]) == (str(world.siti.pk), "Siti Aminah")
        assert (rows[0]["school"], rows[0]["device"]) == (world.kota.npsn, str(world.kiosk.pk))
        assert facts("scans", "--school", world.jauh.npsn) == []
        assert len(facts("scans", "--device", str(world.kiosk.pk))) == 2
        assert len(facts("scans", "--device", world.kiosk.name, "--last", "1")) == 1
        assert len(facts("scans", "--date", "2026-09-14")) == 2
        assert facts("scans", "--date", "2026-09-15") == []
        assert "06.58.12" in hadir("scans")[1]

    def test_an_unknown_face_in_an_empty_gallery_has_no_similarity(self, world: World):
        record = world.record(person=None, verdict="unknown", similarity=None, second=None)
        record_scan(device=world.kiosk, claimed_id=record["id"], record=json.dumps(record).encode(), now=NOW)
        assert "belum dikenali" in hadir("scans")[1]
        assert facts("scans")[0]["similarity"] is None

    def test_what_is_held_can_be_looked_at_whole(self, world: World):
        record_scan(device=world.kiosk, claimed_id="abc", record=b"not a record", now=NOW)
        assert facts("scans") == []
        (row,) = facts("scans", "--held", "--device", world.kiosk.name)
        assert (row["reason"], row["claimed_id"]) == ("malformed", "abc")
        assert base64.b64decode(row["record"]) == b"not a record"
        assert "isi tidak terbaca" in hadir("scans", "--held")[1]

    @pytest.mark.usefixtures("world")
    def test_an_unknown_device(self):
        assert hadir("scans", "--device", "Kios lain")[2].startswith("Error device_unknown: ")


class TestOffice:
    @pytest.mark.django_db
    def test_a_school_and_a_login_from_nothing(self):
        place = ("--region", "Kabupaten Sumenep", "--district", "Sapeken", "--level", "SD", "--island", "Sapeken")
        (fact,) = facts("schools", "add", "20530001", "SDN", "Sapeken", "9", *place)
        school = School.objects.get(npsn="20530001")
        assert (fact["id"], school.name, school.district.is_island) == (str(school.pk), "SDN Sapeken 9", True)
        assert [row["npsn"] for row in facts("schools", "list")] == ["20530001"]
        name = "operator.sapeken"
        (login,) = facts("accounts", "add", name, "Nor Aini", "--role", "operator", "--school", "20530001")
        user = User.objects.get(pk=login["id"])
        assert user.check_password(login["password"])
        (renewed,) = facts("accounts", "password", name)
        user.refresh_from_db()
        assert user.check_password(renewed["password"])
        assert not user.check_password(login["password"])
        assert hadir("accounts", "grant", name, "--role", "dinas", "--region", "kabupaten sumenep")[0] == 0
        (row,) = facts("accounts", "list")
        assert {role["kind"] for role in row["roles"]} == {"operator", "dinas"}

    @pytest.mark.parametrize(
        ("place", "code"),
        [
            (("--role", "operator", "--school", "99999999"), "school_unknown"),
            (("--role", "supervisor", "--district", "Entah"), "district_unknown"),
            (("--role", "dinas", "--region", "Entah"), "region_unknown"),
            (("--role", "operator", "--district", "Sapeken"), "role_place"),
        ],
    )
    @pytest.mark.usefixtures("world")
    def test_a_login_without_its_place_is_not_made(self, place: tuple[str, ...], code: str):
        assert hadir("accounts", "add", "someone.new", "Seseorang", *place)[2].startswith(f"Error {code}: ")
        assert not User.objects.filter(username="someone.new").exists()

    @pytest.mark.usefixtures("world")
    def test_an_unknown_login(self):
        assert hadir("accounts", "password", "nobody")[2].startswith("Error user_unknown: ")


@pytest.mark.usefixtures("engine")
def test_face_bench():
    photo("obama2.jpg")
    (fact,) = facts("face", "bench", "--rounds", "1")
    assert (fact["faces"], fact["width"], fact["height"]) == (1, 640, 480)
    assert fact["analyze"]["median"] > 0
    assert hadir("face", "bench", "--image", "/nowhere.jpg")[2].startswith("Error file_missing: ")
    assert hadir("face", "bench", "--image", TEXT_FILE)[2].startswith("Error image_unreadable: ")


@pytest.mark.usefixtures("engine")
def test_models():
    packs = {fact["pack"]: fact for fact in facts("models", "list")}
    assert packs["open"]["allowed"]
    assert packs["open"]["current"]
    assert not packs["insightface"]["allowed"]
    assert facts("models", "verify")[0]["id"] == packs["open"]["installed"]
    assert hadir("models", "install", "insightface")[2].splitlines()[-1].startswith("Error pack_not_allowed: ")
    assert hadir("models", "install", "nobody")[2].startswith("Error pack_unknown: ")
    assert hadir("models", "verify", "nobody")[2].startswith("Error pack_unknown: ")


def test_a_pack_can_come_from_a_folder_and_must_be_the_pinned_one(tmp_path: Path):
    (tmp_path / "face_recognition_sface_2021dec.onnx").write_bytes(b"not the model")
    code, out, err = hadir("models", "install", "sface", "--from", str(tmp_path), "--by", "Kepala TI")
    assert (code, out) == (1, "")
    assert "Lisensi: Apache-2.0" in err
    assert "Error source_" in err


def test_every_role_can_be_given_from_the_command(world: World):
    place = {"school": world.kota.npsn, "district": world.district.name, "region": world.region.name}
    kinds = {
        RoleKind.SUPERVISOR: "district",
        RoleKind.DINAS: "region",
        RoleKind.INSPECTOR: "region",
        RoleKind.IT: "region",
    }
    for kind in RoleKind:
        where = kinds.get(kind, "school")
        code, _out, err = hadir("accounts", "add", f"{kind}.uji", "Uji", "--role", kind, f"--{where}", place[where])
        assert (code, err) == (0, "")


def test_the_overview_names_the_commands_there_are():
    folder = Path(__file__).parents[1] / "management" / "commands"
    there = {path.stem for path in folder.glob("*.py") if path.stem != "__init__"} | {"migrate"}
    assert {name for commands in COMMANDS.values() for name in commands} == there
