"""Errors with a stable code for programs and a sentence for people. docs/errors.md lists every code, by test.

For a new code add a line to the part of `hadir.core.problems` that it belongs to, then raise
`HadirError("the_code", name=value)`.
"""

from collections.abc import Mapping

from hadir.core.problems.anywhere import ANYWHERE
from hadir.core.problems.days import DAYS
from hadir.core.problems.machines import MACHINES
from hadir.core.problems.people import PEOPLE
from hadir.core.problems.shape import Problem

PARTS = (ANYWHERE, MACHINES, PEOPLE, DAYS)
CATALOGUE: Mapping[str, Problem] = {code: problem for part in PARTS for code, problem in part.items()}
"""Every code: what it answers over HTTP, and what it says."""


class HadirError(Exception):
    """A refusal that says what to do. `code` is stable; the text is translated when it is shown."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.problem = CATALOGUE[code]
        self.code = code
        self.values = values

    @property
    def message(self) -> str:
        """The sentence in the language of the moment."""
        text = str(self.problem.message)
        return text % self.values if self.values else text

    @property
    def status(self) -> int:
        """The HTTP status that fits."""
        return int(self.problem.status)

    def __str__(self) -> str:
        return self.message


def error_body(code: str, message: str) -> dict[str, dict[str, str]]:
    """Return the one shape in which every API answers an error."""
    return {"error": {"code": code, "message": message}}
