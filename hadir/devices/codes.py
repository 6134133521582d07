"""Codes that people carry to a kiosk and tokens that kiosks carry to the server; both are kept as hashes only."""

import hashlib
import re
import secrets

CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without 0 O 1 I L, which look alike on paper and on a screen across the desk."""
CODE_LENGTH = 10


def new_code() -> str:
    """Return a new one-time code, for reading: "K7MPA-3XQ9T". 49 random bits, with short life and counted attempts."""
    plain = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    half = CODE_LENGTH // 2
    return f"{plain[:half]}-{plain[half:]}"


def hash_code(code: str) -> str:
    """Hash a code as it is typed: any case, blanks and dashes anywhere."""
    plain = re.sub(r"[\s-]", "", code).upper()
    return hashlib.sha256(b"hadir kiosk code\0" + plain.encode("utf-8", "surrogatepass")).hexdigest()


def new_token() -> str:
    """Return a new bearer token: 256 random bits."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Hash a token. It is random through and through, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
