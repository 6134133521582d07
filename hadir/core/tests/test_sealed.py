"""Sealed values open with their key and their row only."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.core.errors import HadirError
from hadir.core.sealed import KeyRing, load_key_ring

RING = KeyRing(current="a", keys={"a": bytes(range(32)), "b": bytes(range(1, 33))})


def code_of(error: pytest.ExceptionInfo[HadirError]) -> str:
    return error.value.code


@given(plain=st.binary(max_size=4096), associated=st.binary(max_size=64))
def test_what_is_sealed_opens(plain: bytes, associated: bytes):
    sealed = RING.seal(plain, associated=associated)
    assert RING.unseal(sealed.key_id, sealed.data, associated=associated) == plain
    assert len(sealed.data) == len(plain) + 28


def test_the_same_value_is_never_sealed_alike():
    assert RING.seal(b"x" * 64, associated=b"").data != RING.seal(b"x" * 64, associated=b"").data


@given(place=st.integers(min_value=0, max_value=91), bit=st.integers(min_value=0, max_value=7))
def test_a_changed_bit_does_not_open(place: int, bit: int):
    sealed = RING.seal(b"t" * 64, associated=b"row 1")
    data = bytearray(sealed.data)
    data[place] ^= 1 << bit
    with pytest.raises(HadirError) as error:
        RING.unseal(sealed.key_id, bytes(data), associated=b"row 1")
    assert code_of(error) == "sealed_unreadable"


@pytest.mark.parametrize(
    ("key_id", "associated", "cut"),
    [("a", b"row 2", None), ("b", b"row 1", None), ("gone", b"row 1", None), ("a", b"row 1", 5), ("a", b"row 1", 20)],
    ids=["other row", "other key", "unknown key", "shorter than a nonce", "cut"],
)
def test_moved_or_cut_values_do_not_open(key_id: str, associated: bytes, cut: int | None):
    sealed = RING.seal(b"t" * 64, associated=b"row 1")
    with pytest.raises(HadirError) as error:
        RING.unseal(key_id, sealed.data[:cut], associated=associated)
    assert code_of(error) == "sealed_unreadable"


def test_a_key_file_is_made_once_and_only_when_allowed(tmp_path: Path):
    path = tmp_path / "keys" / "templates.key"
    with pytest.raises(HadirError) as error:
        load_key_ring(path, create=False)
    assert code_of(error) == "template_key_missing"
    first = load_key_ring(path, create=True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_bytes()) == 32
    assert load_key_ring(path, create=True) == first
    assert [entry.name for entry in path.parent.iterdir()] == ["templates.key"]


def test_a_retired_key_still_opens(tmp_path: Path):
    path = tmp_path / "templates.key"
    old = load_key_ring(path, create=True)
    sealed = old.seal(b"face", associated=b"row")
    path.rename(tmp_path / "templates-2026.key")
    new = load_key_ring(path, create=True)
    assert new.current != old.current
    assert new.unseal(sealed.key_id, sealed.data, associated=b"row") == b"face"


def test_a_damaged_key_file_is_named_and_not_replaced(tmp_path: Path):
    path = tmp_path / "templates.key"
    path.write_bytes(b"short")
    with pytest.raises(HadirError) as error:
        load_key_ring(path, create=True)
    assert code_of(error) == "template_key_invalid"
    assert path.read_bytes() == b"short"


def test_keys_do_not_show_themselves():
    assert "\\x01\\x02" not in repr(RING)
    assert "keys" not in repr(RING)
