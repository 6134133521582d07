"""What a Hikvision access terminal sends and answers (ISAPI), read into values. Standard library only, no Django.

Push (`httpHosts`): bare JSON, multipart with and without a picture, or XML. Pull (`AcsEvent`): JSON. Source: the
vendor's ISAPI guide for access control, and requests of real terminals. A picture is never decoded or kept.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from xml.etree import ElementTree

from hadir.gateways.json_values import JsonError, exact, kept_fields, number, pin_of, read_object, word
from hadir.ledger.punch import Punch

Kinds = Collection[tuple[int, int]]
KINDS: Final[Kinds] = frozenset({(5, 1), (5, 38), (5, 75)})
"""Event kinds (major, minor) that say that a person passed: card, finger, face. Everything else is no attendance: 5/39
and 5/76 are refusals of finger and face, 5/21 and 5/22 the door itself. An office may name others."""

OUTER: Final = (
    "dateTime", "time", "eventType", "activePostCount", "macAddress", "shortSerialNumber", "deviceID", "ipAddress",
)  # fmt: skip
INNER: Final = (
    "majorEventType", "major", "subEventType", "minor", "employeeNoString", "employeeNo", "name", "userType", "time",
    "serialNo", "frontSerialNo", "currentEvent", "attendanceStatus", "label", "statusValue", "currentVerifyMode",
    "mask", "cardReaderNo", "doorNo",
)  # fmt: skip
"""What is kept of an event and of its inner part. Nothing else is: cards, passwords, templates, pictures come too."""
_BOUNDARY = re.compile(rb"(?:\A|\r?\n)--([^\r\n]{1,200})\r?\n")
_STAMP = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})?", re.ASCII | re.IGNORECASE
)


class HikvisionError(ValueError):
    """A body that is no event and no answer of a Hikvision terminal. The text names the cause, never the content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event as the terminal told it.

    `local_time`: the terminal's wall clock, naive; `offset`: what it claims about its zone, often wrong. `serial`
    counts all events of the terminal, `front` is the serial of the event before (None where not told). `punch` is set
    only for a kind of `KINDS` with a person's number in `employeeNoString`; `ignored` says why it is not. `is_current`
    False: an event that was stored and is sent late. `claims`: what the terminal says of itself (mac, serial, ip); no
    proof of anything. `kept`: JSON with what may be kept of it, which reads the same.
    """

    kind: str
    local_time: datetime | None = None
    offset: timedelta | None = None
    serial: int | None = None
    front: int | None = None
    is_current: bool = True
    punch: Punch | None = None
    ignored: str = ""
    name: str = ""
    claims: Mapping[str, str]
    kept: str = ""

    @property
    def is_heartbeat(self) -> bool:
        """Tell whether the terminal only says that it is there."""
        return self.kind == "heartbeat"


@dataclass(frozen=True, slots=True)
class Page:
    """One answer to an `AcsEvent` search. `more`: ask again from position `position + len(events)`."""

    events: Sequence[Event]
    more: bool
    total: int


def read_push(body: bytes, kinds: Kinds = KINDS) -> list[Event]:
    """Return the events of a pushed body, in its order.

    The Content-Type is not needed: real headers name a boundary that the body writes in another case. Raises
    HikvisionError where nothing in the body can be read.
    """
    return read_parts(body, kinds)[0]


def read_parts(body: bytes, kinds: Kinds = KINDS) -> tuple[list[Event], list[str]]:
    """Return the events of a pushed body, and why parts of it cannot be read. Raises HikvisionError as `read_push`."""
    events: list[Event | None] = []
    broken: list[str] = []
    for document in _documents(body):
        try:
            events.append(_read_event(_parsed(document), kinds))
        except HikvisionError as error:
            broken.append(f"{error}, {len(document)} bytes")
    if not events:
        raise HikvisionError(broken[0] if broken else f"no JSON or XML part, {len(body)} bytes")
    return [event for event in events if event is not None], broken


def read_answer(body: bytes, kinds: Kinds = KINDS) -> Page:
    """Return one answer of `POST /ISAPI/AccessControl/AcsEvent?format=json`. Raises HikvisionError."""
    told = _json(body)
    answer = told.get("AcsEvent")
    if not isinstance(answer, dict):
        raise HikvisionError(f"no AcsEvent: {word(told.get('subStatusCode'))}")
    rows = answer.get("InfoList")
    listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    events = [_make_event(row, row, kinds) for row in listed]
    return Page(
        events, word(answer.get("responseStatusStrg")).upper() == "MORE", number(answer.get("totalMatches")) or 0
    )


def _parsed(document: bytes) -> Mapping[str, Any]:
    return _json(document) if document.startswith(b"{") else _xml(document)


def _documents(body: bytes) -> Iterator[bytes]:
    """Yield every JSON or XML document of a body, or of the parts of a multipart body that hold one."""
    text = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"{", b"<")):
        yield text
    elif (boundary := _BOUNDARY.match(text)) is not None:
        yield from _parts(text, boundary[1].rstrip())


def _parts(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """Yield the documents of a multipart body, by the boundary that it uses; the last one may lack its end."""
    for piece in body.split(b"--" + boundary)[1:]:
        head, separator, content = piece.partition(b"\r\n\r\n")
        if not separator:
            head, separator, content = piece.partition(b"\n\n")
        content = content.strip()
        if not separator or b"image/" in head.lower():
            continue
        if content.startswith((b"{", b"<")):
            yield content


def _json(data: bytes) -> dict[str, Any]:
    try:
        return read_object(data.rstrip(b"\0 \r\n\t"))
    except JsonError as error:
        raise HikvisionError(str(error)) from None


def _xml(data: bytes) -> Mapping[str, Any]:
    """Return an `EventNotificationAlert` as nested mappings; names lose their namespace."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise HikvisionError("XML with a document type")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314  no document type, hence no entities
    except (ElementTree.ParseError, ValueError, LookupError):
        raise HikvisionError("XML is broken or cut off") from None
    return {child.tag.rpartition("}")[2]: _nested(child, 0) for child in root}


