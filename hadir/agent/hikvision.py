"""Pulling events from a Hikvision terminal (ISAPI AcsEvent over HTTP Digest), for gaps in what it pushed."""

from __future__ import annotations

import json
import re
import ssl
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO, Any, Iterator, Mapping
from urllib.error import HTTPError, URLError
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from hadir.agent.faults import AgentError
from hadir.agent.records import Record
from hadir.agent.settings import TerminalSettings

PASSES = {(5, 1), (5, 38), (5, 75)}
"""Major and minor kinds of event with which a person passed: by card, finger, face. Doors and failures are none."""
PAGE = 30
LARGEST = 4 * 1024 * 1024
BEGINNING = "1970-01-02T00:00:00"


@dataclass(frozen=True)
class Hello:
    """Who the terminal says it is. `zone`: its offset from UTC as it writes it, "+07:00"."""

    serial: str
    firmware: str
    clock: datetime | None
    zone: str


class Hikvision:
    """One terminal. Raises AgentError `no_answer`, `hik_login`, `hik_unsupported`, `hik_answer`."""

    def __init__(self, settings: TerminalSettings, *, timeout: float = 15.0) -> None:
        scheme = "https" if settings.https else "http"
        self._base = f"{scheme}://{settings.host}:{settings.port}"
        self.address = f"{settings.host}:{settings.port}"
        self._timeout = timeout
        self._opener = _opener(self._base, settings)

    def hello(self) -> Hello:
        """Ask who it is and what time it has."""
        info = self._call("GET", "/ISAPI/System/deviceInfo").decode("utf-8", "replace")
        time = self._call("GET", "/ISAPI/System/time").decode("utf-8", "replace")
        clock, zone = read_clock(_tag(time, "localTime"))
        return Hello(_tag(info, "serialNumber"), _tag(info, "firmwareVersion"), clock, zone)

    def events(self, start: str, end: str) -> Iterator[list[Record]]:
        """Yield the passes between two times, page by page, oldest first."""
        search, position = uuid.uuid4().hex, 0
        while True:
            condition = {
                "searchID": search,
                "searchResultPosition": position,
                "maxResults": PAGE,
                "major": 5,
                "minor": 0,
                "startTime": start,
                "endTime": end,
            }
            body = json.dumps({"AcsEventCond": condition}).encode("ascii")
            page, more, count = self._page(self._call("POST", "/ISAPI/AccessControl/AcsEvent?format=json", body))
            yield page
            position += count
            if not more:
                return
            if not count:
                raise AgentError("hik_answer", address=self.address, cause="MORE tanpa isi")

    def _page(self, body: bytes) -> tuple[list[Record], bool, int]:
        try:
            return read_page(json.loads(body.decode("utf-8", "replace")))
        except (ValueError, TypeError, AttributeError, KeyError):
            raise AgentError("hik_answer", address=self.address, cause="JSON") from None

    def _call(self, method: str, path: str, body: bytes | None = None) -> bytes:
        headers = {"Content-Type": "application/json"} if body else {}
        request = Request(self._base + path, data=body, headers=headers, method=method)  # noqa: S310  http or https
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                return bytes(answer.read(LARGEST))
        except HTTPError as error:
            with error:
                refused = error.code == 401 or (error.code == 403 and path.startswith("/ISAPI/System"))
                raise AgentError("hik_login" if refused else "hik_unsupported", address=self.address) from None
        except URLError as error:
            closed = isinstance(error.reason, ConnectionRefusedError)
            raise AgentError("port_closed" if closed else "no_answer", address=self.address) from None
        except (OSError, HTTPException):
            raise AgentError("hung_up", address=self.address) from None


class _DigestOnly(HTTPDigestAuthHandler):
    """Whoever asks for Basic gets nothing: the password must not go in the clear."""

    def http_error_401(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage
    ) -> HTTPResponse | None:
        """Answer a challenge if it is Digest."""
        if not headers.get("WWW-Authenticate", "").lower().startswith("digest"):
            return None
        # The library would leave the connection of the challenge to the garbage collector.
        fp.close()
        return super().http_error_401(req, fp, code, msg, headers)


def _opener(base: str, settings: TerminalSettings) -> OpenerDirector:
    passwords = HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, base, settings.user, settings.password)
    # A terminal's certificate is made by itself; it lies in the school's own network, and Digest keeps the password.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return build_opener(ProxyHandler({}), _DigestOnly(passwords), HTTPSHandler(context=context))


def _tag(xml: str, name: str) -> str:
    """Return the text of the first element of this name. The two documents are flat, and a parser for all of XML would
    open doors that nobody needs.
    """
    found = re.search(rf"<{name}>\s*([^<]{{1,200}}?)\s*</{name}>", xml)
    return found.group(1) if found else ""


def read_clock(text: str) -> tuple[datetime | None, str]:
    """Return a local time without its offset, and the offset as written, empty if there is none."""
    found = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?", text)
    if not found:
        return None, ""
    try:
        return datetime.fromisoformat(found.group(1)), found.group(2) or ""
    except ValueError:
        return None, ""


def read_page(answer: Mapping[str, Any]) -> tuple[list[Record], bool, int]:
    """Return the passes of one answer, whether more follow, and how many events it held. Raises ValueError."""
    event = answer.get("AcsEvent")
    if not isinstance(event, dict) or not isinstance(event.get("responseStatusStrg"), str):
        raise ValueError("AcsEvent")  # noqa: TRY004  one error for every answer that is none
    rows = event.get("InfoList") or []
    records = [record for record in map(read_event, rows) if record is not None]
    return records, event["responseStatusStrg"] == "MORE", len(rows)


def read_event(row: dict[str, Any]) -> Record | None:
    """Return the pass of one event, None if it is none or names nobody."""
    kind = (row.get("major"), row.get("minor"))
    pin = row.get("employeeNoString")
    moment, _zone = read_clock(str(row.get("time", "")))
    if kind not in PASSES or moment is None or not isinstance(pin, str) or not pin.strip():
        return None
    number = row.get("serialNo")
    return Record(
        pin,
        moment,
        str(row.get("attendanceStatus") or ""),
        f"{kind[0]}/{kind[1]}",
        record_no="" if number is None else str(number),
    )


def span(mark: str, hello: Hello, now: datetime, *, whole: bool) -> tuple[str, str]:
    """Return from when to when to ask: from three days before the newest record already kept to a day after its clock.

    With `whole`, or while its clock is more than a day off, everything is asked for: what was recorded under a clock
    that fell back lies before any mark. `now`: by this PC, naive; a day is more than any time zone.
    """
    clock = hello.clock or now
    sure = bool(mark) and not whole and abs(clock - now) < timedelta(days=1)
    start = (
        (min(datetime.fromisoformat(mark), clock) - timedelta(days=3)) if sure else datetime.fromisoformat(BEGINNING)
    )
    end = max(clock, now) + timedelta(days=1)
    return start.isoformat() + hello.zone, end.isoformat() + hello.zone
