"""Sealed storage: AES-256-GCM (NIST SP 800-38D) under keys that lie in files outside the database.

The key ring is the current key file and, beside it, retired ones: `templates.key` seals, `templates-*.key` still open.
A sealed value is 12 bytes of nonce, then ciphertext and 16 bytes of tag. The associated data binds the value to its
row: moved to another row, it does not open.
"""

import hashlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hadir.core.errors import HadirError

KEY_BYTES = 32
NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed value and the name of the key that opens it."""

    key_id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by name; new values are sealed with `current`. Keys never appear in a repr, log or exception."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)

    def seal(self, plain: bytes, *, associated: bytes) -> Sealed:
        """Encrypt and authenticate; `associated` is authenticated only and must be given again to open."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return Sealed(self.current, nonce + AESGCM(self.keys[self.current]).encrypt(nonce, plain, associated))

    def unseal(self, key_id: str, data: bytes, *, associated: bytes) -> bytes:
        """Return the plain bytes. Raises HadirError `sealed_unreadable`: unknown key, changed or moved value."""
        if key_id not in self.keys or len(data) < NONCE_BYTES:
            raise HadirError("sealed_unreadable")
        try:
            return AESGCM(self.keys[key_id]).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], associated)
        except InvalidTag:
            raise HadirError("sealed_unreadable") from None


def load_key_ring(path: Path, *, create: bool) -> KeyRing:
    """Read the key file and the retired keys beside it.

    With `create` a missing file is made (32 random bytes, mode 0600). Callers pass `create` only while nothing is
    sealed yet: a new key made in place of a lost one would hide the loss.
    Raises HadirError `template_key_missing`, `template_key_invalid`.
    """
    if create and not path.exists():
        _make_key_once(path)
    current = _read_key(path)
    retired = [_read_key(other) for other in sorted(path.parent.glob(f"{path.stem}-*{path.suffix}"))]
    return KeyRing(current=_key_id(current), keys={_key_id(key): key for key in (*retired, current)})


def _key_id(key: bytes) -> str:
    return hashlib.sha256(b"hadir key id\0" + key).hexdigest()[:16]


def _read_key(path: Path) -> bytes:
    try:
        key = path.read_bytes()
    except OSError:
        raise HadirError("template_key_missing") from None
    if len(key) != KEY_BYTES:
        raise HadirError("template_key_invalid")
    return key


def _make_key_once(path: Path) -> None:
    """Link a finished draft to the final name: of two processes starting together one key wins, never half a file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
