"""Where a JSON object ends that nothing says the length of. Pure."""


class Braces:
    """Reads an object from its first brace, in pieces of any size, until that brace is closed."""

    def __init__(self) -> None:
        self.read = 0
        self._depth = 0
        self._in_text = False
        self._escaped = False

    def end(self, data: bytes) -> int | None:
        """Return how long the object is, None while it is open. `data`: all of it so far; only what is new is read."""
        for place in range(self.read, len(data)):
            if self._closes(data[place : place + 1]):
                return place + 1
        self.read = len(data)
        return None

    def _closes(self, letter: bytes) -> bool:
        if self._escaped:
            self._escaped = False
        elif self._in_text:
            self._escaped = letter == b"\\"
            self._in_text = letter != b'"'
        elif letter == b'"':
            self._in_text = True
        elif letter in {b"{", b"}"}:
            self._depth += 1 if letter == b"{" else -1
            return self._depth == 0
        return False


def framed_length(data: bytes, limit: int) -> int | None:
    """Return the length that the first four bytes say; None where they are no length but JSON's own beginning.

    A length of 123 looks like an opening brace: what follows it, zero bytes, does not.
    """
    length = int.from_bytes(data[:4], "little")
    begins = data.lstrip(b"\0\r\n\t ").startswith(b"{")
    return None if begins and not 0 < length <= limit else length
