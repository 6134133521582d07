"""Which event numbers of each Hikvision terminal have been heard, so that holes are seen and can be asked for."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hadir.devices.models import Device


class HeardSerials(models.Model):
    """Runs of event numbers without a hole, as `gaps.Heard` in JSON: [after, first, last, newest].

    `proven`: since the connection was last broken an event has come whose number leaves no hole before it. Until then a
    sign of life proves nothing: some models never send what they stored while they were cut off.
    """

    device = models.OneToOneField(Device, on_delete=models.CASCADE, primary_key=True, related_name="heard_serials")
    runs = models.JSONField(default=list)
    missing = models.PositiveBigIntegerField(_("nomor yang belum terdengar"), default=0)
    proven = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("nomor kejadian")
        ordering: ClassVar = ["device"]

    def __str__(self) -> str:
        return f"{self.missing}"
