"""docs/rules.md names every case it speaks of, and everything the code can say."""

import csv
import re
from pathlib import Path

from hadir.rules.tests.packs import TEXT
from hadir.rules.tests.test_cases import PROJECT, TABLES
from hadir.rules.verdict import Cause, Flag
from hadir.rules.words import SENTENCES

ROOM = PROJECT / "hadir" / "rules"
PAGE = (PROJECT / "docs" / "rules.md").read_text(encoding="utf-8")


def cases(table: Path) -> list[str]:
    return [row["id"] for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines())]


def test_every_corner_has_its_case():
    known = [name for table in TABLES for name in cases(table)]
    assert len(known) == len(set(known))
    corners = PAGE.split("### Corners")[1].split("\n## ")[0]
    rows = [line.split("|") for line in corners.splitlines() if line.startswith("| ")][1:]
    named = [re.findall(r"`([\w-]+)`", row[3]) for row in rows]
    assert [row[1] for row, names in zip(rows, named, strict=True) if not names] == []
    assert sorted({name for names in named for name in names} - set(known)) == []


def test_every_flag_cause_and_rule_is_explained():
    words = {*Flag, *Cause, *(f"**{rule} " for rule, _sentence in SENTENCES.values())}
    assert sorted(word for word in words if word not in PAGE) == []


def test_every_sentence_is_said_somewhere():
    code = "".join(path.read_text(encoding="utf-8") for path in ROOM.glob("*.py") if path.name != "words.py")
    assert [key for key in SENTENCES if f'"{key}"' not in code] == []


def test_every_key_of_a_pack_is_explained():
    sections = set(re.findall(r"^\[\[(aturan\.\w+)\]\]", TEXT, re.MULTILINE))
    keys = set(re.findall(r"^([a-z_]+) = ", TEXT, re.MULTILINE)) - {"selasa", "rabu", "kamis", "jumat", "sabtu"}
    missing = {key for key in keys | sections if f"`{key}`" not in PAGE and f"`hari.{key}`" not in PAGE}
    assert sorted(missing) == []
