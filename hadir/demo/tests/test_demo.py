"""`hadir demo` and `hadir serve` as processes of their own, on data of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hadir.cli.main import main
from hadir.demo.places import ISLAND_DISTRICTS, ISLANDS, MAINLAND, SCHOOLS
from hadir.demo.samples import DEFAULT_FOLDER, missing
from hadir.demo.services import LOGINS
from hadir.demo.staff import demo_people
from hadir.face import PackError, find_pack
from hadir.people.numbers import read_nip


def environment(data: Path, **changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**kept, "HADIR_DATA": str(data), **changes}


def hadir(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hadir.cli.main", *arguments]
    return subprocess.run(command, env=environment(data), capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data folder in which `hadir demo` has run once."""
    try:
        find_pack("open")
    except PackError as error:
        pytest.skip(str(error))
    if missing(DEFAULT_FOLDER):
        pytest.skip(f"{DEFAULT_FOLDER} is not complete: make models")
    folder = tmp_path_factory.mktemp("demo")
    done = hadir(folder, "demo", "--json")
    assert done.returncode == 0, done.stderr
    (folder / "first.json").write_text(done.stdout, encoding="utf-8")
    return folder


def test_the_main_job_is_done_for_real(data: Path):
    facts = json.loads((data / "first.json").read_text(encoding="utf-8"))
    assert facts["region"] == {"name": "Kabupaten Sumenep (peraga)", "is_demo": True}
    assert [school["npsn"] for school in facts["schools"]] == sorted(school.npsn for school in SCHOOLS)
    assert {row["image"]: (row["verdict"], row["receipt"]) for row in facts["check"]} == {
        "obama2.jpg": ("recognised", "stored"),
        "obama3.jpg": ("recognised", "stored"),
        "obama_partial_face.jpg": ("recognised", "stored"),
        "obama_partial_face2.jpg": ("recognised", "stored"),
        "biden.jpg": ("unknown", "stored"),
        "astronaut.png": ("unknown", "stored"),
    }
    lines = hadir(data, "scans", "--school", "20599901", "--json").stdout.splitlines()
    scans = {scan["id"]: scan for scan in map(json.loads, lines)}
    for row in facts["check"]:
        scan = scans[row["scan"]]
        assert (scan["source"], scan["flags"], scan["similarity"]) == ("sample", ["sample"], row["similarity"])
        assert (scan["name"] is not None) is (row["verdict"] == "recognised")


def test_again_changes_nothing_but_adds_its_scans(data: Path):
    first = json.loads((data / "first.json").read_text(encoding="utf-8"))
    done = hadir(data, "demo", "--json")
    assert done.returncode == 0
    assert "sudah terdaftar" in done.stderr
    again = json.loads(done.stdout)
    assert again["schools"] == first["schools"]
    assert not {row["scan"] for row in first["check"]} & {row["scan"] for row in again["check"]}


def test_pictures_for_a_kiosk_without_camera(data: Path):
    listing = json.loads((data / "demo" / "samples.json").read_text(encoding="utf-8"))
    assert len(listing) >= 4
    assert all((data / "demo" / entry["name"]).stat().st_size > 1000 for entry in listing)


class Visit:
    """A running `hadir serve --demo` and what it printed."""

    def __init__(self, data: Path, port: int) -> None:
        self.address = f"http://localhost:{port}"
        command = [sys.executable, "-m", "hadir.cli.main", "serve", "--demo", "--port", str(port)]
        self.process = subprocess.Popen(
            command, env=environment(data), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.said: list[str] = []
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if line.startswith("Hadir berjalan"):
                break

    def stop(self) -> tuple[int, str]:
        """Press Ctrl-C; return the exit code and what stderr holds."""
        self.process.send_signal(signal.SIGINT)
        _out, err = self.process.communicate(timeout=30)
        return self.process.returncode, err

    def passwords(self) -> dict[str, str]:
        """Return the table of logins as printed."""
        names = {login.username for login in LOGINS}
        rows = [line.split() for line in self.said]
        return {row[0]: row[1] for row in rows if row and row[0] in names}


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    running = Visit(data, port)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.communicate()


def test_serve_prints_logins_that_work_and_a_link_that_works_once(visit: Visit):
    passwords = visit.passwords()
    assert set(passwords) == {login.username for login in LOGINS}
    assert len(set(passwords.values())) == len(LOGINS)
    link = next(line for line in visit.said if "#kode=" in line)
    code = link.rpartition("#kode=")[2]
    body = {"code": code, "user_agent": "test", "app_version": "0", "handshake": 1}
    assert set(post(f"{visit.address}/api/kiosk/v1/activate", body)[1]) == {"device_id", "token"}
    assert post(f"{visit.address}/api/kiosk/v1/activate", body)[1]["error"]["code"] == "code_used"
    status, err = visit.stop()
    assert status == 0
    assert "Hadir berhenti." in err
    assert "POST /api/kiosk/v1/activate 200" in err
    assert code not in err
    assert not [word for word in passwords.values() if word in err]


def test_a_taken_port_is_said_with_what_to_do(visit: Visit, data: Path):
    port = visit.address.rpartition(":")[2]
    done = hadir(data, "serve", "--port", port)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error port_in_use: Port {port} sedang dipakai program lain.")
    assert "--port" in done.stderr


def post(address: str, body: dict[str, Any]) -> tuple[int, Any]:
    """Send JSON and return status and answer."""
    request = urllib.request.Request(
        address, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def test_a_new_database_is_refused_in_words(tmp_path: Path):
    done = hadir(tmp_path, "scans")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Error database_new: Basis data belum siap untuk versi ini. Jalankan: hadir migrate.\n"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [([], 2), (["--help"], 0), (["--version"], 0), (["people"], 2), (["serve", "--port", "0"], 2), (["nope"], 2)],
)
def test_usage(arguments: list[str], status: int, capsys: pytest.CaptureFixture[str]):
    assert main(arguments) == status
    said = capsys.readouterr()
    assert said.out or said.err
    assert "Traceback" not in said.err


def test_a_bad_setting_is_one_line_and_code_two(tmp_path: Path):
    command = [sys.executable, "-m", "hadir.cli.main", "scans"]
    bad = environment(tmp_path, HADIR_DEBUG="maybe")
    done = subprocess.run(command, env=bad, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "HADIR_DEBUG" in done.stderr


def test_the_places_are_those_of_sumenep():
    assert len(MAINLAND) + len(ISLAND_DISTRICTS) == 27
    assert len({*MAINLAND, *ISLAND_DISTRICTS}) == 27
    assert {school.district for school in SCHOOLS} <= {*MAINLAND, *ISLAND_DISTRICTS}
    assert {school.island for school in SCHOOLS if school.island} <= set(ISLANDS)


def test_the_numbers_of_the_staff_are_built_as_real_ones_are():
    people = demo_people()
    assert len(people) >= 30
    for person in people:
        reading = read_nip(person.nip)
        if person.kind in {"PNS", "CPNS"}:
            assert reading is not None
            assert (reading.born, reading.sex) == (person.born, person.sex)
        assert len(person.nip) == (0 if person.kind in {"HONORER", "GTY"} else 18)
        assert len(person.nuptk) in {0, 16}
    for number in ("nip", "nuptk"):
        given = [getattr(person, number) for person in people if getattr(person, number)]
        assert len(set(given)) == len(given)
    assert len({person.name for person in people}) == len(people)
    assert [person for person in people if len({school.npsn for school, _duty in person.duties}) == 2]
