"""Heads of requests and bodies without a length, piece by piece."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.gateways.fkweb.braces import Braces
from hadir.gateways.fkweb.protocol import HEADERS, frame
from hadir.gateways.fkweb.wire import FramedBody, with_hyphens

HEAD = b"POST /a_b?c_d=1 HTTP/1.1\r\nHost: x_y\r\nRequest_Code: realtime_glog\r\ndev_id:A_1\r\nx_other: 1"


def test_only_names_of_fkweb_get_hyphens():
    assert with_hyphens(HEAD) == (
        b"POST /a_b?c_d=1 HTTP/1.1\r\nHost: x_y\r\nrequest-code: realtime_glog\r\ndev-id:A_1\r\nx_other: 1"
    )
    for name in HEADERS:
        assert with_hyphens(f"GET / HTTP/1.0\r\n{name}: 1".encode()).count(b"_") == 0


@given(st.binary(max_size=200))
def test_any_head_keeps_its_lines(head: bytes):
    assert with_hyphens(head).count(b"\r\n") == head.count(b"\r\n")


LOG = {"user_id": "71", "io_time": "20260914065812", "log_image": 'a "{" \\ and }'}
BARE = json.dumps(LOG).encode()


@pytest.mark.parametrize(("body", "block"), [(frame(LOG), 0), (BARE, 0), (b"\r\n" + BARE, 0), (b"part of {a body", 15)])
@given(data=st.data())
def test_a_body_in_any_pieces_is_whole(body: bytes, block: int, data: st.DataObject):
    line = body + b"GET / HTTP/1.1"
    framed, sent = FramedBody(block), 0
    while not framed.completed:
        size = data.draw(st.integers(1, len(line) - sent))
        taken = framed.received(line[sent : sent + size])
        assert taken == size or framed.completed
        sent += taken
    assert framed.error is None
    assert framed.getfile().read() == body
    assert (len(framed), sent) == (len(body), len(body))


@given(
    st.recursive(
        st.none() | st.text() | st.integers(),
        lambda inner: st.dictionaries(st.text(), inner, max_size=3) | st.lists(inner, max_size=3),
    ),
    st.booleans(),
    st.binary(max_size=20),
)
def test_an_object_ends_with_its_last_brace(value: object, as_ascii: bool, tail: bytes):
    body = json.dumps({"a": value}, ensure_ascii=as_ascii).encode("utf-8", "surrogatepass")
    assert Braces().end(body + tail) == len(body)
    assert Braces().end(body[:-1]) is None


@pytest.mark.parametrize(
    ("body", "block"),
    [(b"\xff\xff\xff\x7f", 0), (b'{"a": "' + b"x" * 70_000, 0), (b"x", 5 * 1024 * 1024)],
)
def test_an_absurd_length_is_refused(body: bytes, block: int):
    framed = FramedBody(block)
    framed.received(body)
    assert framed.error is not None
