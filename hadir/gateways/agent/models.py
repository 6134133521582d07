"""Keys of school agents, and how far each was heard for each terminal."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hadir.accounts.models import User
from hadir.core.ids import new_id
from hadir.devices.models import Device
from hadir.schools.models import School


class AgentKey(models.Model):
    """A key with which the agent of one school signs. It is shown once; the secret lies sealed, because a signature can
    only be checked with it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="agent_keys")
    name = models.CharField(max_length=32, unique=True)
    sealed = models.BinaryField()
    sealed_with = models.CharField(max_length=16)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_heard_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("kunci agen")
        ordering: ClassVar = ["created_at", "id"]

    def __str__(self) -> str:
        return self.name


class AgentStream(models.Model):
    """The batches of one key for one terminal: the highest number that was committed, and how many never came."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(AgentKey, on_delete=models.PROTECT, related_name="streams")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="agent_streams")
    last_sequence = models.PositiveBigIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "device"], name="agent_stream_once"),
        ]

    def __str__(self) -> str:
        return f"{self.last_sequence}"
