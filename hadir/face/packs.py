"""The packs of this machine: list, install, verify. What `hadir models` does, without its words.

Installing is a decision of the office, and it is written down: `choices.jsonl` beside the pack says who chose it, when,
and which licence was shown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from hadir.face.build.pack import BuiltPack, Progress, build_foreign, build_open, read_catalogue, write_pack
from hadir.face.errors import PackDamaged, PackError, PackMissing, PackNotAllowed
from hadir.face.manifest import Manifest, find_pack, pack_places, sha256_of

CHOICES: Final = "choices.jsonl"


@dataclass(frozen=True, slots=True)
class PackInfo:
    """A pack of the catalogue and what this machine has of it.

    licence: in plain words, to be shown before an installation. allowed: whether an office may use it at all.
    installed: the id of the pack on this machine, None when it is not there. folder: where it lies.
    """

    name: str
    title: str
    licence: str
    allowed: bool
    installed: str | None
    folder: Path | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of choices.jsonl."""

    pack: str
    id: str
    by: str
    at: str
    licence: str
    licence_sha256: str


def list_packs() -> list[PackInfo]:
    """Every pack of the catalogue, in its order."""
    return [_info(name, entry) for name, entry in read_catalogue().items()]


def pack_info(name: str) -> PackInfo:
    """One pack of the catalogue. Raises PackMissing for an unknown name."""
    return _info(name, _entry(name))


def install_pack(
    name: str,
    *,
    into: Path | None = None,
    source_folder: Path | None = None,
    now: datetime,
    by: str,
    progress: Progress = lambda _step: None,
) -> Manifest:
    """Fetch, check, build and write a pack, and note the choice.

    into: the folder that holds packs (default HADIR_DATA/models); the pack lies in `into/name`.
    source_folder: take the source files from here instead of the network. by: the login or name of who decided.
    progress: called with a short Indonesian phrase before each long step.
    Raises PackMissing (unknown name), PackNotAllowed, SourceUnavailable, SourceMismatch, PackDamaged.
    """
    entry = _entry(name)
    if not entry["allowed"]:
        raise PackNotAllowed(f"{entry['title']}: {entry['licence']}")
    place = pack_places()[0] if into is None else into
    pack = _build(name, entry, source_folder, progress)
    write_pack(pack, place / name)
    manifest = Manifest.parse(pack.manifest)
    _note(place / CHOICES, _choice(manifest, now=now, by=by))
    return manifest


def verify_pack(pack: str | Path | None = None) -> Manifest:
    """Check every file of an installed pack against its manifest. Raises PackMissing, PackDamaged."""
    folder = find_pack(pack)
    manifest = Manifest.read(folder)
    wrong = [file.name for file in manifest.files.values() if not _is_whole(folder / file.name, file.sha256)]
    if wrong:
        raise PackDamaged(f"{folder}: {', '.join(wrong)} is not the file that the manifest names; install it again")
    return manifest


def choices(place: Path | None = None) -> list[Choice]:
    """What was installed on this machine, oldest first."""
    path = (pack_places()[0] if place is None else place) / CHOICES
    if not path.is_file():
        return []
    return [Choice(**json.loads(line)) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _build(name: str, entry: dict[str, Any], source_folder: Path | None, progress: Callable[[str], None]) -> BuiltPack:
    if "network" in entry:
        return build_foreign(name, entry, find_pack("open"), source_folder=source_folder, progress=progress)
    return build_open(entry, source_folder=source_folder, progress=progress)


def _entry(name: str) -> dict[str, Any]:
    catalogue = read_catalogue()
    if name not in catalogue:
        raise PackMissing(f"no pack {name!r}; known are {', '.join(catalogue)}")
    entry: dict[str, Any] = catalogue[name]
    return entry


def _info(name: str, entry: dict[str, Any]) -> PackInfo:
    try:
        folder = find_pack(name)
        installed = Manifest.read(folder).id
    except PackError:
        return PackInfo(name, entry["title"], entry["licence"], entry["allowed"], None, None)
    return PackInfo(name, entry["title"], entry["licence"], entry["allowed"], installed, folder)


def _choice(manifest: Manifest, *, now: datetime, by: str) -> Choice:
    if now.tzinfo is None:
        raise ValueError("now must know its time zone")
    shown = hashlib.sha256(manifest.licence.encode()).hexdigest()
    return Choice(manifest.pack, manifest.id, by, now.isoformat(timespec="seconds"), manifest.licence, shown)


def _note(path: Path, choice: Choice) -> None:
    line = {name: getattr(choice, name) for name in Choice.__slots__}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _is_whole(path: Path, sha256: str) -> bool:
    return path.is_file() and sha256_of(path) == sha256
