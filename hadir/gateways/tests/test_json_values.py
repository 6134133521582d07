"""Values as machines write them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.gateways.json_values import exact, kept_fields, number, pin_of

values = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=200)


@pytest.mark.parametrize(
    ("value", "pin"),
    [
        ("0007", "0007"), (" 7\r\n", "7"), (7, "7"), (-7, "-7"), ("A-7 b", "A-7 b"), ("7" * 32, "7" * 32),
        (None, ""), ("", ""), (" \t", ""), ([7], ""), ({"pin": 7}, ""),
        ("7" * 33, None), ("0\0007", None), ("7\0", None), ("\x1c7", None), ("\ud800", None), (7.0, None), (True, None),
    ],
)  # fmt: skip
def test_a_number_is_kept_letter_by_letter_or_not_at_all(value: Any, pin: str | None):
    assert pin_of(value) == pin


def test_a_number_of_a_record_is_no_other_number():
    assert (number("139"), number(139), number(" 139 "), number("1\00039"), number("9" * 19)) == (
        139,
        139,
        139,
        None,
        None,
    )
    assert (exact("a\nb"), exact(" a b "), exact(True)) == ("", "a b", "")


@given(st.dictionaries(st.sampled_from("abc"), values | st.text("7 \0", max_size=300)))
def test_what_is_kept_reads_the_same(told: dict[str, Any]):
    kept = json.loads(json.dumps(kept_fields(told, ("a", "b"))))
    assert set(kept) <= {"a", "b"}
    for name in ("a", "b"):
        assert pin_of(kept.get(name)) == pin_of(told.get(name))
        assert number(kept.get(name)) == number(told.get(name))
    assert all(len(value) <= 121 for value in kept.values() if isinstance(value, str))
