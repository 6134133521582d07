"""Locks that end with their process, however it ends: one agent per data folder, one reader per terminal."""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, ContextManager, Iterator

from hadir.agent.faults import AgentError

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _take(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


@contextmanager
def locked(folder: Path, name: str, fault: AgentError) -> Iterator[None]:
    """Hold the lock of this name while the block runs. Raises `fault` if somebody else holds it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / (re.sub(r"[^A-Za-z0-9.-]", "_", name) + ".lock")).open("ab")
    except OSError as error:
        raise AgentError("data_folder", path=folder, cause=error.strerror) from None
    with file:
        if not _take(file):
            raise fault
        yield


def reading(folder: Path, host: str, port: int) -> ContextManager[None]:
    """Hold the lock of one terminal. Raises AgentError `in_use`."""
    return locked(folder, f"mesin-{host}-{port}", AgentError("in_use", address=f"{host}:{port}"))
