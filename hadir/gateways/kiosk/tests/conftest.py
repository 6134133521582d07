"""A kiosk that talks HTTP, an installed pack, and a face on file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.cache import cache
from django.test import Client

from hadir.conftest import NOW, World
from hadir.core import clock
from hadir.core.ids import new_id
from hadir.enrolment.models import Enrolment, EnrolmentState, LegalBasis, Notice, NoticeRecord, Pose, Template
from hadir.enrolment.vault import key_ring, seal_vector
from hadir.people.models import Person

MANIFEST = {
    "format": 1,
    "pack": "uji",
    "id": "uji-1-abcdef12",
    "dimension": 4,
    "presence": 0.5,
    "files": {
        "track": {"name": "track.onnx", "sha256": "0" * 64, "bytes": 5},
        "embed": {"name": "embed.onnx", "sha256": "1" * 64, "bytes": 5},
    },
    "sources": [],
    "licence": "test",
    "quality_names": ["size"],
    "gates": {"scan": {"size": [40, None]}, "enrol": {"size": [80, None]}},
    "thresholds": {"accept": 0.5, "unknown": 0.3, "margin": 0.05, "duplicate": 0.5, "false_match_rate": {}},
}


@pytest.fixture
def pack(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install a pack of two small files, and nothing else, in a data folder of its own."""
    folder = tmp_path / "models" / "uji"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps(MANIFEST))
    (folder / "track.onnx").write_bytes(b"track")
    (folder / "embed.onnx").write_bytes(b"embed")
    (folder / "notes.txt").write_text("not for kiosks")
    monkeypatch.setenv("HADIR_DATA", str(tmp_path))
    settings.HADIR_DATA = tmp_path
    settings.HADIR_PACK = "uji"
    settings.HADIR_TEMPLATE_KEY_FILE = tmp_path / "keys" / "templates.key"
    return folder


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Stop the clock at `NOW`."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cache.clear()
    return NOW


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A browser with a kiosk's token."""

    token: str
    client: Client

    def post(self, name: str, body: object, **headers: str) -> Any:
        """Post JSON, or raw bytes as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post(
            f"/api/kiosk/v1/{name}", data, content_type="application/json", headers=self._headers(headers)
        )

    def get(self, name: str, **headers: str) -> Any:
        """Get, with the token."""
        return self.client.get(f"/api/kiosk/v1/{name}", headers=self._headers(headers))

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        return ({"Authorization": f"Bearer {self.token}"} if self.token else {}) | dict(more)


@pytest.fixture
def kiosk(world: World, still: datetime, pack: Path) -> Kiosk:  # noqa: ARG001  a stopped clock and a pack
    return Kiosk(world.token, Client())


def error_of(response: Any) -> tuple[int, str]:
    """Return status and code of an error, having looked that it has the one shape of all errors."""
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert body["error"]["message"]
    return response.status_code, body["error"]["code"]


def put_on_file(person: Person, vectors: list[list[float]]) -> Enrolment:
    """Put faces of a person on file, sealed as enrolment does it."""
    notice = Notice.objects.filter(language="id").first()
    assert notice is not None
    told = NoticeRecord.objects.create(
        person=person, notice=notice, basis=LegalBasis.PUBLIC_TASK, recorded_by=None, recorded_at=NOW
    )
    enrolment = Enrolment.objects.create(
        person=person,
        state=EnrolmentState.ACTIVE,
        notice_record=told,
        pack=str(MANIFEST["id"]),
        started_at=NOW,
        finished_at=NOW,
        activated_at=NOW,
    )
    for vector in vectors:
        key = new_id()
        sealed = seal_vector(
            key_ring(), np.asarray(vector, np.float32), template_id=key, person_id=person.pk, pack=enrolment.pack
        )
        Template.objects.create(
            id=key,
            enrolment=enrolment,
            person=person,
            pack=enrolment.pack,
            pose=Pose.UPLOAD,
            sealed=sealed.data,
            key_id=sealed.key_id,
            source="cli",
            created_at=NOW,
        )
    return enrolment
