"""Copy what the office pages need from kiosk/node_modules into hadir/static/vendor, which is never committed.

    python tools/vendor_assets.py

Makes `icons.svg` (one `<symbol>` for each name in hadir/core/icons.py), `jakarta.woff2` (Latin letters) and `htmx.js`
with `htmx.js.gz`.
"""

import gzip
import re
import shutil
import sys
from pathlib import Path

from hadir.core.icons import ICONS, SPRITE

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = ROOT / "kiosk" / "node_modules"
OUTLINE = LIBRARIES / "@tabler" / "icons" / "icons" / "outline"
COPIES = {
    "jakarta.woff2": "@fontsource-variable/plus-jakarta-sans/files/plus-jakarta-sans-latin-wght-normal.woff2",
    "htmx.js": "htmx.org/dist/htmx.min.js",
}
# Tabler puts an invisible square behind each icon.
SQUARE = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>')
INSIDE = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def symbol(name: str) -> str:
    """Return the icon as a `<symbol>`, without Tabler's attributes: colour and stroke come from the style sheet."""
    found = INSIDE.search((OUTLINE / f"{name}.svg").read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{name}.svg is not an icon")
    paths = re.sub(r"\s+", " ", SQUARE.sub("", found.group(1))).replace("> <", "><").strip()
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{paths}</symbol>'


def main() -> int:
    """Write the files; 1 with a message when the libraries are not installed."""
    try:
        sprite = "".join(symbol(name) for name in ICONS)
        SPRITE.parent.mkdir(parents=True, exist_ok=True)
        for name, source in COPIES.items():
            shutil.copyfile(LIBRARIES / source, SPRITE.parent / name)
        # whitenoise sends this one to browsers that take it: a third of the bytes.
        script = SPRITE.parent / "htmx.js"
        script.with_suffix(".js.gz").write_bytes(gzip.compress(script.read_bytes(), mtime=0))
    except FileNotFoundError as error:
        sys.stderr.write(f"{error.filename} tidak ada. Jalankan: make node-modules\n")
        return 1
    SPRITE.write_text(sprite, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
