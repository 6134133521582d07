"""Terminal records on their way into the table: a block of 128 comes every second, a memory has 44,718.

The rows are plain tuples and go in with one prepared statement: making model objects of them took half of the time in
which a server answers a block.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from django.db import connection
from django.db.models import Field

from hadir.core.ids import new_id
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


_OWN = Row._fields


def insert_rows(rows: Sequence[Row], shared: Mapping[str, Any]) -> None:
    """Insert records; `shared`: the other columns of `TerminalScan`, alike for all of them.

    Another process may insert the same records at this moment: PostgreSQL then leaves them out. On SQLite the
    transaction already holds the only write lock, and a conflict clause would run into the table's guard.
    """
    if not rows:
        return
    table = connection.ops.quote_name(TerminalScan._meta.db_table)
    key = _field("id")
    alike = {
        str(_field(name).column): _field(name).get_db_prep_save(value, connection) for name, value in shared.items()
    }
    columns = ["id", *alike, *_OWN]
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    places = ", ".join(["%s"] * len(columns))
    ignore = "" if connection.vendor == "sqlite" else " ON CONFLICT DO NOTHING"
    statement = f"INSERT INTO {table} ({quoted}) VALUES ({places}){ignore}"  # noqa: S608  names of our own columns
    same = tuple(alike.values())
    with connection.cursor() as cursor:
        cursor.executemany(
            statement, [(key.get_db_prep_value(new_id(), connection), *same, *_values(row)) for row in rows]
        )


def _field(name: str) -> "Field[Any, Any]":
    return cast("Field[Any, Any]", TerminalScan._meta.get_field(name))


def _values(row: Row) -> tuple[Any, ...]:
    return (
        row.pin,
        row.local_time,
        connection.ops.adapt_datefield_value(row.day),
        connection.ops.adapt_datetimefield_value(row.captured_at),
        row.state_raw,
        row.verify_raw,
        row.record_no,
        row.skew,
        json.dumps(row.flags) if row.flags else "[]",
        row.doubted,
    )
