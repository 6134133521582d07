"""What Hadir notices about a request and leaves to who decides: nobody is refused for it."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hadir.leave.rules import KindRule
from hadir.people.models import Person
from hadir.people.numbers import read_nip


def service_remark(person: Person, rule: KindRule, day: date) -> str:
    """Return a sentence where a kind is meant for people with more years of service than the NIP shows on a date.

    Only a remark: the law knows exceptions (the first hajj, a fourth child), and a NIP is not a letter of appointment.
    """
    if not rule.after_years:
        return ""
    meant = ngettext(
        "%(name)s disyaratkan sesudah %(years)s tahun bekerja.",
        "%(name)s disyaratkan sesudah %(years)s tahun bekerja.",
        rule.after_years,
    ) % {"name": rule.name, "years": rule.after_years}
    reading = read_nip(person.nip)
    if reading is None:
        return meant + " " + _("Masa kerja orang ini tidak terbaca dari NIP.")
    since = reading.service_from
    if (since.year + rule.after_years, since.month, since.day) <= (day.year, day.month, day.day):
        return ""
    return meant + " " + _("Menurut NIP orang ini bekerja sejak %(since)s.") % {"since": date_format(since, "F Y")}
