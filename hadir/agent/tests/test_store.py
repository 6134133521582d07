"""Opening what the agent keeps while another thread or program is at it."""

import sqlite3
import threading
from pathlib import Path

from hadir.agent.store import Store


def test_a_folder_that_another_one_is_opening_is_waited_for(tmp_path: Path):
    other = sqlite3.connect(tmp_path / "agen.sqlite3", isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE begun (id INTEGER)")
    other.execute("BEGIN")
    other.execute("SELECT * FROM begun").fetchall()
    threading.Timer(0.3, lambda: other.execute("COMMIT")).start()
    store = Store(tmp_path)
    assert store.position("X903").length == 0
    store.close()
    other.close()
