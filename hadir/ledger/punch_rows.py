"""Terminal records on their way into the table: a block of 128 comes every second, a memory has 44,718.

The rows are plain tuples and go in with one prepared statement: making model objects of them took half of the time in
which a server answers a block.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

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
    meta = TerminalScan._meta
    alike = {meta.get_field(name).column: _prepared(name, value) for name, value in shared.items()}
    columns = [meta.pk.column, *alike, *_OWN]
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    places = ", ".join(["%s"] * len(columns))
    ignore = "" if connection.vendor == "sqlite" else " ON CONFLICT DO NOTHING"
    table = connection.ops.quote_name(meta.db_table)
    statement = f"INSERT INTO {table} ({quoted}) VALUES ({places}){ignore}"  # noqa: S608  names of our own columns
    same = tuple(alike.values())
    keys = meta.pk
    with connection.cursor() as cursor:
        cursor.executemany(
            statement, [(keys.get_db_prep_value(new_id(), connection), *same, *_values(row)) for row in rows]
        )


def _prepared(name: str, value: Any) -> Any:
    return TerminalScan._meta.get_field(name).get_db_prep_save(value, connection)


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
