"""Logins and the roles that say what a login may do, and where."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from hadir.core.ids import new_id
from hadir.people.models import Person
from hadir.schools.models import District, Region, School


class Language(models.TextChoices):
    """Languages of the screens."""

    INDONESIAN = "id", "Indonesia"
    ENGLISH = "en", "English"


def plain_username(text: str) -> str:
    """Return a username as it is stored: without spaces, lower case. NIPs are printed in groups and typed so."""
    return "".join(text.split()).lower()


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=plain_username(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A login. The username is a NIP, a NUPTK or an e-mail address, stored without spaces and in lower case."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(_("nama pengguna"), max_length=150, unique=True)
    display_name = models.CharField(_("nama"), max_length=160)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="user")
    language = models.CharField(_("bahasa"), max_length=2, choices=Language, default=Language.INDONESIAN)
    is_active = models.BooleanField(default=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        verbose_name = _("pengguna")
        ordering: ClassVar = ["username"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(username__contains=" "), name="user_username_without_spaces"),
        ]

    def __str__(self) -> str:
        return self.display_name


class RoleKind(models.TextChoices):
    """What a login may do; `access.py` has the table."""

    OPERATOR = "operator", _("Operator sekolah")
    HEAD = "head", _("Kepala sekolah")
    TEACHER = "teacher", _("Guru/tendik")
    SUPERVISOR = "supervisor", _("Pengawas/korwil")
    DINAS = "dinas", _("Dinas")
    INSPECTOR = "inspector", _("Inspektorat")
    IT = "it", _("Petugas TI")


SCHOOL_KINDS = (RoleKind.OPERATOR, RoleKind.HEAD, RoleKind.TEACHER)
REGION_KINDS = (RoleKind.DINAS, RoleKind.INSPECTOR, RoleKind.IT)


class Role(models.Model):
    """One kind of work at one place: a school, a kecamatan (korwil) or the region. Exactly one place is set."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(_("peran"), max_length=10, choices=RoleKind)
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="roles")
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, blank=True, related_name="roles")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="roles")

    class Meta:
        verbose_name = _("peran")
        ordering: ClassVar = ["kind", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(
                    models.Q(kind__in=SCHOOL_KINDS, school__isnull=False, district__isnull=True, region__isnull=True)
                    | models.Q(kind__in=REGION_KINDS, school__isnull=True, district__isnull=True, region__isnull=False)
                    | models.Q(
                        kind=RoleKind.SUPERVISOR, school__isnull=False, district__isnull=True, region__isnull=True
                    )
                    | models.Q(
                        kind=RoleKind.SUPERVISOR, school__isnull=True, district__isnull=False, region__isnull=True
                    )
                ),
                name="role_place_fits_kind",
            ),
            *(
                models.UniqueConstraint(
                    fields=["user", "kind", place],
                    condition=models.Q(**{f"{place}__isnull": False}),
                    name=f"role_once_per_{place}",
                )
                for place in ("school", "district", "region")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"
