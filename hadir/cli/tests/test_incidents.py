"""`hadir incidents`: silence, a report, the decisions, and what a program reads of them."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hadir.attendance.models import PersonDay
from hadir.attendance.services import work_once
from hadir.attendance.tests.conftest import MONDAY, Week, at
from hadir.cli.tests.test_commands import hadir
from hadir.conftest import World
from hadir.core import clock
from hadir.core.models import AuditEntry

TUESDAY = at("09:00", MONDAY + timedelta(days=1))
NOBODY = "0190aaaa-0000-7000-8000-000000000000"


@pytest.fixture
def week(world: World, monkeypatch: pytest.MonkeyPatch) -> Week:
    monkeypatch.setattr(clock, "now", lambda: TUESDAY)
    return Week(world)


def told(*arguments: str) -> list[dict[str, Any]]:
    code, out, err = hadir("incidents", *arguments, "--json")
    assert code == 0, err
    return [json.loads(line) for line in out.splitlines()]


def test_an_outage_from_silence_to_the_day_and_back(week: Week):
    world = week.world
    work_once(now=TUESDAY)
    (silent,) = told("silence", "--school", world.kota.npsn, "--from", "2026-09-14", "--to", "2026-09-14")
    assert (silent["why"], silent["date"], len(silent["people"])) == ("dead", "2026-09-14", 2)
    assert "Kantor guru belum terdengar lagi" in hadir("incidents", "silence", "--school", world.kota.npsn)[1]
    report = ("report", world.kota.npsn, "power", "--from", "2026-09-14", "--words", "Padam", "--name", "Bu Operator")
    (one,) = told(*report, "--person", world.siti.name, "--start", "06:30")
    assert (one["state"], one["people"], one["last"], one["start"]) == ("reported", 1, "2026-09-14", "06:30:00")
    (one,) = told("confirm", one["id"], "--name", "Pak Dinas", "--reason", "Ada pengumuman PLN")
    assert (one["state"], one["decided_name"]) == ("confirmed", "Pak Dinas")
    work_once(now=TUESDAY)
    assert PersonDay.objects.get(person=world.siti, day=MONDAY).codes == ["TEKNIS"]
    assert PersonDay.objects.get(person=world.hasan, day=MONDAY, school=world.kota).status == "T"
    assert [row["id"] for row in told("list", "--state", "confirmed")] == [one["id"]]
    assert "Padam" in hadir("incidents", "list", "--school", world.kota.npsn)[1]
    told("cancel", one["id"], "--name", "Pak Dinas", "--reason", "Keliru")
    work_once(now=TUESDAY)
    assert PersonDay.objects.get(person=world.siti, day=MONDAY).status == "T"
    assert AuditEntry.objects.filter(object_id=one["id"]).count() == 3
    (again,) = told(*report)
    assert told("dismiss", again["id"], "--name", "Pak Dinas", "--reason", "Keliru")[0]["state"] == "dismissed"


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("list", "--school", "99999999"), "school_unknown"),
        (("confirm", NOBODY, "--name", "x", "--reason", "x"), "incident_unknown"),
        (("report", "20529001", "power", "--from", "2026-09-16", "--words", "x", "--name", "x"), "incident_dates"),
        (
            ("report", "20529001", "power", "--from", "2026-09-14", "--words", "x", "--name", "x", "--person", "Siapa"),
            "person_unknown",
        ),
    ],
)
def test_refusals(arguments: tuple[str, ...], code: str):
    exit_code, _out, err = hadir("incidents", *arguments)
    assert exit_code == 1
    assert err.startswith(f"Error {code}:")


def test_a_letter_is_kept_beside_an_incident(week: Week, settings: Any, tmp_path: Path):
    settings.HADIR_DATA = tmp_path
    letter = tmp_path / "PLN.pdf"
    letter.write_bytes(b"%PDF-1.7 padam")
    report = (
        "report",
        week.world.kota.npsn,
        "power",
        "--from",
        "2026-09-14",
        "--words",
        "Padam",
        "--name",
        "Bu Operator",
    )
    (one,) = told(*report)
    (kept,) = told("document", one["id"], str(letter))
    assert (kept["name"], kept["size"]) == ("PLN.pdf", 14)
    assert AuditEntry.objects.filter(object_id=one["id"], action="add_document").count() == 1
    assert hadir("incidents", "document", one["id"], str(tmp_path / "tidak-ada.pdf"))[2].startswith(
        "Error file_missing:"
    )
