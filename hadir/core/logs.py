"""Log lines without what people are owed: a database repeats a whole row in its complaint about it."""

import logging
import re
from types import TracebackType

REFUSED = "django.security."
_ROW = re.compile(r"^((?:DETAIL|CONTEXT|HINT):).*$", re.MULTILINE)


class DiscreetFormatter(logging.Formatter):
    """Formats as usual, but cuts PostgreSQL's "DETAIL: Failing row contains (...)" out of tracebacks, and leaves out
    the traceback of a request that was refused for what it holds.

    A scanner on the internet asks for a hundred hosts that are not ours: one line each says all there is to say.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the traceback where it tells of our own fault."""
        if record.name.startswith(REFUSED):
            record = logging.makeLogRecord({**record.__dict__, "exc_info": None, "exc_text": None})
        return super().format(record)

    def formatException(  # noqa: N802  the name is logging's
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """Return the traceback without the values that the database repeats."""
        return _ROW.sub(r"\1 (not logged)", super().formatException(ei))