def _nested(element: ElementTree.Element, depth: int) -> Any:
    if not len(element) or depth > 3:
        return (element.text or "").strip()
    return {child.tag.rpartition("}")[2]: _nested(child, depth + 1) for child in element}


def _read_event(document: Mapping[str, Any], kinds: Kinds) -> Event | None:
    """Return the event of a document; None where it is none (a part with other data)."""
    outer = document.get("EventNotificationAlert")
    told = outer if isinstance(outer, dict) else document
    kind = word(told.get("eventType")).lower()
    inner = told.get("AccessControllerEvent")
    if kind != "heartbeat" and isinstance(inner, dict):
        return replace(_make_event(told, inner, kinds), kept=_kept(told))
    if not kind:
        return None
    event = Event(kind=kind, claims=_claims(told), kept=_kept(told), ignored="kind")
    if kind == "heartbeat":
        return replace(event, ignored="heartbeat", **_clock(told.get("dateTime")))
    # Its records stand where this reader does not look for them.
    return replace(event, ignored="shape") if kind == "accesscontrollerevent" else event


def _kept(told: Mapping[str, Any]) -> str:
    inner = told.get("AccessControllerEvent")
    rows = inner if isinstance(inner, list) else [inner]
    inside = [kept_fields(row, INNER) for row in rows if isinstance(row, dict)]
    part = {"AccessControllerEvent": inside[0] if isinstance(inner, dict) else inside} if inside else {}
    return json.dumps(kept_fields(told, OUTER) | part)


def _make_event(told: Mapping[str, Any], inner: Mapping[str, Any], kinds: Kinds) -> Event:
    major = number(inner.get("majorEventType", inner.get("major")))
    minor = number(inner.get("subEventType", inner.get("minor")))
    pin = pin_of(inner.get("employeeNoString"))
    serial = number(inner.get("serialNo"))
    clock = _clock(told.get("dateTime", told.get("time", inner.get("time"))))
    ignored = _why_not(major, minor, pin, clock["local_time"], kinds)
    other = pin_of(inner.get("employeeNo"))
    if ignored == "nobody" and not pin and (other is None or other.strip("0")):
        # Somebody passed, but the number stands where it may have lost its zeros: nobody's record until a person looks.
        ignored = "employeeNo"
    punch = None
    if not ignored and pin and clock["local_time"] is not None:
        state = word(inner.get("attendanceStatus"))
        punch = Punch(pin, clock["local_time"], state, f"{major}/{minor}", "" if serial is None else str(serial))
    return Event(
        kind="access",
        serial=serial,
        front=number(inner.get("frontSerialNo")),
        is_current=inner.get("currentEvent") not in {False, "false"},
        punch=punch,
        ignored=ignored,
        name=word(inner.get("name"))[:80],
        claims=_claims(told),
        **clock,
    )


def _why_not(major: int | None, minor: int | None, pin: str | None, when: datetime | None, kinds: Kinds) -> str:
    """Return why an event is no attendance, "" when it is: `kind`, `nobody`, `pin`, `time`."""
    if major is None or minor is None or (major, minor) not in kinds:
        return "kind"
    if pin is None:
        return "pin"
    if not pin.strip("0"):
        return "nobody"
    return "" if when is not None else "time"


def _clock(value: Any) -> dict[str, Any]:
    """Return `local_time` and `offset` of an ISO time; both None where it is none."""
    match = _STAMP.fullmatch(exact(value))
    if match is None:
        return {"local_time": None, "offset": None}
    try:
        local = datetime.fromisoformat(f"{match[1]} {match[2]}")
    except ValueError:
        return {"local_time": None, "offset": None}
    return {"local_time": local, "offset": _offset(match[3])}


def _offset(text: str | None) -> timedelta | None:
    if not text:
        return None
    if text in {"Z", "z"}:
        return timedelta(0)
    digits = text[1:].replace(":", "")
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -size if text[0] == "-" else size


def _claims(told: Mapping[str, Any]) -> Mapping[str, str]:
    names = ("macAddress", "shortSerialNumber", "deviceID", "ipAddress")
    return {name: word(told[name])[:64] for name in names if word(told.get(name))}
