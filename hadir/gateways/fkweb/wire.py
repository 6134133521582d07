"""FKWeb straight from the socket, without a proxy: waitress drops header names with underscores, FKWeb has no others.

Only FKWeb's own names are spelled with hyphens before waitress reads them. Some terminals send no Content-Length with a
record; its body then begins with its own length. Connections of FKWeb are closed after each answer, as it expects.
"""

import re
from io import BytesIO

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import WSGITask
from waitress.utilities import BadRequest

from hadir.gateways.fkweb.protocol import HEADERS, LONGEST_JSON

REPLY_NAMES = (b"response_code", b"trans_id", b"cmd_code", b"cmd_id")
_NAMES = {name.encode(): name.replace("_", "-").encode() for name in HEADERS}


def with_hyphens(header: bytes) -> bytes:
    """Return the head of a request in which FKWeb's header names have hyphens; every other byte as it was."""
    lines = header.split(b"\r\n")
    for place, line in enumerate(lines[1:], 1):
        name, colon, value = line.partition(b":")
        if colon and name.lower() in _NAMES:
            lines[place] = _NAMES[name.lower()] + colon + value
    return b"\r\n".join(lines)


class FramedBody:
    """A body without Content-Length: four bytes say how long its JSON is. The shape is waitress's own receivers'."""

    def __init__(self) -> None:
        self.data = b""
        self.completed = False
        self.error: BadRequest | None = None

    def __len__(self) -> int:
        return len(self.data)

    def received(self, data: bytes) -> int:
        """Take what belongs to the body and return how much that was."""
        before = len(self.data)
        self.data += data
        if len(self.data) < 4:
            return len(data)
        length = 4 + int.from_bytes(self.data[:4], "little")
        if length > LONGEST_JSON:
            self.error = BadRequest("FKWeb body without a length")
            return len(data)
        if len(self.data) >= length:
            self.data = self.data[:length]
            self.completed = True
        return len(self.data) - before

    def getfile(self) -> BytesIO:
        """Return the body to read from."""
        return BytesIO(self.data)

    def getbuf(self) -> BytesIO:
        """Return what waitress closes at the end."""
        return BytesIO()


class FkParser(HTTPRequestParser):  # type: ignore[misc]
    """Reads FKWeb as well as everything else."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head of a request."""
        super().parse_header(with_hyphens(header_plus) if b"_" in header_plus else header_plus)
        code = self.headers.get("REQUEST_CODE")
        if code is None:
            return
        self.headers["CONNECTION"] = "close"
        self.connection_close = True
        if not self.chunked and "CONTENT_LENGTH" not in self.headers and code == "realtime_glog":
            self.body_rcv = FramedBody()

    def received(self, data: bytes) -> int:
        """Take in bytes; a framed body that is whole tells its length to the application."""
        consumed: int = super().received(data)
        if self.completed and isinstance(self.body_rcv, FramedBody):
            self.headers["CONTENT_LENGTH"] = str(len(self.body_rcv))
        return consumed


class FkTask(WSGITask):  # type: ignore[misc]
    """Answers FKWeb with header names in small letters, as its own servers write them; waitress capitalises names."""

    def build_response_header(self) -> bytes:
        """Return the head of the answer."""
        head: bytes = super().build_response_header()
        if "REQUEST_CODE" not in self.request.headers:
            return head
        return re.sub(
            rb"^(?:%s):" % b"|".join(REPLY_NAMES),
            lambda name: name[0].lower(),
            head,
            flags=re.IGNORECASE | re.MULTILINE,
        )


class FkChannel(HTTPChannel):  # type: ignore[misc]
    """A connection that may be a terminal's."""

    parser_class = FkParser
    task_class = FkTask
