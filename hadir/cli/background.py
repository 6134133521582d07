"""The worker as a process of its own beside the server: started with it, started again when it ends, ended with it."""

import logging
import subprocess
import sys
import threading

logger = logging.getLogger(__name__)

AGAIN = 5.0
"""Seconds before a worker that ended by itself is started again."""
PATIENCE = 10.0
COMMAND = (sys.executable, "-m", "hadir.cli.main", "attendance", "work", "--loop", "--quiet", "--with-parent")


class Beside:
    """Keeps one worker running until `stop`. A process, not a thread: judging must not slow down a morning's pages."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None
        self.watcher = threading.Thread(target=self._watch, name="worker", daemon=True)

    def start(self) -> None:
        """Start it."""
        self.watcher.start()

    def stop(self) -> None:
        """End it; what it was doing is left as it was before, and its marks are still there."""
        self.stopping.set()
        self.watcher.join(PATIENCE + 1)

    def _watch(self) -> None:
        while not self.stopping.is_set():
            # A session of its own: Ctrl-C in the terminal is the server's, which then ends the worker.
            self.process = subprocess.Popen(COMMAND, stdin=subprocess.DEVNULL, start_new_session=True)
            while self.process.poll() is None:
                if self.stopping.wait(0.2):
                    self._end(self.process)
                    return
            logger.error("the worker ended with code %s; it is started again", self.process.returncode)
            self.stopping.wait(AGAIN)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
