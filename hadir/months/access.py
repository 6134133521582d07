"""The door of `accounts.access` for months: a school with a month of it that has begun."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404

from hadir.accounts.access import Action, Visitor, get_school_or_404
from hadir.core.clock import local_date, month_bounds, read_month
from hadir.schools.models import School


@dataclass(frozen=True, slots=True)
class SchoolMonth:
    """One month of a school, as an address names it. `school` is loaded with `district__region` and `island`."""

    school: School
    first: date
    last: date
    today: date

    @property
    def is_over(self) -> bool:
        """Whether its last day is over at the school."""
        return self.today > self.last

    @property
    def key(self) -> str:
        """Return "2026-09"."""
        return f"{self.first:%Y-%m}"


def get_month_or_404(
    user: Visitor, npsn: str, text: str, now: datetime, action: Action = Action.VIEW_BOARD
) -> SchoolMonth:
    """Return the month if this login may do `action` at its school; errors as in `get_school_or_404`.

    A month that has not begun does not exist.
    """
    allowed = get_school_or_404(user, npsn, action)
    school = School.objects.select_related("district__region", "island").get(pk=allowed.pk)
    today = local_date(now, school.time_zone)
    first = read_month(text)
    if first is None or first > today:
        raise Http404
    return SchoolMonth(school, first, month_bounds(first.year, first.month)[1], today)
