"""Build the default model pack: `python -m hadir.face.build --out build/models/open [--sources FOLDER]`.

The source files (31 MB of the 130 MB that the packages weigh) stay in FOLDER, so that a second build needs no network.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hadir.face.build.pack import KEPT, build_open, keep_sources, read_catalogue, write_pack
from hadir.face.errors import PackError


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m hadir.face.build", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder of the pack; replaced when the build is whole")
    parser.add_argument("--sources", type=Path, default=KEPT, help="folder of the source files (default build/sources)")
    options = parser.parse_args()
    try:
        keep_sources(options.sources, progress=_say)
        pack = build_open(read_catalogue()["open"], source_folder=options.sources, progress=_say)
    except PackError as error:
        sys.stderr.write(f"{error.code}: {error}\n")
        return 1
    write_pack(pack, options.out)
    _say(f"{pack.manifest['id']}: {sum(map(len, pack.files.values())) / 1e6:.1f} MB")
    return 0


def _say(step: str) -> None:
    sys.stdout.write(step + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
