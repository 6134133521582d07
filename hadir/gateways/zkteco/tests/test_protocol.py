"""The protocol as bytes and values: every form of a line that was seen, and what none of them may become."""

import pytest

from hadir.gateways.zkteco.access_control import codes_for, read_events
from hadir.gateways.zkteco.attlog import read_attlog
from hadir.gateways.zkteco.calls import CallKind, read_call
from hadir.gateways.zkteco.operlog import read_operlog
from hadir.gateways.zkteco.options import read_info, read_options, storage_used
from hadir.gateways.zkteco.results import NO_ANSWER, read_results
from hadir.gateways.zkteco.uploads import read_upload

Row = tuple[str, str, str, str, str]

ATTLOG: dict[str, tuple[bytes, list[Row], int]] = {
    "7 fields, empty workcode, CRLF": (
        b"101\t2024-03-05 07:01:02\t0\t1\t\t0\t0\r\n102\t2024-03-05 07:01:09\t1\t15\t\t0\t0\r\n",
        [("101", "2024-03-05 07:01:02", "0", "1", ""), ("102", "2024-03-05 07:01:09", "1", "15", "")],
        0,
    ),
    "10 fields and a TAB, state keys off": (
        b"1\t2026-08-20 11:27:27\t255\t15\t0\t0\t0\t0\t0\t0\t\n",
        [("1", "2026-08-20 11:27:27", "255", "15", "")],
        0,
    ),
    "11 fields, the last is the record's number": (
        b"46\t2025-01-29 06:58:48\t0\t15\t0\t0\t0\t0\t0\t0\t10881\n",
        [("46", "2025-01-29 06:58:48", "0", "15", "10881")],
        0,
    ),
    "the number with a plus": (
        b"46\t2025-01-29 06:58:48\t0\t15\t0\t0\t0\t0\t0\t0\t10881+\n",
        [("46", "2025-01-29 06:58:48", "0", "15", "10881")],
        0,
    ),
    "the number as tenth field, two blank before": (
        b"46\t2025-01-29 06:58:48\t0\t15\t0\t0\t0\t\t\t10881\n",
        [("46", "2025-01-29 06:58:48", "0", "15", "10881")],
        0,
    ),
    "mask, temperature": (
        b"46\t2025-01-29 06:58:48\t0\t15\t0\t0\t0\t1\t36.5\t36.5\n",
        [("46", "2025-01-29 06:58:48", "0", "15", "")],
        0,
    ),
    "citizen number": (
        b"46\t2025-01-29 06:58:48\t0\t15\t0\t0\t0\t3529010101900001\t0\t0\n",
        [("46", "2025-01-29 06:58:48", "0", "15", "")],
        0,
    ),
    "PIN and time are the least": (b"007\t2025-01-29 06:58:48\n", [("007", "2025-01-29 06:58:48", "", "", "")], 0),
    "a PIN of letters, zeros kept, blanks around it not": (
        b" 00A7 \t2025-01-29 06:58:48\t0\t1\t0\n",
        [("00A7", "2025-01-29 06:58:48", "0", "1", "")],
        0,
    ),
    "last end missing": (
        b"8965\t2015-07-30 15:16:36\t0\t1\t0\t0\t0\n8965\t2015-07-30 15:16:37\t0\t1\t0\t0\t0",
        [("8965", "2015-07-30 15:16:36", "0", "1", ""), ("8965", "2015-07-30 15:16:37", "0", "1", "")],
        0,
    ),
    "last end missing behind the work code": (
        b"46\t2025-01-29 06:58:48\t0\t15\t0", [("46", "2025-01-29 06:58:48", "0", "15", "")], 0,
    ),
    "last end missing behind the verify mode's TAB": (
        b"46\t2025-01-29 06:58:48\t255\t1\t", [("46", "2025-01-29 06:58:48", "255", "1", "")], 0,
    ),
    "cut in the time of a record that is glued to the verify mode": (b"46\t2025-01-29 06:58:48\t0\t1547\t2025", [], 1),
    "cut in a time where the work code should stand": (b"46\t2025-01-29 06:58:48\t0\t15\t2025-01", [], 1),
    "cut in the verify mode": (b"46\t2025-01-29 06:58:48\t0\t1", [], 1),
    "cut in the time": (b"46\t2025-01-29 06:58:4\n47\t2025-01-29 06:59:00\t0\t1\t0\n",
                        [("47", "2025-01-29 06:59:00", "0", "1", "")], 1),
    "glued behind the record": (
        b"46\t2025-01-29 06:58:48\t0\t15\t0\t0\t047\t2025-01-29 06:59:00\t0\t1\t0\n",
        [("46", "2025-01-29 06:58:48", "0", "15", "")],
        1,
    ),
    "glued inside the record": (b"46\t2025-01-29 06:58:48\t047\t2025-01-29 06:59:00\t0\t1\t0\n", [], 1),
    "no such day": (b"46\t2025-02-31 06:58:48\t0\t15\t0\t0\t0\n", [], 1),
    "a year that no clock shows": (b"46\t0001-01-01 00:00:00\t0\t15\t0\t0\t0\n", [], 1),
    "a clock after a power cut is a record": (
        b"46\t2000-01-01 00:00:07\t0\t15\t0\t0\t0\n", [("46", "2000-01-01 00:00:07", "0", "15", "")], 0,
    ),
    "NUL in the PIN": (b"4\x006\t2025-01-29 06:58:48\t0\t15\t0\n", [], 1),
    "controls around the PIN": (b"46\x1f\t2025-01-29 06:58:48\t0\t15\t0\n", [], 1),
    "bytes in the PIN that are no text": (b"4\xff6\t2025-01-29 06:58:48\t0\t15\t0\n", [], 1),
    "bytes behind the record that are no text": (
        b"46\t2025-01-29 06:58:48\t0\t15\t\xff\n", [("46", "2025-01-29 06:58:48", "0", "15", "")], 0,
    ),
    "PIN without end": (b"9" * 65 + b"\t2025-01-29 06:58:48\t0\t15\t0\n", [], 1),
    "commas are no ends of fields": (b"46,2025-01-29 06:58:48,0,15\n", [], 1),
    "blank lines are no lines": (b"\n\r\n \n", [], 0),
    "nothing": (b"", [], 0),
}  # fmt: skip


