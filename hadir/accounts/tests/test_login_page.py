"""The way in: kind, the same for a wrong name and a wrong password, and closed for a while after too many tries."""

import pytest
from django.test import Client

from hadir.accounts.models import RoleKind, User
from hadir.accounts.services import grant_role, make_login
from hadir.conftest import NOW, World

PASSWORD = "ombak-tenang-7"


@pytest.fixture
def operator(world: World) -> User:
    user, _ = make_login(username="198804122011012009", display_name="Hosniyah", password=PASSWORD, now=NOW)
    grant_role(user=user, kind=RoleKind.OPERATOR, school=world.kota, now=NOW)
    return user


@pytest.mark.parametrize("name", ["198804122011012009", "19880412 201101 2 009", " 19880412 201101 2 009 "])
@pytest.mark.usefixtures("operator")
def test_nip_may_be_typed_with_blanks(client: Client, name: str):
    answer = client.post("/masuk/", {"username": name, "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/hari-ini/20529001/"
    assert "Hosniyah" in answer.content.decode()


@pytest.mark.usefixtures("operator")
def test_wrong_name_and_wrong_password_are_told_alike(client: Client):
    pages = [
        client.post("/masuk/", {"username": name, "password": "salah"}).content.decode()
        for name in ("198804122011012009", "198804122011012008")
    ]
    assert all("belum cocok" in page for page in pages)
    assert all('value="1988' in page for page in pages), "what was typed stays"
    assert "salah" not in pages[0]


@pytest.mark.usefixtures("operator")
def test_after_too_many_tries_it_says_for_how_long(client: Client):
    for _ in range(6):
        answer = client.post("/masuk/", {"username": "198804122011012009", "password": "salah"})
    assert answer.status_code == 429
    assert "coba lagi setelah 15 menit" in answer.content.decode()
    assert "HD-429" in answer.content.decode()
    answer = client.post("/masuk/", {"username": "19880412 201101 2 009", "password": PASSWORD})
    assert answer.status_code == 429, "the right password does not open a locked name"
    other = client.post("/masuk/", {"username": "orang.lain", "password": "salah"})
    assert other.status_code == 200, "one locked name does not lock the office"


@pytest.mark.usefixtures("operator")
def test_after_login_the_wanted_page_and_never_another_server(client: Client):
    given = {"username": "198804122011012009", "password": PASSWORD}
    assert client.post("/masuk/", given | {"next": "/orang/"})["Location"] == "/orang/"
    client.logout()
    assert client.post("/masuk/", given | {"next": "https://example.org/"})["Location"] == "/"


def test_logging_out_needs_a_post(operator: User, world: World):
    client = world.client(operator)
    assert client.get("/keluar/").status_code == 405
    assert client.post("/keluar/")["Location"] == "/masuk/"
    assert client.get("/orang/").status_code == 302


def test_language_is_kept_with_the_browser_and_with_the_login(operator: User, world: World, client: Client):
    answer = client.post("/bahasa/", {"language": "en", "next": "/masuk/"})
    assert answer["Location"] == "/masuk/"
    assert '<html lang="en">' in client.get("/masuk/").content.decode()
    inside = world.client(operator)
    inside.post("/bahasa/", {"language": "en", "next": "/orang/"})
    operator.refresh_from_db()
    assert operator.language == "en"
    assert '<html lang="en">' in world.client(operator).get("/orang/").content.decode()


@pytest.mark.parametrize(
    ("given", "target"),
    [
        ({"language": "en", "next": "https://example.org/"}, "/"),
        ({"language": "xx", "next": "/masuk/"}, "/masuk/"),
        ({}, "/"),
    ],
)
def test_language_switch_trusts_nothing(db: None, client: Client, given: dict[str, str], target: str):  # noqa: ARG001
    answer = client.post("/bahasa/", given)
    assert answer["Location"] == target
    if given.get("language") != "en":
        assert "hadir_bahasa" not in answer.cookies


def test_accept_language_does_not_decide(db: None, client: Client):  # noqa: ARG001
    assert '<html lang="id">' in client.get("/masuk/", headers={"Accept-Language": "en"}).content.decode()


def test_login_page_keeps_its_policy(db: None, client: Client):  # noqa: ARG001
    answer = client.get("/masuk/")
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    page = answer.content.decode()
    assert "style=" not in page
    assert "<script>" not in page
    assert "onclick" not in page


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [("/tidak-ada/", 404, "HD-404"), ("/orang/bukan-uuid/", 404, "HD-404")],
)
def test_error_pages_say_what_to_do(world: World, operator: User, path: str, status: int, code: str):
    answer = world.client(operator).get(path)
    assert answer.status_code == status
    page = answer.content.decode()
    assert code in page
    assert "Yang dapat Anda lakukan" in page


def test_forged_form_is_told_kindly(operator: User, world: World):
    client = Client(enforce_csrf_checks=True)
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/orang/tambah/", {"name": "X"})
    assert answer.status_code == 403
    assert "HD-419" in answer.content.decode()
    assert world.kota.npsn not in answer.content.decode()


def test_broken_server_says_so_without_the_database(operator: User, world: World, monkeypatch: pytest.MonkeyPatch):
    def broken(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("hadir.reports.views.board_of", broken)
    client = world.client(operator)
    client.raise_request_exception = False
    answer = client.get("/hari-ini/20529001/")
    assert answer.status_code == 500
    assert "HD-500" in answer.content.decode()
    assert "secret" not in answer.content.decode()
