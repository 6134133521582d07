"""Documents beside requests and incidents: recognised by their bytes, sealed before they are kept, opened only to be
shown."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from hadir.accounts.models import User
from hadir.core.errors import HadirError
from hadir.core.ids import new_id
from hadir.core.sealed import KeyRing, load_key_ring
from hadir.core.services import record_audit
from hadir.core.texts import clean_text
from hadir.leave.models_document import Document
from hadir.leave.models_incident import Incident
from hadir.leave.models_request import LeaveRequest

LARGEST = 5 * 1024 * 1024
MOST = 5
"""Documents of one request or incident."""
MARKS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


def key_ring() -> KeyRing:
    """Read the key of the documents; it is made when nothing has been sealed yet. Raises `template_key_*`."""
    path = Path(settings.HADIR_DATA) / "keys" / "documents.key"
    return load_key_ring(path, create=not Document.objects.exists())


@transaction.atomic
def add_document(
    *, beside: LeaveRequest | Incident, name: str, data: bytes, by: User | None, now: datetime
) -> Document:
    """Seal a PDF, JPEG or PNG and keep it beside a request or an incident.

    Raises HadirError `document_kind`, `document_too_large`, `document_too_many`, `text_*`.
    """
    content_type = next((kind for mark, kind in MARKS.items() if data.startswith(mark)), "")
    if not content_type:
        raise HadirError("document_kind")
    if len(data) > LARGEST:
        raise HadirError("document_too_large", limit=LARGEST // 1024 // 1024)
    whose = _whose(beside)
    # Two uploads at once are counted one after the other.
    type(beside)._default_manager.select_for_update(no_key=True, of=("self",)).get(pk=beside.pk)
    if Document.objects.filter(**whose).count() >= MOST:
        raise HadirError("document_too_many", limit=MOST)
    row = Document(
        id=new_id(),
        name=clean_text(Path(name).name, field="nama berkas", limit=120) or "dokumen",
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        added_by=by,
        added_at=now,
        **whose,
    )
    sealed = key_ring().seal(data, associated=_associated(row))
    row.sealed, row.key_id = sealed.data, sealed.key_id
    row.save(force_insert=True)
    _audit(row, by, now)
    return row


def open_document(document: Document) -> bytes:
    """Return the bytes of a document. Raises HadirError `sealed_unreadable`."""
    return key_ring().unseal(document.key_id, bytes(document.sealed), associated=_associated(document))


def _whose(beside: LeaveRequest | Incident) -> dict[str, Any]:
    return {"request": beside} if isinstance(beside, LeaveRequest) else {"incident": beside}


def _associated(document: Document) -> bytes:
    beside, of = document.bound_to
    return f"hadir document {document.pk} {beside} {of}".encode()


def _audit(row: Document, by: User | None, now: datetime) -> None:
    detail = {"sha256": row.sha256, "size": row.size}
    beside = row.beside
    if isinstance(beside, LeaveRequest):
        kind, key, detail["request"] = "person", beside.person_id, str(beside.pk)
    else:
        kind, key = "incident", beside.pk
    record_audit(actor=by, action="add_document", object_kind=kind, object_id=key, now=now, detail=detail)
