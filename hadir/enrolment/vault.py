"""Templates in and out of their seals. Outside this file only comparison and a kiosk's gallery see them open."""

import os
import secrets
import uuid
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from django.conf import settings

from hadir.core.sealed import KEY_BYTES, KeyRing, Sealed, load_key_ring
from hadir.enrolment.models import Template

Vector = npt.NDArray[np.float32]
WIRE: Final = np.dtype("<f4")
"""How an embedding is written down: little-endian float32."""


def key_ring() -> KeyRing:
    """Read the keys of the templates; the first is made when nothing has been sealed yet.

    Raises HadirError `template_key_missing`, `template_key_invalid`.
    """
    return load_key_ring(settings.HADIR_TEMPLATE_KEY_FILE, create=not Template.objects.exists())


def renew_key(now: datetime) -> Path:
    """Put a new key in the place of the current one and return where the former one lies now.

    There is a whole current key at every moment: the former one gets its second name, then the new file takes over the
    first. Raises HadirError as `key_ring` does.
    """
    key_ring()
    current = Path(settings.HADIR_TEMPLATE_KEY_FILE)
    retired = current.with_name(f"{current.stem}-{now:%Y%m%dT%H%M%S%f}{current.suffix}")
    draft = current.with_name(f".{current.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    os.link(current, retired)
    draft.replace(current)
    return retired


def seal_vector(ring: KeyRing, vector: Vector, *, template_id: uuid.UUID, person_id: uuid.UUID, pack: str) -> Sealed:
    """Seal an embedding so that it opens only in this row, for this person and pack."""
    plain = vector.astype(WIRE).tobytes()
    return ring.seal(plain, associated=_associated(template_id, person_id, pack))


def unseal_bytes(ring: KeyRing, template: Template) -> bytes:
    """Return the embedding as it goes over the wire. Raises HadirError `sealed_unreadable`."""
    associated = _associated(template.pk, template.person_id, template.pack)
    return ring.unseal(template.key_id, bytes(template.sealed), associated=associated)


def unseal_vector(ring: KeyRing, template: Template) -> Vector:
    """Return the embedding of a template."""
    return np.frombuffer(unseal_bytes(ring, template), WIRE)


def _associated(template_id: uuid.UUID, person_id: uuid.UUID, pack: str) -> bytes:
    return f"{template_id}|{person_id}|{pack}".encode()
