"""Identifiers, text, clock."""

import re
import time
import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.core.ids import new_id
from hadir.core.texts import clean_text


def test_ids_are_uuid7_and_sort_by_time():
    first = new_id()
    time.sleep(0.002)
    second = new_id()
    assert first < second
    assert {first.version, second.version} == {7}
    assert first.variant == uuid.RFC_4122
    assert abs((first.int >> 80) / 1000 - time.time()) < 60
    assert len({new_id() for _ in range(10_000)}) == 10_000


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Siti   Aminah ", "Siti Aminah"),
        ("Siti\tAminah\n", "Siti Aminah"),
        ("Ma\u2019ruf", "Ma\u2019ruf"),
        ("Ngu\u0302ye\u0302n", "Ng\u00fby\u00ean"),
        ("محمد", "محمد"),
        ("", ""),
    ],
)
def test_text_is_tidied(typed: str, kept: str):
    assert clean_text(typed, field="nama", limit=160) == kept


@pytest.mark.parametrize("typed", ["a\x00b", "a\ud800b", "a\x1bb", "a\x7fb"])
def test_text_that_no_database_takes_is_refused(typed: str):
    with pytest.raises(HadirError, match="nama") as error:
        clean_text(typed, field="nama", limit=160)
    assert error.value.code == "text_unreadable"


@given(st.text(alphabet=st.characters(codec=None), max_size=200))
def test_any_text_is_tidied_or_refused(typed: str):
    try:
        kept = clean_text(typed, field="nama", limit=160)
    except HadirError:
        return
    assert clean_text(kept, field="nama", limit=160) == kept
    kept.encode("utf-8")
    assert not re.search(r"[\x00-\x1f\x7f]", kept)


@pytest.mark.parametrize(
    ("zone", "utc", "day"),
    [
        ("Asia/Jakarta", "2026-09-13T16:59:59+00:00", date(2026, 9, 13)),
        ("Asia/Jakarta", "2026-09-13T17:00:00+00:00", date(2026, 9, 14)),
        ("Asia/Makassar", "2026-09-13T16:00:00+00:00", date(2026, 9, 14)),
        ("Asia/Jayapura", "2026-09-13T15:00:00+00:00", date(2026, 9, 14)),
    ],
)
def test_the_date_is_that_of_the_zone(zone: str, utc: str, day: date):
    moment = datetime.fromisoformat(utc)
    assert clock.local_date(moment, zone) == day
    start, end = clock.day_bounds(day, zone)
    assert start <= moment < end
    assert end - start == timedelta(days=1)


def test_now_is_aware():
    assert clock.now().tzinfo is UTC
