"""What a model pack says about itself, and where packs lie.

A pack is a folder with `track.onnx`, `embed.onnx` and `manifest.json`. docs/face.md describes every key.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from hadir.face.errors import PackDamaged, PackMissing

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
CHECKOUT: Final = Path(__file__).resolve().parents[2]
Limits = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack: its name in the folder, sha256 in hexadecimal, size in bytes."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lines on the cosine of two embeddings, and how often a stranger crosses each (docs/face.md says how measured).

    accept: nearest template at least this near, and `margin` nearer than anybody else's: recognised.
    unknown: nearest template below this: not enrolled. Between the two: look again.
    duplicate: a face this near to another person's templates is held for review at enrolment.
    """

    accept: float
    unknown: float
    margin: float
    duplicate: float
    false_match_rate: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A pack's manifest. `raw` is the JSON document as it lies on disk."""

    id: str
    pack: str
    dimension: int
    presence: float
    licence: str
    quality_names: tuple[str, ...]
    gates: Mapping[str, Mapping[str, Limits]]
    thresholds: Thresholds
    files: Mapping[str, PackFile]
    raw: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read a pack folder's manifest. Raises PackMissing, PackDamaged."""
        path = folder / MANIFEST
        try:
            raw = json.loads(path.read_text("utf-8"))
        except FileNotFoundError as error:
            raise PackMissing(f"{folder} has no {MANIFEST}; build or install the pack first") from error
        except (OSError, ValueError) as error:
            raise PackDamaged(f"{path} cannot be read: {error}") from error
        return cls.parse(raw)

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> Manifest:
        """Check and type a manifest document. Raises PackDamaged."""
        try:
            if raw["format"] != FORMAT:
                raise PackDamaged(f"manifest format {raw['format']}, this program reads {FORMAT}")
            return cls(
                id=str(raw["id"]),
                pack=str(raw["pack"]),
                dimension=int(raw["dimension"]),
                presence=float(raw["presence"]),
                licence=str(raw["licence"]),
                quality_names=tuple(str(name) for name in raw["quality_names"]),
                gates=MappingProxyType({name: _gates(gates) for name, gates in raw["gates"].items()}),
                thresholds=Thresholds(**raw["thresholds"]),
                files=MappingProxyType({name: PackFile(**file) for name, file in raw["files"].items()}),
                raw=MappingProxyType(dict(raw)),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise PackDamaged(f"manifest is not whole: {error!r}") from error


def _gates(raw: Mapping[str, Any]) -> Mapping[str, Limits]:
    limits: dict[str, Limits] = {}
    for name, (least, most) in raw.items():
        limits[name] = (None if least is None else float(least), None if most is None else float(most))
    return MappingProxyType(limits)


def pack_places() -> list[Path]:
    """Folders that hold packs, in the order in which they are searched: HADIR_DATA/models, then build/models."""
    data = os.environ.get("HADIR_DATA")
    return [Path(data or CHECKOUT / "data") / "models", CHECKOUT / "build" / "models"]


def default_pack() -> str:
    """Name of the pack in use: HADIR_PACK, or `open`."""
    return os.environ.get("HADIR_PACK") or "open"


def find_pack(pack: str | Path | None = None) -> Path:
    """Return the folder of a pack, given by name or as a folder; loads nothing. Raises PackMissing."""
    wanted = default_pack() if pack is None else pack
    if isinstance(wanted, Path) or os.sep in wanted:
        candidates = [Path(wanted)]
    else:
        candidates = [place / wanted for place in pack_places()]
    for folder in candidates:
        if (folder / MANIFEST).is_file():
            return folder
    tried = ", ".join(str(folder) for folder in candidates)
    raise PackMissing(f"model pack {str(wanted)!r} is not in {tried}; run `make models` or `hadir models install`")


def sha256_of(path: Path) -> str:
    """Hexadecimal sha256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
