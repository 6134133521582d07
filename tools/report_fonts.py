"""Make the fonts of printed documents in build/fonts from the web's own in kiosk/node_modules.

    python tools/report_fonts.py

The typesetter reads TrueType only, and of several files of one family it takes one: so each file (the letters of one
script) gets a family of its own, "Plus Jakarta Sans" for Latin and "Plus Jakarta Sans latin-ext" for the next.
"""

import shutil
import sys
from pathlib import Path

from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = ROOT / "kiosk" / "node_modules" / "@fontsource-variable"
TARGET = ROOT / "build" / "fonts"
FAMILIES = {
    "plus-jakarta-sans": ("Plus Jakarta Sans", ("latin", "latin-ext", "vietnamese")),
    "noto-sans": ("Noto Sans", ("latin", "latin-ext", "vietnamese", "cyrillic", "greek")),
    "noto-sans-arabic": ("Noto Sans Arabic", ("arabic",)),
    "noto-sans-sc": ("Noto Sans SC", ()),
}
"""Package, family, and the scripts taken from it; none named: every file. Names in Latin letters with any accents,
in Arabic and in Chinese print; what none of these has comes from the typesetter's own fonts."""
WEIGHTS = "wght-normal.woff2"
FAMILY_NAMES = (1, 16)
FULL_NAMES = (4, 6)


def main() -> int:
    """Write the files; 1 with a message when the libraries are not installed."""
    sources = [(family, path) for package, (family, scripts) in FAMILIES.items() for path in files(package, scripts)]
    if len({family for family, _path in sources}) < len(FAMILIES):
        sys.stderr.write("Huruf untuk dokumen belum ada. Jalankan: make node-modules\n")
        return 1
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    for family, path in sources:
        script = path.name.removesuffix(f"-{WEIGHTS}").removeprefix(path.parent.parent.name).strip("-")
        write_font(path, TARGET / f"{path.stem}.ttf", family if script == "latin" else f"{family} {script}")
    return 0


def files(package: str, scripts: tuple[str, ...]) -> list[Path]:
    """Return the files of a package with upright letters of every weight."""
    folder = LIBRARIES / package / "files"
    if scripts:
        wanted = [folder / f"{package}-{script}-{WEIGHTS}" for script in scripts]
        return [path for path in wanted if path.is_file()]
    return sorted(folder.glob(f"*-{WEIGHTS}"))


def write_font(source: Path, target: Path, family: str) -> None:
    """Unpack a font and give it this family name."""
    font = TTFont(source)
    font.flavor = None
    for record in font["name"].names:
        if record.nameID in FAMILY_NAMES:
            record.string = family
        elif record.nameID in FULL_NAMES:
            record.string = family.replace(" ", "")
    font.save(target)


if __name__ == "__main__":
    raise SystemExit(main())
