"""Letters and photos: what stands behind a request or an incident."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hadir.accounts.models import User
from hadir.core.ids import new_id
from hadir.leave.models_incident import Incident
from hadir.leave.models_request import LeaveRequest


class Document(models.Model):
    """A letter or a photo beside one request or one incident, sealed. It opens only in this row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(LeaveRequest, on_delete=models.PROTECT, related_name="documents", null=True, blank=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="documents", null=True, blank=True)
    name = models.CharField(_("nama berkas"), max_length=120)
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=16)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("dokumen")
        ordering: ClassVar = ["added_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(request__isnull=False, incident__isnull=True)
                | Q(request__isnull=True, incident__isnull=False),
                name="document_beside_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def beside(self) -> LeaveRequest | Incident:
        """What it is a document of. One query where that is not loaded."""
        found = self.request or self.incident
        if found is None:
            raise ValueError(f"document {self.pk} is beside nothing")
        return found

    @property
    def bound_to(self) -> tuple[uuid.UUID, uuid.UUID]:
        """The keys of the request and its person, or of the incident and its school, to which the seal is bound."""
        beside = self.beside
        return (beside.pk, beside.person_id if isinstance(beside, LeaveRequest) else beside.school_id)
