"""How the numbers of staff are printed."""

from django import template

from hadir.people.numbers import printed_nip

register = template.Library()
register.filter("nip", printed_nip)
