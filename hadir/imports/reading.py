"""Reading a file in a process of its own (see `reader.py`), from the server or a command."""

import json
import subprocess
import sys
from typing import cast

from hadir.core.errors import HadirError
from hadir.core.tables.sheets import MAX_BYTES
from hadir.imports.drafts import FileList, list_of
from hadir.imports.models import BatchKind
from hadir.imports.school_list import SchoolList
from hadir.imports.staff_list import StaffList

SECONDS = 60


def read_staff(data: bytes) -> StaffList:
    """Read a Daftar PTK. Raises HadirError `import_*`."""
    return cast("StaffList", _read(BatchKind.STAFF, data))


def read_schools(data: bytes) -> SchoolList:
    """Read a list of schools. Raises HadirError `import_*`."""
    return cast("SchoolList", _read(BatchKind.SCHOOLS, data))


def _read(kind: str, data: bytes) -> FileList:
    """Start the reader, wait for it, and say in words what went wrong.

    What it writes to stderr is not passed on: a crash of the native reader may quote cells.
    """
    if len(data) > MAX_BYTES:
        raise HadirError("import_too_big")
    command = [sys.executable, "-m", "hadir.imports.reader", kind]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise HadirError("import_too_big") from None
    if done.returncode:
        # Stopped by a signal: no memory was left for it. Any other end: it could not cope with the file.
        raise HadirError("import_too_big" if done.returncode < 0 else "import_damaged")
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise HadirError(answer["error"]["code"], **answer["error"]["values"])
    return list_of(kind, answer["list"])
