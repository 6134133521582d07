"""Logging in."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from hadir.accounts.models import plain_username


class LoginForm(AuthenticationForm):
    """Name and password. A wrong name and a wrong password are told alike, so that nobody learns which names exist."""

    error_messages = {
        "invalid_login": _("Nama pengguna atau kata sandi belum cocok. Periksa keduanya, lalu coba lagi."),
        "inactive": _("Akun ini dinonaktifkan. Hubungi operator dinas."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        name, password = self.fields["username"], self.fields["password"]
        name.label, name.help_text = _("NIP, NUPTK, atau surel"), _("Boleh dengan atau tanpa spasi.")
        # The longest name plus the spaces people type between the groups of a NIP.
        if isinstance(name, forms.CharField):
            name.max_length = 170
        name.widget.attrs.update(maxlength="170", autocapitalize="none", spellcheck="false")
        password.label = _("Kata sandi")

    def clean_username(self) -> str:
        """Return the name as it is stored."""
        return plain_username(self.cleaned_data["username"])
