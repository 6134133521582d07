"""Handing in: a receipt for every record, and no record can spoil the others."""

import json
import uuid
from typing import Any

import pytest
from django.db import OperationalError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hadir.conftest import World
from hadir.devices.services import revoke_device
from hadir.gateways.kiosk.tests.conftest import MANIFEST, Kiosk, error_of
from hadir.ledger.models import HeldRecord, Scan

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(alphabet=st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


def entry(world: World, **changes: Any) -> dict[str, str]:
    record = world.record(pack=MANIFEST["id"], **changes)
    return {"id": record["id"], "record": json.dumps(record)}


def test_a_batch_gets_its_receipts_in_its_order(world: World, kiosk: Kiosk):
    good = [entry(world), entry(world)]
    bad = {"id": "rusak", "record": "{"}
    conflict = {"id": good[0]["id"], "record": good[0]["record"].replace("0.71", "0.72")}
    answer = kiosk.post("scans", {"scans": [bad, *good, conflict, good[1]]})
    assert answer.status_code == 200
    body = answer.json()
    assert body["server_time"] == "2026-09-14T00:05:00Z"
    assert [(receipt["id"], receipt["status"], receipt["code"]) for receipt in body["receipts"]] == [
        ("rusak", "held", "malformed"),
        (good[0]["id"], "stored", ""),
        (good[1]["id"], "stored", ""),
        (good[0]["id"], "held", "conflict"),
        (good[1]["id"], "known", ""),
    ]
    assert body["receipts"][0]["detail"] == "isi tidak terbaca"
    assert Scan.objects.count() == 2
    assert Scan.objects.values_list("flags", flat=True)[0] == []


@pytest.mark.parametrize(
    "bad",
    [
        None,
        7,
        "text",
        [],
        {},
        {"id": "x"},
        {"record": "{}"},
        {"id": 5, "record": "{}"},
        {"id": "x", "record": {"v": 1}},
        {"id": "x", "record": None},
        {"id": "\x00", "record": "\x00"},
        {"id": "\ud800", "record": "\ud800"},
        {"id": "x" * 100_000, "record": ""},
        {"id": "x", "record": "x" * 200_000},
        {"id": "x", "record": "[" * 100_000},
        {"id": "x", "record": '{"v":' * 5_000},
        {"id": "x", "record": "9" * 10_000},
        {"id": "x", "record": '{"v": 1, "id": "\\u0000"}'},
        {"id": "x", "record": "NaN"},
    ],
    ids=lambda bad: repr(bad)[:40],
)
def test_one_bad_entry_is_held_and_spoils_nothing(world: World, kiosk: Kiosk, bad: Any):
    good = entry(world)
    for _ in range(2):
        answer = kiosk.post("scans", {"scans": [bad, good]})
        assert answer.status_code == 200
        receipts = answer.json()["receipts"]
        assert receipts[0]["status"] == "held"
        assert receipts[1]["status"] in {"stored", "known"}
        if isinstance(bad, dict) and isinstance(bad.get("id"), str):
            assert receipts[0]["id"] == bad["id"]
    assert HeldRecord.objects.count() == 1
    if isinstance(bad, dict) and isinstance(bad.get("record"), str) and "id" in bad:
        kept = bytes(HeldRecord.objects.get().record)
        assert kept == bad["record"].encode("utf-8", "surrogatepass") or not isinstance(bad["id"], str)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=st.lists(ANY_JSON, min_size=1, max_size=5))
def test_anything_in_a_batch_gets_a_receipt(kiosk: Kiosk, entries: list[Any]):
    answer = kiosk.post("scans", {"scans": entries})
    assert answer.status_code == 200
    assert [receipt["status"] for receipt in answer.json()["receipts"]] == ["held"] * len(entries)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200))
def test_any_body_is_answered_without_a_crash(kiosk: Kiosk, body: bytes):
    assert error_of(kiosk.post("scans", body))[0] in {400, 422}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, (422, "body_invalid")),
        ({"scans": []}, (422, "body_invalid")),
        ({"scans": "x"}, (422, "body_invalid")),
        ({"scans": [{"id": str(n), "record": ""} for n in range(201)]}, (422, "body_invalid")),
        (b'{"scans": [' + b"9" * 5000 + b"]}", (400, "body_unreadable")),
        (b" " * (4 * 1024 * 1024 + 1), (413, "body_too_large")),
    ],
)
def test_an_envelope_that_is_none(kiosk: Kiosk, body: Any, expected: tuple[int, str]):
    assert error_of(kiosk.post("scans", body)) == expected


def test_two_hundred_records_are_one_batch(world: World, kiosk: Kiosk):
    batch = [entry(world) for _ in range(200)]
    receipts = kiosk.post("scans", {"scans": batch}).json()["receipts"]
    assert [receipt["id"] for receipt in receipts] == [record["id"] for record in batch]
    assert {receipt["status"] for receipt in receipts} == {"stored"}
    assert Scan.objects.count() == 200


def test_scans_of_a_revoked_kiosk_are_taken_and_flagged(world: World, kiosk: Kiosk):
    revoke_device(device=world.kiosk, by=None, now=kiosk_time())
    one = entry(world)
    assert kiosk.post("scans", {"scans": [one]}).json()["receipts"][0]["status"] == "stored"
    assert Scan.objects.get().flags == ["device_revoked"]


def kiosk_time() -> Any:
    from hadir.conftest import NOW

    return NOW


def test_a_scan_made_with_another_pack_is_flagged(world: World, kiosk: Kiosk):
    record = world.record(pack="open-9-00000000")
    kiosk.post("scans", {"scans": [{"id": record["id"], "record": json.dumps(record)}]})
    assert Scan.objects.get().flags == ["pack_other"]


def test_a_busy_database_is_no_receipt(world: World, kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch):
    """The kiosk keeps everything and comes again."""

    def busy(**_: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("hadir.gateways.kiosk.api.record_scans", busy)
    assert error_of(kiosk.post("scans", {"scans": [entry(world)]})) == (503, "database_busy")


def test_a_mistake_of_ours_is_no_receipt_and_leaves_a_trace(
    world: World, kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(**_: Any) -> None:
        raise RuntimeError("why")

    monkeypatch.setattr("hadir.gateways.kiosk.api.record_scans", fail)
    assert error_of(kiosk.post("scans", {"scans": [entry(world)]})) == (500, "internal")
    assert "POST /api/kiosk/v1/scans failed" in caplog.text
    assert "RuntimeError: why" in caplog.text


def test_no_secret_and_no_record_is_logged(world: World, kiosk: Kiosk, caplog: pytest.LogCaptureFixture):
    caplog.set_level("DEBUG")
    secret = f"rahasia-{uuid.uuid4()}"
    kiosk.post("scans", {"scans": [{"id": secret, "record": secret}, entry(world)]})
    kiosk.post("scans", b'{"scans": "' + secret.encode() + b'"}')
    kiosk.post("activate", {"code": secret, "handshake": 1})
    kiosk.get("gallery")
    logged = caplog.text + "".join(str(vars(record)) for record in caplog.records)
    for words in (secret, world.token, str(world.siti.pk)):
        assert words not in logged
