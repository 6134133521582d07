"""The form of a request: only the fields that its kind needs."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hadir.leave.rules import CORRECTION, DUTY, KindRule
from hadir.leave.services import Wish
from hadir.people.models import Person
from hadir.schools.models import School

MOST_CHOICES = 80
"""More people than this are not offered as a list: the request begins at the person's page."""


class RequestForm(forms.Form):
    """What somebody asks for. `people`: for whom this login may file. `schools`: of the person who is named; asked
    for only where there are several."""

    def __init__(
        self,
        *args: Any,
        kind: str,
        rule: KindRule,
        people: QuerySet[Person],
        schools: QuerySet[School],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.kind, self.rule = kind, rule
        choices = list(people.order_by("name")[: MOST_CHOICES + 1])
        self.fields["person"] = forms.ModelChoiceField(
            people,
            label=_("Untuk"),
            empty_label=None if len(choices) == 1 else _("Pilih orang"),
            error_messages={"required": _("Pilih orangnya.")},
        )
        if len(choices) == 1:
            self.fields["person"].widget = forms.HiddenInput()
            self.initial["person"] = choices[0].pk
        elif len(choices) > MOST_CHOICES:
            self.fields["person"].widget = forms.HiddenInput()
        if schools.count() > 1:
            self.fields["school"] = forms.ModelChoiceField(
                schools, label=_("Di sekolah"), required=False, empty_label=_("Semua sekolahnya")
            )
        self._add_dates()
        if kind == DUTY:
            self.fields["letter"] = forms.CharField(
                label=_("Nomor surat tugas"), max_length=120, error_messages={"required": _("Isi nomor surat tugas.")}
            )
            self.fields["place"] = forms.CharField(label=_("Tempat"), max_length=160, required=False)
        self.fields["reason"] = forms.CharField(
            label=_("Apa yang terjadi") if kind == CORRECTION else _("Alasan"),
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 3}),
            error_messages={"required": _("Tulis alasannya.")},
        )
        self.fields["document"] = forms.FileField(
            label=_("Bukti atau surat"),
            required=False,
            help_text=_("PDF, JPEG, atau PNG, paling besar 5 MB. Dapat ditambahkan kemudian."),
            widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
        )

    def _add_dates(self) -> None:
        calendar: dict[str, Any] = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        clock: dict[str, Any] = {"widget": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), "required": False}
        wrong: dict[str, Any] = {
            "invalid": _("Tulis tanggal seperti 2026-09-14."),
            "required": _("Tanggal belum diisi."),
        }
        if self.kind == CORRECTION:
            self.fields["first"] = forms.DateField(label=_("Tanggal"), error_messages=wrong, **calendar)
            self.fields["start"] = forms.TimeField(label=_("Jam yang tidak terekam"), **(clock | {"required": True}))
            return
        self.fields["first"] = forms.DateField(label=_("Mulai"), error_messages=wrong, **calendar)
        self.fields["last"] = forms.DateField(
            label=_("Sampai"),
            required=False,
            help_text=_("Kosongkan untuk satu hari."),
            error_messages=wrong,
            **calendar,
        )
        if self.rule.partly:
            self.fields["start"] = forms.TimeField(
                label=_("Dari jam"), help_text=_("Hanya untuk sebagian hari. Kosongkan untuk sehari penuh."), **clock
            )
            self.fields["end"] = forms.TimeField(label=_("Sampai jam"), **clock)

    def clean(self) -> dict[str, Any]:
        """Two times go together."""
        given = super().clean() or {}
        if self.kind != CORRECTION and bool(given.get("start")) != bool(given.get("end")):
            self.add_error("end", ValidationError(_("Isi kedua jamnya, atau kosongkan keduanya.")))
        return given

    def wish(self) -> Wish:
        """Return what was asked for."""
        given = self.cleaned_data
        first: date = given["first"]
        return Wish(
            kind=self.kind,
            first=first,
            last=given.get("last") or first,
            start=given.get("start"),
            end=given.get("end"),
            reason=given["reason"],
            letter=given.get("letter", ""),
            place=given.get("place", ""),
            school=given.get("school"),
        )
