"""Documents of incidents: a photo of the dark school, a letter of the power company."""

import uuid

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from hadir.leave.document_pages import document_response, take_upload
from hadir.planning.access import incident_or_404, may_add_documents, user_of


@login_required
@require_POST
def incident_document_add(request: HttpRequest, incident_id: uuid.UUID) -> HttpResponse:
    """Keep a document beside an incident that stands."""
    shown, by = incident_or_404(request.user, incident_id), user_of(request.user)
    if not may_add_documents(by, shown):
        raise PermissionDenied
    take_upload(request, shown, by)
    return redirect("incident", shown.pk)


@login_required
@require_safe
def incident_document(request: HttpRequest, incident_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    """Open a document for somebody who may see its incident."""
    shown = incident_or_404(request.user, incident_id)
    document = shown.documents.select_related("incident").filter(pk=document_id).first()
    if document is None:
        raise Http404
    return document_response(document)
