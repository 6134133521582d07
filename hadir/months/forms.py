"""Forms of a month: signing it, and opening it again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class SignForm(forms.Form):
    """Who signs. The password is asked again, so that a browser left open signs nothing."""

    name = forms.CharField(label=_("Nama"), max_length=160, error_messages={"required": _("Tulis nama Anda.")})
    nip = forms.CharField(
        label="NIP", max_length=40, required=False, help_text=_("Dicetak di bawah nama. Kosongkan bila tidak punya.")
    )
    duty = forms.CharField(
        label=_("Jabatan"), max_length=120, error_messages={"required": _("Tulis jabatan Anda di sekolah ini.")}
    )
    password = forms.CharField(
        label=_("Kata sandi Anda"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("Diminta sekali lagi, supaya hanya Anda yang dapat menandatangani."),
        error_messages={"required": _("Isi kata sandi Anda.")},
    )
    digest = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


class ReopenForm(forms.Form):
    """Why a closed month is opened again."""

    reason = forms.CharField(
        label=_("Alasan"),
        max_length=300,
        help_text=_("Misalnya: surat tugas dua guru baru masuk sesudah bulan ditutup. Semua orang dapat membacanya."),
        error_messages={"required": _("Tulis alasannya.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
