"""Kiosks: which schools they serve, the one-time links that make them, their tokens and when they were last heard."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hadir.accounts.models import User
from hadir.core.ids import new_id
from hadir.schools.models import School


class DeviceKind(models.TextChoices):
    """What kind of machine records."""

    KIOSK = "kiosk", _("Kios")


class Device(models.Model):
    """A machine that records scans. It serves one school or several; the first is where unknown faces are counted.

    `handed_in_until`: the last moment at which it said that nothing was unsent. It never goes back: what was complete
    stays complete when the kiosk records again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10, choices=DeviceKind, default=DeviceKind.KIOSK)
    name = models.CharField(_("nama perangkat"), max_length=80)
    schools = models.ManyToManyField(School, through="DeviceSchool", related_name="devices")
    created_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True, blank=True)
    last_heard_at = models.DateTimeField(null=True, blank=True)
    unsent = models.PositiveIntegerField(_("belum terkirim"), null=True, blank=True)
    handed_in_until = models.DateTimeField(null=True, blank=True)
    app_version = models.CharField(max_length=40, blank=True)
    user_agent = models.CharField(max_length=300, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("perangkat")
        ordering: ClassVar = ["name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="device_has_a_name"),
            models.CheckConstraint(condition=models.Q(kind__in=DeviceKind.values), name="device_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class DeviceSchool(models.Model):
    """A device serves a school; `position` 0 is the device's first school."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="school_links")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="device_links")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "school"], name="device_school_once"),
            models.UniqueConstraint(fields=["device", "position"], name="device_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position}"


class HeardDay(models.Model):
    """The first and the last moment of one date (UTC) at which a device spoke: since when it can know a new face."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="heard_days")
    day = models.DateField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "day"], name="heard_day_once"),
            models.CheckConstraint(condition=models.Q(last_at__gte=models.F("first_at")), name="heard_day_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class KioskInvite(models.Model):
    """A one-time link that turns a browser into this kiosk. Only the hash of its code is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="invites")
    code_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"


class KioskToken(models.Model):
    """A bearer token of a kiosk, by its SHA-256.

    A token that was replaced by a newer link stays known, so that the old browser can still hand in what it recorded;
    it gets no gallery any more.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-issued_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["device"], condition=models.Q(replaced_at__isnull=True), name="kiosk_token_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issued_at:%Y-%m-%d %H:%M}"
