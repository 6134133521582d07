"""Calls of machines, and what is left of them."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from hadir.conftest import NOW
from hadir.gateways.hikvision.tests.samples import bare, event
from hadir.terminals.models import JournalEntry, Quarantined


class Now:
    """The clock of a test."""

    def __init__(self) -> None:
        self.moment = NOW

    def __call__(self) -> datetime:
        return self.moment

    def later(self, **parts: float) -> None:
        self.moment += timedelta(**parts)


def post(path: str, body: bytes, **extra: Any) -> Any:
    return Client().generic("POST", path, body, **({"content_type": "application/json"} | extra))


def at(moment: datetime, serial: int, front: int, **inner: Any) -> bytes:
    """Return an event with this number, made at a moment, on a clock that is right but for its offset."""
    local = moment.astimezone(NOW.tzinfo) + timedelta(hours=7)
    told = event(serialNo=serial, frontSerialNo=front, **inner)
    return bare(told | {"dateTime": f"{local:%Y-%m-%dT%H:%M:%S}+08:30"})


def heartbeat(moment: datetime) -> bytes:
    local = moment + timedelta(hours=7)
    return bare({"eventType": "heartBeat", "dateTime": f"{local:%Y-%m-%dT%H:%M:%S}+08:30", "macAddress": "a4:d5"})


def kept() -> bytes:
    """Return all that journal and quarantine hold."""
    bodies = [bytes(entry.body) for entry in JournalEntry.objects.all()]
    bodies += [bytes(held.body) + held.detail.encode() for held in Quarantined.objects.all()]
    return b"\n".join(bodies)


def call(pin: str = "7", scan: str = "2026-09-14 06:58", cloud_id: str = "C2609", state: str = "0") -> bytes:
    data = {"pin": pin, "scan": scan, "verify": "4", "status_scan": state}
    return json.dumps({"type": "attlog", "cloud_id": cloud_id, "data": data}).encode()


def pulled(*scans: str) -> bytes:
    rows = [{"pin": "7", "scan_date": scan, "verify": 4, "status_scan": 0} for scan in scans]
    return json.dumps({"success": True, "data": rows}).encode()


GLOG = b'{"user_id":"13","io_time":"20260914065812","io_mode":1,"verify_mode":1}'


def fkweb(body: bytes, path: str = "/", serial: str = "C2609") -> Any:
    return post(path, body, HTTP_REQUEST_CODE="realtime_glog", HTTP_DEV_ID=serial, HTTP_TRANS_ID="7")


def log(records: object, count: int = 1) -> bytes:
    return json.dumps({"cmd": "sendlog", "sn": "AI100", "count": count, "logindex": 19, "record": records}).encode()


FACE = {"enrollid": 71, "name": "Siti", "time": "2026-09-14 06:58:12", "mode": 8, "inout": 0, "image": "/9j/4AAQ"}
