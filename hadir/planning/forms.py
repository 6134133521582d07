"""One form for each kind of row of the schedule. `row()` makes the row that is tried, `save()` keeps it."""

from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hadir.accounts.models import User
from hadir.core.errors import HadirError
from hadir.people.models import Person, StaffKind
from hadir.rules.pack import Pack
from hadir.schedules import services
from hadir.schedules.models import (
    CalendarEntry,
    Dated,
    DayKind,
    PatternOverride,
    Timetable,
    TrialPeriod,
    WorkingHours,
)
from hadir.schools.models import Region, School

Place = Region | School
WEEKDAYS = (
    gettext_lazy("Senin"),
    gettext_lazy("Selasa"),
    gettext_lazy("Rabu"),
    gettext_lazy("Kamis"),
    gettext_lazy("Jumat"),
    gettext_lazy("Sabtu"),
    gettext_lazy("Minggu"),
)
NO_HOURS = "-"


def date_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """Return a field for a date, with the browser's own calendar."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": gettext_lazy("Tulis tanggal seperti 2026-09-14."),
            "required": gettext_lazy("Tanggal belum diisi."),
        },
    )


class RowForm(forms.Form):
    """What all kinds share: from when, until when, on what ground."""

    title: ClassVar[Any] = ""
    explanation: ClassVar[Any] = ""
    ends: ClassVar[bool] = False
    """Whether the last day must be given."""

    def __init__(self, *args: Any, place: Place, pack: Pack, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.place, self.pack, self.today = place, pack, today
        self.prepare()
        self.fields["valid_from"] = date_field(_("Mulai"))
        self.fields["valid_to"] = date_field(
            _("Sampai"),
            required=self.ends,
            help_text="" if self.ends else _("Kosongkan bila berlaku seterusnya."),
        )
        self.fields["source"] = forms.CharField(
            label=_("Dasar atau alasan"),
            max_length=200,
            help_text=_("Nomor SK atau surat edaran, atau alasannya. Tampil di samping jadwal."),
            error_messages={"required": _("Tulis dasar atau alasannya.")},
        )
        self.initial.setdefault("valid_from", today)

    def prepare(self) -> None:
        """Add the fields of this kind."""

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the start."""
        given = super().clean() or {}
        start, end = given.get("valid_from"), given.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", _("Hari terakhir tidak boleh sebelum hari pertama."))
        return given

    def row(self) -> Dated:
        """Return the row that the form describes, not saved."""
        raise NotImplementedError

    def save(self, *, now: datetime, by: User) -> Dated:
        """Keep the row. Raises HadirError as the services do."""
        raise NotImplementedError

    def scope(self) -> dict[str, Any]:
        """Return the column that names the place."""
        return {"school": self.place} if isinstance(self.place, School) else {"region": self.place}

    def dates(self) -> dict[str, Any]:
        """Return the dates of the row."""
        given = self.cleaned_data
        return {"valid_from": given["valid_from"], "valid_to": given["valid_to"]}

    def patterns(self) -> list[tuple[str, str]]:
        """Return the patterns of the rule pack on today's date, for a choice."""
        found = self.pack.day_rules(self.today).patterns
        return [(key, f"{pattern.title} ({key})") for key, pattern in found.items()]

    def people(self) -> list[tuple[str, str]]:
        """Return the people who work at the school, for a choice."""
        if not isinstance(self.place, School):
            return []
        current = Q(assignments__valid_to__isnull=True) | Q(assignments__valid_to__gte=self.today)
        here = Person.objects.filter(current, assignments__school=self.place).distinct().order_by("name")
        return [(str(person.pk), person.name) for person in here]


class HoursForm(RowForm):
    """Hours of everybody at a place, of one group of staff, or of one person."""

    title = gettext_lazy("Jam kerja")
    explanation = gettext_lazy(
        "Pola jam kerja berasal dari paket aturan. Yang paling khusus berlaku: orang, lalu golongan, lalu sekolah."
    )

    def prepare(self) -> None:
        """Offer patterns, groups and people."""
        self.fields["pattern"] = forms.ChoiceField(
            label=_("Pola"), choices=[*self.patterns(), (NO_HOURS, _("Tanpa jam kerja di sini"))]
        )
        who = [("", _("Semua")), (_("Status kepegawaian"), list(StaffKind.choices))]
        if isinstance(self.place, School):
            who.append((_("Orang"), self.people()))
        self.fields["who"] = forms.ChoiceField(label=_("Untuk siapa"), choices=who, required=False)

    def _who(self) -> dict[str, Any]:
        who = self.cleaned_data["who"]
        if who == "" or who in StaffKind.values:
            return {**self.scope(), "staff_kind": who}
        return {"person": Person.objects.get(pk=who), "staff_kind": ""}

    def _pattern(self) -> str:
        pattern: str = self.cleaned_data["pattern"]
        return "" if pattern == NO_HOURS else pattern

    def row(self) -> Dated:
        """Return the row."""
        return WorkingHours(pattern=self._pattern(), **self._who(), **self.dates())

    def save(self, *, now: datetime, by: User) -> Dated:
        """Keep the row."""
        who = self._who()
        kind = who.pop("staff_kind")
        (scope,) = who.values()
        return services.set_hours(
            scope=scope,
            pattern=self._pattern(),
            staff_kind=kind,
            source=self.cleaned_data["source"],
            now=now,
            by=by,
            **self.dates(),
        )


