"""The kiosk's page, its worker, the model files, health."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from hadir.gateways.kiosk.tests.conftest import MANIFEST, Kiosk, error_of


def policy_of(response: Any) -> dict[str, list[str]]:
    parts = response.headers["Content-Security-Policy"].split(";")
    return {name: values for name, *values in (part.split() for part in parts if part.strip())}


@pytest.mark.django_db
def test_the_page_is_isolated_and_strict(client: Client):
    response = client.get("/kios/")
    assert response.status_code == 200
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "camera=(self)" in response.headers["Permissions-Policy"]
    assert response.headers["Cache-Control"] == "no-cache"
    policy = policy_of(response)
    assert policy["script-src"] == ["'self'", "'wasm-unsafe-eval'"]
    assert policy["worker-src"] == ["'self'", "blob:"]
    assert policy["default-src"] == ["'self'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["object-src"] == ["'none'"]
    assert "'unsafe-inline'" not in response.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_the_page_sets_no_cookie_and_asks_for_no_login(client: Client):
    response = client.get("/kios/")
    assert response.cookies == {}
    assert client.post("/kios/").status_code == 405


def test_model_files_may_be_kept_for_ever(kiosk: Kiosk):
    response = kiosk.client.get(f"/model/{MANIFEST['id']}/track.onnx", headers={"Accept-Encoding": "gzip"})
    assert b"".join(response) == b"track"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Length"] == "5"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    "path",
    [
        f"{MANIFEST['id']}/notes.txt",
        f"{MANIFEST['id']}/manifest.json",
        f"{MANIFEST['id']}/..%2Fuji%2Ftrack.onnx",
        f"{MANIFEST['id']}/%2e%2e",
        "uji/track.onnx",
        "other-1-00000000/track.onnx",
    ],
)
def test_only_the_files_of_the_manifest_are_served(kiosk: Kiosk, path: str):
    assert kiosk.client.get(f"/model/{path}").status_code == 404


def test_health_says_what_is_there(kiosk: Kiosk, pack: Path):
    response = kiosk.client.get("/sehat/")
    assert response.status_code == 200
    body = response.json()
    assert body.pop("version")
    assert body == {"status": "ok", "database": True, "pack": MANIFEST["id"]}
    assert "no-store" in response.headers["Cache-Control"]
    (pack / "manifest.json").unlink()
    body = kiosk.client.get("/sehat/").json()
    assert (body["status"], body["pack"]) == ("degraded", None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/api/", "/api/kiosk/v1/none", "/api/kiosk/v2/hello", "/api/docs", "/api/openapi.json"]
)
def test_unknown_addresses_of_the_api_answer_like_every_error(client: Client, path: str):
    assert error_of(client.get(path)) == (404, "not_found")
    assert error_of(client.post(path)) == (404, "not_found")
