"""Running unattended: a thread per terminal that pulls and, where wanted, listens; the main thread sends."""

from __future__ import annotations

import logging
import random
import threading
from datetime import datetime
from typing import Callable

from hadir.agent.faults import AgentError
from hadir.agent.forward import Server
from hadir.agent.link import TIMEOUT
from hadir.agent.lock import locked, reading
from hadir.agent.pull import check_serial, pull
from hadir.agent.settings import Settings, TerminalSettings
from hadir.agent.store import Store
from hadir.agent.terminal import open_terminal

logger = logging.getLogger("hadir.agent")

FIRST_WAIT, LONGEST_WAIT = 15.0, 30 * 60.0
"""Seconds between tries while the server is away: doubled each time, and by chance, lest all schools come at once."""
PULL_AFTER_EVENT = 120.0
"""Seconds between an event that names nobody and the pull that finds out."""


class Backoff:
    """How long to wait after the next failure."""

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        self._failures = 0
        self._chance = chance

    def failed(self) -> float:
        """Return the seconds to wait now."""
        self._failures += 1
        whole = min(FIRST_WAIT * 2.0 ** min(self._failures - 1, 20), LONGEST_WAIT)
        return whole * (0.5 + self._chance() / 2)

    def worked(self) -> None:
        """Begin anew."""
        self._failures = 0


class Runner:
    """The whole agent until `stop()`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._ending = threading.Event()
        self._something = threading.Event()

    def stop(self) -> None:
        """End as soon as the current step allows. Being killed is as good."""
        self._ending.set()
        self._something.set()

    def run(self) -> None:
        """Pull and send until stopped. Raises AgentError `running`, `data_folder`."""
        with locked(self._settings.data, "agen", AgentError("running")):
            threads = self._start()
            try:
                self._send_until_end()
            finally:
                self.stop()
                for thread in threads:
                    thread.join(TIMEOUT * 2)

    def _start(self) -> list[threading.Thread]:
        threads = []
        for terminal in self._settings.terminals:
            thread = threading.Thread(target=self._watch, args=(terminal,), name=terminal.name, daemon=True)
            thread.start()
            threads.append(thread)
        return threads

    def _send_until_end(self) -> None:
        store = Store(self._settings.data)
        server = Server(self._settings, store)
        backoff = Backoff()
        while not self._ending.is_set():
            self._something.clear()
            try:
                sent = server.send_all()
            except AgentError as fault:
                logger.warning("%s", fault)
                self._ending.wait(backoff.failed())
                continue
            backoff.worked()
            if sent.batches:
                logger.info("terkirim: %d catatan", sent.records)
            for serial, sentence in sent.waiting.items():
                logger.warning("%s: %s", serial, sentence)
            self._something.wait(self._settings.every)
        store.close()

    def _watch(self, terminal: TerminalSettings) -> None:
        """Pull one terminal again and again. No failure ends the thread: it is told, and tried again."""
        store = Store(self._settings.data)
        clock = Server(self._settings, store).now
        while not self._ending.is_set():
            if self._pulled(terminal, store, clock):
                self._pause(terminal, store, clock)
            else:
                self._ending.wait(self._settings.every)
        store.close()

    def _pulled(self, terminal: TerminalSettings, store: Store, clock: Callable[[], datetime]) -> bool:
        try:
            pull(self._settings, terminal, store, clock)
        except AgentError as fault:
            logger.warning("%s: %s", terminal.name, fault)
        except Exception:
            logger.exception("%s: kesalahan agen", terminal.name)
        else:
            self._something.set()
            return True
        self._something.set()
        return False

    def _pause(self, terminal: TerminalSettings, store: Store, clock: Callable[[], datetime]) -> None:
        """Wait for the next pull; with `live`, listening meanwhile."""
        if not terminal.live:
            self._ending.wait(self._settings.every)
            return
        enough = threading.Event()
        timer = threading.Timer(self._settings.every, enough.set)
        timer.daemon = True
        timer.start()
        try:
            self._listen(terminal, store, clock, enough)
        except AgentError as fault:
            # What happened meanwhile lies in the log, which is read again at once.
            logger.warning("%s: %s", terminal.name, fault)
            self._ending.wait(FIRST_WAIT)
        finally:
            timer.cancel()

    def _listen(
        self, terminal: TerminalSettings, store: Store, clock: Callable[[], datetime], enough: threading.Event
    ) -> None:
        with reading(self._settings.data, terminal.host, terminal.port):
            session = open_terminal(terminal.host, port=terminal.port, comm_key=terminal.comm_key, way=terminal.way)
            try:
                check_serial(terminal, session.serial())
                for record in session.events(until=lambda: enough.is_set() or self._ending.is_set()):
                    if record is None:
                        soon = threading.Timer(PULL_AFTER_EVENT, enough.set)
                        soon.daemon = True
                        soon.start()
                    elif store.keep_live(terminal.serial, record, clock()):
                        self._something.set()
            finally:
                session.close()
