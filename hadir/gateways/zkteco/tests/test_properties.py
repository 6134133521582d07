"""Whatever bytes come: no exception, nothing invented, and nothing secret in what is kept."""

from dataclasses import replace
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from hadir.gateways.zkteco.access_control import read_events
from hadir.gateways.zkteco.attlog import read_attlog
from hadir.gateways.zkteco.calls import read_call
from hadir.gateways.zkteco.operlog import read_operlog
from hadir.gateways.zkteco.options import read_info, read_options
from hadir.gateways.zkteco.results import read_results
from hadir.gateways.zkteco.uploads import read_upload

PARTS = [b"\t", b"\n", b"\r\n", b"USER PIN=", b"OPLOG ", b"FP PIN=", b"2026-09-14 06:58:48", b"=", b"&", b"ID=", b"0",
         b"15", b"\0", b"\xff", b"7", b"time=", b"pin=", b"event=0", b"TMP=", b"Passwd=", b",~Key=",
         b"Return=-1"]  # fmt: skip
noise = st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(PARTS), max_size=60).map(b"".join))
tables = st.sampled_from(
    ["ATTLOG", "OPERLOG", "OPTIONS", "RTLOG", "TRANSACTION", "USER", "BIODATA", "ATTPHOTO", "", "X"]
)

pins = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=24)
moments = st.datetimes().filter(lambda moment: 1970 <= moment.year <= 2199)
records = st.tuples(pins, moments, st.integers(0, 255), st.integers(0, 200), st.sampled_from([5, 7, 10, 11]))


@given(noise, tables)
def test_no_bytes_make_it_fail(body: bytes, table: str):
    upload = read_upload(table, body)
    assert len(upload.reading.bad) <= upload.lines or table != "ATTLOG"
    assert all(len(punch.pin) <= 64 and punch.pin.isprintable() for punch in upload.reading.punches)
    read_results(body)
    read_operlog(body)
    read_options(body)
    read_events(body)
    read_info(body.decode("latin-1"))


@given(noise, st.sampled_from(["ATTLOG", "RTLOG", "TRANSACTION", "OPERLOG", "X"]))
def test_what_is_kept_says_what_was_sent_or_less(body: bytes, table: str):
    """A stranger's body is read from what was kept of it, when the machine is claimed."""
    upload = read_upload(table, body)
    assert set(read_upload(table, upload.clean).reading.punches) <= set(upload.reading.punches)


@given(st.text(max_size=80), st.text(max_size=200))
def test_no_address_makes_it_fail(path: str, query: str):
    assert len(read_call("POST", path, query).serial) <= 64


def written(record: tuple[str, object, int, int, int]) -> str:
    pin, moment, state, verify, count = record
    fields = [pin, f"{moment:%Y-%m-%d %H:%M:%S}", str(state), str(verify), *["0"] * 7]
    return "\t".join(fields[:count])


@given(st.lists(records, max_size=12), st.sampled_from(["\n", "\r\n"]))
def test_what_was_written_is_read(rows: list[tuple[str, object, int, int, int]], end: str):
    found = read_attlog("".join(written(row) + end for row in rows).encode())
    assert not found.bad
    assert [(one.pin, one.state_raw, one.verify_raw) for one in found.punches] == [
        (pin, str(state), str(verify)) for pin, _moment, state, verify, _count in rows
    ]


@given(st.lists(records, min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"]), st.data())
def test_a_cut_body_says_nothing_that_the_whole_did_not(
    rows: list[tuple[str, object, int, int, int]], end: str, data: st.DataObject
):
    body = "".join(written(row) + end for row in rows).encode()
    cut = body[: data.draw(st.integers(0, len(body)))]
    whole = {(one.pin, one.local_time, one.state_raw, one.verify_raw) for one in read_attlog(body).punches}
    assert {(one.pin, one.local_time, one.state_raw, one.verify_raw) for one in read_attlog(cut).punches} <= whole


@given(st.lists(records, min_size=1, max_size=3), st.sampled_from(["\n", "\r\n"]), st.data())
def test_cut_events_say_nothing_that_the_whole_did_not(
    rows: list[tuple[str, datetime, int, int, int]], end: str, data: st.DataObject
):
    body = "".join(
        f"time={moment:%Y-%m-%d %H:%M:%S}\tpin={pin}\tcardno=0\teventaddr=1\tevent=0\tinoutstatus={state}"
        f"\tverifytype={verify}\tindex={number}{end}"
        for pin, moment, state, verify, number in rows
    ).encode()
    cut = body[: data.draw(st.integers(0, len(body)))]
    whole, found = read_events(body), read_events(cut)
    assert {replace(one, record_no="") for one in found.punches} <= {
        replace(one, record_no="") for one in whole.punches
    }
    assert {one.record_no for one in found.punches} <= {one.record_no for one in whole.punches} | {""}


@given(
    st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=8, max_size=20),
    st.binary(max_size=60),
    tables,
)
def test_a_password_is_never_kept(secret: str, before: bytes, table: str):
    secret = f"Zq{secret}"
    body = before.replace(b"\n", b"") + b"\nUSER PIN=1\tName=A\tPasswd=" + secret.encode() + b"\tCard=1\n"
    assert secret.encode() not in read_upload(table, body).clean
