"""Template tags for what Vite builds from `kiosk/` into `hadir/static/kiosk`."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
BUILD = Path(__file__).resolve().parents[2] / "static" / "kiosk"


class BundleMissingError(Exception):
    """The kiosk was not built, or has no entry of this name."""


@lru_cache(maxsize=1)
def _manifest(path: Path, _changed_ns: int) -> dict[str, Any]:
    entries: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return entries


def _entry(name: str) -> dict[str, Any]:
    path = BUILD / "manifest.json"
    try:
        entry: dict[str, Any] = _manifest(path, path.stat().st_mtime_ns)[f"src/{name}.ts"]
    except (FileNotFoundError, KeyError):
        raise BundleMissingError(f"src/{name}.ts is not in {path}: run `make kiosk`") from None
    return entry


@register.simple_tag
def bundle_script(name: str) -> SafeString:
    """Write the style sheets and the module script of `kiosk/src/<name>.ts`."""
    entry = _entry(name)
    sheets = format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((static(f"kiosk/{sheet}"),) for sheet in entry.get("css", []))
    )
    return format_html('{}\n<script type="module" src="{}"></script>', sheets, static(f"kiosk/{entry['file']}"))
