"""`hadir accounts`: logins and roles, for the start and for emergencies; offices use the pages."""

from argparse import ArgumentParser
from typing import Any

from django.db import transaction

from hadir.accounts.models import RoleKind, User, plain_username
from hadir.accounts.services import grant_role, make_login, set_password
from hadir.cli.base import HadirCommand, add_json, find_person, find_school
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.schools.models import District, Region


class Command(HadirCommand):
    """Add logins, grant roles, renew passwords."""

    help = "Tambah pengguna, beri peran, atau ganti kata sandi. Kata sandi dibuat acak dan ditampilkan sekali."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the four actions."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="add|grant|password|list")
        add = actions.add_parser("add", help="tambah pengguna dengan satu peran")
        add.add_argument("username", metavar="PENGGUNA", help="NIP, NUPTK, surel, atau nama pendek")
        add.add_argument("name", nargs="+", metavar="NAMA", help="nama yang ditampilkan")
        add.add_argument("--person", metavar="ORANG", help="nomor, NIP, NUPTK, atau nama persis orangnya")
        _add_role(add)
        add_json(add)
        grant = actions.add_parser("grant", help="beri peran kepada pengguna yang sudah ada")
        grant.add_argument("username", metavar="PENGGUNA")
        _add_role(grant)
        password = actions.add_parser("password", help="ganti kata sandi")
        password.add_argument("username", metavar="PENGGUNA")
        add_json(password)
        shown = actions.add_parser("list", help="tampilkan pengguna dan perannya")
        add_json(shown)

    def run(self, options: dict[str, Any]) -> int:
        """Do one of the actions."""
        actions = {"add": self._add, "grant": self._grant, "password": self._password, "list": self._list}
        return actions[options["action"]](options)

    def _add(self, options: dict[str, Any]) -> int:
        now = clock.now()
        person = find_person(options["person"]) if options["person"] else None
        with transaction.atomic():
            user, password = make_login(
                username=options["username"], display_name=" ".join(options["name"]), person=person, now=now
            )
            grant_role(user=user, kind=RoleKind(options["role"]), now=now, **_place(options))
        return self._show_password(user, password, options)

    def _grant(self, options: dict[str, Any]) -> int:
        user = _find_user(options["username"])
        role = grant_role(user=user, kind=RoleKind(options["role"]), now=clock.now(), **_place(options))
        self.say(f"{user.username}: {role.get_kind_display()}")
        return 0

    def _password(self, options: dict[str, Any]) -> int:
        user = _find_user(options["username"])
        return self._show_password(user, set_password(user=user, now=clock.now()), options)

    def _list(self, options: dict[str, Any]) -> int:
        users = User.objects.prefetch_related("roles__school", "roles__district", "roles__region")
        for user in users:
            roles = [{"kind": role.kind, "place": _place_name(role)} for role in user.roles.all()]
            if options["json"]:
                self.fact(
                    {"username": user.username, "name": user.display_name, "active": user.is_active, "roles": roles}
                )
            else:
                self.say(f"{user.username}  {user.display_name}")
                for role in roles:
                    self.say(f"    {RoleKind(role['kind']).label}: {role['place']}")
        return 0

    def _show_password(self, user: User, password: str, options: dict[str, Any]) -> int:
        if options["json"]:
            self.fact({"id": str(user.pk), "username": user.username, "password": password})
        else:
            self.say(
                f"Nama pengguna: {user.username}\nKata sandi:    {password}\nKata sandi ini tidak ditampilkan lagi."
            )
        return 0


def _add_role(parser: ArgumentParser) -> None:
    parser.add_argument("--role", required=True, choices=RoleKind.values, help="peran")
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--school", metavar="NPSN")
    place.add_argument("--district", metavar="KECAMATAN")
    place.add_argument("--region", metavar="WILAYAH")


def _place(options: dict[str, Any]) -> dict[str, Any]:
    """Return the one place named, as `grant_role` wants it."""
    if options["school"]:
        return {"school": find_school(options["school"])}
    if options["district"]:
        district = District.objects.filter(name__iexact=options["district"]).order_by("region__is_demo").first()
        if district is None:
            raise HadirError("district_unknown", name=options["district"])
        return {"district": district}
    region = Region.objects.filter(name__iexact=options["region"]).first()
    if region is None:
        raise HadirError("region_unknown", name=options["region"])
    return {"region": region}


def _place_name(role: Any) -> str:
    place = role.school or role.district or role.region
    return str(place)


def _find_user(username: str) -> User:
    user = User.objects.filter(username=plain_username(username)).first()
    if user is None:
        raise HadirError("user_unknown", username=username)
    return user
