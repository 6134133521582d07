"""Counting wrong one-time codes per address, so that nobody tries codes by the thousand."""

from django.core.cache import cache

from hadir.core.errors import HadirError

WINDOW = 10 * 60
LIMIT = 30


def check_attempts(address: str) -> None:
    """Raise HadirError `too_many_requests` when this address has sent too many wrong codes in ten minutes."""
    if cache.get(_key(address), 0) >= LIMIT:
        raise HadirError("too_many_requests")


def count_attempt(address: str) -> None:
    """Note one wrong code. The window begins with the first."""
    if not cache.add(_key(address), 1, WINDOW):
        try:
            cache.incr(_key(address))
        except ValueError:
            # The window ended between the two calls.
            cache.set(_key(address), 1, WINDOW)


def _key(address: str) -> str:
    return f"kiosk-code-attempts:{address.encode().hex()}"
