"""What a named person decides about a day: a record whose clock is doubted, and that nothing more will come."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _


def _reason() -> forms.CharField:
    """Return the field of a reason, which is never left empty."""
    area = forms.Textarea(attrs={"rows": 3, "maxlength": 300})
    return forms.CharField(label=_("Alasan"), max_length=300, widget=area)


class ReviewForm(forms.Form):
    """Accept a doubted record for a moment, or reject it; always with a reason."""

    decision = forms.ChoiceField(
        label=_("Keputusan"),
        choices=[("accept", _("Orang itu ada di sana")), ("reject", _("Catatan ini tidak dihitung"))],
        widget=forms.RadioSelect,
    )
    at = forms.CharField(
        label=_("Pukul berapa sebenarnya"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    reason = _reason()

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["reason"].help_text = _("Siapa yang melihatnya, atau bukti apa yang ada.")
        self.zone = zone
        self.fields["at"].required = False

    def clean_at(self) -> datetime | None:
        """Return the moment in the school's time; None where it was left empty."""
        text = self.cleaned_data["at"]
        try:
            moment = datetime.fromisoformat(text) if text else None
        except ValueError:
            raise forms.ValidationError(_("Tuliskan tanggal dan jamnya.")) from None
        return moment.replace(tzinfo=self.zone) if moment else None


class CompleteForm(forms.Form):
    """Why nothing more will come of a day."""

    reason = _reason()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["reason"].help_text = _(
            "Misalnya: listrik padam sehari penuh, kios rusak sejak pagi. Semua orang yang hadir sudah diperiksa."
        )
