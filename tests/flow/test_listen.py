"""`hadir listen` as a process: both ports answer, and it ends when it is told to."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from websockets.sync.client import connect

from hadir.cli.web import free_port


def hadir(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "hadir.cli.main", *arguments]


def wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    pytest.fail("nobody listens")


def test_both_ports_answer_until_it_is_told_to_end(tmp_path: Path):
    environment = os.environ | {"HADIR_DATA": str(tmp_path), "DATABASE_URL": ""}
    subprocess.run(hadir("migrate"), env=environment, check=True, capture_output=True)
    http, websocket = free_port(), free_port()
    command = hadir("listen", "--host", "127.0.0.1", "--port", str(http), "--websocket-port", str(websocket))
    running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        wait_for(http)
        with connect(f"ws://127.0.0.1:{websocket}/pub/chat") as line:
            line.send(json.dumps({"cmd": "reg", "sn": "AI1"}))
            assert json.loads(line.recv(timeout=20))["ret"] == "reg"
        with urllib.request.urlopen(f"http://127.0.0.1:{http}/iclock/ping?SN=ZK1", timeout=20) as answer:
            assert answer.status == 200
        taken = subprocess.run(
            hadir("listen", "--host", "127.0.0.1", "--port", str(http)),
            env=environment,
            check=False,
            capture_output=True,
            text=True,
        )
        assert taken.returncode == 1
        assert "Error port_in_use: " in taken.stderr
    finally:
        running.send_signal(signal.SIGTERM)
        said, _ = running.communicate(timeout=30)
    assert running.returncode in {0, 130}
    assert f"http://127.0.0.1:{http}".encode() in said
