"""What office pages share: icons, times and dates as Hadir writes them (06.58, 14 September 2026)."""

import datetime as dt
from functools import cache

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate, localtime
from django.utils.translation import pgettext

from hadir.core.icons import ICONS, SPRITE

register = template.Library()


@cache
def read_sprite() -> SafeString:
    """Return the symbols of all icons, or nothing where set-up has not made them: pages stay useful without."""
    # The file is made at set-up from the icons' package by tools/vendor_assets.py, never from what people type.
    return mark_safe(SPRITE.read_text(encoding="utf-8")) if SPRITE.exists() else SafeString()  # noqa: S308


@register.simple_tag
def icon_symbols() -> SafeString:
    """Write the hidden symbols that `{% icon %}` refers to; once a page."""
    return format_html('<svg class="gone" aria-hidden="true" focusable="false">{}</svg>', read_sprite())


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """Write one icon. It says nothing to a screen reader: a word always stands beside it."""
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"no icon {name!r}: add it to hadir/core/icons.py")
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>',
        f"i {classes}".strip(),
        name,
    )


@register.filter
def clock(moment: dt.datetime | None) -> str:
    """Return hour and minute in the active time zone, "06.58"; nothing for None."""
    return localtime(moment).strftime(pgettext("time of day", "%H.%M")) if moment else ""


@register.filter
def day_and_clock(moment: dt.datetime | None) -> str:
    """Return "Sen 14 Sep 06.58" in the active time zone; nothing for None."""
    return f"{short_date(localtime(moment).date())} {clock(moment)}" if moment else ""


@register.filter
def day_key(moment: dt.datetime) -> str:
    """Return the date of a moment in the active time zone as addresses have it, "2026-09-14"."""
    return localtime(moment).date().isoformat()


@register.filter
def long_date(day: dt.date | None) -> str:
    """Return "14 September 2026"; nothing for None."""
    return date_format(day, "j F Y") if day else ""


@register.filter
def weekday_date(day: dt.date | None) -> str:
    """Return "Senin, 14 September 2026"; nothing for None."""
    return date_format(day, "l, j F Y") if day else ""


@register.filter
def heard_at(moment: dt.datetime | None) -> str:
    """Return "06.58" for a moment of today, "Sen 14 Sep 06.58" for another; nothing for None."""
    return clock(moment) if moment and localtime(moment).date() == localdate() else day_and_clock(moment)


@register.filter
def moment_date(moment: dt.datetime | None) -> str:
    """Return the date of a moment in the active time zone, "14 September 2026"; nothing for None."""
    return long_date(localtime(moment).date()) if moment else ""


@register.filter
def moment_weekday(moment: dt.datetime | None) -> str:
    """Return the date of a moment in the active time zone, "Senin, 14 September 2026"; nothing for None."""
    return weekday_date(localtime(moment).date()) if moment else ""


@register.filter
def short_date(day: dt.date | None) -> str:
    """Return "Sen 14 Sep"; nothing for None."""
    return date_format(day, "D j M") if day else ""


@register.filter
def sheets(names: str) -> list[str]:
    """Return the places of the office's style sheets, in order: "tokens base" -> office/tokens.css, office/base.css."""
    return [f"office/{name}.css" for name in names.split()]
