"""Who may have a PIN: proposed by number and name, never decided."""

from datetime import date, datetime

import pytest

from hadir.conftest import NOW, World
from hadir.devices.models import Terminal
from hadir.devices.services_terminal import add_terminal
from hadir.ledger.mapping import map_pin
from hadir.ledger.punch import Punch
from hadir.ledger.services_terminal import record_punches
from hadir.people.models import Person
from hadir.terminals.intake import note_users
from hadir.terminals.reading import ListedUser
from hadir.terminals.suggestions import candidates, suggest

TODAY = date(2026, 9, 14)
SITI = Person(name="Siti Aminah", nip="197803122005012003", nuptk="1234567890123456")
SITI_TOO = Person(name="Siti Rahmawati")
ROFI = Person(name="Moh. Rofi'i")
PEOPLE = [SITI, SITI_TOO, ROFI]


@pytest.mark.parametrize(
    ("pin", "name", "found"),
    [
        ("197803122005012003", "", [("Siti Aminah", "nip")]),
        ("1234567890123456", "X", [("Siti Aminah", "nuptk")]),
        ("19780312", "", [("Siti Aminah", "nip_part")]),
        ("12003", "", [("Siti Aminah", "nip_part")]),
        ("003", "", []),
        ("7", "SITI AMINAH", [("Siti Aminah", "name")]),
        ("7", "Siti Amina, S.Pd.", [("Siti Aminah", "name")]),
        ("7", "MOH ROFII", [("Moh. Rofi'i", "name")]),
        ("7", "SITI A", [("Siti Aminah", "name_part")]),
        ("7", "SITI", [("Siti Aminah", "name_part"), ("Siti Rahmawati", "name_part")]),
        ("7", "PAK BUDI", []),
        ("7", "", []),
    ],
)
def test_reasons(pin: str, name: str, found: list[tuple[str, str]]):
    assert [(one.person.name, one.reason) for one in candidates(pin, name, PEOPLE)] == found


def test_pins_that_wait_come_first_and_taken_people_are_not_proposed(world: World):
    terminal, _secret = add_terminal(serial="A1", kind="zkteco", schools=[world.kota], by=None, now=NOW)
    device = Terminal.objects.get(pk=terminal.pk).device
    users = [ListedUser("1", "Siti Aminah"), ListedUser("2", "HASAN B"), ListedUser("3", "Rahmawati")]
    note_users(device=device, users=users, now=NOW)
    note_users(device=device, users=[ListedUser("2", "Hasan Basri")], now=NOW)
    punches = [Punch(pin, datetime.fromisoformat("2026-09-14 07:00:00")) for pin in ("2", "9", "1")]
    record_punches(device=device, punches=punches, source="push", trust="plain", now=NOW)
    map_pin(device=device, pin="1", person=world.siti, by=None, now=NOW)
    found = suggest(device, today=TODAY)
    assert [(one.pin, one.name, bool(one.waiting)) for one in found] == [
        ("2", "Hasan Basri", True),
        ("9", "", True),
        ("3", "Rahmawati", False),
    ]
    assert [[who.person.name for who in one.candidates] for one in found] == [["Hasan Basri"], [], []]
