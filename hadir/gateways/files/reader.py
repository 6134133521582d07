"""A process of its own that reads one workbook: `python -m hadir.gateways.files.reader` < file > JSON.

The reader of spreadsheets is native code and the files come from outside: a bad file may crash it or want endless
memory, and that must not touch the server that terminals send to. Needs no Django. The answer is {"tables": [...]} or
{"error": {"code", "values"}}.
"""

import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from hadir.core.tables.problems import FileError
from hadir.core.tables.sheets import read_tables

try:
    import resource
except ImportError:  # Windows has no such limits; the time limit of the caller holds everywhere.
    resource = None  # type: ignore[assignment]

MEMORY_LIMIT = 1536 * 1024 * 1024
MOST_ROWS = 250_000


def answer(data: bytes) -> dict[str, Any]:
    """Return what the process writes, as plain JSON values; dates and times as [kind, value]."""
    try:
        tables = read_tables(data, max_rows=MOST_ROWS)
    except FileError as error:
        return {"error": {"code": error.code, "values": error.values}}
    except MemoryError:
        return {"error": {"code": "import_too_big", "values": {}}}
    return {
        "tables": [
            {
                "name": table.name,
                "first_row": table.first_row,
                "rows": [[_plain(cell) for cell in row] for row in table.rows],
            }
            for table in tables
        ]
    }


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return ["datetime", cell.replace(tzinfo=None).isoformat()]
    if isinstance(cell, date):
        return ["date", cell.isoformat()]
    if isinstance(cell, time):
        return ["time", cell.replace(tzinfo=None).isoformat()]
    return ["seconds", cell.total_seconds()] if isinstance(cell, timedelta) else cell


def _limit_memory() -> None:
    if resource is None:
        return
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    except (ValueError, OSError):
        return  # a system that refuses the limit reads without it


if __name__ == "__main__":
    _limit_memory()
    json.dump(answer(sys.stdin.buffer.read()), sys.stdout)
