"""docs/errors.md knows every reason and every flag of the ledger."""

import re
from pathlib import Path

from hadir.ledger import services
from hadir.ledger.clocks import DOUBTED_CLOCK
from hadir.ledger.models import HeldReason

ROOT = Path(__file__).parents[3]


def rows_of(section: str) -> set[str]:
    text = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    part = text.split(f"## {section}")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([a-z_]+)` \|", part, re.MULTILINE))


def test_every_reason_is_documented():
    assert rows_of("Why a record is held") == set(HeldReason.values)


def test_every_flag_is_documented():
    source = Path(services.__file__).read_text(encoding="utf-8")
    judged = source.split("odd = {")[1].split("}")[0]
    placed = re.findall(r' \["([a-z_]+)"\]', source)
    assert rows_of("Flags of a scan") == set(re.findall(r'"([a-z_]+)":', judged)) | set(placed) | DOUBTED_CLOCK
