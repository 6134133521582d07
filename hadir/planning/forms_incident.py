"""Forms of incidents: what happened, and what is decided about it."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hadir.accounts.forms_school import OneSchoolForm
from hadir.leave.models_incident import IncidentKind
from hadir.planning.forms import date_field
from hadir.schools.models import School


class IncidentForm(OneSchoolForm):
    """What happened, where and when."""

    def __init__(self, *args: Any, schools: QuerySet[School], **kwargs: Any) -> None:
        super().__init__(*args, schools=schools, **kwargs)
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
            help_text=_(
                "Misalnya nomor surat atau pengumuman PLN. "
                "Foto atau suratnya dapat ditambahkan setelah laporan terkirim."
            ),
        )


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
