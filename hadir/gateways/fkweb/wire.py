"""FKWeb straight from the socket, without a proxy: waitress drops header names with underscores, FKWeb has no others.

Only FKWeb's own names are spelled with hyphens before waitress reads them. Some terminals send no Content-Length with a
record; then `blk_len` says how long the block is, or the body begins with its own length, or it ends with its last
brace. Connections of FKWeb are closed after each answer, as it expects.
"""

import re
from io import BytesIO

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.task import WSGITask
from waitress.utilities import BadRequest

from hadir.gateways.fkweb.blocks import LARGEST_BODY
from hadir.gateways.fkweb.braces import Braces, framed_length
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
    """A body without Content-Length: a block, JSON after four bytes with its length, or bare JSON.

    `block`: the length of the block, 0 where none is told. The shape is waitress's own receivers'.
    """

    def __init__(self, block: int = 0) -> None:
        self.data = b""
        self.completed = False
        self.error: BadRequest | None = None
        self.block = block
        self._braces = Braces()

    def __len__(self) -> int:
        return len(self.data)

    def received(self, data: bytes) -> int:
        """Take what belongs to the body and return how much that was."""
        before = len(self.data)
        self.data += data
        length = self._length()
        if length is None or length > len(self.data):
            too_long = (length or len(self.data)) > (LARGEST_BODY if self.block else LONGEST_JSON + 4)
            self.error = BadRequest("FKWeb body without a length") if too_long else None
            return len(data)
        self.data = self.data[:length]
        self.completed = True
        return length - before

    def _length(self) -> int | None:
        """Return how long the whole body is, None while that cannot be told."""
        if self.block:
            return self.block
        if len(self.data) < 4:
            return None
        framed = framed_length(self.data, LONGEST_JSON)
        return 4 + framed if framed is not None else self._braces.end(self.data)

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
        told = self.headers.get("BLK_LEN", "").strip()
        block = int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0
        self.headers["CONNECTION"] = "close"
        self.connection_close = True
        has_length = self.chunked or "CONTENT_LENGTH" in self.headers
        if not has_length and (block or code.strip().lower() == "realtime_glog"):
            self.body_rcv = FramedBody(block)

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
