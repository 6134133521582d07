"""Making logins, letting people in, locking names that are tried too often."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hadir.accounts.models import RoleKind, User, plain_username
from hadir.accounts.services import choose_language, grant_role, make_login, make_password, set_password
from hadir.conftest import NOW, World
from hadir.core.errors import HadirError
from hadir.core.models import AuditEntry

NIP = "198504122010012003"


def code_of(error: pytest.ExceptionInfo[HadirError]) -> str:
    return error.value.code


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("19850412 201001 2 003", NIP),
        (NIP, NIP),
        ("1234 5678 9012 3456", "1234567890123456"),
        ("Operator@SDN-1.sch.id", "operator@sdn-1.sch.id"),
        ("Dinas", "dinas"),
        ("operator.kota", "operator.kota"),
    ],
)
def test_a_username_is_a_number_an_address_or_a_short_name(typed: str, kept: str):
    user, password = make_login(username=typed, display_name=" Siti  Aminah ", now=NOW)
    assert (user.username, user.display_name) == (kept, "Siti Aminah")
    assert user.check_password(password)
    assert password not in user.password


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", " ", "12345", "a", "siti aminah!", "x\x00y", "\ud800", "a" * 200, "../etc"])
def test_what_is_no_username(typed: str):
    with pytest.raises(HadirError) as error:
        make_login(username=typed, display_name="Siti", now=NOW)
    assert code_of(error) == "username_invalid"


@pytest.mark.django_db
def test_a_username_is_taken_once():
    make_login(username=NIP, display_name="Siti", now=NOW)
    with pytest.raises(HadirError) as error:
        make_login(username="19850412 201001 2 003", display_name="Siti", now=NOW)
    assert code_of(error) == "username_taken"


def test_passwords_are_long_and_never_alike():
    made = {make_password() for _ in range(200)}
    assert len(made) == 200
    assert {len(password) for password in made} == {14}


@pytest.mark.django_db
def test_passwords_are_kept_by_a_slow_memory_hard_hash(settings: Any):
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]
    user, _ = make_login(username="dinas", display_name="Dinas", now=NOW)
    assert user.password.startswith("scrypt$")


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [NIP, "19850412 201001 2 003", " 19850412201001 2003 "])
def test_a_nip_lets_in_with_and_without_blanks(client: Client, typed: str):
    _, password = make_login(username=NIP, display_name="Siti", now=NOW)
    answer = client.post("/masuk/", {"username": typed, "password": password})
    assert answer.status_code == 302
    assert "_auth_user_id" in client.session


@pytest.mark.django_db
def test_a_name_tried_too_often_is_locked_for_a_while(client: Client, settings: Any):
    user, password = make_login(username=NIP, display_name="Siti", now=NOW)
    _, other = make_login(username="dinas", display_name="Dinas", now=NOW)
    for number in range(settings.AXES_FAILURE_LIMIT):
        # With blanks and without, it is one name.
        typed = NIP if number % 2 else "19850412 201001 2 003"
        answer = client.post("/masuk/", {"username": typed, "password": "wrong"})
    assert answer.status_code == 429
    assert client.post("/masuk/", {"username": NIP, "password": password}).status_code == 429
    assert client.post("/masuk/", {"username": "dinas", "password": other}).status_code == 302
    from axes.models import AccessAttempt

    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(hours=1))
    assert Client().post("/masuk/", {"username": NIP, "password": password}).status_code == 302
    assert user.username == NIP


@pytest.mark.django_db
def test_a_password_is_in_no_log_and_no_trail(client: Client, caplog: pytest.LogCaptureFixture):
    caplog.set_level("DEBUG")
    user, password = make_login(username=NIP, display_name="Siti", now=NOW)
    client.post("/masuk/", {"username": NIP, "password": password})
    client.post("/masuk/", {"username": NIP, "password": "salah-sekali"})
    newer = set_password(user=user, now=NOW)
    trail = str(list(AuditEntry.objects.values()))
    for secret in (password, "salah-sekali", newer):
        assert secret not in caplog.text
        assert secret not in trail
    assert User.objects.get(pk=user.pk).check_password(newer)


def test_a_role_is_granted_once(world: World):
    user, _ = make_login(username="dinas", display_name="Dinas", now=NOW)
    first = grant_role(user=user, kind=RoleKind.DINAS, region=world.region, now=NOW)
    assert grant_role(user=user, kind=RoleKind.DINAS, region=world.region, now=NOW) == first
    assert AuditEntry.objects.filter(action="grant_role", object_id=user.pk).count() == 1


def test_a_role_at_the_wrong_place_is_refused_in_words(world: World):
    user, _ = make_login(username="dinas", display_name="Dinas", now=NOW)
    wrong: list[dict[str, Any]] = [
        {"kind": RoleKind.DINAS},
        {"kind": RoleKind.DINAS, "school": world.kota},
        {"kind": RoleKind.OPERATOR, "region": world.region},
        {"kind": RoleKind.OPERATOR, "school": world.kota, "region": world.region},
        {"kind": RoleKind.SUPERVISOR, "region": world.region},
    ]
    for fields in wrong:
        with pytest.raises(HadirError) as error:
            grant_role(user=user, now=NOW, **fields)
        assert code_of(error) == "role_place"


@pytest.mark.django_db
def test_a_login_keeps_its_language(client: Client):
    user, _ = make_login(username="dinas", display_name="Dinas", now=NOW)
    choose_language(user=user, language="xx")
    assert User.objects.get(pk=user.pk).language == "id"
    choose_language(user=user, language="en")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/kios/", headers={"Accept-Language": "de"})
    assert answer.headers["Content-Language"] == "en"
    client.cookies["hadir_bahasa"] = "id"
    assert client.get("/kios/").headers["Content-Language"] == "id"


@pytest.mark.django_db
def test_browsers_set_to_english_get_indonesian(client: Client):
    assert client.get("/kios/", headers={"Accept-Language": "en-US"}).headers["Content-Language"] == "id"


def test_blanks_of_any_kind_are_no_part_of_a_name():
    assert plain_username(" 1985\u00a00412\t") == "19850412"
