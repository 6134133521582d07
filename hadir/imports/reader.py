"""A process of its own that reads one file: `python -m hadir.imports.reader staff|schools` < file > JSON.

Files come from outside and the reader of old Excel formats is native code: a bad file may crash it or want endless
memory. That must not touch the server that kiosks send to. What is dropped (NIK, bank, ...) ends with this process too.
Needs no Django. The answer is {"list": ...} or {"error": {"code", "values"}}.
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from hadir.core.tables.apart import answer_with, limit_memory
from hadir.core.tables.sheets import Table, read_tables
from hadir.imports.school_list import read_school_list
from hadir.imports.staff_list import read_staff_list

MEMORY_LIMIT = 1024 * 1024 * 1024
READERS: Mapping[str, Callable[[list[Table]], Any]] = {"staff": read_staff_list, "schools": read_school_list}


def answer(kind: str, data: bytes) -> dict[str, Any]:
    """Return what the process writes, as plain JSON values."""
    return answer_with(lambda: {"list": asdict(READERS[kind](read_tables(data, formulas=True)))})


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


if __name__ == "__main__":
    limit_memory(MEMORY_LIMIT)
    json.dump(answer(sys.argv[1], sys.stdin.buffer.read()), sys.stdout, default=_iso)
