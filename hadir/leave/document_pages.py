"""What the pages of requests and of incidents share about documents: taking an upload, showing one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from hadir.accounts.models import User
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.leave.documents import add_document, open_document
from hadir.leave.models_document import Document
from hadir.leave.models_incident import Incident
from hadir.leave.models_request import LeaveRequest

ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def take_upload(request: HttpRequest, beside: LeaveRequest | Incident, by: User) -> None:
    """Keep the file that was sent as `document`, and say on the next page how that went."""
    upload = request.FILES.get("document")
    if upload is None:
        messages.warning(request, _("Pilih berkasnya dulu."))
        return
    try:
        add_document(beside=beside, name=upload.name or "", data=upload.read(), by=by, now=clock.now())
    except HadirError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Dokumen tersimpan."))


def document_response(document: Document) -> HttpResponse:
    """Return a document to be kept as a file; never kept by the browser's cache. Raises HadirError
    `sealed_unreadable`."""
    response = HttpResponse(open_document(document), content_type=document.content_type)
    ending = ENDINGS[document.content_type]
    response["Content-Disposition"] = f'attachment; filename="dokumen-{document.pk}.{ending}"'
    response["Cache-Control"] = "no-store"
    return response
