"""Files of attendance records: which were handed in, by whom, with which outcome; how vendors name columns."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hadir.core.ids import new_id
from hadir.devices.models import Device


class ScanFile(models.Model):
    """One file for one terminal. The file itself is kept sealed in `draft` until it is taken in, one day at most.

    `answers`: what a person said of it (`columns`, `order`). `bad_lines`: the first lines that are no records, each
    with number, reason and text; `counts` has their number. `first_day`, `last_day`: of the records taken in.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="scan_files")
    file_name = models.CharField(_("nama berkas"), max_length=120)
    sha256 = models.CharField(max_length=64)
    answers = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    layout = models.CharField(max_length=12, blank=True)
    counts = models.JSONField(default=dict)
    bad_lines = models.JSONField(default=list)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    draft = models.BinaryField(null=True, blank=True)

    class Meta:
        verbose_name = _("berkas mesin")
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["device", "created_at"], name="scanfile_by_device"),
            models.Index(fields=["sha256"], name="scanfile_by_content"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(applied_at__isnull=True) | models.Q(draft__isnull=True),
                name="scanfile_applied_keeps_no_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.created_at:%Y-%m-%d}"


class ColumnProfile(models.Model):
    """How a vendor's export names its columns, as a person once said; the newest for its headings is used."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    vendor = models.CharField(_("program atau merek"), max_length=60)
    signature = models.CharField(max_length=32)
    headings = models.JSONField(default=list)
    columns = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("profil kolom")
        ordering: ClassVar = ["-made_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["signature", "made_at"], name="profile_by_headings")]
        constraints: ClassVar = [models.CheckConstraint(condition=~models.Q(vendor=""), name="profile_has_a_vendor")]

    def __str__(self) -> str:
        return self.vendor


class ReportedDay(models.Model):
    """What a program's report says of a day: times that it chose out of the records. No evidence, kept for comparison.

    `came` and `left`: "HH:MM:SS" as far as the report has them, else "".
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.ForeignKey(ScanFile, on_delete=models.PROTECT, related_name="reported")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="reported_days")
    pin = models.CharField("PIN", max_length=64)
    day = models.DateField()
    came = models.CharField(max_length=8, blank=True)
    left = models.CharField(max_length=8, blank=True)

    class Meta:
        verbose_name = _("hari menurut laporan")
        ordering: ClassVar = ["day", "pin"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "pin", "day", "came", "left"], name="reported_once"),
            models.CheckConstraint(condition=~models.Q(pin=""), name="reported_has_a_pin"),
        ]

    def __str__(self) -> str:
        return f"{self.pin} {self.day}"
