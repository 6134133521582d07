"""Words of a judged day."""

import datetime as dt

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hadir.attendance.marks import leave_word
from hadir.attendance.queries import UsedScan
from hadir.core.templatetags.screen import clock, day_and_clock
from hadir.reports.days import cause_words, role_word, way_word
from hadir.reports.year import Cell
from hadir.rules.verdict import Cause, Role

register = template.Library()


@register.filter
def role(value: Role) -> str:
    """Return what a piece of evidence was taken for."""
    return role_word(value)


@register.filter
def way(value: UsedScan) -> str:
    """Return how a piece of evidence came to be."""
    return way_word(value)


@register.filter
def leave_name(code: str) -> str:
    """Return the name of a leave code."""
    return leave_word(code)


@register.filter
def waits(value: Cause | None) -> str:
    """Return what a day waits for; nothing for a final one."""
    return cause_words(value) if value else ""


@register.filter
def clock_second(moment: dt.datetime | None) -> str:
    """Return "07.12.31" in the active time zone; nothing for None."""
    return localtime(moment).strftime(pgettext("time of day with seconds", "%H.%M.%S")) if moment else ""


@register.filter
def heard_on(moment: dt.datetime | None, day: dt.date) -> str:
    """Return "07.12" for a moment of this date, "Sel 8 Sep 07.12" for another; nothing for None."""
    if not moment:
        return ""
    return clock(moment) if localtime(moment).date() == day else day_and_clock(moment)


@register.filter
def ago(moment: dt.datetime | None, now: dt.datetime) -> str:
    """Return how long ago a moment was, in its largest unit: "2 hari"; nothing for None."""
    return timesince(moment, now, depth=1) if moment else ""


@register.simple_tag
def day_cell(cell: Cell | None) -> SafeString:
    """Write one date of a year: a link where there is a story to open. A tag, because a page has five hundred."""
    if cell is None:
        return SafeString()
    classes = f"{cell.classes}{' is-today' if cell.today else ''}{' is-chosen' if cell.chosen else ''}"
    label = f"{cell.label}, {_('hari ini')}" if cell.today else cell.label
    if not cell.told:
        return format_html(
            '<span class="dc {}" role="img" aria-label="{}">{}</span>', classes, label, cell.letter or cell.day.day
        )
    return format_html(
        '<a class="dc {}" href="?hari={}#hari" aria-label="{}"{}>{}</a>',
        classes,
        cell.day.isoformat(),
        label,
        SafeString(' aria-current="true"') if cell.chosen else "",
        cell.letter or cell.day.day,
    )
