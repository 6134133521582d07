"""Words of a judged day."""

from django import template

from hadir.reports.days import cause_words, role_word
from hadir.rules.verdict import Cause, Role

register = template.Library()


@register.filter
def role(value: Role) -> str:
    """Return what a piece of evidence was taken for."""
    return role_word(value)


@register.filter
def waits(value: Cause | None) -> str:
    """Return what a day waits for; nothing for a final one."""
    return cause_words(value) if value else ""
