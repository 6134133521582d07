"""From a one-time link to a token."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from hadir.conftest import NOW, World
from hadir.core import clock
from hadir.core.models import AuditEntry
from hadir.devices.codes import CODE_ALPHABET
from hadir.devices.models import KioskInvite, KioskToken
from hadir.devices.services import invite_kiosk, revoke_device
from hadir.gateways.kiosk.attempts import LIMIT
from hadir.gateways.kiosk.tests.conftest import Kiosk, error_of

pytestmark = pytest.mark.usefixtures("still")


def activate(code: str, **changes: Any) -> Any:
    body = {"code": code, "user_agent": "Chromium", "app_version": "0.1.0", "handshake": 1} | changes
    return Kiosk("", Client()).post("activate", body)


def test_a_code_makes_a_kiosk_once(world: World):
    code = invite_kiosk(device=world.kiosk, by=None, now=NOW)
    answer = activate(code)
    assert answer.status_code == 200
    assert answer.json()["device_id"] == str(world.kiosk.pk)
    world.kiosk.refresh_from_db()
    assert (world.kiosk.user_agent, world.kiosk.app_version) == ("Chromium", "0.1.0")
    assert world.kiosk.activated_at == NOW
    assert Kiosk(answer.json()["token"], Client()).post("hello", {"unsent": 0}).status_code == 200
    assert error_of(activate(code)) == (409, "code_used")


@pytest.mark.parametrize("typed", ["{code}", " {code} ", "{lower}", "{plain}", "{spaced}"])
def test_a_code_may_be_typed_as_people_type(world: World, typed: str):
    code = invite_kiosk(device=world.kiosk, by=None, now=NOW)
    plain = code.replace("-", "")
    typed = typed.format(code=code, lower=code.lower(), plain=plain, spaced=" ".join(plain))
    assert activate(typed).status_code == 200


def test_codes_are_readable(world: World):
    codes = [invite_kiosk(device=world.kiosk, by=None, now=NOW) for _ in range(50)]
    assert len(set(codes)) == 50
    for code in codes:
        assert len(code) == 11
        assert set(code) <= set(CODE_ALPHABET) | {"-"}
    assert not set("0O1IL") & set(CODE_ALPHABET)


@pytest.mark.parametrize("code", ["", "AAAAA-AAAAA", "x" * 64, "\x00", "☃"])
def test_an_unknown_code_says_so(world: World, code: str):  # noqa: ARG001
    assert error_of(activate(code)) == (400, "code_unknown")


def test_a_code_lives_half_an_hour(world: World, monkeypatch: pytest.MonkeyPatch):
    code = invite_kiosk(device=world.kiosk, by=None, now=NOW)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=30))
    assert error_of(activate(code)) == (410, "code_expired")
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=29, seconds=59))
    assert activate(code).status_code == 200


def test_a_newer_code_ends_the_older(world: World):
    older = invite_kiosk(device=world.kiosk, by=None, now=NOW)
    newer = invite_kiosk(device=world.kiosk, by=None, now=NOW)
    assert error_of(activate(older)) == (410, "code_expired")
    assert activate(newer).status_code == 200


def test_a_revoked_device_is_not_linked_again(world: World):
    code = invite_kiosk(device=world.kiosk, by=None, now=NOW)
    revoke_device(device=world.kiosk, by=None, now=NOW)
    assert error_of(activate(code)) == (410, "code_expired")


def test_a_page_of_another_version_is_told_so(world: World):
    code = invite_kiosk(device=world.kiosk, by=None, now=NOW)
    assert error_of(activate(code, handshake=2)) == (409, "handshake_unsupported")
    assert activate(code).status_code == 200


def test_the_old_browser_may_only_hand_in(world: World, kiosk: Kiosk):
    new = activate(invite_kiosk(device=world.kiosk, by=None, now=NOW)).json()["token"]
    assert error_of(kiosk.post("hello", {"unsent": 3})) == (403, "token_replaced")
    assert error_of(kiosk.get("gallery")) == (403, "token_replaced")
    world.kiosk.refresh_from_db()
    assert world.kiosk.unsent is None
    record = world.record()
    answer = kiosk.post("scans", {"scans": [{"id": record["id"], "record": world.record_text(**record)}]})
    assert answer.json()["receipts"][0]["status"] == "stored"
    assert Kiosk(new, Client()).post("hello", {"unsent": 0}).status_code == 200
    assert KioskToken.objects.filter(replaced_at__isnull=True).count() == 1


def test_wrong_codes_are_counted_and_right_ones_are_not(world: World, still: datetime):
    for _ in range(LIMIT):
        assert error_of(activate("WRONG-WRONG")) == (400, "code_unknown")
    code = invite_kiosk(device=world.kiosk, by=None, now=still)
    assert error_of(activate(code)) == (429, "too_many_requests")
    cache.clear()
    assert activate(code).status_code == 200


def test_neither_code_nor_token_is_in_the_database(world: World):
    code = invite_kiosk(device=world.kiosk, by=None, now=NOW)
    token = activate(code).json()["token"]
    assert len(token) >= 43
    kept = [*KioskInvite.objects.values_list("code_hash"), *KioskToken.objects.values_list("token_hash")]
    assert all(len(value) == 64 for (value,) in kept)
    trail = str(list(AuditEntry.objects.values()))
    for secret in (code, code.replace("-", ""), token, world.token):
        assert secret not in trail
        assert secret not in str(kept)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (422, "body_invalid")),
        (b"{", (400, "body_unreadable")),
        (b"\xff", (400, "body_unreadable")),
        (b"[" * 100_000, (400, "body_unreadable")),
        (b"[]", (422, "body_invalid")),
        (b'{"code": 5, "handshake": 1}', (422, "body_invalid")),
        (b'{"code": "\\ud800", "handshake": 1}', (422, "body_invalid")),
        (b'{"code": "' + b"A" * 65 + b'", "handshake": 1}', (422, "body_invalid")),
        (b'{"code": "A", "handshake": ' + b"9" * 5000 + b"}", (400, "body_unreadable")),
    ],
)
def test_bodies_that_make_no_sense(world: World, body: bytes, expected: tuple[int, str]):  # noqa: ARG001
    assert error_of(Kiosk("", Client()).post("activate", body)) == expected
