"""Taking turns at the one write lock of SQLite.

SQLite lets one connection write; the others look again after sleeping up to 100 ms, so eight busy threads of one server
leave the lock idle most of the time. Threads that write often take turns here first and then find it free. Other
processes (the worker, a command) still meet at SQLite's own lock. On PostgreSQL nothing is held.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

_TURN = threading.RLock()


@contextmanager
def written_in_turn() -> Iterator[None]:
    """Run a transaction; on SQLite, one of this process at a time."""
    if connection.vendor != "sqlite":
        with transaction.atomic():
            yield
        return
    with _TURN, transaction.atomic():
        yield
