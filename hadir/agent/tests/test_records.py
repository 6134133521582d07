"""Every layout of records and users, and what must never come out of them."""
# ruff: noqa: DTZ001  a terminal's times have no zone

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.agent.records import (
    Oddity,
    Record,
    certain_size,
    decode_time,
    encode_time,
    pins_by_uid,
    read_event,
    read_records,
    read_users,
    record_size,
)
from hadir.agent.tests.rows import FEBRUARY_30, event32, row8, row16, row40, user28, user72

MORNING = datetime(2026, 9, 14, 6, 58, 12)
NEWEST = datetime(2026, 9, 15)


def read(rows: list[bytes], pins: dict[int, str] | None = None) -> list[Record | Oddity]:
    return list(read_records(b"".join(rows), len(rows[0]), pins or {}, newest=NEWEST))


def keys(reads: list[Record | Oddity]) -> list[tuple[str, ...]]:
    return [
        (one.pin, one.local_time.isoformat(" "), one.state, one.verify)
        if isinstance(one, Record)
        else ("odd", one.reason)
        for one in reads
    ]


WANTED = ("2026-09-14 06:58:12", "1", "15")


@pytest.mark.parametrize(
    ("row", "pin"),
    [
        (row40("0701", MORNING, state=1, verify=15), "0701"),
        (row40("0701", MORNING, state=1, verify=15, pad=b"\0" * 9), "0701"),
        (row40("A-12", MORNING, state=1, verify=15, pad=b"\1" * 16), "A-12"),
        (row16(701, MORNING, state=1, verify=15), "701"),
        (row8(3, MORNING, state=1, verify=15), "0701"),
        (row8(3, MORNING, state=1, verify=15, swapped=True), "0701"),
    ],
    ids=["40", "49", "56", "16", "8", "8 swapped"],
)
def test_every_layout(row: bytes, pin: str):
    assert keys(read([row] * 3, {3: "0701"})) == [(pin, *WANTED)] * 3


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (row40("7", MORNING), row40("7", FEBRUARY_30)),
        (row40("7", MORNING, pad=b"\0" * 9), row40("7", FEBRUARY_30, pad=b"\0" * 9)),
        (row16(7, MORNING), row16(7, FEBRUARY_30)),
        (row8(3, MORNING), row8(3, FEBRUARY_30)),
    ],
    ids=["40", "49", "16", "8"],
)
def test_a_bad_date_spoils_one_record_only(good: bytes, bad: bytes):
    found = read([good, good, bad, good, good], {3: "7"})
    assert [isinstance(one, Record) for one in found] == [True, True, False, True, True]
    assert found[2] == Oddity("bad_date", bad)


@pytest.mark.parametrize("pin", ["", "  ", "\x01\x02", "7\x7f"])
def test_a_pin_that_is_no_text_is_nobodys(pin: str):
    assert keys(read([row40(pin, MORNING)])) == [("odd", "bad_pin")]


def test_a_uid_is_no_pin():
    """The user with uid 3 was deleted: the record must not become that of somebody whose PIN is 3."""
    assert keys(read([row8(3, MORNING), row8(4, MORNING)], {4: "3"})) == [
        ("odd", "unknown_uid"),
        ("3", "2026-09-14 06:58:12", "0", "1"),
    ]


def test_a_uid_that_two_users_claim_belongs_to_neither():
    assert pins_by_uid(read_users(user72(3, "7") + user72(3, "8") + user72(4, "9"), 3)) == {4: "9"}


def test_records_whose_layout_is_unclear_are_nobodys():
    """Neither variant of 8 bytes gives a time that can be: the terminal's clock fell back to 2000."""
    assert keys(read([row8(3, datetime(2000, 1, 1))], {3: "7"})) == [("odd", "layout_unclear")]


def test_a_rest_that_is_no_whole_record_is_kept():
    block = row40("7", MORNING) + b"\x01\x02"
    assert list(read_records(block, 40, {}, newest=NEWEST))[1] == Oddity("cut_off", b"\x01\x02")


@pytest.mark.parametrize(
    ("total", "before", "after", "size"),
    [
        (40 * 1000, 1000, 1000, 40),
        (49 * 1000, 1000, 1000, 49),
        (56 * 3, 3, 3, 56),
        (16 * 5, 5, 5, 16),
        (8 * 5, 5, 5, 8),
        (40 * 1003, 1000, 1003, 40),  # three came meanwhile
        (40 * 1001, 1000, 1003, 40),
        (8 * 5, 1, 5, None),  # one record of 40 or five of 8
        (49 * 7, 6, 6, 49),  # the count is wrong, the length is one known size only
        (80, 1, 1, None),  # 80 bytes, or two of 40
        (41 * 3 + 1, 3, 3, None),
        (0, 0, 0, None),
    ],
)
def test_the_length_of_a_record_is_certain_or_not_taken(total: int, before: int, after: int, size: int | None):
    assert record_size(total, before, after) == size


