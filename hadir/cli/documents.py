"""Documents from the command line, beside a request or an incident."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hadir.cli.base import HadirCommand, add_json
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.leave.documents import add_document
from hadir.leave.models_incident import Incident
from hadir.leave.models_request import LeaveRequest


def add_document_arguments(parser: ArgumentParser) -> None:
    """Add the file and `--json` to the parser of an action that keeps a document."""
    parser.add_argument("file", type=Path, metavar="BERKAS")
    add_json(parser)


def keep_document(
    command: HadirCommand, find: Callable[[dict[str, Any]], LeaveRequest | Incident], options: dict[str, Any]
) -> None:
    """Seal the file beside what `find` finds, and tell about it. Raises HadirError `file_missing`, and what `find` and
    `add_document` raise."""
    path: Path = options["file"]
    try:
        data = path.read_bytes()
    except OSError:
        raise HadirError("file_missing", name=str(path)) from None
    row = add_document(beside=find(options), name=path.name, data=data, by=None, now=clock.now())
    if options["json"]:
        command.fact({"id": str(row.pk), "name": row.name, "size": row.size, "sha256": row.sha256})
    else:
        command.say(f"{row.pk}  {row.content_type}, {row.size} byte, sidik {row.sha256}")
