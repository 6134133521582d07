"""One's own account over HTTP: roles, language, a new password."""

from django.test import Client

from hadir.accounts.models import RoleKind, User
from hadir.accounts.services import set_password
from hadir.conftest import NOW, World

OLD, NEW = "laut-tenang-12", "perahu-layar-biru"


def account_of(world: World) -> tuple[User, Client]:
    user = world.login(RoleKind.TEACHER, world.kota, name="guru.uji")
    set_password(user=user, now=NOW, password=OLD)
    return user, world.client(user)


def test_a_new_password_ends_other_sessions_and_keeps_this_one(world: World):
    user, client = account_of(world)
    other = world.client(user)
    answer = client.post("/akun/", {"old_password": OLD, "new_password1": NEW, "new_password2": NEW}, follow=True)
    assert "Kata sandi sudah diganti" in answer.content.decode()
    assert client.get("/akun/").status_code == 200
    assert other.get("/akun/").status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW)


def test_what_is_wrong_is_said_and_nothing_changes(world: World):
    user, client = account_of(world)
    cases = {
        ("salah", NEW, NEW): "Kata sandi sekarang belum cocok",
        (OLD, NEW, f"{NEW}x"): "Kedua kata sandi baru belum sama",
        (OLD, "pendek", "pendek"): "errorlist",
        (OLD, "guru.uji12", "guru.uji12"): "errorlist",
    }
    for (old, first, second), told in cases.items():
        page = client.post("/akun/", {"old_password": old, "new_password1": first, "new_password2": second})
        assert told in page.content.decode()
    user.refresh_from_db()
    assert user.check_password(OLD)


def test_roles_and_language_are_there(world: World):
    _user, client = account_of(world)
    page = client.get("/akun/").content.decode()
    assert "Guru/tendik, SDN Pangarangan I" in page
    client.post("/bahasa/", {"language": "en", "next": "/akun/"})
    assert '<html lang="en">' in client.get("/akun/").content.decode()
