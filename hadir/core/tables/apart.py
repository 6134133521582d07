"""Reading a file in a process of its own. Needs no Django, on either side.

Files come from outside and the readers of spreadsheets are native code: a bad file may crash them or want endless
memory, and that must not touch the server that kiosks and terminals send to.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from hadir.core.tables.problems import FileError

try:
    import resource
except ImportError:  # Windows has no such limits; the time limit of the caller holds everywhere.
    resource = None  # type: ignore[assignment]

SECONDS = 60


def ask_reader(module: str, *arguments: str, data: bytes) -> dict[str, Any]:
    """Start a reader (`python -m module`), give it the file, and return its answer.

    What it writes to stderr is not passed on: a crash may quote cells. Raises FileError: what the reader refused,
    `import_too_big` (no time or no memory was left), `import_damaged` (it could not cope).
    """
    command = [sys.executable, "-m", module, *arguments]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise FileError("import_too_big") from None
    if done.returncode:
        # Stopped by a signal: no memory was left for it. Any other end: it could not cope with the file.
        raise FileError("import_too_big" if done.returncode < 0 else "import_damaged")
    answer: dict[str, Any] = json.loads(done.stdout)
    if "error" in answer:
        raise FileError(answer["error"]["code"], **answer["error"]["values"])
    return answer


def answer_with(read: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what a reader answers: what it read, or {"error": {"code", "values"}}."""
    try:
        return read()
    except FileError as error:
        return {"error": {"code": error.code, "values": error.values}}
    except MemoryError:
        return {"error": {"code": "import_too_big", "values": {}}}


def limit_memory(most: int) -> None:
    """Let this process have at most so many bytes; a system that refuses the limit reads without it."""
    if resource is None:
        return
    try:
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    except (ValueError, OSError):
        return
