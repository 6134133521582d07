"""Pictures that a demo kiosk may take in place of a camera. `hadir demo` puts them into HADIR_DATA/demo."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

LISTING: Final = "samples.json"
CONTENT_TYPES: Final = {".jpg": "image/jpeg", ".png": "image/png"}


@dataclass(frozen=True, slots=True)
class SampleFile:
    """One picture: the words under it, the name in its address, where it lies, its content type."""

    label: str
    name: str
    path: Path
    content_type: str


def samples_folder() -> Path:
    """Return the folder of the demo's pictures; it need not exist."""
    return Path(settings.HADIR_DATA) / "demo"


def sample_files() -> list[SampleFile]:
    """Return the pictures that are there, in the order in which they are offered; nothing outside a demo."""
    folder = samples_folder()
    try:
        listing = json.loads((folder / LISTING).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    files = [
        SampleFile(
            label=entry["label"],
            name=entry["name"],
            path=folder / Path(entry["name"]).name,
            content_type=CONTENT_TYPES[Path(entry["name"]).suffix],
        )
        for entry in listing
    ]
    return [file for file in files if file.path.is_file()]


def sample_file(name: str) -> SampleFile | None:
    """Return the picture with this name, only if it is one of those offered."""
    return next((file for file in sample_files() if file.name == name), None)
