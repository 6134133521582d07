"""Making a kiosk."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hadir.schools.models import School

MOST_CHOICES = 20
"""More schools than this are not offered as boxes to tick: they are named by NPSN."""


class KioskForm(forms.Form):
    """A name and the schools it serves, out of those where the visitor manages devices."""

    name = forms.CharField(
        label=gettext_lazy("Nama kios"),
        max_length=80,
        help_text=gettext_lazy("Tempatnya, misalnya: Kios gerbang. Nama ini tampil di daftar hari ini."),
        error_messages={"required": gettext_lazy("Beri nama kios, misalnya Kios gerbang.")},
    )

    def __init__(self, *args: Any, schools: QuerySet[School], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.schools = schools
        self.fields["name"].widget.attrs.update(autocomplete="off", placeholder=_("Kios gerbang"))
        count = schools.count()
        if count > MOST_CHOICES:
            self.fields["schools"] = forms.CharField(
                label=_("Sekolah"),
                help_text=_("NPSN, 8 angka. Beberapa sekolah dalam satu gedung: pisahkan dengan koma."),
            )
        else:
            self.fields["schools"] = forms.ModelMultipleChoiceField(
                schools,
                to_field_name="npsn",
                label=_("Sekolah"),
                widget=forms.CheckboxSelectMultiple,
                error_messages={
                    "required": _("Pilih sedikitnya satu sekolah untuk kios."),
                    "invalid_choice": _("Sekolah itu tidak ada di wilayah Anda."),
                },
            )
            if count == 1 and not self.is_bound:
                self.initial["schools"] = [schools.get().npsn]

    @property
    def offers_boxes(self) -> bool:
        """Tell whether schools are boxes to tick."""
        return isinstance(self.fields["schools"], forms.ModelMultipleChoiceField)

    def clean_schools(self) -> list[School]:
        """Return the schools, in the order given."""
        given = self.cleaned_data["schools"]
        if not isinstance(given, str):
            return list(given)
        found = {school.npsn: school for school in self.schools.filter(npsn__in=_numbers(given))}
        missing = [npsn for npsn in _numbers(given) if npsn not in found]
        if missing or not found:
            raise ValidationError(
                _("NPSN tidak ada di wilayah Anda: %(npsn)s. Periksa angkanya."), params={"npsn": ", ".join(missing)}
            )
        return [found[npsn] for npsn in dict.fromkeys(_numbers(given))]


def _numbers(text: str) -> list[str]:
    return text.replace(",", " ").split()
