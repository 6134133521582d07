"""Terminal records on their way into the table: a block of 128 comes every second, a memory has 44,718.

The rows are plain tuples: making model objects of them took half of the time in which a server answers a block.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from hadir.core.ids import new_id
from hadir.core.rows import write_rows
from hadir.ledger.models_terminal import TerminalScan


class Row(NamedTuple):
    """The columns that differ from record to record, named as in `TerminalScan`."""

    pin: str
    local_time: str
    day: date
    captured_at: datetime
    state_raw: str
    verify_raw: str
    record_no: str
    skew: int | None
    flags: tuple[str, ...]
    doubted: bool


def insert_rows(rows: Sequence[Row], shared: Mapping[str, Any]) -> None:
    """Insert records; `shared`: the other attributes of `TerminalScan`, alike for all of them.

    What another process inserts at this moment is left as it is.
    """
    same = tuple(shared.values())
    values = ((new_id(), *same, *row) for row in rows)
    write_rows(TerminalScan, ["id", *shared, *Row._fields], values, leave_known=True)
