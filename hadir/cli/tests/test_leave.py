"""`hadir leave`, as a person or a program calls it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hadir.attendance.tests.conftest import MONDAY, Week, at
from hadir.cli.tests.test_commands import hadir
from hadir.conftest import World
from hadir.core import clock


@pytest.fixture(autouse=True)
def week(world: World, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Week:
    monkeypatch.setattr(clock, "now", lambda: at("09:00", MONDAY + timedelta(days=1)))
    settings.HADIR_DATA = tmp_path
    return Week(world)


def test_from_adding_to_cancelling(tmp_path: Path):
    asked = ("leave", "add", "Siti Aminah", "S", "--from", "2026-09-14", "--to", "2026-09-16", "--reason", "Demam")
    code, out, _err = hadir(*asked)
    assert code == 0
    key = out.split()[0]
    assert hadir("leave", "decide", key, "approve")[2].startswith("Error leave_document_missing:")
    letter = tmp_path / "surat.pdf"
    letter.write_bytes(b"%PDF-1.4")
    assert hadir("leave", "document", key, str(letter))[0] == 0
    assert "disetujui" in hadir("leave", "decide", key, "approve")[1]
    (told,) = (json.loads(line) for line in hadir("leave", "list", "--state", "approved", "--json")[1].splitlines())
    assert (told["kind"], told["days"], told["person"]) == ("S", 3, "Siti Aminah")
    whole = json.loads(hadir("leave", "show", key, "--json")[1])
    assert [one["verdict"] for one in whole["decisions"]] == ["approve"]
    assert [one["name"] for one in whole["documents"]] == ["surat.pdf"]
    assert "Demam" in hadir("leave", "show", key)[1]
    assert hadir("leave", "cancel", key)[2].startswith("Error reason_missing:")
    assert "dibatalkan" in hadir("leave", "cancel", key, "--reason", "Keliru orang")[1]
    assert hadir(*asked)[0] == 0


def test_every_step_can_be_scripted(tmp_path: Path):
    def told(*arguments: str) -> dict[str, Any]:
        code, out, err = hadir("leave", *arguments, "--json")
        assert code == 0, err
        fact: dict[str, Any] = json.loads(out)
        return fact

    asked = told("add", "Siti Aminah", "S", "--from", "2026-09-14", "--to", "2026-09-16", "--reason", "Demam")
    assert (asked["state"], asked["days"], asked["first"]) == ("waiting_head", 3, "2026-09-14")
    letter = tmp_path / "surat.pdf"
    letter.write_bytes(b"%PDF-1.4")
    assert told("document", asked["id"], str(letter))["name"] == "surat.pdf"
    assert told("decide", asked["id"], "approve")["state"] == "approved"
    assert told("cancel", asked["id"], "--reason", "Keliru")["state"] == "cancelled"
    other = told("add", "Siti Aminah", "I", "--from", "2026-09-14", "--reason", "Keluarga")
    assert told("withdraw", other["id"]) == {**other, "state": "withdrawn"}


def test_balances_and_what_is_carried():
    assert hadir("leave", "carry", "Siti Aminah", "CT", "2026", "3", "--source", "Kartu cuti")[0] == 0
    lines = hadir("leave", "balances", "Siti Aminah", "--json")[1].splitlines()
    told = {fact["kind"]: fact for fact in map(json.loads, lines)}
    assert (told["CT"]["carried"], told["CT"]["left"]) == (3, 15)
    assert "Cuti tahunan" in hadir("leave", "balances", "Siti Aminah")[1]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("withdraw", "0190aaaa-0000-7000-8000-000000000000"), "leave_unknown"),
        (("add", "Siti Aminah", "CT", "--from", "2026-09-21", "--reason", "x", "--by", "siapa"), "not_allowed"),
        (("document", "0190aaaa-0000-7000-8000-000000000000", "tidak-ada.pdf"), "file_missing"),
    ],
)
def test_refusals(arguments: tuple[str, ...], code: str):
    assert hadir("leave", *arguments)[2].startswith(f"Error {code}:")
