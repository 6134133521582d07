"""What every answer carries: compression where it helps, isolation of static files."""

import gzip
import logging

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from hadir.core.compression import CompressTextMiddleware
from hadir.core.isolation import ISOLATION, add_isolation_headers
from hadir.core.logs import DiscreetFormatter


@pytest.mark.parametrize(
    ("content_type", "compressed"),
    [
        ("text/html; charset=utf-8", True),
        ("application/json", True),
        ("text/csv; charset=utf-8", True),
        ("application/octet-stream", False),
        ("image/jpeg", False),
        ("", False),
    ],
)
def test_text_is_compressed_and_models_are_not(content_type: str, compressed: bool):
    body = b"satu kata " * 200

    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(body, content_type=content_type or None, headers=None)

    def bare(request: HttpRequest) -> HttpResponse:
        response = view(request)
        if not content_type:
            del response.headers["Content-Type"]
        return response

    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    answer = CompressTextMiddleware(bare)(request)
    assert isinstance(answer, HttpResponse)
    assert (answer.headers.get("Content-Encoding") == "gzip") is compressed
    assert (gzip.decompress(answer.content) if compressed else answer.content) == body


def test_a_stream_of_a_model_keeps_its_length():
    def view(_request: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(
            [b"x" * 1000], content_type="application/octet-stream", headers={"Content-Length": "1000"}
        )

    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    answer = CompressTextMiddleware(view)(request)
    assert isinstance(answer, StreamingHttpResponse)
    assert answer.headers["Content-Length"] == "1000"


def test_static_files_may_be_loaded_by_an_isolated_page():
    headers: dict[str, str] = {}
    add_isolation_headers(headers, "/x/kiosk/worker.js", "/static/kiosk/worker.js")
    assert headers == dict(ISOLATION)
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"


def test_a_row_that_the_database_repeats_is_not_logged():
    complaint = ValueError("violates check\nDETAIL:  Failing row contains (rahasia, 1).\nHINT:  rahasia")
    text = DiscreetFormatter().formatException((ValueError, complaint, None))
    assert "violates check" in text
    assert "rahasia" not in text


@pytest.mark.parametrize(
    ("logger", "traced"), [("django.security.DisallowedHost", False), ("django.request", True), ("hadir.web", True)]
)
def test_a_refused_host_is_one_line_and_our_own_fault_a_traceback(logger: str, traced: bool):
    fault = ValueError("salah"), None
    record = logging.LogRecord(logger, logging.ERROR, __file__, 1, "tidak diterima", None, (ValueError, *fault))

    text = DiscreetFormatter().format(record)

    assert text.startswith("tidak diterima")
    assert ("ValueError: salah" in text) is traced
    assert record.exc_info is not None, "other handlers may want it"
