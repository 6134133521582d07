"""Uploading a file."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hadir.schools.models import Region, School

MOST_CHOICES = 20
"""More schools than this are not offered in a list: one is named by NPSN."""


class _FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Berkas"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.xlsb,.ods,.csv,.txt"}),
        error_messages={"required": gettext_lazy("Pilih dulu berkas yang akan diimpor.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


class StaffFileForm(_FileForm):
    """A Daftar PTK, the school it is of, and the first day on which it holds."""

    start = forms.DateField(
        label=gettext_lazy("Berlaku mulai"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy(
            "Orang baru dinantikan di kios mulai tanggal ini. Yang diubah, berubah mulai tanggal ini."
        ),
    )
    field_order = ("school", "file", "start")

    def __init__(self, *args: Any, schools: QuerySet[School], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.schools = schools
        self.fields["start"].initial = today
        self.fields["file"].help_text = _(
            "Daftar PTK yang diunduh dari Dapodik (.xlsx, .xls), atau CSV dengan kolom yang sama."
        )
        if schools.count() > MOST_CHOICES:
            self.fields["school"] = forms.CharField(label=_("Sekolah"), help_text=_("NPSN, 8 angka."), max_length=20)
        else:
            self.fields["school"] = forms.ModelChoiceField(
                schools,
                to_field_name="npsn",
                label=_("Sekolah"),
                empty_label=None if schools.count() == 1 else _("Pilih sekolah"),
            )
        self.order_fields(self.field_order)

    def clean_school(self) -> School:
        """Return the school, out of those whose people the visitor manages."""
        given = self.cleaned_data["school"]
        if isinstance(given, School):
            return given
        school = self.schools.filter(npsn="".join(str(given).split())).first()
        if school is None:
            raise ValidationError(_("NPSN ini tidak ada di wilayah Anda. Periksa angkanya."))
        return school


class SchoolFileForm(_FileForm):
    """A list of schools and the region they are of."""

    def __init__(self, *args: Any, regions: QuerySet[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "CSV atau Excel dengan kolom: npsn, nama, kecamatan, jenjang, pulau, zona waktu, alamat."
        )
        self.fields["region"] = forms.ModelChoiceField(
            regions, label=_("Wilayah"), empty_label=None if regions.count() == 1 else _("Pilih wilayah")
        )
        self.order_fields(("region", "file"))
