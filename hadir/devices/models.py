"""Kiosks and terminals: the schools they serve, what proves who they are, when they were heard, whose PIN is whose."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hadir.accounts.models import User
from hadir.core.ids import new_id
from hadir.people.models import Person
from hadir.schools.models import School


class DeviceKind(models.TextChoices):
    """What kind of machine records: the browser kiosk, or a terminal by the language it speaks."""

    KIOSK = "kiosk", _("Kios")
    ZKTECO = "zkteco", "ZKTeco / Solution (ADMS)"
    HIKVISION = "hikvision", "Hikvision (ISAPI)"
    FKWEB = "fkweb", "Fingerspot Revo (FKWeb)"
    FINGERSPOT_CLOUD = "fingerspot-cloud", "fingerspot.io"
    AIFACE = "aiface", "AiFace (WebSocket)"
    FILE = "file", _("Berkas (flash disk, ekspor)")


TERMINAL_KINDS = tuple(kind for kind in DeviceKind if kind is not DeviceKind.KIOSK)


class Device(models.Model):
    """A machine that records scans. It serves one school or several; the first is where unknown faces are counted.

    `handed_in_until`: the last moment at which it said that nothing was unsent. It never goes back: what was complete
    stays complete when the kiosk records again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=DeviceKind, default=DeviceKind.KIOSK)
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


class Fund(models.TextChoices):
    """What a terminal was bought with."""

    UNKNOWN = "", _("belum diisi")
    BOS_REGULER = "bos_reguler", "BOS Reguler"
    BOS_AFIRMASI = "bos_afirmasi", "BOS Afirmasi"
    OTHER = "lain", _("sumber lain")


class Condition(models.TextChoices):
    """State of a piece of public property, in the three steps of the asset register (KIB)."""

    GOOD = "baik", _("baik")
    LIGHT = "rusak_ringan", _("rusak ringan")
    HEAVY = "rusak_berat", _("rusak berat")


class Terminal(models.Model):
    """What a device is when it is a bought machine: its serial, what proves it, its clock, its last conversation.

    `serial` is the text that the machine sends. `secret_hash` is that of the secret in its address; the secret itself
    is shown once. `claimed_at`: since when it counts; null between `add` and the first call or the claim.
    `secret_seen_at`: once a machine has used its secret, a call without it is not believed any more.
    `comm_key_hash` and `address` are pinned from the first call; a change is an alert and loses nothing.
    `clock_skew`: seconds that its clock was ahead (negative: behind) at the last live record or reading of its clock;
    `clock_good_at`: when it was last measured and within ten minutes.
    `last_init_at`: when it last began anew, spoke again after a silence, or was not told OK: it may have a backlog.
    `last_*`: the last conversation, for the page that answers "connected, but no attendance?".
    """

    device = models.OneToOneField(Device, on_delete=models.CASCADE, primary_key=True, related_name="terminal")
    serial = models.CharField(_("nomor seri"), max_length=64, unique=True)
    secret_hash = models.CharField(max_length=64, blank=True)
    secret_seen_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    comm_key_hash = models.CharField(max_length=64, blank=True)
    address = models.CharField(_("alamat jaringan"), max_length=45, blank=True)

    brand = models.CharField(_("merek"), max_length=80, blank=True)
    model = models.CharField(_("model"), max_length=80, blank=True)
    firmware = models.CharField(max_length=120, blank=True)
    protocol = models.CharField(max_length=40, blank=True)
    options = models.JSONField(default=dict, blank=True)

    clock_skew = models.IntegerField(null=True, blank=True)
    clock_measured_at = models.DateTimeField(null=True, blank=True)
    clock_good_at = models.DateTimeField(null=True, blank=True)

    last_request_at = models.DateTimeField(null=True, blank=True)
    last_request = models.CharField(max_length=120, blank=True)
    last_bytes = models.PositiveIntegerField(default=0)
    last_reply = models.CharField(max_length=120, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    last_error_at = models.DateTimeField(null=True, blank=True)
    parse_errors = models.PositiveIntegerField(default=0)
    last_init_at = models.DateTimeField(null=True, blank=True)
    last_block_at = models.DateTimeField(null=True, blank=True)
    last_block_lines = models.PositiveIntegerField(default=0)

    price = models.PositiveBigIntegerField(_("harga (rupiah)"), null=True, blank=True)
    bought_on = models.DateField(_("tanggal beli"), null=True, blank=True)
    fund = models.CharField(_("sumber dana"), max_length=12, choices=Fund, blank=True, default=Fund.UNKNOWN)
    condition = models.CharField(_("kondisi"), max_length=12, choices=Condition, default=Condition.GOOD)
    where_used = models.CharField(_("tempat dipakai"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("mesin")
        ordering: ClassVar = ["serial"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["secret_hash"], condition=~models.Q(secret_hash=""), name="terminal_secret_once"
            ),
            models.CheckConstraint(condition=~models.Q(serial=""), name="terminal_has_a_serial"),
            models.CheckConstraint(condition=models.Q(fund__in=Fund.values), name="terminal_fund_known"),
            models.CheckConstraint(condition=models.Q(condition__in=Condition.values), name="terminal_condition_known"),
        ]

    def __str__(self) -> str:
        return self.serial


class PinMapping(models.Model):
    """This PIN on this terminal is this person, from one date to another (both included; no end = still).

    The PIN is text: `0701` and `701` are two. A person made or confirmed every row.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="pin_mappings")
    pin = models.CharField("PIN", max_length=64)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="pin_mappings")
    valid_from = models.DateField(_("mulai"))
    valid_to = models.DateField(_("sampai"), null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("PIN")
        ordering: ClassVar = ["pin", "valid_from"]
        indexes: ClassVar = [models.Index(fields=["person", "valid_from"], name="pin_by_person")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(pin=""), name="pin_is_not_empty"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="pin_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["device", "pin"], condition=models.Q(valid_to__isnull=True), name="pin_one_open"
            ),
            models.UniqueConstraint(fields=["device", "pin", "valid_from"], name="pin_once_per_start"),
        ]

    def __str__(self) -> str:
        return f"{self.pin}, {self.valid_from}"
