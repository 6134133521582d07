"""The sample portraits of the demo: free pictures that lie in two Python packages, fetched once at set-up.

    python -m hadir.demo.samples --out build/samples

Needs no Django. pip fetches the packages and checks their sha256; each picture is then checked against its own. Nothing
is installed, and nothing of the packages is kept but the pictures and `samples.json`, which says where each comes from.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

DEFAULT_FOLDER: Final = Path(__file__).resolve().parents[2] / "build" / "samples"


class SamplesError(Exception):
    """The portraits cannot be fetched; the text is Indonesian and says what to do."""


@dataclass(frozen=True)
class Package:
    """One archive of a package registry. `options` make pip choose exactly this archive on every machine."""

    requirement: str
    sha256: str
    licence: str
    options: Sequence[str]


@dataclass(frozen=True)
class Sample:
    """One picture: its file name, whom it shows, the package and path that it comes from."""

    name: str
    subject: str
    package: Package
    member: str
    sha256: str


PORTRAITS: Final = Package(
    "face_recognition==1.3.0",
    "5e5efdd1686aa566af0d3cc1313b131e4b197657a8ffd03669e6d3fad92705ec",
    "MIT; foto resmi pemerintah Amerika Serikat, domain publik",
    ("--no-binary", ":all:", "--no-build-isolation"),
)
# The smallest archive of scikit-image that holds the picture; nothing in it is run, so its platform does not matter.
ASTRONAUT: Final = Package(
    "scikit-image==0.26.0",
    "4d57e39ef67a95d26860c8caf9b14b8fb130f83b34c6656a77f191fa6d1d04d8",
    "BSD-3-Clause; foto NASA, domain publik",
    ("--only-binary", ":all:", "--platform", "win_arm64", "--python-version", "3.12", "--implementation", "cp"),
)
_IMAGES = "face_recognition-1.3.0/tests/test_images/"
SAMPLES: Final = (
    Sample(
        "obama.jpg",
        "A",
        PORTRAITS,
        _IMAGES + "obama.jpg",
        "0930e3aa8cae5920329c0c8cbc6a2ab70f47b0e67b432875beaa95cbf7e741f6",
    ),
    Sample(
        "obama2.jpg",
        "A",
        PORTRAITS,
        _IMAGES + "obama2.jpg",
        "a7efcc907375274796f39646510704aa86672d59f6d5469d69af3c85590976a6",
    ),
    Sample(
        "obama3.jpg",
        "A",
        PORTRAITS,
        _IMAGES + "obama3.jpg",
        "76ac6bf97c36dc2da0ad16a537d6a5ac1b10f48d49aac29a0cca9a17cdbc3ca3",
    ),
    Sample(
        "obama_partial_face.jpg",
        "A",
        PORTRAITS,
        _IMAGES + "obama_partial_face.jpg",
        "c2d1f09e7ef3042352b41e41286e6eb0522f64f88308be13886991b95db52117",
    ),
    Sample(
        "obama_partial_face2.jpg",
        "A",
        PORTRAITS,
        _IMAGES + "obama_partial_face2.jpg",
        "9a812347f97633542b8cd9992de22def11b74f79d82056bc3ee830f13878e028",
    ),
    Sample(
        "biden.jpg",
        "B",
        PORTRAITS,
        _IMAGES + "biden.jpg",
        "3c17508bb91554c637a2eabddfae790e5bb1caba93130814fc2ac50be9760c4c",
    ),
    Sample(
        "astronaut.png",
        "C",
        ASTRONAUT,
        "skimage/data/astronaut.png",
        "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
    ),
)


def missing(folder: Path) -> list[str]:
    """Return the names of the samples that are not in the folder, or not as they should be."""
    return [sample.name for sample in SAMPLES if not _is_whole(folder / sample.name, sample.sha256)]


def fetch(folder: Path) -> list[Path]:
    """Put every portrait and `samples.json` into `folder`, fetching what is missing, and return the portraits' paths.

    Raises `SamplesError` when a package cannot be fetched or is not what it was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    wanted = set(missing(folder))
    for package in dict.fromkeys(sample.package for sample in SAMPLES if sample.name in wanted):
        contents = _unpack(package, [sample.member for sample in SAMPLES if sample.package == package])
        for sample in SAMPLES:
            if sample.package == package:
                _write(folder / sample.name, contents[sample.member], sample.sha256)
    listing = [
        {**asdict(sample), "package": sample.package.requirement, "licence": sample.package.licence}
        for sample in SAMPLES
    ]
    (folder / "samples.json").write_text(json.dumps(listing, indent=2) + "\n", encoding="utf-8")
    return [folder / sample.name for sample in SAMPLES]


def _is_whole(path: Path, sha256: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _write(path: Path, content: bytes, sha256: str) -> None:
    if hashlib.sha256(content).hexdigest() != sha256:
        raise SamplesError(f"{path.name} di dalam paket bukan gambar yang diharapkan.")
    draft = path.with_suffix(path.suffix + ".part")
    draft.write_bytes(content)
    draft.replace(path)


def _unpack(package: Package, members: Sequence[str]) -> Mapping[str, bytes]:
    """Fetch one archive with pip, which checks its sha256, and return the members asked for."""
    with tempfile.TemporaryDirectory(prefix="hadir-samples-") as name:
        folder = Path(name)
        wanted = folder / "wanted.txt"
        wanted.write_text(f"{package.requirement} --hash=sha256:{package.sha256}\n", encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--require-hashes", *package.options, "--dest", str(folder), "--requirement", str(wanted)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["pip gagal"])[-1]
            raise SamplesError(f"{package.requirement} tidak dapat diambil: {last}")
        archive = next(path for path in folder.iterdir() if path.suffix in {".gz", ".whl"})
        return _members(archive, members)


def _members(archive: Path, names: Sequence[str]) -> dict[str, bytes]:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return {name: wheel.read(name) for name in names}
    found = {}
    with tarfile.open(archive) as source:
        for name in names:
            stream = source.extractfile(name)
            if stream is None:
                raise SamplesError(f"{name} tidak ada di dalam {archive.name}.")
            found[name] = stream.read()
    return found


def main() -> int:
    """Fetch the portraits into the folder of the command line."""
    parser = argparse.ArgumentParser(prog="python -m hadir.demo.samples", description="Fetch the sample portraits.")
    parser.add_argument("--out", type=Path, default=DEFAULT_FOLDER, help="folder to write to")
    folder = parser.parse_args().out
    try:
        paths = fetch(folder)
    except SamplesError as error:
        sys.stderr.write(f"Error samples_unreachable: {error} Periksa sambungan internet, lalu ulangi.\n")
        return 1
    sys.stdout.write(f"{len(paths)} foto contoh di {folder}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
