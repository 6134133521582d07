"""A process of its own that reads one workbook: `python -m hadir.gateways.files.reader` < file > JSON.

The reader of spreadsheets is native code and the files come from outside: a bad file may crash it or want endless
memory, and that must not touch the server that terminals send to. Needs no Django. The answer is {"tables": [...]} or
{"error": {"code", "values"}}.
"""

import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from hadir.core.tables.apart import answer_with, limit_memory
from hadir.core.tables.sheets import Table, read_tables

MEMORY_LIMIT = 1536 * 1024 * 1024
MOST_ROWS = 250_000
MOST_SHEETS = 1000
"""Some programs write a sheet for each person."""


def answer(data: bytes) -> dict[str, Any]:
    """Return what the process writes, as plain JSON values; dates and times as [kind, value]."""
    return answer_with(lambda: {"tables": [_told(table) for table in _tables(data)]})


def _tables(data: bytes) -> list[Table]:
    return read_tables(data, max_rows=MOST_ROWS, max_sheets=MOST_SHEETS)


def _told(table: Table) -> dict[str, Any]:
    rows = [[_plain(cell) for cell in row] for row in table.rows]
    return {"name": table.name, "first_row": table.first_row, "rows": rows}


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return ["datetime", cell.replace(tzinfo=None).isoformat()]
    if isinstance(cell, date):
        return ["date", cell.isoformat()]
    if isinstance(cell, time):
        return ["time", cell.replace(tzinfo=None).isoformat()]
    return ["seconds", cell.total_seconds()] if isinstance(cell, timedelta) else cell


if __name__ == "__main__":
    limit_memory(MEMORY_LIMIT)
    json.dump(answer(sys.stdin.buffer.read()), sys.stdout)
