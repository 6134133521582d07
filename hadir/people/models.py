"""People whose presence is recorded, and the dated assignments that say where each of them belongs."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hadir.core.ids import new_id
from hadir.schools.models import School


class Salutation(models.TextChoices):
    """How the kiosk greets; empty where the staff list does not say."""

    NONE = "", _("tanpa sapaan")
    IBU = "Ibu", "Ibu"
    BAPAK = "Bapak", "Bapak"


class StaffKind(models.TextChoices):
    """Employment status (status kepegawaian)."""

    PNS = "PNS", "PNS"
    CPNS = "CPNS", "CPNS"
    PPPK = "PPPK", "PPPK"
    PPPK_PW = "PPPK_PW", _("PPPK paruh waktu")
    HONORER = "HONORER", _("Honorer")
    GTY = "GTY", "GTY"


class Person(models.Model):
    """A teacher, head or staff member. NIP and NUPTK are text and may be empty: an honorer often has neither."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("nama"), max_length=160)
    title_front = models.CharField(_("gelar depan"), max_length=40, blank=True)
    title_back = models.CharField(_("gelar belakang"), max_length=60, blank=True)
    salutation = models.CharField(_("sapaan"), max_length=5, choices=Salutation, blank=True, default=Salutation.NONE)
    nip = models.CharField("NIP", max_length=18, blank=True)
    nuptk = models.CharField("NUPTK", max_length=16, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("orang")
        ordering: ClassVar = ["name", "id"]
        indexes: ClassVar = [models.Index(fields=["name"], name="person_by_name")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="person_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(salutation__in=Salutation.values), name="person_salutation_known"
            ),
            models.CheckConstraint(condition=models.Q(nip__regex=r"^([0-9]{18})?$"), name="person_nip_18_digits"),
            models.CheckConstraint(condition=models.Q(nuptk__regex=r"^([0-9]{16})?$"), name="person_nuptk_16_digits"),
            models.UniqueConstraint(fields=["nip"], condition=~models.Q(nip=""), name="person_nip_once"),
            models.UniqueConstraint(fields=["nuptk"], condition=~models.Q(nuptk=""), name="person_nuptk_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """The name with its titles, as printed: "Dra. Siti Aminah, M.Pd."."""
        front = f"{self.title_front} {self.name}".strip()
        return f"{front}, {self.title_back}" if self.title_back else front


class Assignment(models.Model):
    """This person belongs to this school from one date to another (both included; no end = still)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assignments")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="assignments")
    duty = models.CharField(_("tugas"), max_length=80)
    staff_kind = models.CharField(_("status kepegawaian"), max_length=8, choices=StaffKind)
    is_home = models.BooleanField(_("sekolah induk"), default=True)
    valid_from = models.DateField(_("mulai"))
    valid_to = models.DateField(_("sampai"), null=True, blank=True)

    class Meta:
        verbose_name = _("penugasan")
        ordering: ClassVar = ["valid_from", "id"]
        indexes: ClassVar = [
            models.Index(fields=["school", "valid_from", "valid_to"], name="assignment_by_school"),
            models.Index(fields=["person", "valid_from"], name="assignment_by_person"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="assignment_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(staff_kind__in=StaffKind.values), name="assignment_staff_kind_known"
            ),
            models.UniqueConstraint(
                fields=["person", "school", "duty", "valid_from"], name="assignment_once_per_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty}, {self.valid_from}"


class DayMark(models.Model):
    """Days of one person, or of everybody at one school, that must be judged anew because a fact about them came.

    Rows are only added, in the transaction of the fact, and removed by whoever has judged the days: two facts about
    one day are two marks, so a fact that comes while the day is being judged is never overlooked.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    first = models.DateField()
    last = models.DateField()
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="day_mark_in_order"),
            models.CheckConstraint(
                condition=models.Q(person__isnull=True, school__isnull=False)
                | models.Q(person__isnull=False, school__isnull=True),
                name="day_mark_person_or_school",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} - {self.last}"
