"""Requests for leave, duty and corrections, and what was decided on them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hadir.accounts.models import User
from hadir.core.ids import new_id
from hadir.people.models import Person
from hadir.schools.models import School


class RequestState(models.TextChoices):
    """Where a request stands. Only an approved one means anything for days."""

    WAITING_HEAD = "waiting_head", _("menunggu kepala sekolah")
    WAITING_OFFICE = "waiting_office", _("menunggu dinas")
    APPROVED = "approved", _("disetujui")
    REJECTED = "rejected", _("ditolak")
    WITHDRAWN = "withdrawn", _("ditarik")
    CANCELLED = "cancelled", _("dibatalkan")


WAITING = (RequestState.WAITING_HEAD, RequestState.WAITING_OFFICE)
STANDING = (*WAITING, RequestState.APPROVED)


class LeaveRequest(models.Model):
    """One person asks to be away, on duty, or to have a missing record corrected, from `first` to `last`.

    `kind`: a key of the leave rules (I, S, CT ..., DL), or K for a correction: then `first` = `last` and `start` is the
    time. `start` and `end`: local times for part of a day. `school`: only there; None at all schools of the person.
    `days`: what it counted by the rule of its kind when it was filed, by which it is known who decides; what it counts
    now says `working.counts_of`. `letter`, `place`: of a surat tugas.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leave_requests")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(_("jenis"), max_length=8)
    first = models.DateField(_("mulai"))
    last = models.DateField(_("sampai"))
    start = models.TimeField(_("pukul"), null=True, blank=True)
    end = models.TimeField(_("sampai pukul"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("hari"))
    reason = models.CharField(_("alasan"), max_length=500)
    letter = models.CharField(_("nomor surat"), max_length=120, blank=True)
    place = models.CharField(_("tempat"), max_length=160, blank=True)
    state = models.CharField(max_length=16, choices=RequestState)
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    filed_name = models.CharField(max_length=160)
    filed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("permohonan")
        ordering: ClassVar = ["-first", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["person", "first"], name="leave_by_person"),
            models.Index(fields=["state", "filed_at"], name="leave_by_state"),
            models.Index(fields=["-first", "-filed_at"], name="leave_latest"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="leave_in_order"),
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="leave_state_known"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(filed_name=""), name="leave_has_reason_and_name"),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True)
                | Q(start__isnull=False, last=F("first"), end__isnull=True, kind="K")
                | Q(start__isnull=False, last=F("first"), end__gt=F("start")),
                name="leave_times_of_one_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first}"


class Verdict(models.TextChoices):
    """What somebody did with a request."""

    APPROVE = "approve", _("disetujui")
    FORWARD = "forward", _("diteruskan ke dinas")
    REJECT = "reject", _("ditolak")
    WITHDRAW = "withdraw", _("ditarik")
    CANCEL = "cancel", _("dibatalkan")


class Decision(models.Model):
    """One act on a request, by whom and why. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    request = models.ForeignKey(LeaveRequest, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(max_length=10, choices=Verdict)
    reason = models.CharField(_("alasan"), max_length=300, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_name = models.CharField(max_length=160)
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("keputusan")
        ordering: ClassVar = ["decided_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="leave_verdict_known"),
            models.CheckConstraint(
                condition=Q(verdict__in=["approve", "forward", "withdraw"]) | ~Q(reason=""), name="leave_no_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict}"


class CarriedDays(models.Model):
    """Days of a kind that an office brings into a year from before Hadir, instead of what Hadir itself has seen."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    source = models.CharField(_("dasar"), max_length=200)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("sisa cuti dari tahun lalu")
        ordering: ClassVar = ["year", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "kind", "year"], name="carried_once"),
            models.CheckConstraint(condition=~Q(source=""), name="carried_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}"
