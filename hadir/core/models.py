"""The audit table: who did what to what, and when. Append-only in the database itself."""

from typing import ClassVar

from django.db import models

from hadir.core.ids import new_id


class AuditEntry(models.Model):
    """One act of a person or a command.

    The actor is kept by id and by the name used that day, not by a foreign key: `core` knows no logins, and an entry
    must outlive the login. `actor` is null for commands and for kiosks. `detail` never holds secrets, templates or
    faces.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    actor = models.UUIDField(null=True, blank=True)
    actor_name = models.CharField(max_length=150, blank=True)
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name = "jejak"
        verbose_name_plural = "jejak"
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["object_kind", "object_id", "at"], name="audit_by_object"),
            models.Index(fields=["at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_kind} {self.object_id}"
