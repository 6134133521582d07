"""How requests are written on pages."""

import uuid
from collections.abc import Mapping

from django import template
from django.utils.translation import ngettext

from hadir.core.errors import HadirError
from hadir.core.templatetags.screen import long_date, short_date
from hadir.leave.models_request import LeaveRequest, RequestState
from hadir.leave.rules import rule_of

register = template.Library()
CHIPS = {
    RequestState.WAITING_HEAD: ("st-pending", "hourglass"),
    RequestState.WAITING_OFFICE: ("st-pending", "hourglass"),
    RequestState.APPROVED: ("st-seen", "circle-check"),
    RequestState.REJECTED: ("st-none", "x"),
    RequestState.WITHDRAWN: ("st-none", "x"),
    RequestState.CANCELLED: ("st-none", "x"),
}


@register.filter
def kind_name(one: LeaveRequest) -> str:
    """Return the name of a request's kind, or its key where the rules no longer have it."""
    try:
        return rule_of(one.kind, one.first).name
    except HadirError:
        return one.kind


@register.filter
def span(one: LeaveRequest) -> str:
    """Return the dates of a request, with its hours."""
    if one.first != one.last:
        return f"{short_date(one.first)} \N{EN DASH} {short_date(one.last)} {one.last.year}"
    text = long_date(one.first)
    if one.start and one.end:
        return f"{text}, {one.start:%H.%M}\N{EN DASH}{one.end:%H.%M}"
    return f"{text}, {one.start:%H.%M}" if one.start else text


@register.filter
def chip_class(one: LeaveRequest) -> str:
    """Return the class of a request's chip."""
    return CHIPS[RequestState(one.state)][0]


@register.filter
def chip_icon(one: LeaveRequest) -> str:
    """Return the icon of a request's chip."""
    return CHIPS[RequestState(one.state)][1]


@register.filter
def counted(one: LeaveRequest, counts: Mapping[uuid.UUID, int]) -> str:
    """Return "3 hari", what a request counts now, or nothing for part of a day and corrections."""
    days = counts[one.pk]
    return "" if one.start else ngettext("%(days)s hari", "%(days)s hari", days) % {"days": days}


@register.filter
def filed_as(one: LeaveRequest, counts: Mapping[uuid.UUID, int]) -> str:
    """Return "5 hari saat diajukan" where a request counts something else now, as after a *cuti bersama*."""
    if one.start or counts[one.pk] == one.days:
        return ""
    return ngettext("%(days)s hari saat diajukan", "%(days)s hari saat diajukan", one.days) % {"days": one.days}
