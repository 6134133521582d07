"""A Hadir of its own for a test: data in a folder, `hadir serve` as a process that can be stopped and started."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.architecture.tree import ROOT

START_SECONDS = 60.0


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class HadirServer:
    """`hadir serve` with data in `folder`, at one address for as long as the object lives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / "serve.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Return the address that a browser opens; `localhost`, because only there a camera needs no certificate."""
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> Mapping[str, str]:
        """Return the environment of every process that works on this data."""
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return {**kept, "HADIR_DATA": str(self.folder), "DJANGO_SETTINGS_MODULE": "hadir.config.settings"}

    def command(self, *arguments: str) -> str:
        """Run `hadir` with these arguments and return what it prints; its complaint becomes the failure's text."""
        return self._python("-m", "hadir.cli.main", *arguments)

    def facts(self, *arguments: str) -> list[dict[str, Any]]:
        """Return what a `hadir ... --json` command prints, one object a line."""
        return [json.loads(line) for line in self.command(*arguments, "--json").splitlines()]

    def script(self, path: Path, *arguments: str) -> Any:
        """Run a script on this data and return the JSON that it prints."""
        return json.loads(self._python(str(path), *arguments))

    def migrate(self) -> None:
        """Make the database."""
        self._python("-m", "django", "migrate", "--noinput", "--verbosity", "0")

    def start(self, *arguments: str) -> None:
        """Start serving, with these further arguments, and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "hadir.cli.main", "serve", "--port", str(self.port), *arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"hadir serve does not answer:\n{self.log.read_text(errors='replace')[-4000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Stop serving, as a power cut would: at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/sehat/", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _python(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(arguments)}: status {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout
