"""The kiosk's page, its service worker, the model files, and the sample pictures of a demo region."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hadir.core.isolation import cross_origin_isolated, isolate
from hadir.enrolment.pack import model_path
from hadir.enrolment.samples import sample_file
from hadir.schools.queries import has_demo_region

FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
@cross_origin_isolated
def kiosk(request: HttpRequest) -> HttpResponse:
    """The kiosk's page. It is the same for every kiosk: who it is, the browser knows from its one-time link."""
    response = render(request, "kiosk/kiosk.html")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def worker(_request: HttpRequest) -> HttpResponseBase:
    """The service worker. It is served beside the page, because its folder is what it may control."""
    found = finders.find("kiosk/sw.js")
    if not isinstance(found, str):
        raise Http404
    response = HttpResponse(Path(found).read_bytes(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    isolate(response)
    return response


@require_safe
def model_file(_request: HttpRequest, pack: str, name: str) -> HttpResponseBase:
    """A file of the pack in use. The pack's id names its content, so it may be cached for ever."""
    path = model_path(pack, name)
    if path is None:
        raise Http404
    response = FileResponse(path.open("rb"), content_type="application/octet-stream")
    response.headers["Cache-Control"] = FOR_EVER
    isolate(response)
    return response


@require_safe
def sample(_request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture that may stand in for the camera of a demo kiosk."""
    found = sample_file(name)
    if found is None or not has_demo_region():
        raise Http404
    response = FileResponse(found.path.open("rb"), content_type=found.content_type)
    response.headers["Cache-Control"] = "private, max-age=3600"
    isolate(response)
    return response