class OverrideForm(RowForm):
    """A season with other hours."""

    title = gettext_lazy("Masa khusus")
    explanation = gettext_lazy("Selama masa ini satu pola diganti pola lain, misalnya Ramadan atau minggu ujian.")
    ends = True

    def prepare(self) -> None:
        """Offer both patterns and a name."""
        self.fields["name"] = forms.CharField(label=_("Nama masa"), max_length=120, initial=_("Ramadan"))
        self.fields["pattern"] = forms.ChoiceField(label=_("Pola biasa"), choices=self.patterns())
        self.fields["instead"] = forms.ChoiceField(label=_("Diganti dengan"), choices=self.patterns())

    def clean(self) -> dict[str, Any]:
        """Refuse a pattern that replaces itself."""
        given = super().clean()
        if given.get("pattern") and given.get("pattern") == given.get("instead"):
            self.add_error("instead", _("Pilih pola yang lain dari pola biasa."))
        return given

    def _values(self) -> dict[str, Any]:
        return {key: self.cleaned_data[key] for key in ("name", "pattern", "instead")} | self.dates()

    def row(self) -> Dated:
        """Return the row."""
        return PatternOverride(**self._values(), **self.scope())

    def save(self, *, now: datetime, by: User) -> Dated:
        """Keep the row."""
        return services.override_pattern(
            scope=self.place, source=self.cleaned_data["source"], now=now, by=by, **self._values()
        )


class CalendarForm(RowForm):
    """Days of one kind."""

    title = gettext_lazy("Hari kalender")
    explanation = gettext_lazy(
        "Libur siswa tetap hari kerja bagi guru dan pegawai. Hari kerja membatalkan libur pada tanggal itu."
    )
    ends = True

    def prepare(self) -> None:
        """Offer the kinds."""
        self.fields["kind"] = forms.ChoiceField(
            label=_("Jenis"),
            choices=[
                (DayKind.HOLIDAY.value, _("Libur (guru dan siswa)")),
                (DayKind.PUPILS_OFF.value, _("Libur siswa saja")),
                (DayKind.JOINT_LEAVE.value, _("Cuti bersama")),
                (DayKind.WORKING_DAY.value, _("Hari kerja (membatalkan libur)")),
            ],
        )
        self.fields["name"] = forms.CharField(label=_("Nama"), max_length=160)

    def _values(self) -> dict[str, Any]:
        return {"kind": self.cleaned_data["kind"], "name": self.cleaned_data["name"], **self.dates()}

    def row(self) -> Dated:
        """Return the row."""
        return CalendarEntry(**self._values(), **self.scope())

    def save(self, *, now: datetime, by: User) -> Dated:
        """Keep the row."""
        return services.add_calendar_days(
            scope=self.place, source=self.cleaned_data["source"], now=now, by=by, **self._values()
        )


class TimetableForm(RowForm):
    """The weekdays of one person at this school."""

    title = gettext_lazy("Hari mengajar")
    explanation = gettext_lazy("Untuk yang bertugas di lebih dari satu sekolah: hari apa saja di sekolah ini.")

    def prepare(self) -> None:
        """Offer people and weekdays."""
        self.fields["person"] = forms.ChoiceField(label=_("Orang"), choices=self.people())
        self.fields["weekdays"] = forms.MultipleChoiceField(
            label=_("Hari"),
            choices=list(enumerate(WEEKDAYS)),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Pilih sedikitnya satu hari.")},
        )

    def _weekdays(self) -> list[int]:
        return sorted(int(day) for day in self.cleaned_data["weekdays"])

    def row(self) -> Dated:
        """Return the row."""
        person, days = self.cleaned_data["person"], "".join(map(str, self._weekdays()))
        return Timetable(person=Person.objects.get(pk=person), weekdays=days, **self.scope(), **self.dates())

    def save(self, *, now: datetime, by: User) -> Dated:
        """Keep the row."""
        if not isinstance(self.place, School):
            raise HadirError("schedule_dates")
        return services.set_timetable(
            person=Person.objects.get(pk=self.cleaned_data["person"]),
            school=self.place,
            weekdays=self._weekdays(),
            note=self.cleaned_data["source"],
            now=now,
            by=by,
            **self.dates(),
        )


class TrialForm(RowForm):
    """Days that count for nothing."""

    title = gettext_lazy("Uji coba")
    explanation = gettext_lazy("Selama uji coba sekolah sudah memakai Hadir, tetapi harinya tidak dihitung.")

    def row(self) -> Dated:
        """Return the row."""
        return TrialPeriod(**self.scope(), **self.dates())

    def save(self, *, now: datetime, by: User) -> Dated:
        """Keep the row."""
        if not isinstance(self.place, School):
            raise HadirError("schedule_dates")
        return services.set_trial(school=self.place, note=self.cleaned_data["source"], now=now, by=by, **self.dates())


FORMS: dict[str, type[RowForm]] = {
    "hours": HoursForm,
    "override": OverrideForm,
    "calendar": CalendarForm,
    "timetable": TimetableForm,
    "trial": TrialForm,
}
SCHOOL_ONLY = frozenset({"timetable", "trial"})


class ChangeForm(forms.Form):
    """Ending a row, or taking it back."""

    what = forms.ChoiceField(
        label=gettext_lazy("Yang dilakukan"),
        choices=[("end", gettext_lazy("Akhiri pada tanggal")), ("remove", gettext_lazy("Hapus, ini keliru"))],
        widget=forms.RadioSelect,
        initial="end",
    )
    valid_to = date_field(gettext_lazy("Hari terakhir"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        max_length=300,
        error_messages={"required": gettext_lazy("Tulis alasannya.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def clean(self) -> dict[str, Any]:
        """An end needs its date."""
        given = super().clean() or {}
        if given.get("what") == "end" and not given.get("valid_to") and "valid_to" not in self.errors:
            self.add_error("valid_to", ValidationError(_("Tanggal belum diisi.")))
        return given
