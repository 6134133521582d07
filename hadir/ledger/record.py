"""Reading the bytes of a record, version 1, as a kiosk wrote them. Pure: no database, no clock.

Strict where a value is used, deaf to keys it does not know (a newer kiosk may add some), and never an exception but
`RecordError`, whatever the bytes are.
"""

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

MAX_RECORD_BYTES = 16 * 1024
UUID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})")
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def _moment(value: object) -> datetime:
    """Read an ISO 8601 moment with its offset. A clock reset to 1970 is a fact; year 9999 is nonsense."""
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise ValueError("not a moment with an offset")
    moment = datetime.fromisoformat(value)
    if not _EARLIEST.replace(tzinfo=None) <= moment.replace(tzinfo=None) <= _LATEST.replace(tzinfo=None):
        raise ValueError("outside 1970 to 2200")
    return moment


Key = Annotated[str, StringConstraints(pattern=UUID_PATTERN)]
Ascii = Annotated[str, StringConstraints(pattern=r"^[ -~]{0,80}$")]
Cosine = Annotated[float, Field(ge=-1.01, le=1.01)]
Measure = Annotated[str, StringConstraints(pattern=r"^[a-z][a-zA-Z0-9_]{0,39}$")]


class Record(BaseModel):
    """One record. `second` is the similarity of the best other person; null where there was nobody to compare with."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", allow_inf_nan=False)

    v: Literal[1]
    id: Key
    device: Key
    person: Key | None
    verdict: Literal["recognised", "unknown"]
    captured_at: Annotated[datetime, BeforeValidator(_moment)]
    time_zone: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+/-]{1,40}$")]
    similarity: Cosine | None
    second: Cosine | None
    frames: Annotated[int, Field(ge=1, le=100_000)]
    quality: Annotated[dict[Measure, float | bool | Ascii | None], Field(max_length=60)]
    pack: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,80}$")]
    source: Literal["camera", "sample"]
    app: Annotated[str, StringConstraints(pattern=r"^[ -~]{0,40}$")]


@dataclass(frozen=True, slots=True)
class RecordError(Exception):
    """Why bytes are no record: a reason of `HeldReason`, and where, without any value out of the record."""

    reason: str
    detail: str


def read_record(data: bytes) -> Record:
    """Return the record in these bytes. Raises RecordError: `too_large`, `version_unknown`, `malformed`."""
    if len(data) > MAX_RECORD_BYTES:
        raise RecordError("too_large", f"{len(data)} bytes")
    try:
        record = Record.model_validate_json(data)
    except ValidationError as error:
        raise _problem(error) from None
    if (record.verdict == "recognised") != (record.person is not None):
        raise RecordError("malformed", "person: does not fit verdict")
    return record


def canonical_id(text: str) -> uuid.UUID | None:
    """Return the id if it is written the one way in which kiosks write it, else None."""
    return uuid.UUID(text) if re.fullmatch(UUID_PATTERN.strip("^$"), text) else None


def _problem(error: ValidationError) -> RecordError:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    version = next((entry for entry in found if entry["loc"] == ("v",) and entry["type"] == "literal_error"), None)
    if version is not None:
        return RecordError("version_unknown", "v")
    # Only names of our own are repeated: a key or value of the record could be anything.
    where = [str(entry["loc"][0]) if entry["loc"] and entry["loc"][0] in Record.model_fields else "" for entry in found]
    parts = [f"{place or 'record'}: {entry['type']}" for place, entry in zip(where, found, strict=True)]
    return RecordError("malformed", "; ".join(dict.fromkeys(parts))[:300])
