"""What the server does with what an agent sends: signatures, numbers, receipts, and what a terminal's row then says."""
# ruff: noqa: ARG001  some fixtures only need to be there

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from hadir.agent.settings import SERIALS
from hadir.agent.signing import Key, read_key
from hadir.conftest import World
from hadir.core import clock
from hadir.core.models import AuditEntry
from hadir.devices.models import Terminal
from hadir.devices.services import revoke_device
from hadir.devices.services_terminal import SERIAL_PATTERN, add_terminal
from hadir.gateways.agent import protocol
from hadir.gateways.agent.models import AgentKey, AgentStream
from hadir.gateways.agent.protocol import Batch, BatchError, read_body, read_punch
from hadir.gateways.agent.services import issue_key, revoke_key
from hadir.ledger import services_terminal
from hadir.ledger.models_terminal import TerminalScan
from hadir.ledger.queries_terminal import doubted_punches
from hadir.terminals.models import Alert, JournalEntry, KnownUser, Quarantined

NOW = datetime(2026, 9, 14, 0, 30, tzinfo=UTC)
SERIAL = "CKUH204960119"
PUNCHES = [["0701", "2026-09-14 06:58:12", "0", "15", ""], ["0702", "2026-09-14 06:59:10", "0", "1", ""]]


@pytest.fixture(autouse=True)
def half_past_seven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def terminal(world: World) -> Terminal:
    made, _secret = add_terminal(serial=SERIAL, kind="zkteco", schools=[world.kota], by=None, now=NOW)
    return made


@pytest.fixture
def key(world: World) -> Key:
    return issue_key(school=world.kota, by=None, now=NOW)


