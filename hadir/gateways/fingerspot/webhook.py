"""A webhook call as the terminals' room takes it in. Pure."""

import json

from hadir.gateways.fingerspot.protocol import FingerspotError, kept_of, read_webhook
from hadir.gateways.json_values import word
from hadir.terminals.reading import Reading, Sent

TABLE = "attlog"


def read_call(body: bytes) -> tuple[Reading, str, bytes]:
    """Return what a call says, the cloud id in it, and what of it may be kept: nothing of users and templates."""
    try:
        kept = kept_of(body)
    except FingerspotError as error:
        return Reading(lines=1, bad=[f"{error}, {len(body)} bytes"]), "", b""
    try:
        told = read_webhook(body)
    except FingerspotError as error:
        cloud_id = word(kept.get("cloud_id"))[:64]
        return Reading(lines=1, bad=[f"{error}: {json.dumps(kept)}"]), cloud_id, json.dumps(kept).encode()
    if told.punch is None:
        return Reading(), told.cloud_id, b""
    return Reading(punches=[told.punch], lines=1), told.cloud_id, json.dumps(kept).encode()


def read_sent(sent: Sent) -> Reading:
    """Read a body that lay in quarantine."""
    return read_call(sent.body)[0]
