"""Reading a file in a process of its own (see `reader.py`), from the server or a command."""

from typing import cast

from hadir.core.errors import HadirError
from hadir.core.tables.apart import ask_reader
from hadir.core.tables.problems import FileError
from hadir.core.tables.sheets import MAX_BYTES
from hadir.imports.drafts import FileList, list_of
from hadir.imports.models import BatchKind
from hadir.imports.school_list import SchoolList
from hadir.imports.staff_list import StaffList


def read_staff(data: bytes) -> StaffList:
    """Read a Daftar PTK. Raises HadirError `import_*`."""
    return cast("StaffList", _read(BatchKind.STAFF, data))


def read_schools(data: bytes) -> SchoolList:
    """Read a list of schools. Raises HadirError `import_*`."""
    return cast("SchoolList", _read(BatchKind.SCHOOLS, data))


def _read(kind: str, data: bytes) -> FileList:
    """Let the reader read, and say in words what went wrong."""
    if len(data) > MAX_BYTES:
        raise HadirError("import_too_big")
    try:
        answer = ask_reader("hadir.imports.reader", kind, data=data)
    except FileError as error:
        raise HadirError(error.code, **error.values) from None
    return list_of(kind, answer["list"])
