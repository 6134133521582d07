"""What server and kiosk agree on is a committed file; code that moves away from it fails."""

import subprocess
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT
from tools.contract import OPENAPI, api_document

GENERATED_TYPES = ROOT / "kiosk" / "src" / "sync" / "api.d.ts"


def test_openapi_file_is_what_the_server_offers():
    assert OPENAPI.read_text(encoding="utf-8") == api_document(), "run: make contract"


def test_kiosk_types_follow_the_openapi_file(tmp_path: Path):
    tool = ROOT / "kiosk" / "node_modules" / "openapi-typescript" / "bin" / "cli.js"
    if not tool.exists():
        pytest.skip("kiosk/node_modules is missing: make node-modules")
    fresh = tmp_path / "api.d.ts"
    node = ROOT / "build" / "node" / "bin" / "node"
    command = [str(node), str(tool), str(OPENAPI), "--output", str(fresh)]
    subprocess.run(command, cwd=ROOT / "kiosk", check=True, capture_output=True)
    assert GENERATED_TYPES.read_text(encoding="utf-8") == fresh.read_text(encoding="utf-8"), "run: make contract"
