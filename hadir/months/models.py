"""A month of a school: open, checked, closed. What was signed is a snapshot; what changes later an adjustment."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hadir.accounts.models import User
from hadir.core.ids import new_id
from hadir.people.models import Person
from hadir.schools.models import School


class MonthState(models.TextChoices):
    """How far a month is. A month without a row is open."""

    OPEN = "open", _("terbuka")
    CHECKED = "checked", _("diperiksa")
    CLOSED = "closed", _("ditutup")


class Month(models.Model):
    """The state of one month of a school.

    `version`: number of the last snapshot, 0 before the first. `compared_at`: up to when the days of a closed month
    were compared with what was signed; `known_days`: how many there were.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="months")
    first = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=8, choices=MonthState, default=MonthState.OPEN)
    version = models.PositiveSmallIntegerField(default=0)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    checked_name = models.CharField(max_length=160, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    compared_at = models.DateTimeField(null=True, blank=True)
    known_days = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("bulan")
        ordering: ClassVar = ["first", "school"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school", "first"], name="month_once"),
            models.CheckConstraint(condition=models.Q(state__in=MonthState.values), name="month_state_known"),
            models.CheckConstraint(
                condition=models.Q(first__day=1, last__gte=models.F("first")), name="month_is_whole"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="closed") | models.Q(version__gte=1, compared_at__isnull=False),
                name="month_closed_was_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first:%Y-%m} {self.state}"


class MonthSnapshot(models.Model):
    """What somebody signed: the whole sheet, its digest, who and when. A later version stands beside it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    month = models.ForeignKey(Month, on_delete=models.PROTECT, related_name="snapshots")
    version = models.PositiveSmallIntegerField()
    sheet = models.JSONField()
    digest = models.CharField(max_length=64)
    rules = models.JSONField(default=list)
    signer = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signer_name = models.CharField(max_length=160)
    signer_nip = models.CharField(max_length=40, blank=True)
    signer_duty = models.CharField(max_length=120, blank=True)
    signed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("lembar yang ditandatangani")
        ordering: ClassVar = ["month", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "version"], name="snapshot_once_per_version"),
            models.CheckConstraint(condition=models.Q(digest__regex=r"^[0-9a-f]{64}$"), name="snapshot_digest"),
            models.CheckConstraint(condition=~models.Q(signer_name=""), name="snapshot_has_signer"),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.digest[:12]}"


class Reopening(models.Model):
    """A closed month was opened again, by whom and why. The snapshot of `version` stays."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    month = models.ForeignKey(Month, on_delete=models.PROTECT, related_name="reopenings")
    version = models.PositiveSmallIntegerField()
    reason = models.CharField(_("alasan"), max_length=300)
    reopened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reopened_name = models.CharField(max_length=160)
    reopened_at = models.DateTimeField()

    class Meta:
        verbose_name = _("pembukaan kembali")
        ordering: ClassVar = ["reopened_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "version"], name="reopened_once_per_version"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="reopening_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.version}"


class Adjustment(models.Model):
    """A person-day of a closed month means something else than before: old, new, why, and on whose sheet it is carried.

    `old`, `new`: objects with `status`, `codes`, `late`, `early`, `final`; null where there is no such day. `old` is
    what was known last: signed, or after the adjustment before. `late`, `early`: minutes added (negative: taken away);
    `absent`: unexcused days added. `cause`: a key of `causes.SENTENCES`, with its `params`. `carry_first`: first day of
    the month on whose sheet it stands.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    month = models.ForeignKey(Month, on_delete=models.PROTECT, related_name="adjustments")
    version = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    cause = models.CharField(max_length=30)
    params = models.JSONField(default=dict)
    late = models.SmallIntegerField()
    early = models.SmallIntegerField()
    absent = models.SmallIntegerField()
    found_at = models.DateTimeField()
    carry_first = models.DateField()

    class Meta:
        verbose_name = _("penyesuaian")
        ordering: ClassVar = ["found_at", "day", "id"]
        indexes: ClassVar = [models.Index(fields=["carry_first", "month"], name="adjustment_by_carry")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(old=models.F("new")), name="adjustment_changes"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.cause}"
