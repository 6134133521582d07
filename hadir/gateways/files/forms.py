"""Handing in a file, naming its columns, saying which number of a date is the day."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hadir.core.tables.cells import column_letter
from hadir.devices.models import Terminal
from hadir.gateways.files.columns import Columns
from hadir.gateways.files.stamps import Order

MOST_CHOICES = 30
"""More terminals than this are not offered in a list: one is named by its serial."""
IGNORED = ""
PARTS: Sequence[tuple[str, Any]] = (
    (IGNORED, gettext_lazy("tidak dipakai")),
    ("pin", "PIN"),
    ("name", gettext_lazy("nama")),
    ("stamp", gettext_lazy("tanggal dan jam")),
    ("date", gettext_lazy("tanggal")),
    ("time", gettext_lazy("jam")),
    ("state", gettext_lazy("status")),
    ("verify", gettext_lazy("cara verifikasi")),
)
"""What a column can be."""


class ScanFileForm(forms.Form):
    """A file and the terminal it is of."""

    file = forms.FileField(
        label=gettext_lazy("Berkas"),
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".dat,.txt,.csv,.xls,.xlsx,.xlsb,.ods"}),
        help_text=gettext_lazy("attlog.dat dari flash disk mesin, unduhan Solution Cloud, atau ekspor Excel dan CSV."),
        error_messages={"required": gettext_lazy("Pilih dulu berkas dari mesin.")},
    )

    def __init__(self, *args: Any, terminals: QuerySet[Terminal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.terminals = terminals
        if terminals.count() > MOST_CHOICES:
            self.fields["terminal"] = forms.CharField(label=_("Mesin"), help_text=_("Nomor seri mesin."), max_length=64)
        else:
            shown = [(each.serial, _label(each)) for each in terminals]
            choices = shown if len(shown) == 1 else [("", _("Pilih mesin")), *shown]
            self.fields["terminal"] = forms.ChoiceField(
                choices=choices, label=_("Mesin"), error_messages={"required": _("Pilih dulu mesinnya.")}
            )
        self.order_fields(("terminal", "file"))

    def clean_terminal(self) -> Terminal:
        """Return the terminal, out of those of the visitor."""
        terminal = self.terminals.filter(serial=str(self.cleaned_data["terminal"]).strip()).first()
        if terminal is None:
            raise ValidationError(_("Mesin ini tidak ada di sekolah Anda. Periksa nomor serinya."))
        return terminal


def _label(terminal: Terminal) -> str:
    schools = ", ".join(link.school.name for link in terminal.device.school_links.all())
    return f"{terminal.device.name} ({terminal.serial}), {schools}"


class ColumnsForm(forms.Form):
    """What each column is. One field a column, `column-0` and on, and the vendor under whose name it is remembered."""

    vendor = forms.CharField(
        label=gettext_lazy("Program atau merek"),
        max_length=60,
        required=False,
        help_text=gettext_lazy(
            "Misalnya Fingerspot Personnel. Berkas berikutnya dengan judul kolom yang sama lalu dikenali sendiri."
        ),
    )
    processed = forms.BooleanField(
        label=gettext_lazy("Jamnya sudah diolah program (jam masuk dan jam pulang terpilih), bukan catatan mesin"),
        required=False,
    )

    def __init__(
        self, data: Any = None, *, headings: Sequence[str], width: int, known: Columns | None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.label_suffix = ""
        self.width = width
        parts = _parts_of(known) if known else {}
        for place in range(width):
            heading = headings[place] if place < len(headings) else ""
            self.fields[f"column-{place}"] = forms.ChoiceField(
                choices=PARTS,
                required=False,
                label=heading or _("Kolom %(letter)s") % {"letter": column_letter(place)},
                initial=parts.get(place, IGNORED),
            )
        if known is not None:
            self.fields["processed"].initial = known.processed

    def chosen(self, headings: int) -> Columns:
        """Return the columns as they were named. Raises ValidationError where they are not enough."""
        named: dict[str, list[int]] = {}
        for place in range(self.width):
            named.setdefault(self.cleaned_data[f"column-{place}"], []).append(place)
        named.pop(IGNORED, None)
        twice = [part for part, places in named.items() if len(places) > 1 and part != "time"]
        if twice or "pin" not in named:
            raise ValidationError(_("Pilih tepat satu kolom PIN, dan tiap jenis lain paling banyak satu kali."))
        columns = Columns(
            pin=named["pin"][0],
            name=_only(named, "name"),
            stamp=_only(named, "stamp"),
            date=_only(named, "date"),
            times=tuple(named.get("time", ())),
            state=_only(named, "state"),
            verify=_only(named, "verify"),
            headings=headings,
            processed=self.cleaned_data["processed"],
        )
        if not columns.usable:
            raise ValidationError(
                _("Pilih satu kolom untuk tanggal dan jam, atau satu kolom tanggal dan sedikitnya satu kolom jam.")
            )
        return columns


def _only(named: Mapping[str, Sequence[int]], part: str) -> int | None:
    return named[part][0] if part in named else None


def _parts_of(columns: Columns) -> dict[int, str]:
    single = {part: getattr(columns, part) for part in ("pin", "name", "stamp", "date", "state", "verify")}
    return dict.fromkeys(columns.times, "time") | {place: part for part, place in single.items() if place is not None}


class OrderForm(forms.Form):
    """Whether 03/07 is 3 July or 7 March, and 26-07-25 a day of 2025 or of 2026."""

    order = forms.ChoiceField(
        choices=[(order.value, "") for order in Order],
        error_messages={
            "required": gettext_lazy("Pilih salah satu."),
            "invalid_choice": gettext_lazy("Pilih salah satu."),
        },
    )
