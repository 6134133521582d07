"""Incidents: what kept a school's devices from recording people who were there, and whom it touched."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hadir.accounts.models import User
from hadir.core.ids import new_id
from hadir.people.models import Person
from hadir.schools.models import School


class IncidentKind(models.TextChoices):
    """What failed."""

    NETWORK = "network", _("Jaringan")
    POWER = "power", _("Listrik")
    DEVICE = "device", _("Perangkat")
    WEATHER = "weather", _("Cuaca atau kapal")
    SERVER = "server", _("Server")


class IncidentState(models.TextChoices):
    """Where an incident stands. Only a confirmed one means anything for days."""

    REPORTED = "reported", _("Menunggu")
    CONFIRMED = "confirmed", _("Dikukuhkan")
    DISMISSED = "dismissed", _("Ditolak")
    CANCELLED = "cancelled", _("Dibatalkan")


class Incident(models.Model):
    """Something that happened at one school from `first` to `last` (both included).

    `start` and `end`: local times at which it began on the first and ended on the last date, for the reader; a
    technical reason always holds for whole days. `words`: what happened. `evidence`: where the proof is (a letter, a
    photo, a message of PLN). The names are kept as they were that day, for commands have no login.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="incidents")
    kind = models.CharField(_("jenis"), max_length=10, choices=IncidentKind)
    first = models.DateField(_("mulai"))
    last = models.DateField(_("sampai"))
    start = models.TimeField(_("pukul"), null=True, blank=True)
    end = models.TimeField(_("sampai pukul"), null=True, blank=True)
    words = models.CharField(_("yang terjadi"), max_length=500)
    evidence = models.CharField(_("bukti"), max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=IncidentState, default=IncidentState.REPORTED)
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reported_name = models.CharField(max_length=160)
    reported_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_name = models.CharField(max_length=160, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(_("alasan"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("kejadian")
        ordering: ClassVar = ["-first", "-id"]
        indexes: ClassVar = [models.Index(fields=["school", "state", "first"], name="incident_by_school")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="incident_dates_in_order"),
            models.CheckConstraint(condition=~Q(words="") & ~Q(reported_name=""), name="incident_has_words_and_name"),
            models.CheckConstraint(condition=Q(kind__in=IncidentKind.values), name="incident_kind_known"),
            models.CheckConstraint(
                condition=Q(state=IncidentState.REPORTED, decided_at__isnull=True, decided_name="", decision="")
                | (
                    Q(state__in=[one for one in IncidentState.values if one != IncidentState.REPORTED])
                    & Q(decided_at__isnull=False)
                    & ~Q(decided_name="")
                    & ~Q(decision="")
                ),
                name="incident_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.first}"


class AffectedPerson(models.Model):
    """Somebody assigned to the school from `first` to `last` of an incident: its dates, cut to her assignment.

    `included`: whether the technical reason is asked for her. `confirmed_at`: when somebody who may confirmed her part;
    the head's own part waits for the pengawas or the dinas while those of the others hold already.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="affected")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="incidents")
    included = models.BooleanField(default=True)
    first = models.DateField()
    last = models.DateField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_name = models.CharField(max_length=160, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("orang yang terkena")
        ordering: ClassVar = ["first", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "person", "first"], name="affected_once_per_start"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="affected_dates_in_order"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_name="")
                | (Q(confirmed_at__isnull=False, included=True) & ~Q(confirmed_name="")),
                name="affected_confirmed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} - {self.last}"
