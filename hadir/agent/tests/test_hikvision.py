"""The AcsEvent pull against a terminal that wants HTTP Digest, pages its answers, and sometimes does neither."""
# ruff: noqa: DTZ001  a terminal's times have no zone

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from hadir.agent.faults import AgentError
from hadir.agent.hikvision import Hello, read_clock, span
from hadir.agent.pull import pull
from hadir.agent.settings import Settings, read_settings
from hadir.agent.store import Store
from hadir.agent.tests.conftest import KEY

START = datetime(2026, 9, 14, 6, 30, 0)
NOW = datetime(2026, 9, 14, 0, 30, tzinfo=UTC)
PASSWORD = "rahasia-mesin"


class FakeHikvision:
    """Events, in the order of their numbers. `wanted`: the conditions that were asked for."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.wanted: list[dict[str, Any]] = []
        self.clock = "2026-09-14T07:30:00+07:00"
        self.serial = "DS-K1T341AMF20210101V0102DS0123456789"
        self.supports = True
        self.basic = False
        self.authorised: list[bool] = []

    def __enter__(self) -> "FakeHikvision":
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(b"")

            def do_POST(self) -> None:
                self.answer(self.rfile.read(int(self.headers["Content-Length"])))

            def answer(self, body: bytes) -> None:
                good = fake.is_authorised(self.headers.get("Authorization", ""), self.command, self.path)
                status, content = fake.respond(self.path, body) if good else (401, b"")
                self.send_response_only(status)
                if not good:
                    scheme = 'Basic realm="x"' if fake.basic else 'Digest realm="DS", qop="auth", nonce="abc"'
                    self.send_header("WWW-Authenticate", scheme)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_arguments: object) -> None:
                return

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # The end of the test waits for what is being answered.
        self._http.daemon_threads = False
        self.port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def is_authorised(self, header: str, method: str, path: str) -> bool:
        """RFC 2617, section 3.2.2, with qop=auth."""
        told = dict(re.findall(r'(\w+)="?([^",]+)"?', header))
        if not header.startswith("Digest "):
            return False
        first = hashlib.md5(f"{told['username']}:DS:{PASSWORD}".encode()).hexdigest()  # noqa: S324
        second = hashlib.md5(f"{method}:{path}".encode()).hexdigest()  # noqa: S324
        joined = f"{first}:abc:{told['nc']}:{told['cnonce']}:auth:{second}"
        return bool(hashlib.md5(joined.encode()).hexdigest() == told["response"])  # noqa: S324

    def respond(self, path: str, body: bytes) -> tuple[int, bytes]:
        if path == "/ISAPI/System/deviceInfo":
            told = f"<serialNumber>{self.serial}</serialNumber><firmwareVersion>V3.2</firmwareVersion>"
            return 200, f"<DeviceInfo>{told}</DeviceInfo>".encode()
        if path == "/ISAPI/System/time":
            return 200, f"<Time><timeMode>manual</timeMode><localTime>{self.clock}</localTime></Time>".encode()
        if not self.supports:
            return 403, b'{"subStatusCode": "notSupport"}'
        condition = json.loads(body)["AcsEventCond"]
        self.wanted.append(condition)
        inside = [
            event
            for event in self.events
            if condition["startTime"][:19] <= event["time"][:19] <= condition["endTime"][:19]
        ]
        place, most = condition["searchResultPosition"], condition["maxResults"]
        page = inside[place : place + most]
        status = "NO MATCH" if not inside else "MORE" if place + most < len(inside) else "OK"
        return 200, json.dumps({"AcsEvent": {"responseStatusStrg": status, "InfoList": page}}).encode()


@pytest.fixture
def terminal() -> Iterator[FakeHikvision]:
    with FakeHikvision() as running:
        yield running


def event(number: int, *, minor: int = 75, pin: str | None = "001", at: datetime | None = None) -> dict[str, Any]:
    moment = at or START + timedelta(seconds=number)
    told = {"major": 5, "minor": minor, "time": f"{moment.isoformat()}+07:00", "serialNo": number}
    return {**told, "attendanceStatus": "checkIn"} | ({} if pin is None else {"employeeNoString": pin})


def configured(tmp_path: Path, terminal: FakeHikvision, password: str = PASSWORD) -> Settings:
    path = tmp_path / "agen.ini"
    path.write_text(
        f"[hadir]\nserver=http://127.0.0.1:9\nkunci={KEY.text()}\n[mesin gerbang]\njenis=hikvision\n"
        f"alamat=127.0.0.1\nport={terminal.port}\nseri=DS0123456789\npengguna=admin\nsandi={password}\n",
        encoding="utf-8",
    )
    return read_settings(path)


def pulled(settings: Settings) -> tuple[Store, Any]:
    store = Store(settings.data)
    return store, pull(settings, settings.terminals[0], store, lambda: NOW)


def kept(store: Store) -> list[list[str]]:
    batch = store.next_batch("DS0123456789", limit=5000)
    assert batch is not None
    return list(json.loads(batch.body)["punches"])


def test_all_pages_come_and_only_passes_count(tmp_path: Path, terminal: FakeHikvision):
    terminal.events = [event(number) for number in range(1, 66)]
    terminal.events += [
        event(70, minor=76),
        event(71, minor=21),
        event(72, pin=None),
        event(73, minor=38),
        event(74, minor=1),
    ]
    store, counted = pulled(configured(tmp_path, terminal))
    assert (counted.new, counted.known) == (67, 0)
    rows = kept(store)
    assert rows[0] == ["001", "2026-09-14 06:30:01", "checkIn", "5/75", "1"]
    assert [row[3:] for row in rows[-2:]] == [["5/38", "73"], ["5/1", "74"]]
    assert [condition["searchResultPosition"] for condition in terminal.wanted] == [0, 30, 60]


def test_later_only_the_last_days_are_asked_for(tmp_path: Path, terminal: FakeHikvision):
    terminal.events = [event(1)]
    settings = configured(tmp_path, terminal)
    pulled(settings)
    terminal.events.append(event(2))
    _store, counted = pulled(settings)
    assert (counted.new, counted.known) == (1, 1)
    assert [condition["startTime"] for condition in terminal.wanted] == [
        "1970-01-02T00:00:00+07:00",
        "2026-09-11T06:30:01+07:00",
    ]


def test_a_clock_that_fell_back_is_searched_from_the_beginning(tmp_path: Path, terminal: FakeHikvision):
    terminal.events = [event(1)]
    settings = configured(tmp_path, terminal)
    pulled(settings)
    terminal.clock = "1970-01-03T00:20:00+07:00"
    terminal.events.append(event(2, at=datetime(1970, 1, 3, 0, 10)))
    store, counted = pulled(settings)
    assert counted.new == 1
    assert ["001", "1970-01-03 00:10:00", "checkIn", "5/75", "2"] in kept(store)


def test_an_empty_terminal(tmp_path: Path, terminal: FakeHikvision):
    store, counted = pulled(configured(tmp_path, terminal))
    assert (counted.new, kept(store)) == (0, [])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"supports": False}, "hik_unsupported"),
        ({"basic": True}, "hik_login"),
        ({"serial": "DS-K1T999LAIN"}, "other_serial"),
    ],
)
def test_every_failure_is_named(tmp_path: Path, terminal: FakeHikvision, change: dict[str, Any], code: str):
    for name, value in change.items():
        setattr(terminal, name, value)
    with pytest.raises(AgentError) as refused:
        pulled(configured(tmp_path, terminal))
    assert refused.value.code == code


def test_a_wrong_password_is_named_and_not_told(tmp_path: Path, terminal: FakeHikvision):
    with pytest.raises(AgentError) as refused:
        pulled(configured(tmp_path, terminal, password="salah-sekali"))
    assert refused.value.code == "hik_login"
    assert "salah-sekali" not in str(refused.value)


def test_a_terminal_that_is_away_is_named(tmp_path: Path, terminal: FakeHikvision):
    settings = configured(tmp_path, terminal)
    terminal.__exit__()
    with pytest.raises(AgentError) as refused:
        pulled(settings)
    assert refused.value.code == "port_closed"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-09-14T07:30:00+07:00", (datetime(2026, 9, 14, 7, 30), "+07:00")),
        ("2026-09-14T07:30:00.123Z", (datetime(2026, 9, 14, 7, 30), "Z")),
        ("2026-09-14T07:30:00", (datetime(2026, 9, 14, 7, 30), "")),
        ("2026-02-30T07:30:00", (None, "")),
        ("pagi", (None, "")),
    ],
)
def test_clocks(text: str, expected: tuple[datetime | None, str]):
    assert read_clock(text) == expected


def test_a_record_of_the_far_future_does_not_hide_those_of_today():
    hello = Hello("x", "", datetime(2026, 9, 14, 7, 0), "+07:00")
    start, end = span("2066-01-01 00:00:00", hello, datetime(2026, 9, 14, 0, 0), whole=False)
    assert start < "2026-09-12"
    assert end > "2026-09-15"
