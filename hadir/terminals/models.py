"""Around the records of terminals: who called unclaimed, what is held back, what was said, ordered and noticed."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hadir.accounts.models import User
from hadir.core.ids import new_id
from hadir.devices.models import Device, DeviceKind
from hadir.people.models import Person
from hadir.schools.models import Region


class Caller(models.Model):
    """A machine that calls and that nobody has claimed, or that calls without the secret it should use.

    What an operator sees before claiming it; `posts`, `bytes` and `lines` are what its quarantine holds, `refused` how
    often that was full.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    serial = models.CharField(_("nomor seri"), max_length=64, unique=True)
    kind = models.CharField(max_length=20, choices=DeviceKind)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    model = models.CharField(max_length=80, blank=True)
    firmware = models.CharField(max_length=120, blank=True)
    protocol = models.CharField(max_length=40, blank=True)
    users = models.PositiveIntegerField(null=True, blank=True)
    records = models.PositiveIntegerField(null=True, blank=True)
    posts = models.PositiveIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    lines = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("mesin belum diakui")
        ordering: ClassVar = ["-last_at"]
        indexes: ClassVar = [models.Index(fields=["address", "last_at"], name="caller_by_address")]

    def __str__(self) -> str:
        return self.serial


class HeldBack(models.TextChoices):
    """Why something a machine sent did not go into the ledger."""

    UNKNOWN_SERIAL = "unknown_serial", _("nomor seri belum terdaftar")
    NOT_CLAIMED = "not_claimed", _("mesin belum diakui")
    SECRET_MISSING = "secret_missing", _("tanpa alamat rahasia")
    SECRET_WRONG = "secret_wrong", _("alamat rahasia salah")
    BAD_LINE = "bad_line", _("baris tidak terbaca")


FRESH = (HeldBack.UNKNOWN_SERIAL, HeldBack.NOT_CLAIMED)
"""Held back only because nobody had claimed the machine: taken in at the claim. The others a person releases."""


class Quarantined(models.Model):
    """What a machine sent and what was held back, without passwords, templates and photographs; once per content.

    `device` stands on unreadable lines of a terminal that is claimed. `detail`: for those, the lines themselves.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    serial = models.CharField(max_length=64)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, null=True, blank=True, related_name="quarantined")
    kind = models.CharField(max_length=20, choices=DeviceKind)
    address = models.CharField(max_length=45, blank=True)
    path = models.CharField(max_length=200, blank=True)
    table = models.CharField(max_length=40, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    body = models.BinaryField()
    digest = models.CharField(max_length=64)
    lines = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=20, choices=HeldBack)
    detail = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    replayed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("karantina")
        ordering: ClassVar = ["received_at", "id"]
        indexes: ClassVar = [models.Index(fields=["device", "received_at"], name="quarantine_by_device")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["serial", "table", "digest"], name="quarantine_once"),
            models.CheckConstraint(condition=models.Q(reason__in=HeldBack.values), name="quarantine_reason_known"),
        ]

    def __str__(self) -> str:
        return f"{self.serial} {self.table} {self.reason}"


class JournalEntry(models.Model):
    """One request of a claimed terminal that carried something, as it came but for what is secret; kept for 90 days.

    Rows are added and, after 90 days, removed; nothing changes them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="journal")
    at = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    request = models.CharField(max_length=120)
    trust = models.CharField(max_length=8)
    bytes = models.PositiveIntegerField()
    body = models.BinaryField()
    is_cut = models.BooleanField(default=False)
    reply = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("jurnal mesin")
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["device", "at"], name="journal_by_device"),
            models.Index(fields=["at"], name="journal_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.request}"


class KnownUser(models.Model):
    """A user as a terminal lists it: what a mapping is suggested from. No password, card or template."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="known_users")
    pin = models.CharField("PIN", max_length=64)
    name = models.CharField(max_length=80, blank=True)
    is_admin = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("pengguna di mesin")
        ordering: ClassVar = ["pin"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["device", "pin"], name="known_user_once")]

    def __str__(self) -> str:
        return self.pin


class CommandKind(models.TextChoices):
    """What a terminal may be told. Nothing that deletes records, runs a program or moves a file is among them."""

    TIME = "time", _("cocokkan jam")
    INFO = "info", _("minta keterangan mesin")
    SEND_NEW = "send_new", _("kirim catatan baru")
    RESEND = "resend", _("kirim ulang catatan")
    USERS = "users", _("kirim daftar pengguna")
    ADD_PERSON = "add_person", _("tambah orang ke mesin")
    REMOVE_PERSON = "remove_person", _("hapus orang dari mesin")
    RECONCILE = "reconcile", _("cocokkan jumlah catatan")


class Command(models.Model):
    """One order in a terminal's queue: made, sent (perhaps several times), acknowledged or given up."""

    id = models.BigAutoField(primary_key=True)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="commands")
    kind = models.CharField(max_length=16, choices=CommandKind)
    text = models.CharField(max_length=600)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    detail = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_times = models.PositiveIntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    return_code = models.IntegerField(null=True, blank=True)
    result = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("perintah")
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["device", "id"], condition=models.Q(ended_at__isnull=True), name="command_waiting"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=CommandKind.values), name="command_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"


class Criteria(models.Model):
    """When the lists of machines and of faces agree, for the schools of a region: the office's own numbers."""

    region = models.OneToOneField(Region, on_delete=models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField(default=2)
    percent = models.PositiveSmallIntegerField(default=90)
    days = models.PositiveSmallIntegerField(default=6)

    class Meta:
        verbose_name = _("ukuran kesesuaian")

    def __str__(self) -> str:
        return f"{self.minutes} {self.percent} {self.days}"


class AlertKind(models.TextChoices):
    """What an operator should look at."""

    DATA_CLEARED = "data_cleared", _("data di mesin dihapus")
    TIME_SET = "time_set", _("jam mesin diubah")
    RESET = "reset", _("mesin dikembalikan ke setelan pabrik")
    LOG_DELETED = "log_deleted", _("catatan kehadiran di mesin dihapus")
    ADMIN_CLEARED = "admin_cleared", _("hak admin mesin dihapus")
    SERVER_CHANGED = "server_changed", _("alamat server di mesin diubah")
    ADDRESS_CHANGED = "address_changed", _("alamat jaringan mesin berubah")
    KEY_CHANGED = "key_changed", _("kunci komunikasi mesin berubah")
    SECRET_MISSING = "secret_missing", _("ada kiriman atas nama mesin tanpa alamat rahasianya")
    STORAGE = "storage", _("penyimpanan mesin hampir penuh")
    COUNT_DIFFERS = "count_differs", _("jumlah catatan di mesin dan di server berbeda")


class Alert(models.Model):
    """Something an operator should look at, once per device, kind and occasion."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=20, choices=AlertKind)
    occasion = models.CharField(max_length=120, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("peringatan mesin")
        ordering: ClassVar = ["-at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "kind", "occasion"], name="alert_once"),
            models.CheckConstraint(condition=models.Q(kind__in=AlertKind.values), name="alert_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occasion}"