@pytest.mark.parametrize("case", ATTLOG, ids=list(ATTLOG))
def test_records(case: str):
    body, rows, bad = ATTLOG[case]
    found = read_attlog(body)
    assert [
        (one.pin, f"{one.local_time:%Y-%m-%d %H:%M:%S}", one.state_raw, one.verify_raw, one.record_no)
        for one in found.punches
    ] == rows
    assert len(found.bad) == bad


@pytest.mark.parametrize(
    ("method", "path", "query", "kind", "table"),
    [
        ("GET", "cdata", "SN=A1&options=all&pushver=2.4.1", CallKind.INIT, ""),
        ("GET", "cdata.aspx", "SN=A1&options=all", CallKind.INIT, ""),
        ("POST", "iclock/CDATA", "sn=A1&Table=attlog&Stamp=9999", CallKind.UPLOAD, "ATTLOG"),
        ("GET", "cdata", "SN=A1&table=RemoteAtt&PIN=7", CallKind.OTHER, "REMOTEATT"),
        ("GET", "getrequest.aspx", "SN=A1&INFO=Ver%208,1,2", CallKind.POLL, ""),
        ("POST", "devicecmd", "SN=A1", CallKind.COMMAND_RESULT, ""),
        ("POST", "fdata", "SN=A1&table=ATTPHOTO", CallKind.PHOTO, "ATTPHOTO"),
        ("GET", "ping", "SN=A1", CallKind.PING, ""),
        ("POST", "exchange", "SN=A1&type=publickey", CallKind.EXCHANGE, ""),
        ("GET", "FileName=x", "", CallKind.OTHER, ""),
        ("GET", "", "%ff%00=&&&=SN", CallKind.OTHER, ""),
        ("POST", "cdata", "SN=A1&table=" + "x" * 99, CallKind.UPLOAD, ""),
        ("GET", "cdata", "&".join(f"a{number}=1" for number in range(99)), CallKind.INIT, ""),
    ],
)  # fmt: skip
def test_calls(method: str, path: str, query: str, kind: CallKind, table: str):
    call = read_call(method, path, query)
    assert (call.kind, call.table) == (kind, table)
    assert call.serial in {"A1", ""}


def test_options_have_commas_in_their_values():
    found = read_options(b"~DeviceName=X903,~OEMVendor=ZKTECO CO., LTD.,FWVersion=Ver 1,~MaxAttLogCount=5,comm_key=1,")
    assert found == {
        "DeviceName": "X903",
        "OEMVendor": "ZKTECO CO., LTD.",
        "FWVersion": "Ver 1",
        "MaxAttLogCount": "5",
    }
    assert storage_used({"TransactionCount": "45000", "MaxAttLogCount": "5"}) == 0.9
    assert storage_used({"TransactionCount": "45000", "MaxAttLogCount": "0"}) is None
    assert read_info("Ver 8.0.4,143,1,109,172.16.12.182")["TransactionCount"] == "109"


