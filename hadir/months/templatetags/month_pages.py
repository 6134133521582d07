"""What pages of months write often: day cells, the digest in groups, and links that exist only with their part."""

import datetime as dt
import uuid

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hadir.months.grid import GridCell
from hadir.months.models import MonthState

register = template.Library()
GROUP = 8


@register.simple_tag
def month_cell(cell: GridCell, person: uuid.UUID) -> SafeString:
    """Write one date of a person: a link where the day has a story. A tag, because a page has two thousand."""
    if not cell.words:
        return format_html('<i class="dc {}"></i>', cell.classes) if cell.classes else SafeString()
    label = f"{cell.date.day}: {cell.words}"
    if not cell.told:
        return format_html('<i class="dc {}" role="img" aria-label="{}"></i>', cell.classes, label)
    return format_html(
        '<a class="dc {}" href="{}" title="{}" aria-label="{}">{}</a>',
        cell.classes,
        reverse("person-day", args=[person, cell.date.isoformat()]),
        label,
        label,
        cell.letter,
    )


@register.filter
def month_name(first: dt.date) -> str:
    """Return "September 2026"."""
    return date_format(first, "F Y")


@register.filter
def digest_groups(digest: str) -> str:
    """Return a digest in groups of eight, so that two can be compared by eye."""
    return " ".join(digest[start : start + GROUP] for start in range(0, len(digest), GROUP))


@register.simple_tag
def page_if_any(name: str, *args: str) -> str:
    """Return the address of a page, or nothing where this Hadir has none of that name."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


@register.inclusion_tag("months/state.html")
def month_state(state: str) -> dict[str, str]:
    """Write the chip of how far a month is."""
    return {
        MonthState.OPEN: {"kind": "open", "icon": "circle-dashed", "word": _("Terbuka")},
        MonthState.CHECKED: {"kind": "checked", "icon": "eye", "word": _("Diperiksa")},
        MonthState.CLOSED: {"kind": "closed", "icon": "lock", "word": _("Ditutup")},
    }.get(MonthState(state) if state else MonthState.OPEN, {})
