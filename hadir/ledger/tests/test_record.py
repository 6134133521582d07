"""Reading the bytes of a record: what is a record, what is none, and that nothing else can happen."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hadir.ledger.record import MAX_RECORD_BYTES, RecordError, canonical_id, read_record

ID = "01991c3e-7a52-7c4b-9d1e-3f2a5b6c7d8e"
WHOLE: dict[str, Any] = {
    "v": 1,
    "id": ID,
    "device": "01991c3e-0000-7000-8000-000000000001",
    "person": "01991c3e-0000-7000-8000-000000000002",
    "verdict": "recognised",
    "captured_at": "2026-09-14T06:58:12.345+07:00",
    "time_zone": "Asia/Jakarta",
    "similarity": 0.71,
    "second": None,
    "frames": 4,
    "quality": {"size": 96.5, "evenness": -0.1, "worn": True, "note": "ok", "none": None},
    "pack": "open-1-abcdef12",
    "source": "camera",
    "app": "0.1.0",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


def problem(data: bytes) -> RecordError:
    with pytest.raises(RecordError) as caught:
        read_record(data)
    return caught.value


def changed(**changes: Any) -> bytes:
    return json.dumps(WHOLE | changes).encode()


def test_a_whole_record_is_read():
    record = read_record(changed())
    assert record.captured_at == datetime(2026, 9, 14, 6, 58, 12, 345000, tzinfo=timezone(timedelta(hours=7)))
    assert record.quality == WHOLE["quality"]
    assert record.second is None


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": "unknown", "person": None},
        {"verdict": "unknown", "person": None, "similarity": None},
        {"captured_at": "1970-01-01T00:00:00Z"},
        {"captured_at": "2026-09-14T06:58:12+07:00"},
        {"captured_at": "2026-09-14T06:58:12.345678-03:30"},
        {"quality": {}},
        {"similarity": 1},
        {"similarity": 1.0000001},
        {"source": "sample"},
        {"later_key": {"of": ["a newer kiosk"]}},
        {"app": ""},
    ],
)
def test_also_a_record(changes: dict[str, Any]):
    read_record(changed(**changes))


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"verdict": "maybe"}, "verdict: literal_error"),
        ({"verdict": "recognised", "person": None}, "person: does not fit verdict"),
        ({"verdict": "unknown"}, "person: does not fit verdict"),
        ({"person": "Siti"}, "person: string_pattern_mismatch"),
        ({"person": WHOLE["person"].upper()}, "person: string_pattern_mismatch"),
        ({"id": ID + "\n"}, "id: string_pattern_mismatch"),
        ({"device": 7}, "device: string_type"),
        ({"captured_at": "2026-09-14T06:58:12"}, "captured_at: value_error"),
        ({"captured_at": "2026-09-14 06:58:12+07:00"}, "captured_at: value_error"),
        ({"captured_at": "2026-13-14T06:58:12+07:00"}, "captured_at: value_error"),
        ({"captured_at": "2026-09-14T06:58:12+25:00"}, "captured_at: value_error"),
        ({"captured_at": "9999-12-31T23:59:59-12:00"}, "captured_at: value_error"),
        ({"captured_at": "0001-01-01T00:00:00+14:00"}, "captured_at: value_error"),
        ({"captured_at": "٢٠٢٦-09-14T06:58:12+07:00"}, "captured_at: value_error"),
        ({"captured_at": 1789000000}, "captured_at: value_error"),
        ({"similarity": "0.7"}, "similarity: float_type"),
        ({"similarity": 7}, "similarity: less_than_equal"),
        ({"frames": 0}, "frames: greater_than_equal"),
        ({"frames": 2.5}, "frames: int_type"),
        ({"frames": 10**400}, "frames: less_than_equal"),
        ({"quality": [1]}, "quality: dict_type"),
        ({"quality": {"a" * 50: 1}}, "quality: string_pattern_mismatch"),
        ({"quality": {f"q{n}": 1 for n in range(61)}}, "quality: too_long"),
        ({"time_zone": "Asia/\x00"}, "time_zone: string_pattern_mismatch"),
        ({"pack": "../secret"}, "pack: string_pattern_mismatch"),
        ({"source": "file"}, "source: literal_error"),
        ({"app": "\x00"}, "app: string_pattern_mismatch"),
    ],
)
def test_what_is_wrong_is_named_without_its_value(changes: dict[str, Any], detail: str):
    found = problem(changed(**changes))
    assert found.reason == "malformed"
    assert detail in found.detail.split("; ")


@pytest.mark.parametrize("key", sorted(WHOLE))
def test_every_key_is_needed(key: str):
    found = problem(json.dumps({name: value for name, value in WHOLE.items() if name != key}).encode())
    assert (found.reason, found.detail) == ("malformed", f"{key}: missing")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b"\xff\xfe{}",
        b"\xef\xbb\xbf" + changed(),
        changed().replace(b"0.71", b"NaN"),
        changed().replace(b"0.71", b"Infinity"),
        changed().replace(b"0.71", b"1e999"),
        changed().replace(b"0.71", b"9" * 5000),
        changed().replace(b'"0.1.0"', b'"\\ud800"'),
        changed().replace(b'"0.1.0"', b'"\xed\xa0\x80"'),
        b"[" * 10_000,
        b'{"v":' * 2000 + b"1" + b"}" * 2000,
        changed() + b"x",
    ],
)
def test_bytes_that_are_no_record(data: bytes):
    assert problem(data).reason == "malformed"


def test_another_version_is_held_apart():
    assert problem(changed(v=2)).reason == "version_unknown"
    assert problem(changed(v="1")).reason == "version_unknown"


def test_a_record_has_a_largest_size():
    padding = MAX_RECORD_BYTES - len(changed(pad=""))
    read_record(changed(pad="x" * padding))
    assert problem(changed(pad="x" * (padding + 1))).reason == "too_large"


@given(st.binary(max_size=300))
def test_any_bytes_are_a_record_or_a_problem(data: bytes):
    assert problem(data).reason == "malformed"


@given(key=st.sampled_from(sorted(WHOLE)), value=JSON)
@example(key="captured_at", value="2026-09-14T23:59:60Z")
@example(key="captured_at", value="2026-02-30T00:00:00Z")
@example(key="quality", value={"\x00": "\x00"})
def test_any_value_in_any_place_is_read_or_a_problem(key: str, value: Any):
    try:
        record = read_record(json.dumps(WHOLE | {key: value}).encode())
    except RecordError as error:
        json.dumps(error.detail).encode("ascii")
        return
    # What was read can be stored by both databases: no NUL, no lone surrogate, times that convert to UTC.
    text = json.dumps(record.model_dump(mode="json"))
    assert "\\u0000" not in text
    assert "\\ud8" not in text
    record.captured_at.astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (ID, True),
        *((text, False) for text in (ID.upper(), ID.replace("-", ""), f"{{{ID}}}", f"urn:uuid:{ID}", ID + "\n")),
        *((text, False) for text in ("", "\x00", "\ud800")),
    ],
)
def test_ids_are_written_one_way(text: str, is_one: bool):
    assert (canonical_id(text) is not None) is is_one
