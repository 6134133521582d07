"""Messages in, values and echoes out."""

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hadir.gateways.aiface.protocol import AifaceError, answer, read_message
from hadir.ledger.punch import Punch

wall = datetime.fromisoformat
RECORD: dict[str, Any] = {
    "enrollid": 71, "name": "Siti", "time": "2026-09-14 06:58:12", "mode": 8, "inout": 0, "event": 0,
}  # fmt: skip
LOG: dict[str, Any] = {"cmd": "sendlog", "sn": "AI100", "count": 1, "logindex": 10, "record": [RECORD]}
REG = {
    "cmd": "reg",
    "sn": "AI100",
    "devinfo": {"modelname": "AiFace", "firmware": "f1.2", "time": "2026-09-14 06:58:12", "useduser": 9},
}


def read(**changes: Any) -> Any:
    return read_message(json.dumps(LOG | changes))


def test_a_log_and_its_exact_echo():
    told = read()
    assert (told.command, told.serial) == ("sendlog", "AI100")
    assert list(told.punches) == [Punch("71", wall("2026-09-14 06:58:12"), "0", "8")]
    assert json.loads(answer(told, accepted=True, local=wall("2026-09-14 07:05:00"))) == {
        "ret": "sendlog", "result": True, "count": 1, "logindex": 10, "cloudtime": "2026-09-14 07:05:00",
    }  # fmt: skip
    assert json.loads(answer(read(count="1"), accepted=True, local=wall("2026-09-14 07:05:00")))["count"] == "1"


def test_a_registration_keeps_people_on_the_terminal():
    told = read_message(json.dumps(REG).encode())
    assert (told.command, told.serial, told.clock) == ("reg", "AI100", wall("2026-09-14 06:58:12"))
    assert dict(told.traits) == {"model": "AiFace", "firmware": "f1.2"}
    assert json.loads(answer(told, accepted=True, local=wall("2026-09-14 07:05:00"))) == {
        "ret": "reg", "result": True, "cloudtime": "2026-09-14 07:05:00", "nosenduser": True,
    }  # fmt: skip


def test_unknown_faces_and_bad_records_are_counted():
    rows = [
        RECORD,
        RECORD | {"enrollid": 0},
        RECORD | {"enrollid": "enroll"},
        RECORD | {"time": "x"},
        {},
        7,
        RECORD | {"enrollid": "0071"},
    ]
    told = read(record=rows)
    assert ([punch.pin for punch in told.punches], told.unknown, told.bad) == (["71", "0071"], 2, 3)


@pytest.mark.parametrize("text", ["", "{", "[]", "7", b"\xff\xfe", '{"cmd": '])
def test_what_cannot_be_read_is_refused(text: str | bytes):
    with pytest.raises(AifaceError):
        read_message(text)


def test_a_message_that_is_cut_off_invents_nothing():
    text = json.dumps(LOG)
    for end in range(len(text)):
        with pytest.raises(AifaceError):
            read_message(text[:end])


def test_an_answer_to_a_command_is_no_command():
    assert read_message('{"ret": "getuserlist", "sn": "AI100"}').command == ""


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_text_is_read_or_refused(text: str | bytes):
    try:
        told = read_message(text)
    except AifaceError:
        return
    json.loads(answer(told, accepted=False, local=wall("2026-09-14 07:05:00")))


values = st.none() | st.integers() | st.text(max_size=40) | st.floats() | st.lists(st.integers(), max_size=2)


@given(st.dictionaries(st.sampled_from([*LOG]), values), st.dictionaries(st.sampled_from([*RECORD]), values))
def test_any_values(outer: dict[str, Any], inner: dict[str, Any]):
    told = read_message(json.dumps(LOG | {"record": [RECORD | inner]} | outer))
    json.loads(answer(told, accepted=True, local=wall("2026-09-14 07:05:00")))
    for punch in told.punches:
        assert punch.pin.isprintable()
        assert punch.pin
