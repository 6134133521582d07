"""The words above each kind of row."""

from django import template

from hadir.planning.forms import FORMS

register = template.Library()


@register.filter
def form_title(kind: str) -> str:
    """Return the heading of a kind of row."""
    return str(FORMS[kind].title)


@register.filter
def form_explanation(kind: str) -> str:
    """Return the sentence that says what a kind of row does."""
    return str(FORMS[kind].explanation)
