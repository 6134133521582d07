"""FKWeb, the HTTP language of Fingerspot Revo and its relatives: headers and framed JSON in, values and replies out.

Pure. Source: the vendor family's sample server and requests of real terminals. Header names are written with
underscores; here they are compared with underscores whichever way they arrive. Pictures and templates behind the JSON
are never read.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from hadir.gateways.fkweb.braces import Braces, framed_length
from hadir.gateways.json_values import JsonError, exact, number, pin_of, read_object, word
from hadir.ledger.punch import Punch

HEADERS: Final = ("request_code", "dev_id", "trans_id", "cmd_id", "cmd_return_code", "blk_no", "blk_len")
STATES: Final[Mapping[int, str]] = {
    1: "in", 2: "out", 3: "break-in", 4: "break-out", 5: "overtime-in", 6: "overtime-out",
}  # fmt: skip
PACKED_VERIFY: Final[Mapping[int, str]] = {1: "finger", 2: "password", 3: "card", 4: "face"}
PLAIN_VERIFY: Final[Mapping[str, str]] = {"1": "finger", "2": "password", "3": "card", "20": "face"}
LONGEST_JSON = 64 * 1024


class FkError(ValueError):
    """A body that is no FKWeb message. The text names the cause, never the content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The headers of one request. `block`: 0 for a whole body or the last block of one, else the block's number."""

    code: str
    device: str
    transaction: str = ""
    command: str = ""
    result: str = ""
    block: int = 0


def read_call(headers: Mapping[str, str]) -> Call | None:
    """Return what the headers say, None where they are not FKWeb's. Names in any case, with `_` or `-`, or `X-FK-`."""
    told: dict[str, str] = {}
    for name, value in headers.items():
        plain = name.lower().replace("-", "_").removeprefix("x_fk_")
        if plain in HEADERS:
            told[plain] = "".join(letter for letter in value if letter.isprintable()).strip()[:64]
    code, device = told.get("request_code", ""), told.get("dev_id", "")
    if not code or not device:
        return None
    block = told.get("blk_no", "")
    return Call(
        code=code.lower(),
        device=device,
        transaction=told.get("trans_id", ""),
        command=told.get("cmd_id", ""),
        result=told.get("cmd_return_code", ""),
        block=int(block) if block.isascii() and block.isdecimal() and len(block) < 6 else 0,
    )


def json_bytes(body: bytes) -> bytes:
    """Return the JSON of a body: after its length where that is written, else to its last brace. Raises FkError.

    Nothing behind the JSON (a photograph, a template) is returned.
    """
    length = framed_length(body, LONGEST_JSON)
    if length is None:
        start = body.index(b"{")
        bare = body[start : start + LONGEST_JSON]
        return bare[: Braces().end(bare)]
    if len(body) < 4:
        raise FkError("no length")
    if length > LONGEST_JSON:
        raise FkError("length of the JSON is absurd")
    if len(body) < 4 + length:
        raise FkError("body is cut off")
    return body[4 : 4 + length].rstrip(b"\0\r\n\t ")


def read_json(body: bytes) -> dict[str, Any]:
    """Return the JSON of a body as a mapping. Raises FkError."""
    try:
        return read_object(json_bytes(body))
    except JsonError as error:
        raise FkError(str(error)) from None


def read_glog(body: bytes) -> Punch | None:
    """Return the punch of a `realtime_glog`; None where the terminal did not know who it was. Raises FkError.

    `io_mode` and `verify_mode` are packed numbers of the library `FKDataHS102/103` (the state in the highest byte, the
    way of recognition in the highest four bits) and are kept as the word they stand for; of other libraries `io_mode`
    stays as it was written.
    """
    told = read_json(body)
    pin = pin_of(told.get("user_id"))
    when = _moment(exact(told.get("io_time")))
    if when is None:
        raise FkError("io_time is no time")
    if pin is None:
        raise FkError("user_id is no number")
    if not pin.strip("0"):
        return None
    packed = word(told.get("fk_bin_data_lib")).upper().endswith(("HS102", "HS103"))
    return Punch(pin, when, _state(told.get("io_mode"), packed=packed), _verify(told.get("verify_mode"), packed=packed))


@dataclass(frozen=True, slots=True)
class DeviceTold:
    """What a terminal says of itself when it asks for work. `clock`: its wall clock, naive."""

    clock: datetime | None = None
    traits: Mapping[str, str] = field(default_factory=dict)


def read_poll(body: bytes) -> DeviceTold:
    """Return what a `receive_cmd` says of the terminal; a body that says nothing is no error."""
    try:
        told = read_json(body)
    except FkError:
        return DeviceTold()
    info = told.get("fk_info")
    inner = info if isinstance(info, dict) else {}
    traits = {
        "model": word(told.get("fk_name")),
        "firmware": word(inner.get("firmware")),
        "protocol": word(inner.get("fk_bin_data_lib")),
    }
    return DeviceTold(_moment(exact(told.get("fk_time"))), {name: text for name, text in traits.items() if text})


def reply_headers(call: Call, code: str = "OK", *, command: str = "", transaction: str = "") -> dict[str, str]:
    """Return the headers of an answer. A terminal sends for ever what is not answered with its own `trans_id`."""
    headers = {"response_code": code, "trans_id": transaction or call.transaction}
    if call.code == "receive_cmd":
        headers |= {"cmd_code": command, "cmd_id": ""}
    return headers


def frame(told: Mapping[str, Any]) -> bytes:
    """Return JSON as a body with its length before it, ended by a zero byte as terminals end it."""
    text = json.dumps(told, separators=(",", ":")).encode() + b"\0"
    return len(text).to_bytes(4, "little") + text


def set_time(local: datetime) -> bytes:
    """Return the body of a SET_TIME command for a wall clock time."""
    return frame({"time": f"{local:%Y%m%d%H%M%S}"})


def _state(value: Any, *, packed: bool) -> str:
    mode = number(value)
    if mode is not None and (packed or mode >= 1 << 24):
        return STATES.get(mode >> 24, str(mode))
    return word(value)[:20]


def _verify(value: Any, *, packed: bool) -> str:
    mode = number(value)
    if mode is not None and (packed or mode >= 1 << 24):
        return PACKED_VERIFY.get(mode >> 28, str(mode))
    text = word(value)[:20]
    return PLAIN_VERIFY.get(text, text)


def _moment(text: str) -> datetime | None:
    if len(text) != 14 or not (text.isascii() and text.isdecimal()):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S")  # noqa: DTZ007  a wall clock has no zone
    except ValueError:
        return None
