"""Logging in and out, the language of the screens, and what a locked name is told."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from hadir.accounts.forms import LoginForm
from hadir.accounts.models import User
from hadir.accounts.services import choose_language
from hadir.schools.queries import office_name

YEAR = 365 * 24 * 3600


class Login(LoginView):
    """Name and password; then to where the visitor was going."""

    template_name = "accounts/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the name of the office."""
        return super().get_context_data(office=office_name(), **kwargs)


login = Login.as_view()
logout = LogoutView.as_view()


def locked_out(request: HttpRequest, _response: object = None, _credentials: object = None) -> HttpResponse:
    """Answer a name that was tried too often from one address: for how long, and what to do."""
    minutes = round(float(settings.AXES_COOLOFF_TIME) * 60)
    return render(request, "accounts/locked.html", {"minutes": minutes}, status=429)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language, with the login if there is one, and go back to the page."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = resolve_url("home")
    response = HttpResponseRedirect(target)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and check_for_language(language):
        if isinstance(request.user, User):
            choose_language(user=request.user, language=language)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=YEAR,
            samesite="Lax",
            secure=bool(settings.SESSION_COOKIE_SECURE),
            httponly=True,
        )
    return response
