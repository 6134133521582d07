"""The ledger: scans and held records. Both tables only grow; triggers in the database refuse UPDATE and DELETE."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hadir.core.ids import new_id
from hadir.devices.models import Device
from hadir.ledger.models_terminal import ConfirmedTime, TerminalScan
from hadir.people.models import Person
from hadir.schools.models import School

__all__ = [
    "ClockDoubt",
    "ConfirmedTime",
    "HeldReason",
    "HeldRecord",
    "Scan",
    "Source",
    "TerminalScan",
    "Verdict",
]


class Verdict(models.TextChoices):
    """What the kiosk said of the face."""

    RECOGNISED = "recognised", _("dikenali")
    UNKNOWN = "unknown", _("belum dikenali")


class Source(models.TextChoices):
    """Where the frames came from. `sample` (a picture in place of a camera) counts in a demo region only."""

    CAMERA = "camera", _("kamera")
    SAMPLE = "sample", _("contoh")


class Scan(models.Model):
    """One fact: this device saw this person, or somebody unknown, at this time.

    `record` holds the exact bytes that the kiosk wrote, `digest` their SHA-256; every other column is read from them
    or added by the server (`school`, `received_at`, `flags`). `person` is null for an unknown face and for a person id
    that this database does not know (flag `unknown_person`; the id stays in `record`).
    """

    id = models.UUIDField(primary_key=True, editable=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="scans")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="scans")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="scans")
    verdict = models.CharField(max_length=10, choices=Verdict)
    captured_at = models.DateTimeField(_("waktu catatan"))
    received_at = models.DateTimeField(_("waktu diterima"))
    time_zone = models.CharField(max_length=40)
    similarity = models.FloatField(null=True, blank=True)
    second = models.FloatField(null=True, blank=True)
    frames = models.PositiveIntegerField()
    pack = models.CharField(max_length=80)
    source = models.CharField(max_length=6, choices=Source)
    app = models.CharField(max_length=40)
    quality = models.JSONField(default=dict)
    flags = models.JSONField(default=list)
    record = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("catatan")
        ordering: ClassVar = ["captured_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["school", "captured_at"], name="scan_by_school"),
            models.Index(fields=["device", "captured_at"], name="scan_by_device"),
            models.Index(fields=["person", "captured_at"], name="scan_by_person"),
            models.Index(fields=["received_at"], name="scan_by_arrival"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(verdict__in=Verdict.values), name="scan_verdict_known"),
            models.CheckConstraint(condition=models.Q(source__in=Source.values), name="scan_source_known"),
            models.CheckConstraint(condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="scan_digest_sha256"),
        ]

    def __str__(self) -> str:
        return f"{self.captured_at:%Y-%m-%d %H:%M:%S} {self.verdict}"


class ClockDoubt(models.Model):
    """Beside a scan whose clock is doubted: between which moments it was really made. The scan has a flag of
    `clocks.DOUBTED_CLOCK`, or a later one of the same kiosk showed that its clock was wrong.

    `made_after`: the last moment before it came at which its kiosk said that nothing was unsent. Kept at receipt,
    because the kiosk speaks again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scan = models.OneToOneField(Scan, on_delete=models.PROTECT, related_name="clock_doubt")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_after = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("keraguan jam")
        ordering: ClassVar = ["received_at", "id"]
        indexes: ClassVar = [models.Index(fields=["person", "received_at"], name="clock_doubt_by_person")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(received_at__gte=models.F("made_after")), name="clock_doubt_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_after} - {self.received_at}"


class HeldReason(models.TextChoices):
    """Why bytes did not become a scan; the same words are the receipt's code."""

    CONFLICT = "conflict", _("nomor sama, isi berbeda")
    MALFORMED = "malformed", _("isi tidak terbaca")
    TOO_LARGE = "too_large", _("terlalu besar")
    ID_MISMATCH = "id_mismatch", _("nomor di luar dan di dalam berbeda")
    VERSION_UNKNOWN = "version_unknown", _("versi catatan belum dikenal")
    NO_SCHOOL = "no_school", _("perangkat tidak punya sekolah")
    UNSTORABLE = "unstorable", _("tidak dapat disimpan sebagai catatan")


class HeldRecord(models.Model):
    """Bytes that could not become a scan, kept whole for a person to look at, once per device and content.

    `claimed_id` is the id beside the record, escaped and cut to what a text column takes; it is a hint, not a key.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="held_records")
    claimed_id = models.CharField(max_length=100, blank=True)
    record = models.BinaryField()
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=20, choices=HeldReason)
    detail = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("catatan ditahan")
        ordering: ClassVar = ["received_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "digest"], name="held_once_per_content"),
            models.CheckConstraint(condition=models.Q(reason__in=HeldReason.values), name="held_reason_known"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.digest[:12]}"
