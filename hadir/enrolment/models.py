"""Faces on file: the notice that comes first, one person's sealed templates, and faces that a person must look at."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from hadir.accounts.models import User
from hadir.core.ids import new_id
from hadir.people.models import Person


class LegalBasis(models.TextChoices):
    """Why a face may be processed: UU PDP 27/2022 art. 20 (2). Consent is weak where the employer is the State."""

    PUBLIC_TASK = "public_task", _("Tugas pelayanan publik (pasal 20 ayat 2 huruf e)")
    LEGAL_OBLIGATION = "legal_obligation", _("Kewajiban hukum (pasal 20 ayat 2 huruf c)")
    CONSENT = "consent", _("Persetujuan (pasal 20 ayat 2 huruf a)")


class Notice(models.Model):
    """What people are told before their face is enrolled: one version, in one language. Never edited once used."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField(_("versi"))
    language = models.CharField(max_length=2)
    title = models.CharField(max_length=160)
    text = models.TextField()
    basis = models.CharField(max_length=20, choices=LegalBasis, default=LegalBasis.PUBLIC_TASK)
    valid_from = models.DateTimeField()

    class Meta:
        verbose_name = _("pemberitahuan")
        ordering: ClassVar = ["version", "language"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "language"], name="notice_once_per_language"),
            models.CheckConstraint(condition=models.Q(basis__in=LegalBasis.values), name="notice_basis_known"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class NoticeRecord(models.Model):
    """This person was told this text, on this legal basis, by this login (None: by a command). It is never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notice_records")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="records")
    basis = models.CharField(max_length=20, choices=LegalBasis)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["recorded_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(basis__in=LegalBasis.values), name="notice_record_basis_known"),
        ]

    def __str__(self) -> str:
        return f"{self.recorded_at:%Y-%m-%d} {self.basis}"


class EnrolmentState(models.TextChoices):
    """Where an enrolment stands. Active ones are in the gallery; only draft, active and held ones have templates."""

    DRAFT = "draft", _("sedang diambil")
    ACTIVE = "active", _("aktif")
    HELD = "held", _("menunggu pemeriksaan")
    REPLACED = "replaced", _("diganti")
    REJECTED = "rejected", _("ditolak")
    DELETED = "deleted", _("dihapus")


class Enrolment(models.Model):
    """One set of templates of one person, made with one model pack.

    The row outlives its templates as proof of what was done: `ended_*` say who took it out of use, when and why.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments")
    state = models.CharField(max_length=10, choices=EnrolmentState, default=EnrolmentState.DRAFT)
    notice_record = models.ForeignKey(NoticeRecord, on_delete=models.PROTECT, related_name="enrolments")
    pack = models.CharField(max_length=80)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("pendaftaran wajah")
        ordering: ClassVar = ["started_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["pack", "state", "finished_at"], name="enrolment_by_pack"),
            models.Index(fields=["person", "state"], name="enrolment_by_person"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state__in=EnrolmentState.values), name="enrolment_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=EnrolmentState.ACTIVE) | models.Q(activated_at__isnull=False),
                name="enrolment_active_since",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["replaced", "rejected", "deleted"]) | models.Q(ended_at__isnull=False),
                name="enrolment_ended_at",
            ),
            *(
                models.UniqueConstraint(
                    fields=["person", "pack"], condition=models.Q(state=state), name=f"enrolment_one_{state}"
                )
                for state in ("draft", "active", "held")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d} {self.state}"


class Pose(models.TextChoices):
    """How the person looked. Left and right are the person's own."""

    FRONT = "front", _("lurus")
    LEFT = "left", _("menoleh ke kiri")
    RIGHT = "right", _("menoleh ke kanan")
    FRONT2 = "front2", _("lurus sekali lagi")
    UPLOAD = "upload", _("foto")


class TemplateSource(models.TextChoices):
    """Where the picture came from. The picture itself is never kept."""

    CAMERA = "camera", _("kamera")
    UPLOAD = "upload", _("unggahan")
    CLI = "cli", _("perintah")


class Template(models.Model):
    """One embedding, sealed.

    `sealed` holds `dimension` little-endian float32 of unit length under AES-GCM, bound to this row's id, person and
    pack; `key_id` names the key, which is not in the database.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="templates")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="templates")
    pack = models.CharField(max_length=80)
    pose = models.CharField(max_length=10, choices=Pose)
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=64)
    quality = models.JSONField(default=dict)
    source = models.CharField(max_length=10, choices=TemplateSource)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("templat")
        ordering: ClassVar = ["created_at", "id"]
        indexes: ClassVar = [models.Index(fields=["pack", "person"], name="template_by_pack")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(pose__in=Pose.values), name="template_pose_known"),
            models.CheckConstraint(condition=models.Q(source__in=TemplateSource.values), name="template_source_known"),
            models.UniqueConstraint(
                fields=["enrolment", "pose"], condition=~models.Q(pose=Pose.UPLOAD), name="template_once_per_pose"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pose} {self.pack}"


class ReviewKind(models.TextChoices):
    """Why a person must look."""

    DUPLICATE = "duplicate", _("wajah ini mirip wajah orang lain")
    CHANGED = "changed", _("wajah ini berbeda dari pendaftaran orang yang sama")


class ReviewState(models.TextChoices):
    """What was decided. `withdrawn`: the faces were deleted before anybody decided."""

    OPEN = "open", _("menunggu keputusan")
    SAME_PERSON = "same_person", _("orang yang sama")
    DIFFERENT_PERSON = "different_person", _("orang yang berbeda")
    WITHDRAWN = "withdrawn", _("tidak perlu lagi")


class DuplicateReview(models.Model):
    """A finished enrolment that waits for a person's eye.

    kind `duplicate`: the face is as near to `other_person` as one person's pictures are to each other.
    kind `changed`: the face is far from the one on file for the same person; `other_person` is that same person.
    `reused_image`: the very picture seems to be on file already, which no second photo of a face is.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="reviews")
    kind = models.CharField(max_length=10, choices=ReviewKind, default=ReviewKind.DUPLICATE)
    other_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    similarity = models.FloatField(_("kemiripan"))
    reused_image = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=ReviewState, default=ReviewState.OPEN)
    created_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(_("catatan"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("pemeriksaan wajah")
        ordering: ClassVar = ["-created_at", "-similarity"]
        indexes: ClassVar = [models.Index(fields=["state", "created_at"], name="review_by_state")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=ReviewKind.values), name="review_kind_known"),
            models.CheckConstraint(condition=models.Q(state__in=ReviewState.values), name="review_state_known"),
            models.UniqueConstraint(fields=["enrolment", "other_person"], name="review_once_per_pair"),
            models.CheckConstraint(
                condition=models.Q(state="open") | models.Q(decided_at__isnull=False), name="review_decided_at"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
