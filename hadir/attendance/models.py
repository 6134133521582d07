"""Person-days: derived from facts, disposable; and the facts of this room: a day that a person declared complete, and
what a person decided about a scan whose clock is doubted."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hadir.accounts.models import User
from hadir.core.ids import new_id
from hadir.ledger.models import Scan
from hadir.people.models import Person
from hadir.schools.models import School


class PersonDay(models.Model):
    """What one date means for one person at one school; made by `services.compute_days` only.

    `reasons`: list of [key, parameters] of `rules.words`; `evidence`: list of objects with `at` (ISO, local), `source`,
    `role`, `reference` (scan id). `digest`: SHA-256 of everything that was judged; `rules`: the pack with its version.
    `waits_until`: the end of the scan window while the day waits for it or for the school's devices.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="days")
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="person_days")
    day = models.DateField(_("tanggal"))
    status = models.CharField(max_length=8)
    codes = models.JSONField(default=list)
    late = models.PositiveSmallIntegerField(_("menit terlambat"))
    early = models.PositiveSmallIntegerField(_("menit pulang awal"))
    final = models.BooleanField()
    flags = models.JSONField(default=list)
    cause = models.CharField(max_length=30, blank=True)
    reasons = models.JSONField(default=list)
    evidence = models.JSONField(default=list)
    rules = models.CharField(_("paket aturan"), max_length=60)
    digest = models.CharField(max_length=64)
    waits_until = models.DateTimeField(null=True, blank=True)
    computed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("hari orang")
        ordering: ClassVar = ["day", "person"]
        indexes: ClassVar = [
            models.Index(fields=["school", "day"], name="person_day_by_school"),
            models.Index(
                fields=["waits_until"], condition=models.Q(waits_until__isnull=False), name="person_day_waiting"
            ),
            # Few days are open; a region asks for those of a month without reading the others.
            models.Index(fields=["day", "school"], condition=models.Q(final=False), name="person_day_open"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "day", "school"], name="person_day_once"),
            models.CheckConstraint(condition=~models.Q(status="A") | models.Q(final=True), name="absent_is_final"),
            models.CheckConstraint(
                condition=models.Q(final=True, cause="") | (models.Q(final=False) & ~models.Q(cause="")),
                name="person_day_waits_for_a_cause",
            ),
            models.CheckConstraint(condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="person_day_digest"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.status}"


class CompletenessDeclaration(models.Model):
    """A named person answers for it that nothing more will come of one day of a school, with a reason."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(_("tanggal"))
    reason = models.CharField(_("alasan"), max_length=300)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    declared_name = models.CharField(max_length=160)
    declared_at = models.DateTimeField()

    class Meta:
        verbose_name = _("pernyataan lengkap")
        ordering: ClassVar = ["day", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school", "day"], name="declared_complete_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="declaration_has_reason"),
            models.CheckConstraint(condition=~models.Q(declared_name=""), name="declaration_has_name"),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class ScanReview(models.Model):
    """A named person accepts or rejects a scan whose clock is doubted, with a reason. The last decision counts; rows
    are never changed.

    `at`: the moment for which an accepted scan counts; None when it is rejected.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scan = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="reviews")
    at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("alasan"), max_length=300)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_name = models.CharField(max_length=160)
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("pemeriksaan catatan")
        ordering: ClassVar = ["decided_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="review_has_reason"),
            models.CheckConstraint(condition=~models.Q(decided_name=""), name="review_has_name"),
        ]

    def __str__(self) -> str:
        return f"{self.decided_at:%Y-%m-%d %H:%M}"


class WorkerLease(models.Model):
    """Who judges days at present: one worker at a time, however many servers run. A worker renews it while it lives."""

    name = models.CharField(max_length=20, primary_key=True)
    holder = models.UUIDField()
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("giliran pekerja")

    def __str__(self) -> str:
        return f"{self.name} {self.until:%Y-%m-%d %H:%M:%S}"
