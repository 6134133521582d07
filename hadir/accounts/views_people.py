"""Adding a person. It stands here because it needs the door of `access`, which `people` lies below."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hadir.accounts.access import Action, schools_for
from hadir.accounts.forms_people import PersonForm
from hadir.accounts.models import User
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.people.models import Person
from hadir.people.services import add_person, assign_person

FIELD_OF = {
    "name_missing": "name",
    "nip_invalid": "nip",
    "nip_taken": "nip",
    "nuptk_invalid": "nuptk",
    "nuptk_taken": "nuptk",
}
"""Which field an error of the services belongs to; the others stand above the form."""


@login_required
@require_http_methods(["GET", "POST"])
def person_add(request: HttpRequest) -> HttpResponse:
    """Add a person with a first assignment, then show them."""
    schools = schools_for(request.user, Action.MANAGE_PEOPLE)
    if not isinstance(request.user, User) or not schools.exists():
        raise PermissionDenied
    today = clock.local_date(clock.now(), settings.TIME_ZONE)
    initial: dict[str, Any] = {"school": request.GET.get("sekolah", ""), "valid_from": today}
    form = PersonForm(request.POST or None, schools=schools, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            person = _add(form.cleaned_data, request.user)
        except HadirError as error:
            form.add_error(FIELD_OF.get(error.code), error.message)
        else:
            messages.success(request, _("%(name)s ditambahkan.") % {"name": person.name})
            return redirect("person", person.pk)
    return render(request, "accounts/person_add.html", {"form": form})


@transaction.atomic
def _add(given: dict[str, Any], by: User) -> Person:
    now = clock.now()
    person = add_person(
        name=given["name"],
        title_front=given["title_front"],
        title_back=given["title_back"],
        salutation=given["salutation"],
        nip=given["nip"],
        nuptk=given["nuptk"],
        by=by,
        now=now,
    )
    start: date = given["valid_from"]
    assign_person(
        person=person,
        school=given["school"],
        duty=given["duty"],
        staff_kind=given["staff_kind"],
        valid_from=start,
        is_home=given["is_home"],
        by=by,
        now=now,
    )
    return person
