"""Killed without warning: a child process, a real SIGKILL, at moments of its own choosing."""
# ruff: noqa: DTZ001  a terminal's times have no zone

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from hadir.agent.settings import Settings
from hadir.agent.tests.fake_server import FakeServer
from hadir.agent.tests.rows import row40, user72
from hadir.agent.tests.simulator import SimulatedTerminal

ROOT = Path(__file__).resolve().parents[3]
START = datetime(2026, 1, 5, 6, 0, 0)


def command(settings: Settings) -> list[str]:
    return [sys.executable, "-m", "hadir.agent", "once", "--config", str(settings.data.parent / "agen.ini")]


def test_killed_again_and_again_it_loses_nothing_and_sends_nothing_twice(
    server: FakeServer, settings_for: Callable[..., Settings]
):
    chance = random.Random(20260914)  # noqa: S311  no secret
    rows = [row40(str(n % 9 + 1), START + timedelta(seconds=n)) for n in range(4000)]
    with SimulatedTerminal(rows[:3000], [user72(n, str(n)) for n in range(1, 10)]) as terminal:
        settings = settings_for(server.url, terminal)
        for number in range(8):
            server.lose = number % 2
            child = subprocess.Popen(command(settings), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(0.1 + chance.random() * 0.5)
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
            terminal.rows.extend(rows[len(terminal.rows) : len(terminal.rows) + 125])
        server.lose = 0
        time.sleep(0.2)
        subprocess.run(command(settings), cwd=ROOT, check=True, capture_output=True)
    assert len(terminal.rows) == 4000
    assert sorted(row[2] for row in server.records) == [str(START + timedelta(seconds=n)) for n in range(4000)]
