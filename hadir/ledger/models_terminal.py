"""What bought terminals recorded, and the times that people put in place of a wrong clock. Both tables only grow."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hadir.accounts.models import User
from hadir.core.ids import new_id
from hadir.devices.models import Device
from hadir.schools.models import School


class PunchSource(models.TextChoices):
    """How a terminal's record came here."""

    PUSH = "push", _("dikirim mesin")
    CLOUD = "cloud", _("layanan awan")
    AGENT = "agent", _("agen sekolah")
    FILE = "file", _("berkas")


class Trust(models.TextChoices):
    """What proves where a record comes from, the strongest first."""

    HMAC = "hmac", _("tanda tangan agen")
    SECRET = "secret", _("alamat rahasia")
    PLAIN = "plain", _("nomor seri saja")
    FILE = "file", _("berkas yang diunggah")


class TerminalScan(models.Model):
    """One line of a terminal's attendance log: somebody with this PIN, at this time of the terminal's own clock.

    Whose PIN it is, is never stored: it is read through `devices.PinMapping`, so that a mapping made later applies
    backwards. `local_time`: "YYYY-MM-DD HH:MM:SS" as the terminal wrote it; `captured_at` is the same in the time zone
    of the device's first school, `day` its date there. `state_raw` is what somebody pressed and decides nothing.
    `skew`: seconds that the terminal's clock was ahead, measured on a record made just now; null on all others.
    `flags`: see docs/terminals.md. `doubted`: one of `clocks_terminal.DOUBTED` is among them, and the record is no
    evidence until a person confirms a time. `raw_ref` names the request or file it came in.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Found by device, through the indexes below: one of its own for each key would be paid with every record.
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="terminal_scans", db_index=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="terminal_scans", db_index=False)
    pin = models.CharField("PIN", max_length=64)
    local_time = models.CharField(max_length=19)
    day = models.DateField()
    captured_at = models.DateTimeField(_("waktu catatan"))
    received_at = models.DateTimeField(_("waktu diterima"))
    state_raw = models.CharField(max_length=20, blank=True)
    verify_raw = models.CharField(max_length=20, blank=True)
    record_no = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=8, choices=PunchSource)
    trust = models.CharField(max_length=8, choices=Trust)
    skew = models.IntegerField(null=True, blank=True)
    flags = models.JSONField(default=list)
    doubted = models.BooleanField(default=False)
    raw_ref = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("catatan mesin")
        ordering: ClassVar = ["captured_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["device", "captured_at"], name="tscan_by_device"),
            models.Index(fields=["device", "day"], name="tscan_by_day"),
            models.Index(fields=["device", "received_at"], name="tscan_by_arrival"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["device", "local_time", "pin", "state_raw", "verify_raw", "record_no"], name="tscan_once"
            ),
            models.CheckConstraint(condition=~models.Q(pin=""), name="tscan_has_a_pin"),
            models.CheckConstraint(condition=models.Q(source__in=PunchSource.values), name="tscan_source_known"),
            models.CheckConstraint(condition=models.Q(trust__in=Trust.values), name="tscan_trust_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pin} {self.local_time}"


class ConfirmedTime(models.Model):
    """A person says when a record with a doubted clock was really made, or (`at` null) that it cannot be known.

    Rows are only added; the newest one of a record holds.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scan = models.ForeignKey(TerminalScan, on_delete=models.PROTECT, related_name="confirmed_times")
    at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("waktu yang dipastikan")
        ordering: ClassVar = ["decided_at", "id"]
        indexes: ClassVar = [models.Index(fields=["at"], name="confirmed_by_time")]

    def __str__(self) -> str:
        return f"{self.at}"
