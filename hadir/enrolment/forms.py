"""Forms of the enrolment page without script, of deletion and of reviews."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from hadir.enrolment.models import LegalBasis

MOST_PHOTOS = 10


class NoticeForm(forms.Form):
    """The notice was read: which version, on which basis."""

    notice_version = forms.IntegerField(widget=forms.HiddenInput)
    basis = forms.ChoiceField(label=_("Dasar pemrosesan"), choices=LegalBasis, widget=forms.RadioSelect)
    told = forms.BooleanField(
        label=_("Pemberitahuan ini sudah dibaca oleh, atau dibacakan kepada, yang bersangkutan."),
        error_messages={"required": _("Bacakan pemberitahuannya dulu, lalu beri tanda di sini.")},
    )


class ManyFiles(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos at once."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """Return every file that was sent; an empty file is a photo that will be refused with its reason."""
        files: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            raise forms.ValidationError(_("Pilih sedikitnya satu foto."))
        if len(files) > MOST_PHOTOS:
            raise forms.ValidationError(_("Paling banyak 10 foto sekali unggah."))
        return [super(PhotosField, self).clean(file, initial) for file in files]


class PhotosForm(forms.Form):
    """Photos for the draft."""

    photos = PhotosField(
        label=_("Foto wajah"),
        allow_empty_file=True,
        help_text=_(
            "JPEG, PNG, atau WebP; satu wajah di tiap foto, terang dan tajam. Lebih baik tiga foto yang berbeda."
        ),
    )


class DeleteForm(forms.Form):
    """Why a face is deleted."""

    reason = forms.CharField(
        label=_("Alasan"),
        max_length=200,
        help_text=_("Misalnya: diminta yang bersangkutan, pindah tugas, salah orang."),
        error_messages={"required": _("Tulis alasannya dengan singkat; ia menjadi bukti.")},
    )


class DecisionForm(forms.Form):
    """What a person saw: the same person, or two different ones."""

    same_person = forms.TypedChoiceField(
        label=_("Menurut Anda"),
        choices=[("ya", _("Orang yang sama")), ("tidak", _("Dua orang yang berbeda"))],
        coerce=lambda value: value == "ya",
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih salah satu.")},
    )
    note = forms.CharField(
        label=_("Catatan"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Bagaimana Anda mengetahuinya, misalnya: saudara kembar, keduanya hadir di depan saya."),
    )
