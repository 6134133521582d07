"""A kiosk without a screen: speaks the kiosk API over HTTP as the page in the browser does, one picture at a time."""

import base64
import http.client
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np

from hadir import __version__
from hadir.core.errors import HadirError
from hadir.face import Face, Match, Verdict, match

HANDSHAKE: Final = 1
APP: Final = f"demo-{__version__}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The server's answer for one record."""

    id: str
    status: str
    code: str


class KioskClient:
    """One kiosk at one server. Raises HadirError `kiosk_refused` for every answer that is not the promised one."""

    def __init__(self, port: int, host: str) -> None:
        self._port = port
        self._headers = {"Host": host, "Content-Type": "application/json"}
        self.device = ""
        self.time_zone = "Asia/Jakarta"
        self.pack = ""
        self.names: dict[str, str] = {}
        self._gallery: dict[str, Any] = {}

    def activate(self, code: str) -> None:
        """Trade the one-time code for a token, then learn who this kiosk is and whom it must know."""
        body = {"code": code, "user_agent": "hadir demo", "app_version": APP, "handshake": HANDSHAKE}
        answer = self._ask("POST", "activate", body)
        self.device = answer["device_id"]
        self._headers["Authorization"] = f"Bearer {answer['token']}"
        hello = self._ask("POST", "hello", {"unsent": 0, "app_version": APP})
        self.time_zone = hello["time_zone"]
        self._fetch_gallery()

    def _fetch_gallery(self) -> None:
        gallery = self._ask("GET", "gallery")
        self.pack = gallery["pack"]
        self.names = {person["id"]: person["name"] for person in gallery["people"]}
        self._gallery = {
            person["id"]: np.stack([np.frombuffer(base64.b64decode(text), "<f4") for text in person["templates"]])
            for person in gallery["people"]
        }

    def look(self, face: Face) -> Match[str]:
        """Compare a face with the gallery."""
        return match(face.embedding, self._gallery)

    def record(self, found: Match[str], verdict: Verdict, face: Face, now: datetime) -> tuple[str, str]:
        """Write a record as the kiosk keeps it in its outbox; return its id and its exact text."""
        key = str(uuid.uuid4())
        recognised = verdict is Verdict.RECOGNISED
        record = {
            "v": 1,
            "id": key,
            "device": self.device,
            "person": found.person if recognised else None,
            "verdict": "recognised" if recognised else "unknown",
            "captured_at": now.astimezone(ZoneInfo(self.time_zone)).isoformat(timespec="milliseconds"),
            "time_zone": self.time_zone,
            "similarity": None if found.person is None else round(found.similarity, 4),
            "second": None if found.second is None else round(found.second, 4),
            "frames": 1,
            "quality": {name: round(value, 4) for name, value in face.quality.items()},
            "pack": self.pack,
            "source": "sample",
            "app": APP,
        }
        return key, json.dumps(record, ensure_ascii=False, separators=(",", ":"))

    def upload(self, records: Sequence[tuple[str, str]]) -> list[Receipt]:
        """Hand in records and return a receipt for each."""
        body = {"scans": [{"id": key, "record": text} for key, text in records]}
        receipts = self._ask("POST", "scans", body)["receipts"]
        return [Receipt(entry["id"], entry["status"], entry["code"] or "") for entry in receipts]

    def _ask(self, method: str, name: str, body: Mapping[str, Any] | None = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            payload = None if body is None else json.dumps(body)
            connection.request(method, f"/api/kiosk/v1/{name}", payload, self._headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        except OSError as error:
            raise HadirError("kiosk_refused", step=name, cause=type(error).__name__) from error
        finally:
            connection.close()
        if answer.status != 200:
            raise HadirError("kiosk_refused", step=name, cause=f"{answer.status} {text[:200]}")
        return json.loads(text)
