"""The web server behind `hadir serve` and behind the demo's own check: waitress with an access log without secrets."""

import errno
import gc
import logging
import re
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from waitress import wasyncore
from waitress.server import create_server

from hadir.core.errors import HadirError
from hadir.gateways.door import is_terminal_request
from hadir.gateways.fkweb.wire import FkChannel

logger = logging.getLogger("hadir.access")

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_SECRET_IN_PATH = re.compile(r"^(/+(?:m|hik|fingerspot|fkweb|pub/api))/+[^/]+", re.IGNORECASE)
"""Addresses of terminals hold their secret."""

LARGEST_BODY = 34 * 1024 * 1024
"""A little more than what an upload may hold, so that Hadir itself answers what is too large."""

LARGEST_ANSWER = 256 * 1024 * 1024
"""More than a gallery of ten thousand people."""


def make_server(
    host: str, port: int, *, threads: int = 8, log_requests: bool = True, only_terminals: bool = False
) -> Any:
    """Return a bound server; `run()` serves until `close()`. Port 0 takes a free one (`effective_port`).

    `only_terminals`: answer the addresses of machines and none of the pages, for a port without TLS.

    Behind a proxy that ends TLS (HADIR_PUBLIC_URL begins with https) the proxy on this machine is believed when it says
    where a request came from; nobody else is. Raises HadirError `port_in_use`, `address_unusable`.
    """
    behind_proxy = settings.PUBLIC_URL.startswith("https://")
    trust = (
        {"trusted_proxy": "127.0.0.1", "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"}}
        if behind_proxy
        else {}
    )
    application: Application = get_wsgi_application()
    if only_terminals:
        application = for_terminals_only(application)
    # Django reads the addresses, and with them all views, at the first request: nobody should wait for that.
    get_resolver().check()
    server = create_server(
        with_access_log(application) if log_requests else application,
        sockets=[_bound_socket(host, port)],
        threads=threads,
        ident="",
        max_request_body_size=LARGEST_BODY,
        # Faces come in and galleries go out: neither may be spooled into a file, as waitress does by default.
        inbuf_overflow=LARGEST_BODY + 1,
        outbuf_overflow=LARGEST_ANSWER,
        channel_timeout=60,
        clear_untrusted_proxy_headers=True,
        **trust,
    )
    # FKWeb's header names have underscores, which waitress drops.
    server.channel_class = FkChannel
    return server


def keep_what_is_loaded() -> None:
    """Take everything loaded so far out of what Python looks through for garbage, for a process that now only serves.

    Code, views and templates stay until the end; looking through them again and again made one request in twenty wait
    80 ms longer (`bench/pages.py`).
    """
    gc.collect()
    gc.freeze()


def stop_server(server: Any) -> None:
    """End a server that `run()`s in another thread; it returns from there soon after.

    First the threads that answer, then, inside its own loop, what the loop holds: nothing is closed under its hands.
    """
    server.task_dispatcher.shutdown()
    # An answer that just ended may have woken the loop, which then has closed everything before it is woken here.
    with suppress(OSError):
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map, ignore_all=True))


def for_terminals_only(application: Application) -> Application:
    """Let through what the terminals' door answers; everything else does not exist here."""

    def narrowed(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if is_terminal_request(environ):
            return application(environ, start_response)
        start_response("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "9")])
        return [b"not found"]

    return narrowed


def _bound_socket(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise HadirError("address_unusable", host=host, port=port, cause=error.strerror or error) from None
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            raise HadirError("port_in_use", port=port, other=free_port()) from None
        raise HadirError("address_unusable", host=host, port=port, cause=error.strerror or error) from None
    return bound


def with_access_log(application: Application) -> Application:
    """Log one line a request: method, path, status, milliseconds. No query, header or body: those hold secrets."""

    def logged(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        begun = time.monotonic()

        def noting_start(status: str, headers: Any, *rest: Any) -> Any:
            path = environ.get("PATH_INFO", "").encode("latin-1", "replace").decode("utf-8", "replace")
            level = logging.DEBUG if path.startswith("/static/") else logging.INFO
            taken = (time.monotonic() - begun) * 1000
            shown = _SECRET_IN_PATH.sub(r"\1/***", ascii(path)[1:-1])
            logger.log(level, "%s %s %s %.0f ms", environ["REQUEST_METHOD"], shown, status[:3], taken)
            return start_response(status, headers, *rest)

        return application(environ, noting_start)

    return logged


def free_port() -> int:
    """Return a port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
