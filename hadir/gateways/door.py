"""The terminals' door: their addresses are answered before anything that is meant for browsers.

A terminal sends no Host or a bare IP, understands no redirect, no cookie and no compression, and repeats for ever what
is not answered with success. So the addresses of `terminal_urls` skip every other middleware, and what goes wrong is
said in one plain line.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.urls import Resolver404, ResolverMatch, URLResolver, get_resolver

logger = logging.getLogger(__name__)

FKWEB_HEADERS = ("HTTP_REQUEST_CODE", "HTTP_X_FK_REQUEST_CODE")
LARGEST_BODY = 16 * 1024 * 1024
"""Photographs that some terminals send unasked must be taken in to be dropped; nothing larger is known."""


def read_body(request: HttpRequest, limit: int = LARGEST_BODY) -> bytes:
    """Return the body as it came. Raises RequestDataTooBig beyond `limit` bytes, UnreadablePostError when cut off.

    Django's own limit is for forms of people and lower than what a terminal may send.
    """
    if declared_length(request) > limit:
        raise RequestDataTooBig
    try:
        body = request.read(limit + 1)
    except OSError as error:
        raise UnreadablePostError(*error.args) from error
    if len(body) > limit:
        raise RequestDataTooBig
    return body


def declared_length(request: HttpRequest) -> int:
    """Return Content-Length, 0 where there is none or it is no number."""
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


class TerminalDoorMiddleware:
    """The first of all middlewares: sends addresses of terminals to their views and everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.resolver = get_resolver(settings.TERMINAL_URLCONF)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a terminal, or let the request pass."""
        match = _match(self.resolver, request.META, request.path_info)
        if match is None:
            return self.get_response(request)
        try:
            answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        except RequestDataTooBig:
            return plain("too large", 413)
        except UnreadablePostError:
            return plain("cut off", 400)
        except (OperationalError, InterfaceError) as error:
            # May pass: the terminal keeps its data and comes again.
            logger.error("database: %s", type(error).__name__)  # noqa: TRY400  the text may quote a record
            return plain("busy", 503)
        if isinstance(answer, HttpResponse) and "Content-Length" not in answer.headers:
            # Without it the server answers in chunks, which old firmware cannot read.
            answer.headers["Content-Length"] = str(len(answer.content))
        return answer


def is_terminal_request(environ: Mapping[str, Any]) -> bool:
    """Tell whether the door answers a WSGI request."""
    path = str(environ.get("PATH_INFO", "")).encode("latin-1", "replace").decode("utf-8", "replace")
    return _match(get_resolver(settings.TERMINAL_URLCONF), environ, path) is not None


def _match(resolver: URLResolver, meta: Mapping[str, Any], path: str) -> ResolverMatch | None:
    """Return the view that answers a terminal at an address, None where the address is no terminal's.

    FKWeb is known by its header on a POST, whatever the address: that tells its root from the root of a browser.
    """
    is_fkweb = meta.get("REQUEST_METHOD") == "POST" and not meta.keys().isdisjoint(FKWEB_HEADERS)
    if not path.strip("/") and not is_fkweb:
        return None
    try:
        return resolver.resolve(path)
    except Resolver404:
        return resolver.resolve("/") if is_fkweb else None


def plain(text: str, status: int = 200) -> HttpResponse:
    """Return a line of text as terminals read it."""
    return HttpResponse(text, status=status, content_type="text/plain")
