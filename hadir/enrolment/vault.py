"""Templates in and out of their seals. Outside this file only comparison and a kiosk's gallery see them open."""

import uuid
from typing import Final

import numpy as np
import numpy.typing as npt
from django.conf import settings

from hadir.core.sealed import KeyRing, Sealed, load_key_ring
from hadir.enrolment.models import Template

Vector = npt.NDArray[np.float32]
WIRE: Final = np.dtype("<f4")
"""How an embedding is written down: little-endian float32."""


def key_ring() -> KeyRing:
    """Read the keys of the templates; the first is made when nothing has been sealed yet.

    Raises HadirError `template_key_missing`, `template_key_invalid`.
    """
    return load_key_ring(settings.HADIR_TEMPLATE_KEY_FILE, create=not Template.objects.exists())


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
