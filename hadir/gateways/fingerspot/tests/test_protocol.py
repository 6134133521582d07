"""Bodies in, values out."""

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.gateways.fingerspot.protocol import FingerspotError, read_pulled, read_webhook
from hadir.ledger.punch import Punch

wall = datetime.fromisoformat
DATA: dict[str, Any] = {"pin": "0007", "scan": "2026-09-14 06:58", "verify": "4", "status_scan": "0"}
CALL = {"type": "attlog", "cloud_id": "C2609", "data": DATA}


def call(**changes: Any) -> bytes:
    return json.dumps(CALL | {"data": DATA | changes}).encode()


def test_a_scan_has_no_seconds():
    told = read_webhook(call())
    assert (told.kind, told.cloud_id) == ("attlog", "C2609")
    assert told.punch == Punch("0007", wall("2026-09-14 06:58:00"), "0", "4")


def test_numbers_and_words():
    assert read_webhook(call(pin=7, verify=4, status_scan=0)).punch == Punch("7", wall("2026-09-14 06:58"), "0", "4")
    told = read_webhook(call(verify="finger", status_scan="scan in")).punch
    assert told == Punch("0007", wall("2026-09-14 06:58"), "scan in", "finger")


def test_other_kinds_are_no_attendance():
    told = read_webhook(b'{"type": "get_userinfo", "cloud_id": "C2609", "data": {"pin": "1", "template": "x"}}')
    assert (told.kind, told.punch) == ("get_userinfo", None)


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"{", b'{"type": "attlog"}', call(scan="06:58"), call(scan="2026-02-30 06:58"), call(pin="")],
)
def test_what_cannot_be_read_is_refused(body: bytes):
    with pytest.raises(FingerspotError):
        read_webhook(body)


def test_a_call_that_is_cut_off_invents_nothing():
    for end in range(len(call())):
        with pytest.raises(FingerspotError):
            read_webhook(call()[:end])


def test_a_pull_has_seconds_and_counts_what_is_bad():
    rows = [{"pin": "7", "scan_date": "2026-09-14 06:58:41", "verify": 4, "status_scan": 0}, {"pin": "7"}, "x"]
    pulled = read_pulled(json.dumps({"success": True, "data": rows}).encode())
    assert pulled.punches == [Punch("7", wall("2026-09-14 06:58:41"), "0", "4")]
    assert pulled.bad == 2
    with pytest.raises(FingerspotError, match="invalid token"):
        read_pulled(b'{"success": false, "message": "invalid token"}')


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes):
    for reader in (read_webhook, read_pulled):
        try:
            reader(body)
        except FingerspotError:
            continue


@given(st.dictionaries(st.sampled_from([*DATA]), st.none() | st.integers() | st.text(max_size=40) | st.booleans()))
def test_any_values(changes: dict[str, Any]):
    try:
        punch = read_webhook(call(**changes)).punch
    except FingerspotError:
        return
    assert punch is not None
    assert punch.pin.isprintable()
