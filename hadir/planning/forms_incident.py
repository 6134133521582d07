"""Forms of incidents: what happened, and what is decided about it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hadir.leave.models_incident import IncidentKind
from hadir.planning.forms import date_field
from hadir.schools.models import School


class IncidentForm(forms.Form):
    """What happened, where and when. With few schools one is chosen, with many its NPSN is typed."""

    FEW = 30

    def __init__(self, *args: Any, schools: QuerySet[School], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.schools = schools
        few = list(schools.order_by("name")[: self.FEW + 1])
        if len(few) > self.FEW:
            self.fields["school"] = forms.CharField(
                label=_("NPSN sekolah"), max_length=8, error_messages={"required": _("Tulis NPSN sekolahnya.")}
            )
        else:
            self.fields["school"] = forms.ChoiceField(
                label=_("Sekolah"), choices=[(school.npsn, school.name) for school in few]
            )
        self.fields["kind"] = forms.ChoiceField(label=_("Yang terganggu"), choices=IncidentKind.choices)
        self.fields["first"] = date_field(_("Mulai"))
        self.fields["last"] = date_field(_("Sampai"))
        self.fields["start"] = time_field(_("Mulai pukul"))
        self.fields["end"] = time_field(_("Sampai pukul"))
        self.fields["words"] = forms.CharField(
            label=_("Yang terjadi"),
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("Tulis seperti kepada orang yang tidak ada di sana."),
            error_messages={"required": _("Tulis apa yang terjadi.")},
        )
        self.fields["evidence"] = forms.CharField(
            label=_("Bukti"),
            max_length=300,
            required=False,
            help_text=_("Misalnya nomor surat, foto di arsip sekolah, atau pengumuman PLN."),
        )

    def clean_school(self) -> School:
        """Return the school of the NPSN, one of those that this login may report for."""
        npsn = str(self.cleaned_data["school"]).strip()
        found = self.schools.filter(npsn=npsn).select_related("district__region").first()
        if found is None:
            raise ValidationError(_("Tidak ada sekolah dengan NPSN itu di wilayah Anda."))
        return found


class DecisionForm(forms.Form):
    """Why an incident is confirmed, dismissed or taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Alasan keputusan"),
        max_length=300,
        error_messages={"required": gettext_lazy("Tuliskan alasannya.")},
    )


def time_field(label: Any) -> forms.TimeField:
    """Return a field for a time of day that may stay empty."""
    return forms.TimeField(
        label=label,
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Tulis jam seperti 07:00.")},
    )
