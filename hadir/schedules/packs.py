"""Rule packs as this office has them: edited copies in `HADIR_DATA/rules`, else those of the project."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from hadir.core.errors import HadirError
from hadir.rules.pack import BUILT_IN, Pack, load_pack, load_pack_file
from hadir.rules.reader import PackError
from hadir.rules.values import DayRules

DEFAULT = "contoh"


def office_pack(name: str) -> Pack:
    """Return a pack by name, read again when its file changed. Raises HadirError `rule_pack_unusable`, also where the
    file carries another name than the pack in it."""
    for folder in (settings.HADIR_DATA / "rules", BUILT_IN):
        path = folder / f"{name}.toml"
        if path.is_file():
            return _loaded(path, path.stat().st_mtime_ns)
    try:
        return load_pack(name)
    except PackError as error:
        raise HadirError("rule_pack_unusable", pack=name, cause=str(error).rstrip(".")) from error


@lru_cache(maxsize=32)
def _loaded(path: Path, _changed_at: int) -> Pack:
    try:
        pack = load_pack_file(path)
    except PackError as error:
        raise HadirError("rule_pack_unusable", pack=path.stem, cause=str(error).rstrip(".")) from error
    if pack.name != path.stem:
        # A judged day carries the name, and by it the pack is found again: a copy must not pass for its original.
        cause = _('berkas %(file)s berisi nama = "%(name)s"; tulis nama = "%(stem)s" di dalamnya') % {
            "file": path.name,
            "name": pack.name,
            "stem": path.stem,
        }
        raise HadirError("rule_pack_unusable", pack=path.stem, cause=cause)
    return pack


def day_rules(pack: Pack, day: date) -> DayRules:
    """Return the rules of a pack in force on a date. Raises HadirError `rule_pack_unusable` where it has none yet."""
    try:
        return pack.day_rules(day)
    except PackError as error:
        raise HadirError("rule_pack_unusable", pack=pack.name, cause=str(error).rstrip(".")) from error
