"""How a person-day's meaning is written in a list of differences."""

from django import template
from django.utils.translation import gettext as _

from hadir.attendance.trying import Difference, Meaning, Trial

register = template.Library()


@register.filter
def meaning(one: Meaning | None) -> str:
    """Return "H TL1 12 menit", "A", a dash where there is no such day."""
    if one is None:
        return "\N{EN DASH}"
    parts = [one.status, *one.codes]
    minutes = one.late + one.early
    if minutes:
        parts.append(_("%(number)s menit") % {"number": minutes})
    if not one.final:
        parts.append(_("(sementara)"))
    return " ".join(parts)


@register.filter
def name_of(trial: Trial, one: Difference) -> str:
    """Return the name of the person of a difference."""
    return trial.names.get(one.person, "")
