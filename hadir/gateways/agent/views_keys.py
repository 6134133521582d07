"""The page of agents: their keys, made and shown once, and ended."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hadir.accounts.access import Action, schools_for
from hadir.accounts.models import User
from hadir.core import clock
from hadir.devices.views import public_address
from hadir.gateways.agent.forms import KeyForm
from hadir.gateways.agent.models import AgentKey
from hadir.gateways.agent.services import issue_key, revoke_key

PAGE = 100


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def agent_keys(request: HttpRequest) -> HttpResponse:
    """List the keys of the visitor's schools; on POST end one, or make one and show it in this answer only."""
    schools = schools_for(request.user, Action.MANAGE_DEVICES)
    if not schools.exists() or not isinstance(request.user, User):
        raise PermissionDenied
    keys = AgentKey.objects.filter(school__in=schools).select_related("school")
    if "revoke" in request.POST:
        found = keys.filter(name=request.POST["revoke"]).first()
        if found is None:
            raise Http404
        revoke_key(key=found, by=request.user, now=clock.now())
        messages.success(request, _("Kunci %(name)s dicabut. Catatan di agen tetap aman.") % {"name": found.name})
        return redirect("agent-keys")
    form = KeyForm(request.POST or None, schools=schools)
    made = school = None
    if request.method == "POST" and form.is_valid():
        school = form.cleaned_data["school"]
        made = issue_key(school=school, by=request.user, now=clock.now())
    page = Paginator(keys.order_by("revoked_at", "school__name", "-created_at"), PAGE).get_page(
        request.GET.get("halaman")
    )
    context: dict[str, object] = {
        "form": form,
        "made": made.text() if made else "",
        "school": school,
        "server": public_address(request),
        "page": page,
        "words": "",
        "kept": {},
    }
    return render(request, "agent/keys.html", context, status=422 if form.errors else 200)
