"""Adding a machine, claiming one, its register, its commands, its clock, its PINs."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hadir.accounts.forms_school import OneSchoolForm
from hadir.devices.forms import KioskForm
from hadir.devices.models import Condition, DeviceKind, Fund
from hadir.people.models import Person
from hadir.schools.models import School
from hadir.terminals.models import CommandKind

KINDS = (
    (DeviceKind.ZKTECO.value, gettext_lazy("ZKTeco, Solution, eSSL (ADMS, atau dibaca agen sekolah)")),
    (DeviceKind.HIKVISION.value, gettext_lazy("Hikvision")),
    (DeviceKind.FKWEB.value, gettext_lazy("Fingerspot Revo")),
    (DeviceKind.FINGERSPOT_CLOUD.value, gettext_lazy("Fingerspot lewat fingerspot.io")),
    (DeviceKind.AIFACE.value, gettext_lazy("AiFace, DIXI (WebSocket)")),
    (DeviceKind.FILE.value, gettext_lazy("Tanpa jaringan: berkas dari flash disk")),
)
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TerminalForm(KioskForm):
    """A machine: kind, serial, name, and the schools it serves."""

    kind = forms.ChoiceField(label=gettext_lazy("Jenis"), choices=KINDS, initial=DeviceKind.ZKTECO.value)
    serial = forms.CharField(
        label=gettext_lazy("Nomor seri"),
        max_length=64,
        help_text=gettext_lazy(
            "Seperti di stiker mesin atau Menu > Info Sistem. Fingerspot Revo: Device ID; fingerspot.io: Cloud ID."
        ),
        error_messages={"required": gettext_lazy("Isi nomor seri mesin.")},
    )
    name = forms.CharField(
        label=gettext_lazy("Nama mesin"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Tempatnya, misalnya: Ruang guru. Boleh dikosongkan."),
    )

    def __init__(self, *args: Any, schools: QuerySet[School], **kwargs: Any) -> None:
        super().__init__(*args, schools=schools, **kwargs)
        self.fields["name"].widget.attrs.update(placeholder=_("Ruang guru"))
        self.fields["serial"].widget.attrs.update(autocomplete="off", autocapitalize="characters", spellcheck="false")
        self.order_fields(("kind", "serial", "name", "schools"))


class ClaimForm(OneSchoolForm):
    """The serial of the machine before the operator, and whose it is to be."""

    serial = forms.CharField(
        label=gettext_lazy("Nomor seri"),
        max_length=64,
        help_text=gettext_lazy("Seperti di stiker belakang mesin."),
        error_messages={"required": gettext_lazy("Isi nomor seri mesin.")},
    )


class RegisterForm(forms.Form):
    """The purchase record of a machine."""

    name = forms.CharField(label=gettext_lazy("Nama mesin"), max_length=80)
    brand = forms.CharField(label=gettext_lazy("Merek"), max_length=80, required=False)
    model = forms.CharField(label=gettext_lazy("Tipe"), max_length=80, required=False)
    price = forms.IntegerField(
        label=gettext_lazy("Harga (rupiah)"),
        min_value=0,
        max_value=999_999_999_999,
        required=False,
        help_text=gettext_lazy("Angka saja, tanpa titik."),
    )
    bought_on = forms.DateField(label=gettext_lazy("Tanggal beli"), required=False, widget=DATE)
    fund = forms.ChoiceField(label=gettext_lazy("Sumber dana"), choices=Fund.choices, required=False)
    condition = forms.ChoiceField(label=gettext_lazy("Kondisi"), choices=Condition.choices)
    where_used = forms.CharField(label=gettext_lazy("Dipakai di"), max_length=120, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.today = today

    def clean_bought_on(self) -> date | None:
        """Refuse a date that has not come."""
        bought: date | None = self.cleaned_data["bought_on"]
        if bought is not None and bought > self.today:
            raise ValidationError(_("Tanggal beli belum lewat. Periksa tahunnya."))
        return bought


class CommandForm(forms.Form):
    """A command to draft: its kind, and what that kind needs."""

    kind = forms.ChoiceField(label=gettext_lazy("Perintah"), choices=CommandKind.choices)
    first = forms.DateField(label=gettext_lazy("Dari tanggal"), required=False, widget=DATE)
    last = forms.DateField(label=gettext_lazy("Sampai tanggal"), required=False, widget=DATE)
    pin = forms.CharField(label="PIN", max_length=24, required=False)
    person = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("Orang"), required=False, empty_label=gettext_lazy("pilih orang")
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        field = self.fields["person"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = people

    def span(self) -> tuple[datetime | None, datetime | None]:
        """Return the whole days as the terminal's local times."""
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        begin = datetime.combine(first, time(0)) if first else None
        return begin, datetime.combine(last, time(23, 59, 59)) if last else None


class MapForm(forms.Form):
    """Whose PIN it is, from when."""

    pin = forms.CharField(max_length=64, strip=False)
    person = forms.ModelChoiceField(Person.objects.none(), error_messages={"required": gettext_lazy("Pilih orangnya.")})
    valid_from = forms.DateField(required=False)

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = people


class CriteriaForm(forms.Form):
    """When two lists agree: the example values are those of the office's letter."""

    minutes = forms.IntegerField(label=gettext_lazy("Sama bila paling jauh (menit)"), min_value=0, max_value=30)
    percent = forms.IntegerField(label=gettext_lazy("Hari sesuai bila sekurangnya (%)"), min_value=50, max_value=100)
    days = forms.IntegerField(label=gettext_lazy("Berturut-turut (hari)"), min_value=1, max_value=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