def made(size: int, count: int, *, pin: str = "0701", state: int = 0, first: datetime = MORNING) -> bytes:
    moments = [first + timedelta(minutes=number) for number in range(count)]
    if size == 8:
        return b"".join(row8(number % 9 + 1, moment, state=state) for number, moment in enumerate(moments))
    if size == 16:
        return b"".join(row16(int(pin), moment, state=state) for moment in moments)
    return b"".join(row40(pin, moment, state=state, pad=b"\0" * (size - 40)) for moment in moments)


@pytest.mark.parametrize("first", [MORNING, datetime(2000, 1, 1)], ids=["", "clock fell back"])
@pytest.mark.parametrize("state", [0, 1, 255])
@pytest.mark.parametrize("size", [8, 16, 40, 49, 56, 64])
@pytest.mark.parametrize("count", [1, 2, 7, 40, 1200])
def test_a_right_count_gives_the_length_of_a_record(size: int, count: int, state: int, first: datetime):
    assert certain_size(made(size, count, state=state, first=first), count, count) == size


@pytest.mark.parametrize("pin", ["7", "0701", "198501012010011001"])
@pytest.mark.parametrize("state", [0, 5, 255])
@pytest.mark.parametrize("size", [8, 16, 40, 49, 56])
def test_a_wrong_count_never_gives_a_wrong_length(size: int, state: int, pin: str):
    for count in (*range(1, 13), 20, 21, 40, 41, 48, 49, 50, 88, 100):
        block = made(size, count, pin=pin[:9] if size == 16 else pin, state=state)
        for named in range(max(count // 2, 1), count * 2 + 1):
            if len(block) % named == 0 or named == count + 1:
                assert certain_size(block, named, named) in {size, None}, (count, named)


def test_a_damaged_part_of_a_log_does_not_hide_its_layout():
    block = made(40, 4) + row40("7", FEBRUARY_30) * 3 + row40("", MORNING) * 5
    assert certain_size(block, 12, 12) == 40
    unpadded = b"".join(block[start : start + 10] + b"x" * 16 + block[start + 26 : start + 40] for start in (0, 40, 80))
    assert certain_size(unpadded.replace(b"0701\0\0\0\0", b"0701\0abc"), 3, 3) == 40


def test_users_of_both_layouts_keep_names_and_drop_passwords():
    users = read_users(user72(1, "0701", "Siti Aminah") + user72(2, "9", "李", encoding="gbk"), 2)
    assert [(user.uid, user.pin, user.name) for user in users] == [(1, "0701", "Siti Aminah"), (2, "9", "李")]
    old = read_users(user28(5, 701, "Siti") + user28(6, 702), 2)
    assert [(user.uid, user.pin, user.name) for user in old] == [(5, "701", "Siti"), (6, "702", "")]
    assert "rahas" not in repr(users) + repr(old)


def test_a_live_event_names_its_pin_or_nobody():
    found = read_event(event32("0701", MORNING, state=1, verify=15))
    assert found == Record("0701", MORNING, "1", "15")
    assert read_event(b"\x07\x00\x01\x00" + b"\x1a\x09\x0e\x06\x3a\x0c") is None
    assert read_event(b"7".ljust(26, b"\0") + b"\x1a\x0d\x0e\x06\x3a\x0c") is None


@given(st.datetimes(datetime(2000, 1, 1), datetime(2133, 12, 31)))
def test_times_come_back(moment: datetime):
    moment = moment.replace(microsecond=0)
    assert decode_time(encode_time(moment)) == moment


@given(st.binary(max_size=400), st.sampled_from([8, 16, 32, 40, 49, 56]))
def test_any_bytes_are_read_or_kept(block: bytes, size: int):
    reads = list(read_records(block, size, {1: "1"}, newest=NEWEST))
    assert len(reads) == -(-len(block) // size)


@given(st.binary(max_size=400))
def test_any_event_is_read_or_not(data: bytes):
    read_event(data)


def captures() -> Path:
    root = Path(__file__).resolve().parents[3]
    folder = Path(os.environ.get("HADIR_TEST_DATA", root.parent / "shared" / "data")) / "captures"
    if not (folder / "index.json").exists():
        pytest.skip(f"no captures in {folder}")
    return folder


def test_captured_records():
    """Records that real terminals sent (captures 7xx)."""
    folder = captures()
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    compared = 0
    for entry in index:
        if entry["kind"] not in {"zk40", "zk49", "zk16"}:
            continue
        block = (folder / entry["file"]).read_bytes()
        size = int(entry["kind"][2:])
        if size and len(block) % size:
            block = block[4:]
        found = [
            [one.pin, one.local_time.isoformat(" "), int(one.state), int(one.verify)]
            for one in read_records(block, size, {}, newest=NEWEST)
            if isinstance(one, Record)
        ]
        assert found == entry["expect"], entry["file"]
        compared += 1
    assert compared
