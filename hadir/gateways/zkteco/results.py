"""`devicecmd`: what became of commands. `ID=1&Return=0&CMD=DATA`, a line each; INFO goes on with `Key=Value` lines.

Results of Shell and GetFile come as a line for each of ID, Return and CMD; Hadir never sends those commands.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from hadir.gateways.zkteco.lines import split_lines
from hadir.gateways.zkteco.options import read_options

_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_RETURN = re.compile(r"-?[0-9]{1,9}")
NO_ANSWER = -9999
"""Return code of a result that gives none that is a number."""


@dataclass(slots=True)
class Result:
    """One result: the command's number as text, its return code, its first word, and what else the line says."""

    number: str
    code: int = NO_ANSWER
    command: str = ""
    values: dict[str, str] = field(default_factory=dict)


def read_results(body: bytes) -> list[Result]:
    """Return the results of a body in order. Never an exception."""
    results: list[Result] = []
    rest: list[str] = []
    for line in split_lines(body):
        pairs = _pairs(line.text)
        if "id" in pairs and _ID.fullmatch(pairs["id"]):
            if results:
                results[-1].values |= read_options("\n".join(rest).encode())
            rest = []
            results.append(Result(pairs["id"]))
        elif not results:
            continue
        if results[-1].code == NO_ANSWER and _RETURN.fullmatch(pairs.get("return", "")):
            results[-1].code = int(pairs["return"])
        if not results[-1].command and pairs.get("cmd"):
            results[-1].command = pairs["cmd"].split(" ")[0][:40]
        known = {"id", "return", "cmd"}
        if known.isdisjoint(pairs):
            rest.append(line.text)
        else:
            results[-1].values |= {key: value for key, value in pairs.items() if key not in known}
    if results:
        results[-1].values |= read_options("\n".join(rest).encode())
    return results


def _pairs(text: str) -> Mapping[str, str]:
    pairs: dict[str, str] = {}
    for part in text.split("&"):
        key, found, value = part.partition("=")
        if found:
            pairs.setdefault(key.strip().lower(), value.strip()[:200])
    return pairs