def post(key: Key, body: Any, *, stamp: float | None = None, signed: bytes | None = None) -> Any:
    """Sign by hand, as docs/agent.md says."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    written = str(int(stamp if stamp is not None else NOW.timestamp()))
    message = b"hadir agent batch 1\n" + key.name.encode() + b"\n" + written.encode() + b"\n" + (signed or content)
    return Client(enforce_csrf_checks=True).generic(
        "POST",
        "/api/agent/v1/batches",
        content,
        content_type="application/json",
        headers={
            "X-Hadir-Agent": key.name,
            "X-Hadir-Clock": written,
            "X-Hadir-Signature": hmac.new(key.secret, message, hashlib.sha256).hexdigest(),
        },
    )


def batch(sequence: int = 1, punches: Any = PUNCHES, report: Any = None, **changes: Any) -> dict[str, Any]:
    body = {"v": 1, "sequence": sequence, "terminal": SERIAL, "punches": punches, "report": report}
    return body | {"clock": shown("07:29:03")} | changes


def shown(time: str, day: str = "2026-09-14") -> dict[str, str]:
    return {"at": "2026-09-14T00:29:00+00:00", "shown": f"{day} {time}"}


def report(**changes: Any) -> dict[str, Any]:
    return {
        "outcome": "ok",
        "at": "2026-09-14T00:29:00+00:00",
        "complete_until": "2026-09-14T00:29:00+00:00",
        "users": 31,
        "records": 5120,
        "capacity": 100000,
        "firmware": "Ver 6.60",
        "odd": {},
        "people": [["0701", "Siti Aminah"]],
    } | changes


def code(response: Any) -> str:
    return str(response.json()["error"]["code"])


def test_records_are_kept_with_the_trust_of_a_signature(terminal: Terminal, key: Key):
    response = post(key, batch())
    assert response.status_code == 200
    answer = response.json()
    assert (answer["status"], answer["sequence"], answer["last_sequence"]) == ("stored", 1, 1)
    assert (answer["stored"], answer["known"], answer["refused"]) == (2, 0, [])
    rows = TerminalScan.objects.order_by("pin").values_list("pin", "local_time", "state_raw", "verify_raw")
    assert list(rows) == [("0701", "2026-09-14 06:58:12", "0", "15"), ("0702", "2026-09-14 06:59:10", "0", "1")]
    assert set(TerminalScan.objects.values_list("source", "trust")) == {("agent", "hmac")}
    terminal.refresh_from_db()
    assert terminal.claimed_at == NOW
    assert terminal.last_request == "agen"
    assert JournalEntry.objects.get().request == f"agen {key.name} 1"


def test_a_receipt_that_got_lost_is_given_again(terminal: Terminal, key: Key):
    post(key, batch(report=report()))
    again = post(key, batch(report=report())).json()
    assert (again["status"], again["stored"], again["known"], again["last_sequence"]) == ("known", 0, 2, 1)
    assert TerminalScan.objects.count() == 2


def test_a_request_that_is_played_again_moves_nothing(terminal: Terminal, key: Key, monkeypatch: pytest.MonkeyPatch):
    post(key, batch(1, report=report()))
    post(key, batch(2, report=report(), clock=shown("07:29:00")))
    later = NOW + timedelta(minutes=9)
    monkeypatch.setattr(clock, "now", lambda: later)
    old = report(complete_until=later.isoformat())
    assert post(key, batch(1, report=old, clock=shown("09:00:00"))).json()["status"] == "known"
    terminal.refresh_from_db()
    assert terminal.clock_skew == 0
    assert terminal.device.handed_in_until == datetime(2026, 9, 14, 0, 29, tzinfo=UTC)
    assert terminal.device.last_heard_at == NOW


def test_a_pc_that_counts_anew_loses_nothing(terminal: Terminal, key: Key):
    post(key, batch(41))
    new = [["0703", "2026-09-14 07:01:00", "0", "1", ""]]
    answer = post(key, batch(1, new)).json()
    assert (answer["status"], answer["stored"], answer["last_sequence"]) == ("known", 1, 41)
    assert TerminalScan.objects.count() == 3


def test_numbers_that_never_came_are_counted(terminal: Terminal, key: Key):
    for number in (1, 2, 5):
        post(key, batch(number))
    assert AgentStream.objects.get().missing == 2


def test_the_report_makes_a_day_complete_and_shows_on_the_terminals_page(terminal: Terminal, key: Key):
    post(key, batch(report=report(odd={"bad_date": 2})))
    terminal.refresh_from_db()
    assert terminal.device.handed_in_until == datetime(2026, 9, 14, 0, 29, tzinfo=UTC)
    assert terminal.clock_skew == 3
    assert terminal.firmware == "Ver 6.60"
    assert terminal.last_error == "agen: bad_date=2"
    assert terminal.options["AgentOutcome"] == "ok"
    assert terminal.options["AgentRecords"] == "5120"
    assert KnownUser.objects.get().name == "Siti Aminah"
    assert not Alert.objects.exists()


@pytest.mark.parametrize("clock_shown", [shown("08:30:00"), shown("00:15:00", "2000-01-01")])
def test_a_clock_that_was_read_wrong_doubts_what_is_new_and_proposes_its_time(
    terminal: Terminal, key: Key, clock_shown: dict[str, str]
):
    late = [["0701", "2026-09-14 07:58:12", "0", "1", ""]]
    fallen = [["0701", "2000-01-01 00:01:00", "0", "1", ""]]
    is_fallen = clock_shown["shown"].startswith("2000")
    post(key, batch(punches=fallen if is_fallen else late, clock=clock_shown))
    (doubted,) = doubted_punches([terminal.pk])
    assert doubted.proposed is not None
    wanted = datetime(2026, 9, 14, 0, 15, tzinfo=UTC) if is_fallen else datetime(2026, 9, 13, 23, 57, 12, tzinfo=UTC)
    assert abs(doubted.proposed - wanted) < timedelta(minutes=2)


@pytest.mark.parametrize("told", [None, 1, {}, {"at": "2026-09-14T00:29:00", "shown": "x"}, shown("25:00:00")])
def test_an_odd_clock_reading_never_stops_records(terminal: Terminal, key: Key, told: Any):
    assert post(key, batch(clock=told)).json()["stored"] == 2


def test_a_clock_is_noted_without_records_too(terminal: Terminal, key: Key):
    post(key, batch(punches=[], report=report()))
    terminal.refresh_from_db()
    assert terminal.clock_skew == 3


def test_a_reading_that_brought_nothing_fills_no_journal(terminal: Terminal, key: Key):
    post(key, batch(punches=[], report=report(records=90000)))
    assert not JournalEntry.objects.exists()
    assert KnownUser.objects.count() == Alert.objects.count() == 1
    terminal.refresh_from_db()
    assert terminal.options["AgentRecords"] == "90000"


def test_a_failed_reading_claims_no_completeness(terminal: Terminal, key: Key):
    failed = {
        "outcome": "wrong_comm_key",
        "at": "2026-09-14T00:29:00+00:00",
        "complete_until": "2026-09-14T00:29:00+00:00",
    }
    post(key, batch(punches=[], report=failed))
    terminal.refresh_from_db()
    assert terminal.device.handed_in_until is None
    assert terminal.last_error == "agen: wrong_comm_key"
    assert terminal.options["AgentOutcome"] == "wrong_comm_key"


def test_completeness_never_reaches_beyond_now(terminal: Terminal, key: Key):
    post(key, batch(report=report(complete_until="2030-01-01T00:00:00+00:00")))
    terminal.refresh_from_db()
    assert terminal.device.handed_in_until == NOW


def test_a_memory_that_is_nearly_full_is_an_alert(terminal: Terminal, key: Key):
    post(key, batch(report=report(records=85000)))
    assert list(Alert.objects.values_list("kind", "occasion")) == [("storage", "80 %")]


@pytest.mark.parametrize(
    "row",
    [
        ["", "2026-09-14 06:58:12", "0", "1", ""],
        ["7", "2026-02-30 06:58:12", "0", "1", ""],
        ["7", "1969-12-31 06:58:12", "0", "1", ""],
        ["7", "pagi", "0", "1", ""],
        ["7\t8", "2026-09-14 06:58:12", "0", "1", ""],
        ["7" * 65, "2026-09-14 06:58:12", "0", "1", ""],
        ["7", "2026-09-14 06:58:12", "x" * 21, "1", ""],
        ["7", "2026-09-14 06:58:12", 0, 1, ""],
        ["7", "2026-09-14 06:58:12"],
        {"pin": "7"},
        None,
    ],
)
def test_one_bad_record_is_held_back_alone(terminal: Terminal, key: Key, row: Any):
    answer = post(key, batch(punches=[PUNCHES[0], row, PUNCHES[1]])).json()
    assert answer["refused"] == [{"index": 1, "code": "punch_unreadable"}]
    assert answer["stored"] == 2
    assert Quarantined.objects.get().reason == "bad_line"
    terminal.refresh_from_db()
    assert terminal.parse_errors == 1


def test_what_the_protocol_takes_the_ledger_takes():
    assert services_terminal.LIMITS["pin"] == protocol.LONGEST_PIN
    assert protocol.LONGEST_STATE == services_terminal.LIMITS["state_raw"] == services_terminal.LIMITS["verify_raw"]
    assert services_terminal.LIMITS["record_no"] == protocol.LONGEST_NUMBER
    assert (protocol.FIRST_YEAR, protocol.LAST_YEAR) == (services_terminal.FIRST_YEAR, services_terminal.LAST_YEAR)
    assert SERIALS["zkteco"] == SERIAL_PATTERN.pattern, "the agent takes every serial that can be registered"


# Who may send


def test_another_key_or_other_bytes_are_refused(world: World, terminal: Terminal, key: Key):
    assert code(post(Key(key.name, b"x" * 32), batch())) == "agent_signature_wrong"
    assert code(post(Key("tidakada1234", key.secret), batch())) == "agent_key_unknown"
    assert code(post(key, batch(), signed=json.dumps(batch(2)).encode())) == "agent_signature_wrong"
    assert code(post(key, json.dumps(batch()).encode() + b" ", signed=json.dumps(batch()).encode())) == (
        "agent_signature_wrong"
    )
    assert not TerminalScan.objects.exists()


@pytest.mark.parametrize("off", [timedelta(minutes=11), -timedelta(minutes=11), timedelta(days=3650)])
def test_a_stamp_far_from_the_servers_clock_is_refused(terminal: Terminal, key: Key, off: timedelta):
    assert code(post(key, batch(), stamp=(NOW + off).timestamp())) == "agent_clock_wrong"
    assert post(key, batch(), stamp=(NOW + off / 2000).timestamp()).status_code == (200 if off.days < 3000 else 409)


@pytest.mark.parametrize("name", ["X-Hadir-Agent", "X-Hadir-Clock", "X-Hadir-Signature"])
@pytest.mark.parametrize("value", ["", "é", "9" * 400, "٣٣٣"])
def test_odd_headers_are_refused(terminal: Terminal, key: Key, name: str, value: str):
    body = json.dumps(batch()).encode()
    headers = {"X-Hadir-Agent": key.name, "X-Hadir-Clock": str(int(NOW.timestamp())), "X-Hadir-Signature": "00"}
    response = Client().generic("POST", "/api/agent/v1/batches", body, headers=headers | {name: value})
    assert response.status_code == 401


def test_a_revoked_key_is_told_so(terminal: Terminal, key: Key):
    revoke_key(key=AgentKey.objects.get(), by=None, now=NOW)
    assert code(post(key, batch())) == "agent_key_revoked"


def test_a_terminal_of_another_school_is_as_unknown_as_none(world: World, terminal: Terminal, key: Key):
    add_terminal(serial="JAUH0001", kind="zkteco", schools=[world.jauh], by=None, now=NOW)
    answers = [post(key, batch(terminal=serial)) for serial in ("JAUH0001", "TIDAKADA1")]
    assert [(one.status_code, code(one)) for one in answers] == [(404, "agent_terminal_unknown")] * 2
    assert not TerminalScan.objects.exists()


def test_a_terminal_that_was_ended_still_hands_in(world: World, terminal: Terminal, key: Key):
    revoke_device(device=terminal.device, by=None, now=NOW)
    assert post(key, batch()).json()["stored"] == 2
    assert TerminalScan.objects.first().flags == ["device_revoked"]  # type: ignore[union-attr]


def test_hello_tells_which_serials_are_registered(world: World, terminal: Terminal, key: Key):
    answer = post(key, {"v": 1, "sequence": 0, "terminals": [SERIAL, "LAIN"]}).json()
    assert answer["school"] == world.kota.name
    assert answer["terminals"] == {SERIAL: True, "LAIN": False}
    assert not AgentStream.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b"[" * 100_000,
        {"v": 2, "sequence": 1},
        batch(sequence=-1),
        batch() | {"sequence": True},
        batch() | {"sequence": 2**60},
        batch() | {"terminal": ""},
        batch() | {"terminal": "x" * 65},
        batch() | {"punches": {}},
        batch(punches=[[]] * 5001),
        {"v": 1, "sequence": 0, "terminals": [1]},
    ],
)
def test_a_body_that_is_no_batch_is_named(terminal: Terminal, key: Key, body: Any):
    response = post(key, body)
    assert (response.status_code, code(response)) == (422, "agent_batch_unreadable")


@pytest.mark.parametrize("told", [1, [], {"at": "gestern", "outcome": "ok"}, {"at": "2026-09-14T00:00:00+00:00"}])
def test_an_odd_report_never_stops_records(terminal: Terminal, key: Key, told: Any):
    assert post(key, batch(report=told)).json()["stored"] == 2


def test_only_posts_are_answered(db: None):
    assert Client().get("/api/agent/v1/batches").status_code == 404


def test_a_key_is_shown_once_and_lies_sealed(world: World, key: Key):
    row = AgentKey.objects.get()
    assert key.secret not in bytes(row.sealed)
    assert read_key(key.text()) == key
    assert key.text().rsplit(".", 1)[1] not in json.dumps(list(AuditEntry.objects.values("detail")), default=str)


@given(st.binary(max_size=300))
def test_no_body_makes_the_reader_fail(body: bytes):
    try:
        read_body(body)
    except BatchError:
        return


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=20,
)


@given(st.fixed_dictionaries({"punches": st.lists(JSON, max_size=6), "report": JSON}))
def test_whatever_stands_in_a_batch_every_row_is_a_record_or_bad(parts: dict[str, Any]):
    read = read_body(json.dumps(batch() | parts).encode())
    assert isinstance(read, Batch)
    assert sorted([*read.punches, *read.bad]) == list(range(len(parts["punches"])))


@given(JSON)
def test_any_row_is_read_or_not(row: Any):
    read_punch(row)
