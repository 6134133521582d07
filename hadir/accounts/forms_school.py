"""Choosing one school: from a list where it is short, by its NPSN where it is not."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hadir.schools.models import School

MOST_CHOICES = 20
"""More schools than this are not offered as a list."""


class OneSchoolForm(forms.Form):
    """A form with a school out of `schools`; `cleaned_data["school"]` is a School."""

    school = forms.CharField(label=gettext_lazy("NPSN sekolah"), max_length=8)

    def __init__(self, *args: Any, schools: QuerySet[School], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.schools = schools
        choices = list(schools.order_by("name")[: MOST_CHOICES + 1])
        if len(choices) <= MOST_CHOICES:
            shown = [(school.npsn, f"{school.name} ({school.npsn})") for school in choices]
            # With several to choose from none is chosen for the visitor.
            offered = shown if len(shown) == 1 else [("", _("pilih sekolah")), *shown]
            self.fields["school"] = forms.ChoiceField(label=_("Sekolah"), choices=offered)

    def clean_school(self) -> School:
        """Return the school, out of those that the visitor may choose."""
        school = self.schools.filter(npsn=str(self.cleaned_data["school"]).strip()).first()
        if school is None:
            raise ValidationError(_("Tidak ada sekolah dengan NPSN itu di wilayah Anda. Periksa angkanya."))
        return school
