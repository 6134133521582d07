"""The small world of the apps' tests, and a server that runs."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from hadir.cli.web import make_server
from hadir.conftest import flush_append_only_tables, quick_passwords, world
from hadir.terminals.limits import BY_ADDRESS, BY_SERIAL, BY_STRANGER
from tests.flow.traffic import Server

__all__ = ["flush_append_only_tables", "quick_passwords", "world"]


QUIET = (
    "ignore::pytest.PytestUnhandledThreadExceptionWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)
"""The server's loop may still look at a socket at the moment in which the end of a test closes it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a server that ends in the middle of a look be no failure of the test that it served."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            for line in QUIET:
                item.add_marker(pytest.mark.filterwarnings(line))


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
    running.task_dispatcher.shutdown()
    running.close()
    thread.join(timeout=5)
