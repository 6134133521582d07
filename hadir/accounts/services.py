"""Making logins and roles, and letting people in."""

import re
import secrets
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from hadir.accounts.models import REGION_KINDS, SCHOOL_KINDS, Language, Role, RoleKind, User, plain_username
from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.core.texts import clean_text
from hadir.people.models import Person
from hadir.schools.models import District, Region, School

USERNAME = re.compile(r"[0-9]{18}|[0-9]{16}|[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,80}|[a-z][a-z0-9._-]{2,40}")
"""A NIP, a NUPTK, an e-mail address, or a short name for offices ("dinas", "operator.kota")."""

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without letters that are taken for digits on paper."""


def make_password() -> str:
    """Return a new password that can be read out and typed: three groups of four, 59 random bits."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(4)) for _ in range(3))


@transaction.atomic
def make_login(
    *,
    username: str,
    display_name: str,
    now: datetime,
    password: str | None = None,
    person: Person | None = None,
    language: str = Language.INDONESIAN,
    by: AbstractBaseUser | None = None,
) -> tuple[User, str]:
    """Make a login and return it with its password, which is shown once and kept only as a hash.

    Raises HadirError `username_invalid`, `username_taken`, `name_missing`.
    """
    name = plain_username(username)
    if not USERNAME.fullmatch(name):
        raise HadirError("username_invalid")
    if User.objects.filter(username=name).exists():
        raise HadirError("username_taken")
    shown = clean_text(display_name, field="nama", limit=160)
    if not shown:
        raise HadirError("name_missing")
    user = User(username=name, display_name=shown, person=person, language=language)
    secret = password or make_password()
    user.set_password(secret)
    user.save(force_insert=True)
    record_audit(actor=by, action="make_login", object_kind="user", object_id=user.pk, now=now)
    return user, secret


@transaction.atomic
def grant_role(
    *,
    user: User,
    kind: RoleKind,
    now: datetime,
    school: School | None = None,
    district: District | None = None,
    region: Region | None = None,
    by: AbstractBaseUser | None = None,
) -> Role:
    """Give a login a kind of work at one place; granting it again changes nothing.

    Raises HadirError `role_place` when the place does not fit the kind.
    """
    places = [place for place in (school, district, region) if place is not None]
    fits = {
        **dict.fromkeys(SCHOOL_KINDS, school is not None),
        **dict.fromkeys(REGION_KINDS, region is not None),
        RoleKind.SUPERVISOR: school is not None or district is not None,
    }
    if len(places) != 1 or not fits[kind]:
        raise HadirError("role_place")
    role, made = Role.objects.get_or_create(user=user, kind=kind, school=school, district=district, region=region)
    if made:
        record_audit(
            actor=by,
            action="grant_role",
            object_kind="user",
            object_id=user.pk,
            now=now,
            detail={"kind": str(kind), "place": str(places[0].pk)},
        )
    return role


@transaction.atomic
def set_password(*, user: User, now: datetime, password: str | None = None, by: AbstractBaseUser | None = None) -> str:
    """Set a new password (made where none is given) and return it; ends the login's other sessions."""
    secret = password or make_password()
    user.set_password(secret)
    user.save(update_fields=["password"])
    record_audit(actor=by, action="set_password", object_kind="user", object_id=user.pk, now=now)
    return secret


@transaction.atomic
def choose_language(*, user: User, language: str) -> None:
    """Remember the language that a login reads; an unknown one changes nothing."""
    if language in Language.values:
        user.language = language
        user.save(update_fields=["language"])
