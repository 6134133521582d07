"""One's own account: who one is here, the language, a new password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from hadir.accounts.forms_account import OwnPasswordForm
from hadir.accounts.models import User
from hadir.accounts.services import set_password
from hadir.core import clock


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show one's account; a new password ends the other sessions of the login and keeps this one."""
    user = request.user
    if not isinstance(user, User):
        return redirect("login")
    form = OwnPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        set_password(user=user, now=clock.now(), password=form.cleaned_data["new_password1"], by=user)
        update_session_auth_hash(request, user)
        messages.success(request, _("Kata sandi sudah diganti. Di gawai lain Anda perlu masuk lagi."))
        return redirect("account")
    roles = user.roles.select_related("school", "district", "region")
    return render(request, "accounts/account.html", {"form": form, "roles": roles})
