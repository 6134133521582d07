"""docs/terminals.md says what the program does."""

import re
from pathlib import Path

from hadir.ledger import clocks_terminal
from hadir.ledger.clocks_terminal import DOUBTED
from hadir.terminals.models import CommandKind, HeldBack

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "terminals.md").read_text(encoding="utf-8")


def rows_of(section: str) -> set[str]:
    part = TEXT.split(f"## {section}")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([a-z_]+)[` ]", part, re.MULTILINE))


def test_every_flag_of_a_record():
    source = Path(clocks_terminal.__file__).read_text(encoding="utf-8")
    made = set(re.findall(r'\["([a-z_]+)"\]', source))
    assert rows_of("Flags of a terminal's record") == made | DOUBTED | {"device_revoked"}


def test_every_command():
    assert rows_of("Commands") == set(CommandKind.values)


def test_every_reason_for_holding_back():
    assert {reason for reason in HeldBack.values if f"`{reason}`" not in TEXT} == {HeldBack.BAD_LINE}
