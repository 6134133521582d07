"""The school's key and the signature on what is sent. The server uses the same functions, so both always agree.

Key text: `hadir-agen.<name>.<secret>`; the name is public, the secret is 32 bytes in unpadded URL-safe base64.
Signature: HMAC-SHA256 over a fixed line, the key's name, the clock stamp, and the exact bytes of the body.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass, field

PREFIX = "hadir-agen"
SECRET_BYTES = 32
PATH = "/api/agent/v1/batches"
KEY_HEADER, CLOCK_HEADER, SIGNATURE_HEADER = "X-Hadir-Agent", "X-Hadir-Clock", "X-Hadir-Signature"


@dataclass(frozen=True)
class Key:
    """A key; its secret never appears in a repr, log or exception."""

    name: str
    secret: bytes = field(repr=False)

    def text(self) -> str:
        """Return the one line in which a key is handed over."""
        return "{}.{}.{}".format(PREFIX, self.name, base64.urlsafe_b64encode(self.secret).rstrip(b"=").decode("ascii"))


def read_key(text: str) -> Key | None:
    """Return the key of its text; None if that is none."""
    parts = text.strip().split(".")
    if len(parts) != 3 or parts[0] != PREFIX or not re.fullmatch(r"[A-Za-z0-9]{6,32}", parts[1]):
        return None
    try:
        secret = base64.b64decode(parts[2] + "=" * (-len(parts[2]) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return Key(parts[1], secret) if len(secret) == SECRET_BYTES else None


def sign(key: Key, clock: str, body: bytes) -> str:
    """Return the signature in hexadecimal. `clock`: whole seconds since 1970 (UTC), as sent."""
    message = b"\n".join((b"hadir agent batch 1", key.name.encode("ascii"), clock.encode("ascii"), body))
    return hmac.new(key.secret, message, hashlib.sha256).hexdigest()
