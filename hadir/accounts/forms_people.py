"""The form that adds a person to a school."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hadir.people.models import Salutation, StaffKind
from hadir.schools.models import School

MOST_CHOICES = 20
"""More schools than this are not offered as a list: the school is named by its NPSN."""


class PersonForm(forms.Form):
    """Name as the staff list has it, titles apart, numbers where there are any, and where the person works."""

    name = forms.CharField(
        label=gettext_lazy("Nama"),
        max_length=200,
        help_text=gettext_lazy("Seperti di daftar pegawai, tanpa gelar."),
        error_messages={"required": gettext_lazy("Nama belum diisi.")},
    )
    title_front = forms.CharField(label=gettext_lazy("Gelar depan"), max_length=60, required=False)
    title_back = forms.CharField(label=gettext_lazy("Gelar belakang"), max_length=80, required=False)
    salutation = forms.ChoiceField(
        label=gettext_lazy("Sapaan"),
        choices=Salutation,
        required=False,
        help_text=gettext_lazy("Dipakai kios saat menyapa."),
    )
    nip = forms.CharField(
        label="NIP",
        max_length=40,
        required=False,
        help_text=gettext_lazy("18 angka, boleh dengan spasi. Kosongkan bila tidak ada."),
    )
    nuptk = forms.CharField(
        label="NUPTK",
        max_length=40,
        required=False,
        help_text=gettext_lazy("16 angka. Kosongkan bila tidak ada."),
    )
    duty = forms.CharField(
        label=gettext_lazy("Tugas"),
        max_length=120,
        help_text=gettext_lazy("Misalnya: Guru kelas 4, Kepala sekolah, Penjaga sekolah."),
        error_messages={"required": gettext_lazy("Tugas belum diisi.")},
    )
    staff_kind = forms.ChoiceField(label=gettext_lazy("Status kepegawaian"), choices=StaffKind)
    valid_from = forms.DateField(
        label=gettext_lazy("Bertugas sejak"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Tulis tanggal seperti 2026-09-14.")},
    )
    is_home = forms.BooleanField(
        label=gettext_lazy("Ini sekolah induknya"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, schools: QuerySet[School], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.schools = schools
        label = _("Sekolah")
        if schools.count() > MOST_CHOICES:
            self.fields["school"] = forms.CharField(label=label, help_text=_("NPSN sekolah, 8 angka."))
        else:
            self.fields["school"] = forms.ModelChoiceField(
                schools,
                to_field_name="npsn",
                label=label,
                empty_label=None if schools.count() == 1 else _("Pilih sekolah"),
            )
        self.fields["nip"].widget.attrs["inputmode"] = "numeric"
        self.fields["nuptk"].widget.attrs["inputmode"] = "numeric"
        for field in self.fields.values():
            field.widget.attrs.setdefault("autocomplete", "off")

    def clean_school(self) -> School:
        """Return the school; a typed NPSN must be one of the visitor's schools."""
        given = self.cleaned_data["school"]
        if isinstance(given, School):
            return given
        school = self.schools.filter(npsn=str(given).strip()).first()
        if school is None:
            raise ValidationError(_("Tidak ada sekolah dengan NPSN itu di wilayah Anda. Periksa angkanya."))
        return school
