"""Shapes of the kiosk's API; `contract/openapi.json` and the kiosk's TypeScript types are made from these."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, WithJsonSchema

from hadir.core.errors import HadirError
from hadir.ledger.services import Claim

MAX_BATCH = 200

# The kiosk promises text; whatever else comes in these places is held as a record, not refused with the whole batch.
LooseText = Annotated[Any, WithJsonSchema({"type": "string"})]


class ErrorDetail(Schema):
    """A stable code (docs/errors.md) and a sentence for people."""

    code: str
    message: str


class Error(Schema):
    """Every error of the API."""

    error: ErrorDetail


class Activation(Schema):
    """What a browser says that opens a one-time link."""

    code: Annotated[str, Field(max_length=64)]
    user_agent: Annotated[str, Field(max_length=1000)] = ""
    app_version: Annotated[str, Field(max_length=100)] = ""
    handshake: int


class Activated(Schema):
    """Who the browser now is; the token is said once."""

    device_id: str
    token: str


class Heartbeat(Schema):
    """Sent every 30 seconds."""

    unsent: Annotated[int, Field(ge=0)]
    app_version: Annotated[str, Field(max_length=100)] = ""


class KioskDevice(Schema):
    """The kiosk as the office named it."""

    id: str
    name: str


class KioskSchool(Schema):
    """A school that the kiosk serves."""

    npsn: str
    name: str


class Sample(Schema):
    """A picture that may stand in for the camera; only in a demo region."""

    name: str
    url: str


class Hello(Schema):
    """All that a kiosk needs to know about itself. `pack` is the manifest of the model pack with its `base_url`."""

    device: KioskDevice
    schools: list[KioskSchool]
    time_zone: str
    server_time: datetime
    demo: bool
    samples: list[Sample]
    pack: dict[str, Any] | None
    gallery_version: str


class GalleryPerson(Schema):
    """One person with templates: base64 of little-endian float32, unit length."""

    id: str
    name: str
    salutation: str
    templates: list[str]


class Gallery(Schema):
    """The people that a kiosk can recognise."""

    version: str
    pack: str
    people: list[GalleryPerson]


# One record: its id, and the exact text that the kiosk wrote to its outbox.
ScanClaim = Annotated[
    Any,
    WithJsonSchema(
        {
            "type": "object",
            "title": "ScanClaim",
            "properties": {"id": {"type": "string"}, "record": {"type": "string"}},
            "required": ["id", "record"],
        }
    ),
]


class ScanBatch(Schema):
    """Records to keep, in any order."""

    scans: Annotated[list[ScanClaim], Field(min_length=1, max_length=MAX_BATCH)]


class ScanReceipt(Schema):
    """What became of one record. `held`: kept for a person to look at; the kiosk may forget it as well."""

    id: LooseText
    status: Literal["stored", "known", "held"]
    code: str
    detail: str


class ScanReceipts(Schema):
    """One receipt for each record, in the order of the batch."""

    receipts: list[ScanReceipt]
    server_time: datetime


def claim_of(entry: object) -> Claim:
    """Read one entry of a batch, whatever it is.

    Lone surrogates of a JavaScript string have no UTF-8; they are kept in the three bytes they would have, so that no
    two texts share their bytes.
    """
    fields = entry if isinstance(entry, dict) else {}
    claimed, record = fields.get("id"), fields.get("record")
    if isinstance(claimed, str) and isinstance(record, str):
        return Claim(claimed, record.encode("utf-8", "surrogatepass"))
    try:
        whole = json.dumps(entry)
    except RecursionError:
        raise HadirError("body_unreadable") from None
    return Claim(claimed if isinstance(claimed, str) else "", whole.encode("ascii"))
