"""The small world of the apps' tests, and a server that runs."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connections

from hadir.cli.web import make_server, stop_server
from hadir.conftest import flush_append_only_tables, quick_passwords, world
from hadir.terminals.limits import BY_ADDRESS, BY_SERIAL, BY_STRANGER
from tests.flow.traffic import Server

__all__ = ["flush_append_only_tables", "quick_passwords", "world"]


@pytest.fixture
def server(
    transactional_db: None,  # noqa: ARG001  the server's threads see what is committed
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Server]:
    # The threads end with the test; a connection that they kept would outlive the database.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    for buckets in (BY_ADDRESS, BY_SERIAL, BY_STRANGER):
        buckets.clear()
    running = make_server("127.0.0.1", 0, threads=2, log_requests=False)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    yield Server(int(running.effective_port))
    stop_server(running)
    thread.join(timeout=5)
