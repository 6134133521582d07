"""The model pack in use, as it lies on disk: its manifest and its files, without loading a network."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from hadir.face import Manifest, PackError, find_pack


def current_manifest() -> dict[str, Any] | None:
    """Return the manifest of the pack in use with the `base_url` of its files.

    None while none is installed, or while the one that is there is not whole.
    """
    found = _pack()
    return None if found is None else {**found[1].raw, "base_url": f"/model/{found[1].id}/"}


def model_path(pack_id: str, name: str) -> Path | None:
    """Return the path of a graph of the pack in use; None for every other pack and for any file not in its manifest."""
    found = _pack()
    if found is None or found[1].id != pack_id or name not in {file.name for file in found[1].files.values()}:
        return None
    return found[0] / name


def _pack() -> tuple[Path, Manifest] | None:
    try:
        folder = find_pack(settings.HADIR_PACK)
        return folder, _manifest(folder, (folder / "manifest.json").stat().st_mtime_ns)
    except (PackError, OSError):
        return None


@lru_cache(maxsize=4)
def _manifest(folder: Path, _changed_at: int) -> Manifest:
    """Read the manifest again only when its file changed."""
    return Manifest.read(folder)