def test_acts_and_users_among_templates_broken_by_ends_of_lines():
    body = (
        b"OPLOG 82\t14\t2026-09-14 07:00:00\t0\t0\t0\t0\n"
        b"FP PIN=1\tFID=0\tSize=9\tValid=1\tTMP=AAAA\rBBBB\tCC\nDDDD==\n"
        b"user pin=0007\tname=\xc0\xee\xc3\xf7\tPRI=14\tPasswd=1\n"
        b"USER PIN=8\tName=Moh. Rofi'i\r\n"
        b"USER PIN=99"
    )
    found = read_operlog(body)
    assert [(act.operation, act.noticed.kind if act.noticed else "") for act in found.acts] == [
        ("82", "server_changed")
    ]
    assert [(user.pin, user.name, user.is_admin) for user in found.users] == [
        ("0007", "李明", True),
        ("8", "Moh. Rofi'i", False),
    ]
    assert (found.lines, found.others) == (6, 3)
    assert b"BBBB" not in read_upload("OPERLOG", body).clean


def test_results_in_all_their_forms():
    batch = read_results(b"ID=1&Return=0&CMD=DATA\nID=a2&Return=-1002&CMD=USER DEL\r\n")
    assert [(one.number, one.code, one.command) for one in batch] == [("1", 0, "DATA"), ("a2", -1002, "USER")]
    (info,) = read_results(b"ID=122&Return=0&CMD=INFO\n~DeviceName=MB360/ID\nMAC=00:17\nUserCount=143\n")
    assert (info.number, info.values["DeviceName"], info.values["UserCount"]) == ("122", "MB360/ID", "143")
    (shell,) = read_results(b"ID=9\nReturn=0\nCMD=Shell\nContent=abc\n")
    assert (shell.number, shell.code, shell.command) == ("9", 0, "Shell")
    (counted,) = read_results(b"ID=5&Return=0&CMD=VERIFY SUM&AttlogSum=12\n")
    assert counted.values["attlogsum"] == "12"
    assert read_results(b"ID=7&Return=x")[0].code == NO_ANSWER
    assert read_results(b"\xff\xfe no result") == []


EVENT = b"time=2026-09-14 06:58:48\tpin=%b\tcardno=0\tevent=0\tinoutstatus=%b\tverifytype=15\tindex=9\n"


@pytest.mark.parametrize(
    ("pin", "state"),
    [(b"7\x016", b"0"), (b"7\x00", b"0"), (b"7\x1c", b"0"), (b"7\xff6", b"0"), (b"7" * 65, b"0"), (b"7", b"1" * 21)],
)
def test_an_event_whose_pin_would_become_another_is_no_record(pin: bytes, state: bytes):
    found = read_events(EVENT % (pin, state))
    assert (len(found.punches), len(found.bad)) == (0, 1)


def test_events_of_the_access_control_dialect():
    body = (
        b"time=2026-09-14 06:58:48\tpin=0701\tcardno=0\teventaddr=1\tevent=0\tinoutstatus=0\tverifytype=15\tindex=9\r\n"
        b"time=2026-09-14 06:58:50\tpin=702\tcardno=0\teventaddr=1\tevent=3\tinoutstatus=1\tverifytype=1\tindex=0\r\n"
        b"time=2026-09-14 06:58:52\tpin=0\tcardno=0\teventaddr=1\tevent=27\tinoutstatus=0\tverifytype=4\tindex=22\r\n"
        b"time=2026-09-14 06:58:54\tpin=\tcardno=0\teventaddr=1\tevent=8\tinoutstatus=2\tverifytype=200\tindex=23\r\n"
        b"time=2026-09\tpin=1\tevent=0\r\n"
    )
    found = read_events(body)
    assert [(one.pin, one.state_raw, one.verify_raw, one.record_no) for one in found.punches] == [
        ("0701", "0", "15", "9"),
        ("702", "1", "1", ""),
    ]
    assert (len(found.bad), found.lines) == (1, 5)


@pytest.mark.parametrize(
    ("event", "records", "held"), [("0", 1, 0), ("3", 1, 0), ("1", 0, 1), ("2", 0, 1), ("27", 0, 0)]
)
def test_an_event_of_an_open_door_is_held_and_no_record(event: str, records: int, held: int):
    line = f"time=2026-09-14 06:58:48\tpin=0701\tevent={event}\tinoutstatus=0\tverifytype=15\tindex=9\r\n"
    found = read_events(line.encode())
    assert (len(found.punches), len(found.bad)) == (records, held)
    nobody = read_events(line.replace("pin=0701", "pin=0").encode())
    assert (nobody.punches, nobody.bad) == ((), ())


def test_codes_of_a_machine_are_its_own():
    codes = codes_for("A1", b"key")
    assert codes == codes_for("A1", b"key")
    assert codes != codes_for("A2", b"key")
    assert len(codes.registry) == 32
    assert len(codes.token("A1")) == 32
