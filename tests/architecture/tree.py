"""The files of the project, as the architecture tests see them."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ROOT / "hadir"


@cache
def project_files() -> tuple[Path, ...]:
    """Return the files that are or may become part of the project: tracked, or new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return tuple(sorted(path for name in listed if name and (path := ROOT / name).is_file()))


def files_ending(*endings: str) -> list[Path]:
    """Return the project's files with one of these endings."""
    return [path for path in project_files() if path.name.endswith(endings)]


def name_of(path: Path) -> str:
    """Return the path as a reader of the failure wants it: from the project's folder."""
    return path.relative_to(ROOT).as_posix()
