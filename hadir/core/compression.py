"""Compress what gets smaller: pages, JSON, sheets, scripts and styles without a compressed file beside them.

Stands outside whitenoise, which answers for static files. Model files and pictures go as they are, with their length.
"""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

COMPRESSED = (
    "text/html",
    "application/json",
    "text/csv",
    "text/plain",
    "text/css",
    "text/javascript",
    "image/svg+xml",
)


class CompressTextMiddleware(GZipMiddleware):
    """Django's gzip (with its padding against BREACH), for text alone."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress the response if its content type is worth it."""
        if not response.headers.get("Content-Type", "").startswith(COMPRESSED):
            return response
        return super().process_response(request, response)
