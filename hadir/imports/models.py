"""What was imported: which file, by whom, with which outcome. The file itself is never kept."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hadir.core.ids import new_id
from hadir.schools.models import Region, School


class BatchKind(models.TextChoices):
    """What a file lists."""

    STAFF = "staff", _("Orang dari Dapodik")
    SCHOOLS = "schools", _("Daftar sekolah")


class ImportBatch(models.Model):
    """One uploaded file.

    Until it is applied, and for one day at most, `draft` holds the columns that attendance needs, sealed
    (`drafts.py`). The columns that were dropped are known by their headings only.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=7, choices=BatchKind)
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    file_name = models.CharField(_("nama berkas"), max_length=120)
    sha256 = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField()
    dropped = models.JSONField(default=list)
    start = models.DateField(_("berlaku mulai"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    counts = models.JSONField(default=dict)
    draft = models.BinaryField(null=True, blank=True)

    class Meta:
        verbose_name = _("impor")
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["school", "created_at"], name="import_by_school"),
            models.Index(fields=["region", "created_at"], name="import_by_region"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(
                    models.Q(kind=BatchKind.STAFF, school__isnull=False, region__isnull=True)
                    | models.Q(kind=BatchKind.SCHOOLS, school__isnull=True, region__isnull=False)
                ),
                name="import_place_fits_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(applied_at__isnull=True) | models.Q(draft__isnull=True),
                name="import_applied_keeps_no_rows",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.created_at:%Y-%m-%d}"
