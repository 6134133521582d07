"""When people work: dated hours, the calendar, Ramadan, timetables, trial periods, the rule pack of a region.

Every row holds from one date to another, both included, and says where it comes from.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hadir.accounts.models import User
from hadir.core.ids import new_id
from hadir.people.models import Person, StaffKind
from hadir.schools.models import Region, School

IN_ORDER = models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from"))
REGION_OR_SCHOOL = models.Q(region__isnull=True, school__isnull=False) | models.Q(
    region__isnull=False, school__isnull=True
)


class Dated(models.Model):
    """What all rows share: validity, source, and who put it in (None: a command)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    valid_from = models.DateField(_("mulai"))
    valid_to = models.DateField(_("sampai"), null=True, blank=True)
    source = models.CharField(_("sumber"), max_length=200, blank=True)
    note = models.CharField(_("catatan"), max_length=300, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        abstract = True


class WorkingHours(Dated):
    """The pattern of a region, a school, or a person; with `staff_kind`, of that group of a region or school only.

    `pattern` is a key of the rule pack in force on the date; empty: these people have no hours here.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    staff_kind = models.CharField(max_length=8, choices=StaffKind, blank=True)
    pattern = models.CharField(_("pola"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("jam kerja")
        ordering: ClassVar = ["valid_from", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(region__isnull=False, school__isnull=True, person__isnull=True)
                | models.Q(region__isnull=True, school__isnull=False, person__isnull=True)
                | models.Q(region__isnull=True, school__isnull=True, person__isnull=False, staff_kind=""),
                name="hours_one_scope",
            ),
            models.CheckConstraint(condition=IN_ORDER, name="hours_in_order"),
            models.CheckConstraint(
                condition=models.Q(staff_kind__in=["", *StaffKind.values]), name="hours_staff_kind_known"
            ),
            *(
                models.UniqueConstraint(
                    fields=[scope, "staff_kind", "valid_from"],
                    condition=models.Q(**{f"{scope}__isnull": False}),
                    name=f"hours_once_per_{scope}",
                )
                for scope in ("region", "school", "person")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pattern} {self.valid_from}"


class PatternOverride(Dated):
    """From one date to another a pattern is replaced by another one: Ramadan."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pattern = models.CharField(_("pola"), max_length=40)
    instead = models.CharField(_("pola pengganti"), max_length=40)
    name = models.CharField(_("nama"), max_length=120)

    class Meta:
        verbose_name = _("pola pengganti")
        ordering: ClassVar = ["valid_from", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=REGION_OR_SCHOOL, name="override_one_scope"),
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from"), valid_to__isnull=False),
                name="override_in_order",
            ),
            models.CheckConstraint(condition=~models.Q(pattern=models.F("instead")), name="override_changes"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from}"


class DayKind(models.TextChoices):
    """What the calendar says of a date. `working_day` takes a holiday back for a region or a school."""

    HOLIDAY = "libur", _("libur")
    JOINT_LEAVE = "cuti_bersama", _("cuti bersama")
    PUPILS_OFF = "libur_siswa", _("libur siswa")
    WORKING_DAY = "hari_kerja", _("hari kerja")


class CalendarEntry(Dated):
    """Days of one kind in the calendar of a region or a school; `valid_to` is the last day."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=12, choices=DayKind)
    name = models.CharField(_("nama"), max_length=160)

    class Meta:
        verbose_name = _("hari kalender")
        ordering: ClassVar = ["valid_from", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=REGION_OR_SCHOOL, name="calendar_one_scope"),
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from"), valid_to__isnull=False),
                name="calendar_in_order",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=DayKind.values), name="calendar_kind_known"),
            *(
                models.UniqueConstraint(
                    fields=[scope, "kind", "valid_from", "name"],
                    condition=models.Q(**{f"{scope}__isnull": False}),
                    name=f"calendar_once_per_{scope}",
                )
                for scope in ("region", "school")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from}"


class Timetable(Dated):
    """The weekdays on which a person works at a school (a subject teacher at two schools).

    `weekdays`: digits 0 (Monday) to 6, ascending, at least one.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    weekdays = models.CharField(_("hari"), max_length=7)

    class Meta:
        verbose_name = _("hari mengajar")
        ordering: ClassVar = ["valid_from", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=IN_ORDER, name="timetable_in_order"),
            models.CheckConstraint(
                condition=models.Q(weekdays__regex=r"^0?1?2?3?4?5?6?$") & ~models.Q(weekdays=""),
                name="timetable_weekdays",
            ),
            models.UniqueConstraint(fields=["person", "school", "valid_from"], name="timetable_once_per_start"),
        ]

    def __str__(self) -> str:
        return f"{self.weekdays} {self.valid_from}"


class TrialPeriod(Dated):
    """A school in *uji coba*: its days count for nothing."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("uji coba")
        ordering: ClassVar = ["valid_from", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=IN_ORDER, name="trial_in_order"),
            models.UniqueConstraint(fields=["school", "valid_from"], name="trial_once_per_start"),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}"


class RulePackChoice(Dated):
    """The rule pack by which a region judges from a date on, with the reason in `note`."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    pack = models.CharField(_("paket aturan"), max_length=40)

    class Meta:
        verbose_name = _("pilihan paket aturan")
        ordering: ClassVar = ["valid_from", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(valid_to__isnull=True), name="pack_choice_is_open"),
            models.CheckConstraint(condition=~models.Q(note=""), name="pack_choice_has_reason"),
            models.UniqueConstraint(fields=["region", "valid_from"], name="pack_choice_once_per_start"),
        ]

    def __str__(self) -> str:
        return f"{self.pack} {self.valid_from}"


class PackVersion(models.Model):
    """One content that a rule pack of this office had, whole, so that every judged day can be explained later.

    `version` is what a person-day carries. `created_by` is None where the file was changed by hand, or by a command.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pack = models.CharField(_("paket aturan"), max_length=40)
    version = models.CharField(max_length=60)
    text = models.TextField()
    reason = models.CharField(_("alasan"), max_length=300)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("isi paket aturan")
        ordering: ClassVar = ["created_at", "id"]
        indexes: ClassVar = [models.Index(fields=["pack", "created_at"], name="pack_version_by_pack")]
        constraints: ClassVar = [models.CheckConstraint(condition=~models.Q(reason=""), name="pack_version_has_reason")]

    def __str__(self) -> str:
        return self.version
