"""Writing the audit table."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from hadir.core.models import AuditEntry


def record_audit(
    *,
    actor: AbstractBaseUser | None,
    action: str,
    object_kind: str,
    object_id: object,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add one entry, in the caller's transaction: the act and its trace are written together or not at all.

    `actor` is the login, or None for a command or a kiosk. `action` is a verb_noun in English ("invite_kiosk").
    `detail` is JSON without secrets, templates or faces.
    """
    return AuditEntry.objects.create(
        at=now,
        actor=actor.pk if actor is not None else None,
        actor_name=actor.get_username()[:150] if actor is not None else "",
        action=action,
        object_kind=object_kind,
        object_id=str(object_id),
        detail=dict(detail or {}),
    )
