"""What a terminal says of itself: one line `~Key=Value,Key=Value` (options), or lines of `Key=Value` (INFO).

A comma can stand inside a value (`~OEMVendor=ZKTECO CO., LTD.`), so a pair begins only where a key follows.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Mapping

from hadir.gateways.zkteco.lines import decode

_NEXT_KEY = re.compile(r",(?=~?[A-Za-z][A-Za-z0-9_]{0,40}=)")
_PAIR = re.compile(r"~?([A-Za-z][A-Za-z0-9_]{0,40})=(.*)", re.DOTALL)
_SECRET = re.compile(r"pass|pwd|key|secret|token", re.IGNORECASE)
MOST = 200
INFO_FIELDS = ("FWVersion", "UserCount", "FPCount", "TransactionCount", "IPAddress", "FPVersion", "FaceVersion",
               "FacesPerEnrol", "FaceCount", "FunctionBits")  # fmt: skip
"""Order of the query value `INFO` of a poll."""


def read_options(body: bytes) -> dict[str, str]:
    """Return options by key without the tilde; those that name passwords or keys are left out. Never an exception."""
    found: dict[str, str] = {}
    for line in decode(body.removeprefix(BOM_UTF8)).replace("\r", "\n").split("\n"):
        for part in _NEXT_KEY.split(line):
            pair = _PAIR.fullmatch(part.strip())
            if pair is not None and not _SECRET.search(pair[1]) and len(found) < MOST:
                value = "".join(letter for letter in pair[2] if letter.isprintable())
                found.setdefault(pair[1], value.strip()[:200])
    return found


def read_info(value: str) -> dict[str, str]:
    """Return what the query value `INFO=fw,users,fps,attlogs,ip,...` of a poll says, by the keys of the options."""
    parts = [part.strip()[:200] for part in value.split(",")][: len(INFO_FIELDS)]
    return {key: part for key, part in zip(INFO_FIELDS, parts, strict=False) if part and part.isprintable()}


def traits_of(options: Mapping[str, str]) -> dict[str, str]:
    """Return brand, model and firmware out of options."""
    names = {"brand": "OEMVendor", "model": "DeviceName", "firmware": "FWVersion"}
    return {trait: options[key] for trait, key in names.items() if options.get(key)}


def storage_used(options: Mapping[str, str]) -> float | None:
    """Return how full the attendance memory is, 0 to 1; `MaxAttLogCount` counts in tens of thousands."""
    used, most = (options.get(key, "") for key in ("TransactionCount", "MaxAttLogCount"))
    if not (used.isascii() and used.isdecimal() and most.isascii() and most.isdecimal()) or int(most[:9]) == 0:
        return None
    return int(used[:12]) / (int(most[:9]) * 10_000)


def clean_options(body: bytes) -> bytes:
    """Write the options anew, without those that are secret."""
    return ",".join(f"{key}={value}" for key, value in read_options(body).items()).encode()
