"""Log lines without what people are owed: a database repeats a whole row in its complaint about it."""

import logging
import re
from types import TracebackType

_ROW = re.compile(r"^((?:DETAIL|CONTEXT|HINT):).*$", re.MULTILINE)


class DiscreetFormatter(logging.Formatter):
    """Formats as usual, but cuts PostgreSQL's "DETAIL: Failing row contains (...)" out of tracebacks."""

    def formatException(  # noqa: N802  the name is logging's
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Return the traceback without the values that the database repeats."""
        return _ROW.sub(r"\1 (not logged)", super().formatException(ei))
