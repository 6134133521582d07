"""Which request of the conversation this is, whatever way the firmware writes the address. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import parse_qsl

MOST_FIELDS = 60
_NAME = re.compile(r"[A-Za-z0-9_]{1,24}")


class CallKind(Enum):
    """The requests that are told apart; OTHER is answered so that no firmware waits for ever."""

    INIT = auto()
    UPLOAD = auto()
    POLL = auto()
    COMMAND_RESULT = auto()
    PHOTO = auto()
    PING = auto()
    REGISTRY = auto()
    PUSH_PARAMETERS = auto()
    QUERY_DATA = auto()
    EXCHANGE = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `table` is in capitals; `query` has keys in small letters and values as sent."""

    kind: CallKind
    serial: str
    table: str
    query: Mapping[str, str]
    name: str

    @property
    def request(self) -> str:
        """Return the request as it is written on the terminal's page: no serial, no secret."""
        return f"{self.name} {self.table}".strip()

    @property
    def is_access_control(self) -> bool:
        """Tell whether the terminal speaks the access-control dialect (push 3.x) when it begins."""
        return self.query.get("devicetype", "").lower() == "acc" and self.query.get("pushver", "").startswith("3")


_KINDS = {
    "getrequest": CallKind.POLL,
    "devicecmd": CallKind.COMMAND_RESULT,
    "fdata": CallKind.PHOTO,
    "ping": CallKind.PING,
    "registry": CallKind.REGISTRY,
    "push": CallKind.PUSH_PARAMETERS,
    "querydata": CallKind.QUERY_DATA,
    "exchange": CallKind.EXCHANGE,
    "rtdata": CallKind.PING,
}


def read_call(method: str, path: str, query: str) -> Call:
    """Read what follows `/iclock/` in an address and its query. Never an exception.

    `cdata`, `cdata.aspx`, any case, any number of slashes. An upload is posted or put; GET of cdata is the start.
    """
    word = path.strip("/").rsplit("/", 1)[-1].split(".", 1)[0].lower()
    try:
        pairs = parse_qsl(query[:4000], keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        pairs = []
    values: dict[str, str] = {}
    for key, value in pairs:
        values.setdefault(key.strip().lower(), value)
    serial = "".join(letter for letter in values.get("sn", "") if letter.isprintable()).strip()[:64]
    table = values.get("table", "").strip()
    table = table.upper() if _NAME.fullmatch(table) else ""
    kind = _KINDS.get(word, CallKind.OTHER)
    if word == "cdata":
        start = CallKind.OTHER if table else CallKind.INIT
        kind = CallKind.UPLOAD if method in {"POST", "PUT", "PATCH"} else start
    return Call(kind, serial, table, values, f"{method[:8]} {word if _NAME.fullmatch(word) else '?'}")
