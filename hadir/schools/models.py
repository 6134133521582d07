"""Where people work: the region (dinas), its sub-districts (kecamatan), islands and schools."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from hadir.core.ids import new_id

NPSN_PATTERN = r"^[0-9]{8}$"


class Region(models.Model):
    """An education office and all its schools. A demo region may be fed with sample pictures; a real one never."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120, unique=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("wilayah")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class District(models.Model):
    """A kecamatan."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="districts")
    name = models.CharField(max_length=120)
    is_island = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("kecamatan")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region", "name"], name="district_once_per_region"),
        ]

    def __str__(self) -> str:
        return self.name


class Island(models.Model):
    """An inhabited island; a school on the main island has none."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120, unique=True)

    class Meta:
        verbose_name = _("pulau")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Level(models.TextChoices):
    """Kind of school under a regency's education office."""

    TK = "TK", "TK"
    SD = "SD", "SD"
    SMP = "SMP", "SMP"


class TimeZone(models.TextChoices):
    """The three time zones of Indonesia (Keppres 41/1987)."""

    WIB = "Asia/Jakarta", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"


class School(models.Model):
    """A school, known by its NPSN: eight digits, kept as text because zeros lead."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    npsn = models.CharField(
        "NPSN",
        max_length=8,
        unique=True,
        validators=[RegexValidator(NPSN_PATTERN, _("NPSN terdiri atas 8 angka."))],
    )
    name = models.CharField(_("nama sekolah"), max_length=160)
    level = models.CharField(_("jenjang"), max_length=3, choices=Level)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="schools")
    island = models.ForeignKey(Island, on_delete=models.PROTECT, null=True, blank=True, related_name="schools")
    time_zone = models.CharField(_("zona waktu"), max_length=40, choices=TimeZone, default=TimeZone.WIB)
    address = models.CharField(_("alamat"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("sekolah")
        ordering: ClassVar = ["name", "npsn"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(npsn__regex=NPSN_PATTERN), name="school_npsn_8_digits"),
            models.CheckConstraint(condition=models.Q(level__in=Level.values), name="school_level_known"),
            models.CheckConstraint(condition=models.Q(time_zone__in=TimeZone.values), name="school_time_zone_known"),
        ]

    def __str__(self) -> str:
        return self.name
