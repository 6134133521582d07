"""What django-axes asks of us: which name failures are counted under."""

from typing import Any

from django.http import HttpRequest

from hadir.accounts.models import plain_username


def locked_name(_request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return the name that failures are counted under: a NIP with and without spaces is one name."""
    return plain_username(str((credentials or {}).get("username") or ""))[:150]
