"""Bodies in, values out."""

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.gateways.hikvision.events import HikvisionError, read_answer, read_push
from hadir.gateways.hikvision.gaps import Heard, hear, missing
from hadir.gateways.hikvision.tests.samples import ANSWER, JPEG, XML, bare, event, multipart
from hadir.ledger.punch import Punch

wall = datetime.fromisoformat
"""A terminal's wall clock has no zone."""
SITI = Punch("0071", wall("2026-09-14 06:58:12"), "checkIn", "5/75", "139")


@pytest.mark.parametrize(
    "body",
    [
        bare(event()),
        b"\xef\xbb\xbf" + bare(event()) + b"\0\r\n",
        multipart(event()),
        multipart(event(), picture=JPEG),
        multipart(event(), boundary="mime_BOUNDARY"),
        b"\r\n" + multipart(event()),
        multipart(event()).removesuffix(b"--MIME_boundary--\r\n"),
        multipart(event()).replace(b"\r\n", b"\n"),
        XML,
    ],
    ids=["json", "bom", "multipart", "picture", "boundary", "blank line first", "no end", "lf", "xml"],
)
def test_every_form_tells_the_same(body: bytes):
    (told,) = read_push(body)
    assert (told.punch, told.serial, told.front, told.offset) == (SITI, 139, 138, timedelta(hours=7))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"subEventType": 76}, "kind"),
        ({"subEventType": 22}, "kind"),
        ({"majorEventType": "x"}, "kind"),
        ({"employeeNoString": ""}, "nobody"),
        ({"employeeNoString": "0"}, "nobody"),
        ({"employeeNoString": "9" * 33}, "pin"),
        ({"employeeNoString": ["0071"]}, "nobody"),
    ],
)
def test_what_is_no_attendance_says_why(change: dict[str, object], why: str):
    (told,) = read_push(bare(event(**change)))
    assert (told.punch, told.ignored, told.serial) == (None, why, 139)


def test_a_stored_event_and_a_number_as_text():
    (told,) = read_push(bare(event(currentEvent=False, serialNo="139", employeeNoString=71)))
    assert not told.is_current
    assert told.punch is not None
    assert (told.punch.pin, told.punch.record_no) == ("71", "139")


@pytest.mark.parametrize(
    ("text", "local", "offset"),
    [
        ("2026-09-19T22:05:16+08:30", wall("2026-09-19 22:05:16"), timedelta(hours=8, minutes=30)),
        ("2026-09-19T22:05:16Z", wall("2026-09-19 22:05:16"), timedelta(0)),
        ("2026-09-19T22:05:16.250-01:00", wall("2026-09-19 22:05:16"), timedelta(hours=-1)),
        ("2026-09-19 22:05:16", wall("2026-09-19 22:05:16"), None),
        ("2026-02-30T22:05:16+07:00", None, None),
        ("kemarin", None, None),
    ],
)
def test_times_as_they_are_written(text: str, local: datetime | None, offset: timedelta | None):
    (told,) = read_push(bare({"eventType": "heartBeat", "dateTime": text}))
    assert (told.is_heartbeat, told.local_time, told.offset) == (True, local, offset)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\0\0",
        b"{",
        b"[1]",
        b'{"eventType": ',
        b"<a>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"--x\r\n\r\n",
        b'{"a":' * 50_000,
        JPEG,
    ],
)
def test_what_cannot_be_read_is_refused(body: bytes):
    with pytest.raises(HikvisionError):
        read_push(body)


@pytest.mark.parametrize("body", [bare(event()), multipart(event(), picture=JPEG), XML])
def test_a_body_that_is_cut_off_invents_nothing(body: bytes):
    for end in range(len(body)):
        try:
            told = read_push(body[:end])
        except HikvisionError:
            continue
        assert [one.punch for one in told] in ([], [SITI])


def test_an_answer_page_by_page():
    page = read_answer(json.dumps(ANSWER).encode())
    assert (page.more, page.total, [one.punch and one.punch.pin for one in page.events]) == (True, 3, ["0071", None])
    assert not read_answer(b'{"AcsEvent": {"responseStatusStrg": "NO MATCH"}}').more
    with pytest.raises(HikvisionError, match="notSupport"):
        read_answer(b'{"statusCode": 4, "subStatusCode": "notSupport"}')


@given(
    st.binary(max_size=400) | st.binary(max_size=200).map(lambda tail: b'--x\r\n\r\n{"eventType":"a"}\r\n--x' + tail)
)
def test_any_bytes_are_read_or_refused(body: bytes):
    for reader in (read_push, read_answer):
        try:
            reader(body)
        except HikvisionError:
            continue


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["majorEventType", "subEventType", "employeeNoString", "serialNo", "frontSerialNo", "time"]),
        json_values,
    ),
    json_values,
)
def test_any_values_in_an_event(inner: dict[str, object], when: object):
    told = event() | {"dateTime": when}
    told["AccessControllerEvent"] |= inner
    for one in read_push(json.dumps(told).encode()):
        if one.punch is not None:
            assert one.punch.pin
            assert one.punch.pin.isprintable()


def at(minute: int) -> datetime:
    return wall(f"2026-09-14 07:{minute:02}:00")


def test_a_hole_is_seen_and_filled():
    runs: list[Heard] = []
    for serial, front in [(10, 9), (11, 10), (15, 14), (18, 15)]:
        runs = hear(runs, serial=serial, front=front, when=at(serial))
    assert missing(runs) == [(12, 14)]
    for serial in (13, 12, 14):
        runs = hear(runs, serial=serial, front=None, when=at(serial))
    assert missing(runs) == []
    assert runs == [Heard(9, 10, 18, at(18))]


def test_a_number_heard_twice_changes_nothing_and_a_later_one_begins_anew():
    runs = hear([], serial=10, front=9, when=at(10))
    runs = hear(runs, serial=11, front=10, when=at(11))
    assert hear(runs, serial=10, front=9, when=at(10)) == runs
    assert hear(runs, serial=10, front=None, when=at(30)) == [Heard(9, 10, 10, at(30))]


@given(st.permutations(range(1, 30)), st.sets(st.integers(1, 29)))
def test_what_is_missing_is_what_was_not_heard(order: list[int], lost: set[int]):
    runs: list[Heard] = []
    heard = [serial for serial in order if serial not in lost]
    for serial in heard:
        runs = hear(runs, serial=serial, front=serial - 1, when=at(serial))
    holes = {serial for first, last in missing(runs) for serial in range(first, last + 1)}
    between = set(range(min(heard), max(heard))) if heard else set()
    assert holes == between & lost
