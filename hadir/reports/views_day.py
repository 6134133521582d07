"""The story of one day of one person, for those who may see the person."""

import uuid
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from hadir.accounts.access import Action, get_person_or_404, schools_for
from hadir.accounts.models import User
from hadir.attendance.queries import day_stories
from hadir.core import clock
from hadir.reports.days import told_days
from hadir.reports.people import assignments_of
from hadir.reports.views_year import may_at

DAY = timedelta(days=1)


@login_required
@require_GET
def person_day(request: HttpRequest, person_id: uuid.UUID, day: str) -> HttpResponse:
    """Tell one day: what it means, why by which rule, what was seen, at the visitor's schools or one's own."""
    shown = get_person_or_404(request.user, person_id)
    try:
        chosen = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    if not 2000 <= chosen.year < 2100:
        raise Http404
    is_self = isinstance(request.user, User) and request.user.person_id == shown.pk
    now = clock.now()
    assignments = assignments_of(shown, None if is_self else schools_for(request.user))
    stories = day_stories(shown, chosen, now=now, schools=None if is_self else schools_for(request.user))
    zone = stories[0].school.time_zone if stories else settings.TIME_ZONE
    today = clock.local_date(now, zone)
    with timezone.override(ZoneInfo(zone)):
        context = {
            "person": shown,
            "day": chosen,
            "days": told_days(stories),
            "before": (chosen - DAY).isoformat(),
            "after": (chosen + DAY).isoformat() if chosen < today else "",
            "future": chosen > today,
            "back": schools_for(request.user).exists(),
            "may_decide": not is_self and may_at(request.user, Action.APPROVE_LEAVE, assignments),
            "may_ask": is_self or may_at(request.user, Action.REQUEST_LEAVE, assignments),
        }
        return render(request, "reports/person_day.html", context)
