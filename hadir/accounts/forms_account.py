"""One's own account: a new password."""

from typing import Any

from django.contrib.auth.forms import PasswordChangeForm
from django.utils.translation import gettext_lazy as _


class OwnPasswordForm(PasswordChangeForm):
    """The present password and a new one, twice."""

    error_messages = {
        "password_mismatch": _("Kedua kata sandi baru belum sama. Ketik sekali lagi."),
        "password_incorrect": _("Kata sandi sekarang belum cocok. Periksa, lalu coba lagi."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["old_password"].label = _("Kata sandi sekarang")
        self.fields["old_password"].widget.attrs.pop("autofocus", None)
        self.fields["new_password1"].label = _("Kata sandi baru")
        self.fields["new_password1"].help_text = _("Paling sedikit 10 huruf atau angka; tiga kata mudah diingat.")
        self.fields["new_password2"].label = _("Kata sandi baru, sekali lagi")
        self.fields["new_password2"].help_text = ""
