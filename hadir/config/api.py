"""The one API, mounted at /api/: what kiosks and the enrolment page speak. `contract/openapi.json` is made from it."""

import json
import logging

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from hadir.core.errors import HadirError, error_body
from hadir.enrolment.api import router as office_router
from hadir.gateways.kiosk.api import router as kiosk_router

logger = logging.getLogger(__name__)

api = NinjaAPI(
    title="Hadir",
    version="1",
    description="Kiosks: bearer token. Office pages: session and X-CSRFToken. Errors: docs/errors.md.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
api.add_router("/kiosk/v1", kiosk_router)
api.add_router("/office/v1", office_router)


def openapi_document() -> str:
    """Return the OpenAPI document as it is committed: stable order, readable, one line end."""
    return json.dumps(api.get_openapi_schema(), indent=2, ensure_ascii=False, sort_keys=True, default=str) + "\n"


def _answer(code: str, **values: object) -> HttpResponse:
    error = HadirError(code, **values)
    return JsonResponse(error_body(code, error.message), status=error.status)


@csrf_exempt
def unknown_address(_request: HttpRequest, rest: str = "") -> HttpResponse:  # noqa: ARG001  the URL names it
    """Answer an address under /api/ that is none, in the shape of every other error."""
    return _answer("not_found")


@api.exception_handler(HadirError)
def _refused(_request: HttpRequest, error: HadirError) -> HttpResponse:
    return JsonResponse(error_body(error.code, error.message), status=error.status)


@api.exception_handler(Http404)
def _missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
    return _answer("not_found")


@api.exception_handler(PermissionDenied)
def _forbidden(_request: HttpRequest, _error: PermissionDenied) -> HttpResponse:
    return _answer("not_allowed")


@api.exception_handler(RequestDataTooBig)
def _too_big(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    return _answer("body_too_large")


@api.exception_handler(UnreadablePostError)
def _broken_off(_request: HttpRequest, _error: UnreadablePostError) -> HttpResponse:
    return _answer("body_unreadable")


@api.exception_handler(OperationalError)
def _busy(_request: HttpRequest, error: OperationalError) -> HttpResponse:
    logger.error("database: %s", type(error).__name__)
    return _answer("database_busy")


@api.exception_handler(ValidationError)
def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Name the fields, never their values."""
    fields = {".".join(str(part) for part in entry["loc"][2:]) or str(entry["loc"][-1]) for entry in error.errors}
    return _answer("body_invalid", fields=", ".join(sorted(fields))[:200])


@api.exception_handler(Exception)
def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer a mistake of ours in the shape of every other error; the traceback goes to the log."""
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return _answer("internal")


@api.exception_handler(HttpError)
def _http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """Translate what the API library itself refuses: an unreadable body, a missing login, a missing CSRF token."""
    code = {400: "body_unreadable", 401: "login_required", 403: "not_allowed"}.get(error.status_code, "internal")
    return _answer(code)
