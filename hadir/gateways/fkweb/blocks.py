"""Bodies that come in several requests (`blk_no`), put together in memory, bounded."""

from collections import OrderedDict
from threading import Lock

from hadir.gateways.fkweb.protocol import Call, FkError

MOST_BODIES = 64
LARGEST_BODY = 4 * 1024 * 1024


class Blocks:
    """What has arrived of unfinished bodies. What does not fit is forgotten: the terminal then sends it again."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: OrderedDict[tuple[str, str], list[bytes]] = OrderedDict()

    def add(self, call: Call, body: bytes) -> bytes | None:
        """Return the whole body with its last block (number 0), else None. Raises FkError for a block out of order."""
        key = (call.device, call.transaction)
        with self._lock:
            if call.block == 0:
                return b"".join([*self._open.pop(key, []), body])
            so_far = [] if call.block == 1 else self._open.pop(key, None)
            if so_far is None or len(so_far) != call.block - 1:
                raise FkError("a block is missing")
            if sum(map(len, so_far)) + len(body) > LARGEST_BODY:
                raise FkError("blocks are too large")
            self._open[key] = [*so_far, body]
            self._open.move_to_end(key)
            while len(self._open) > MOST_BODIES:
                self._open.popitem(last=False)
            return None
