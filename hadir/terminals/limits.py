"""How often machines may call, in memory of this process: a flood is turned away before it costs anything.

Generous: a terminal with a full memory sends hundreds of blocks, and all schools of a regency may come from the one
address of their provider. What a stranger can leave behind is bounded apart from this, by the quarantine.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

REMEMBERED = 20_000


@dataclass(slots=True)
class Buckets:
    """Token buckets by name: `burst` calls at once, `rate` a second on end. The least lately used are forgotten."""

    burst: float
    rate: float
    time: Callable[[], float] = monotonic
    _filled: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, name: str) -> bool:
        """Take one call; False where there is none left."""
        now = self.time()
        with self._lock:
            left, at = self._filled.pop(name, (self.burst, now))
            left = min(self.burst, left + (now - at) * self.rate)
            allowed = left >= 1
            self._filled[name] = (left - 1 if allowed else left, now)
            while len(self._filled) > REMEMBERED:
                self._filled.popitem(last=False)
            return allowed

    def clear(self) -> None:
        """Forget everybody."""
        with self._lock:
            self._filled.clear()


BY_SERIAL = Buckets(burst=20_000, rate=50)
BY_ADDRESS = Buckets(burst=100_000, rate=500)
BY_STRANGER = Buckets(burst=20_000, rate=20)
"""Calls of machines that are not believed, by address."""
