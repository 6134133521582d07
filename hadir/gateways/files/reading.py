"""A file's bytes -> its records. Workbooks are read in a process of their own (`reader.py`)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from hadir.core.errors import HadirError
from hadir.core.tables.apart import ask_reader
from hadir.core.tables.cells import Cell
from hadir.core.tables.problems import FileError
from hadir.core.tables.sheets import MAX_BYTES, Table, is_workbook, read_tables
from hadir.gateways.files.attlog import is_attlog, read_attlog
from hadir.gateways.files.biff2 import is_biff2, read_biff2
from hadir.gateways.files.columns import Columns
from hadir.gateways.files.stamps import Order
from hadir.gateways.files.table import choose_tables, read_rows
from hadir.gateways.files.told import Told

MOST_ROWS = 250_000
"""Rows of one file; a terminal holds 200,000 records at most."""
CODES = {"import_too_big": "scans_too_big", "import_empty": "scans_empty", "import_damaged": "scans_damaged"}
"""Refusals whose sentence speaks of lists of staff -> the same for records."""
_NO_LETTERS = b"\0\x1a \t"
_ENDS = (b"\n", b"\r", b'"')
"""After these the last cell of a text is whole."""
Remembered = Callable[[str], Columns | None]
"""Signature of headings -> the columns that a person once named for them."""


def read_file(
    data: bytes,
    *,
    latest: datetime,
    columns: Columns | None = None,
    order: Order | None = None,
    remembered: Remembered | None = None,
) -> Told:
    """Read a file of attendance records.

    `latest`: the present on the school's wall clock, naive, with its tolerance: later records are not believed.
    `columns`, `order`: a person's answers to what an earlier reading asked. Raises HadirError `scans_*`, `import_*`.
    """
    if len(data) > MAX_BYTES:
        raise HadirError("scans_too_big")
    try:
        if is_attlog(data):
            return read_attlog(data, latest=latest)
        text = not (is_biff2(data) or is_workbook(data))
        chosen = choose_tables(_tables(data), lambda signature: bool(remembered and remembered(signature)))
    except FileError as error:
        code = "import_damaged" if error.code == "import_wrong_kind" and _is_spoiled_text(data) else error.code
        raise HadirError(CODES.get(code, code), **error.values) from None
    headings = chosen.headings
    if columns is None and headings is not None and remembered is not None:
        known = remembered(headings.signature)
        # The next export may have more lines above its headings.
        columns = replace(known, headings=headings.row + 1) if known else None
    unterminated = text and not data.rstrip(_NO_LETTERS).endswith(_ENDS)
    return read_rows(chosen, latest=latest, columns=columns, order=order, unterminated=unterminated)


def _tables(data: bytes) -> Sequence[Table]:
    if is_biff2(data):
        return [read_biff2(data)]
    return _read_apart(data) if is_workbook(data) else read_tables(data, max_rows=MOST_ROWS)


def _is_spoiled_text(data: bytes) -> bool:
    """Tell a text with gaps of NUL, as a stick leaves them when it was pulled out too early."""
    line, end, _rest = data.partition(b"\n")
    return bool(end) and b"\0" in data and line.decode("latin-1").replace("\t", " ").strip().isprintable()


def _read_apart(data: bytes) -> list[Table]:
    """Let the reader read."""
    answer = ask_reader("hadir.gateways.files.reader", data=data)
    return [Table(each["name"], each["first_row"], [_cells(row) for row in each["rows"]]) for each in answer["tables"]]


def _cells(row: Sequence[Any]) -> list[Cell]:
    return [_cell(cell) if isinstance(cell, list) else cell for cell in row]


def _cell(written: Sequence[Any]) -> Cell:
    """Return a date or time as `reader.py` wrote it."""
    kind, value = written
    if kind == "datetime":
        return datetime.fromisoformat(value)
    if kind == "date":
        return date.fromisoformat(value)
    return time.fromisoformat(value) if kind == "time" else timedelta(seconds=value)
