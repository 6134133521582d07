"""Documents beside requests: recognised by their bytes, sealed before they are kept, opened only to be shown."""

import hashlib
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from hadir.accounts.models import User
from hadir.core.errors import HadirError
from hadir.core.ids import new_id
from hadir.core.sealed import KeyRing, load_key_ring
from hadir.core.services import record_audit
from hadir.core.texts import clean_text
from hadir.leave.models_request import Document, LeaveRequest

LARGEST = 5 * 1024 * 1024
MOST = 5
"""Documents of one request."""
MARKS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


def key_ring() -> KeyRing:
    """Read the key of the documents; it is made when nothing has been sealed yet. Raises `template_key_*`."""
    path = Path(settings.HADIR_DATA) / "keys" / "documents.key"
    return load_key_ring(path, create=not Document.objects.exists())


@transaction.atomic
def add_document(*, request: LeaveRequest, name: str, data: bytes, by: User | None, now: datetime) -> Document:
    """Seal a PDF, JPEG or PNG and keep it beside a request.

    Raises HadirError `document_kind`, `document_too_large`, `document_too_many`, `text_*`.
    """
    content_type = next((kind for mark, kind in MARKS.items() if data.startswith(mark)), "")
    if not content_type:
        raise HadirError("document_kind")
    if len(data) > LARGEST:
        raise HadirError("document_too_large", limit=LARGEST // 1024 // 1024)
    LeaveRequest.objects.select_for_update(no_key=True, of=("self",)).get(pk=request.pk)
    if request.documents.count() >= MOST:
        raise HadirError("document_too_many", limit=MOST)
    key = new_id()
    sealed = key_ring().seal(data, associated=_associated(str(key), request))
    row = Document.objects.create(
        id=key,
        request=request,
        name=clean_text(Path(name).name, field="nama berkas", limit=120) or "dokumen",
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        sealed=sealed.data,
        key_id=sealed.key_id,
        added_by=by,
        added_at=now,
    )
    record_audit(
        actor=by,
        action="add_document",
        object_kind="person",
        object_id=request.person_id,
        now=now,
        detail={"request": str(request.pk), "sha256": row.sha256, "size": row.size},
    )
    return row


def open_document(document: Document) -> bytes:
    """Return the bytes of a document. Raises HadirError `sealed_unreadable`."""
    associated = _associated(str(document.pk), document.request)
    return key_ring().unseal(document.key_id, bytes(document.sealed), associated=associated)


def _associated(key: str, request: LeaveRequest) -> bytes:
    return f"hadir document {key} {request.pk} {request.person_id}".encode()
