"""Heads of requests and bodies without a length, piece by piece."""

from hypothesis import given
from hypothesis import strategies as st

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


@given(st.data())
def test_a_body_in_any_pieces_is_whole(data: st.DataObject):
    body = frame({"user_id": "71", "io_time": "20260914065812"})
    line = body + b"GET / HTTP/1.1"
    framed, sent = FramedBody(), 0
    while not framed.completed:
        size = data.draw(st.integers(1, len(line) - sent))
        taken = framed.received(line[sent : sent + size])
        assert taken == size or framed.completed
        sent += taken
    assert framed.getfile().read() == body
    assert (len(framed), sent) == (len(body), len(body))


def test_an_absurd_length_is_refused():
    framed = FramedBody()
    framed.received(b"\xff\xff\xff\x7f")
    assert framed.error is not None
