"""A `realtime_glog` as the terminals' room takes it in, without the photograph of the moment. Pure."""

import json

from hadir.gateways.fkweb.protocol import FkError, read_glog, read_json
from hadir.gateways.json_values import kept_fields
from hadir.terminals.reading import Reading, Sent

TABLE = "realtime_glog"
UNREADABLE = "unreadable"
"""Stands in what is kept of a body that is no JSON: nothing of its bytes is safe to keep, but that it came is told."""
KEPT = ("user_id", "io_time", "io_mode", "verify_mode", "fk_bin_data_lib", UNREADABLE)


def read_log(body: bytes) -> tuple[Reading, bytes]:
    """Return what a body says and what of it may be kept; an unreadable one is a bad line without its bytes."""
    try:
        told = read_json(body)
    except FkError as error:
        cause = f"{error}, {len(body)} bytes"
        return Reading(lines=1, bad=[cause]), json.dumps({UNREADABLE: cause}).encode()
    clean = json.dumps(kept_fields(told, KEPT)).encode()
    try:
        punch = read_glog(body)
    except FkError as error:
        return Reading(lines=1, bad=[f"{error}: {clean.decode()}"]), clean
    # Nobody whom the terminal knew: the call is answered, and there is nothing to record.
    return (Reading(), b"") if punch is None else (Reading(punches=[punch], lines=1), clean)


def read_sent(sent: Sent) -> Reading:
    """Read a body that lay in quarantine."""
    return read_log(sent.body)[0]
