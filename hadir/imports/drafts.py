"""The rows of a file between preview and "apply", sealed in the batch's row; nothing lies on a disk in the clear.

The key comes from Django's secret key: a draft lives for a day, and with another secret the file is uploaded again.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from django.conf import settings

from hadir.core.errors import HadirError
from hadir.core.sealed import KeyRing
from hadir.imports.models import BatchKind, ImportBatch
from hadir.imports.school_list import SchoolList, SchoolRow
from hadir.imports.staff_list import StaffList, StaffRow

FileList = StaffList | SchoolList
_KEY = "imports"


def _ring() -> KeyRing:
    secret = str(settings.SECRET_KEY).encode()
    return KeyRing(current=_KEY, keys={_KEY: hashlib.sha256(b"hadir import draft\0" + secret).digest()})


def seal_list(batch: ImportBatch, told: FileList) -> bytes:
    """Return the rows as they are kept in `batch.draft`; moved to another batch they do not open."""
    plain = zlib.compress(json.dumps(asdict(told), default=date.isoformat, ensure_ascii=False).encode())
    return _ring().seal(plain, associated=batch.pk.bytes).data


def open_list(batch: ImportBatch) -> FileList:
    """Return the rows of a draft. Raises HadirError `import_expired` where there are none any more."""
    if batch.draft is None:
        raise HadirError("import_expired")
    try:
        plain = _ring().unseal(_KEY, bytes(batch.draft), associated=batch.pk.bytes)
    except HadirError:
        raise HadirError("import_expired") from None
    return list_of(batch.kind, json.loads(zlib.decompress(plain)))


def list_of(kind: str, told: Mapping[str, Any]) -> FileList:
    """Return the list that was written as JSON."""
    if kind == BatchKind.STAFF:
        return StaffList(
            school=told["school"],
            npsn=told["npsn"],
            rows=tuple(_staff_row(row) for row in told["rows"]),
            dropped=tuple(told["dropped"]),
            skipped=tuple(told["skipped"]),
            unread_nip=tuple(told.get("unread_nip", ())),
        )
    rows = tuple(SchoolRow(**{**row, "doubts": tuple(row["doubts"])}) for row in told["rows"])
    return SchoolList(rows=rows, dropped=tuple(told["dropped"]))


def _staff_row(row: Mapping[str, Any]) -> StaffRow:
    begins = date.fromisoformat(row["begins"]) if row["begins"] else None
    return StaffRow(**{**row, "begins": begins, "doubts": tuple(row["doubts"]), "notes": tuple(row["notes"])})
