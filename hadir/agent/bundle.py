"""Writing the agent as one file that any Python runs: `python hadir-agen.pyz check`."""

from __future__ import annotations

import shutil
import tempfile
import zipapp
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def write_bundle(target: Path) -> None:
    """Write the archive. It holds this package and nothing else; nothing in it depends on where or when it was made."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "hadir" / "agent"
        package.mkdir(parents=True)
        (package.parent / "__init__.py").write_text('"""Hadir\'s school agent."""\n', encoding="utf-8")
        for source in sorted(ROOT.glob("*.py")):
            shutil.copyfile(str(source), str(package / source.name))
        zipapp.create_archive(folder, str(target), interpreter="/usr/bin/env python3", main="hadir.agent.cli:main_exit")
