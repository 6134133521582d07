"""What the tests of pages share: addresses, records, and the text of an answer."""

from datetime import datetime
from typing import Any

from hadir.conftest import NOW
from hadir.devices.models import Terminal
from hadir.ledger.punch import Punch
from hadir.ledger.services_terminal import record_punches


def at(terminal: Terminal, page: str = "") -> str:
    return f"/perangkat/mesin/{terminal.pk}/{page}"


def punched(terminal: Terminal, *punches: tuple[str, str], now: datetime = NOW) -> None:
    rows = [Punch(pin, datetime.fromisoformat(local)) for pin, local in punches]
    record_punches(device=terminal.device, punches=rows, source="push", trust="secret", now=now)


def text(answer: Any) -> str:
    return str(answer.content.decode())
