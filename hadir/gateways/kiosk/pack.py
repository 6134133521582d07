"""The model pack that kiosks run: its manifest and its files, as they lie on disk."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

CHECKOUT = Path(__file__).resolve().parents[3]


def current_manifest() -> dict[str, Any] | None:
    """Return the manifest of the pack in use, or None while none is installed."""
    folder = _folder()
    return None if folder is None else _manifest(folder, (folder / "manifest.json").stat().st_mtime_ns)


def model_path(pack_id: str, name: str) -> Path | None:
    """Return the path of a graph of the pack in use; None for every other pack and for any file not in its manifest."""
    folder, manifest = _folder(), current_manifest()
    if folder is None or manifest is None or manifest["id"] != pack_id:
        return None
    if name not in {file["name"] for file in manifest["files"].values()}:
        return None
    return folder / name


def _folder() -> Path | None:
    """Return where the pack in use lies: the office's own, else the one that set-up built."""
    for place in (settings.HADIR_DATA / "models", CHECKOUT / "build" / "models"):
        folder: Path = place / settings.HADIR_PACK
        if (folder / "manifest.json").is_file():
            return folder
    return None


@lru_cache(maxsize=4)
def _manifest(folder: Path, _changed_at: int) -> dict[str, Any]:
    """Read the manifest again only when its file changed."""
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found
