"""The secrets of agents, sealed under a key file of their own beside the other keys."""

from django.conf import settings

from hadir.agent.signing import Key
from hadir.core.sealed import KeyRing, load_key_ring
from hadir.gateways.agent.models import AgentKey


def seal_secret(row: AgentKey, key: Key) -> None:
    """Put a secret into its row. Raises HadirError `template_key_missing` where the key file was lost."""
    sealed = _ring(create=not AgentKey.objects.exists()).seal(key.secret, associated=_associated(row))
    row.sealed, row.sealed_with = sealed.data, sealed.key_id


def open_key(row: AgentKey) -> Key:
    """Return the key of a row. Raises HadirError `template_key_missing`, `sealed_unreadable`."""
    secret = _ring(create=False).unseal(row.sealed_with, bytes(row.sealed), associated=_associated(row))
    return Key(row.name, secret)


def _ring(*, create: bool) -> KeyRing:
    return load_key_ring(settings.HADIR_DATA / "keys" / "agents.key", create=create)


def _associated(row: AgentKey) -> bytes:
    return f"agent|{row.pk}|{row.name}|{row.school_id}".encode()
