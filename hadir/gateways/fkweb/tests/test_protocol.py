"""Bodies in, values and replies out."""

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.gateways.fkweb.blocks import MOST_BODIES, Blocks
from hadir.gateways.fkweb.protocol import (
    Call,
    FkError,
    frame,
    json_bytes,
    read_call,
    read_glog,
    read_poll,
    reply_headers,
    set_time,
)
from hadir.ledger.punch import Punch

wall = datetime.fromisoformat
"""A terminal's wall clock has no zone."""
GLOG: dict[str, Any] = {
    "fk_bin_data_lib": "FKDataHS103",
    "io_mode": 2 << 24,
    "io_time": "20260914150312",
    "log_image": None,
    "user_id": "0013",
    "verify_mode": 4 << 28,
}
SITI = Punch("0013", wall("2026-09-14 15:03:12"), "out", "face")
CALL = Call(code="realtime_glog", device="MESIN59", transaction="RTLogSendAction")


@pytest.mark.parametrize(
    "body",
    [
        frame(GLOG),
        json.dumps(GLOG).encode(),
        json.dumps(GLOG).encode() + b"\n\0",
        frame(GLOG) + (4).to_bytes(4, "little") + b"\xff\xd8{}",
    ],
    ids=["framed", "bare", "bare with its end", "with a picture"],
)
def test_every_form_tells_the_same(body: bytes):
    assert read_glog(body) == SITI


@pytest.mark.parametrize("length", [122, 123, 124, 0x097B, 0x207B, 0x7B00])
def test_a_length_that_looks_like_json_is_a_length(length: int):
    text = json.dumps({"user_id": "0013", "io_time": "20260914150312"}).encode()
    body = length.to_bytes(4, "little") + text.ljust(length, b"\0")
    assert json_bytes(body) == text
    assert read_glog(body) == Punch("0013", SITI.local_time)


def test_bare_json_before_a_picture():
    assert read_glog(json.dumps(GLOG).encode() + b"\0" + (4).to_bytes(4, "little") + b"\xff\xd8{}") == SITI


def test_a_picture_is_left_behind():
    assert b"\xff" not in json_bytes(frame(GLOG) + b"\x02\x00\x00\x00\xff\xd8")


@pytest.mark.parametrize(
    ("lib", "io_mode", "verify_mode", "state", "verify"),
    [
        ("FKDataHS102", 1 << 24, 1 << 28, "in", "finger"),
        ("FKDataHS103", (4 << 24) + 7, 3 << 28, "break-out", "card"),
        ("FKDataHS103", 9 << 24, 9 << 28, str(9 << 24), str(9 << 28)),
        ("FKDataHS101", 1, 20, "1", "face"),
        ("FKDataHS101", "IN", "2", "IN", "password"),
        ("FKDataHS100", "2", "7", "2", "7"),
        ("FKDataHS100", None, [], "", ""),
    ],
)
def test_modes_by_library(lib: str, io_mode: object, verify_mode: object, state: str, verify: str):
    told = GLOG | {"fk_bin_data_lib": lib, "io_mode": io_mode, "verify_mode": verify_mode}
    punch = read_glog(frame(told))
    assert punch is not None
    assert (punch.state_raw, punch.verify_raw) == (state, verify)


def test_nobody_is_no_punch():
    for pin in ("", "0", None, "000"):
        assert read_glog(frame(GLOG | {"user_id": pin})) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"abc",
        b"\xff\xff\xff\x7f{}",
        frame(GLOG | {"io_time": "20260230000000"}),
        frame(GLOG | {"io_time": "2026-09-14 15:03"}),
        frame(GLOG | {"user_id": "1" * 33}),
    ],
)
def test_what_cannot_be_read_is_refused(body: bytes):
    with pytest.raises(FkError):
        read_glog(body)


@pytest.mark.parametrize("body", [frame(GLOG), json.dumps(GLOG).encode()])
def test_a_body_that_is_cut_off_invents_nothing(body: bytes):
    whole = []
    for end in range(len(body)):
        try:
            whole.append(read_glog(body[:end]))
        except FkError:
            continue
    assert set(whole) <= {SITI}


@pytest.mark.parametrize(
    "names",
    [("request_code", "dev_id"), ("Request-Code", "Dev-Id"), ("X-FK-Request-Code", "X-FK-Dev-Id")],
)
def test_headers_with_underscores_hyphens_and_a_prefix(names: tuple[str, str]):
    call = read_call({names[0]: "RealTime_Glog", names[1]: " MESIN59 ", "blk_no": "2", "Host": "x"})
    assert call == Call(code="realtime_glog", device="MESIN59", block=2)
    assert read_call({names[0]: "realtime_glog"}) is None


def test_replies_repeat_what_was_asked():
    assert reply_headers(CALL) == {"response_code": "OK", "trans_id": "RTLogSendAction"}
    poll = Call(code="receive_cmd", device="MESIN59", transaction="7")
    assert reply_headers(poll, "ERROR_NO_CMD") == {
        "response_code": "ERROR_NO_CMD", "trans_id": "7", "cmd_code": "", "cmd_id": "",
    }  # fmt: skip
    assert read_poll(set_time(wall("2026-09-14 07:05:09"))).clock is None
    assert set_time(wall("2026-09-14 07:05:09"))[4:] == b'{"time":"20260914070509"}\0'


def test_a_poll_tells_the_clock_and_what_the_terminal_is():
    told = read_poll(frame({"fk_name": "Revo", "fk_time": "20150101000102", "fk_info": {"firmware": "1.2"}}))
    assert (told.clock, dict(told.traits)) == (wall("2015-01-01 00:01:02"), {"model": "Revo", "firmware": "1.2"})
    assert read_poll(b"junk").clock is None


def block(number: int, transaction: str = "1") -> Call:
    return Call(code="realtime_glog", device="M", transaction=transaction, block=number)


def test_blocks_make_a_body():
    blocks, body = Blocks(), frame(GLOG)
    assert blocks.add(block(1), body[:10]) is None
    assert blocks.add(block(1), body[:10]) is None, "the first block again begins anew"
    assert blocks.add(block(2), body[10:40]) is None
    assert blocks.add(block(0), body[40:]) == body
    assert blocks.add(block(0), body) == body


def test_blocks_are_bounded_and_never_joined_with_a_hole():
    blocks = Blocks()
    blocks.add(block(1), b"a")
    with pytest.raises(FkError):
        blocks.add(block(3), b"c")
    with pytest.raises(FkError):
        blocks.add(block(2), b"b")
    for number in range(MOST_BODIES + 1):
        blocks.add(block(1, str(number)), b"x")
    with pytest.raises(FkError):
        blocks.add(block(2, "0"), b"y")
    blocks.add(block(1, "big"), b"x" * 3_000_000)
    with pytest.raises(FkError):
        blocks.add(block(2, "big"), b"x" * 3_000_000)


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda data: len(data).to_bytes(4, "little") + data))
def test_any_bytes_are_read_or_refused(body: bytes):
    try:
        read_glog(body)
    except FkError:
        return


@given(st.dictionaries(st.sampled_from([*GLOG]), st.none() | st.integers() | st.text(max_size=20) | st.floats()))
def test_any_values(changes: dict[str, Any]):
    try:
        punch = read_glog(json.dumps(GLOG | changes).encode())
    except FkError:
        return
    assert punch is None or (punch.pin.isprintable() and len(punch.pin) <= 32)


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=80)))
def test_any_headers(headers: dict[str, str]):
    call = read_call(headers)
    assert call is None or call.device.isprintable()
