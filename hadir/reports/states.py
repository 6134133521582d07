"""What a person can be on the board of a day. Nobody is called absent before the day is complete."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """The states of the board, in the order of its counters; the value stands in addresses and exports."""

    SEEN = "hadir", _("Hadir")
    LATE = "terlambat", _("Terlambat")
    EARLY = "pulang-awal", _("Pulang awal")
    AWAITED = "belum-terlihat", _("Belum terlihat")
    PENDING = "tertunda", _("Tertunda")
    NOT_ENROLLED = "belum-didaftarkan", _("Belum didaftarkan")
    DUTY = "dinas-luar", _("Dinas luar")
    LEAVE = "izin-sakit-cuti", _("Izin, sakit, cuti")
    OFF = "libur", _("Libur")
    NOT_COUNTED = "tidak-dihitung", _("Tidak dihitung")
    ABSENT = "tanpa-keterangan", _("Tanpa keterangan")

    @property
    def icon(self) -> str:
        """The icon that always stands beside the word."""
        return {
            State.SEEN: "circle-check",
            State.LATE: "clock",
            State.EARLY: "door-exit",
            State.AWAITED: "circle-dashed",
            State.PENDING: "hourglass",
            State.NOT_ENROLLED: "user-scan",
            State.DUTY: "briefcase",
            State.LEAVE: "file-text",
            State.OFF: "calendar",
            State.NOT_COUNTED: "info-circle",
            State.ABSENT: "square-x",
        }[self]

    @property
    def chip(self) -> str:
        """The class of its chip in the style sheet."""
        return {
            State.SEEN: "st-seen",
            State.LATE: "st-late",
            State.EARLY: "st-late",
            State.AWAITED: "st-awaited",
            State.PENDING: "st-pending",
            State.DUTY: "st-duty",
            State.LEAVE: "st-leave",
            State.ABSENT: "st-absent",
        }.get(self, "st-none")

    @property
    def explanation(self) -> str:
        """The note below its counter."""
        return str(
            {
                State.SEEN: _("tepat waktu"),
                State.LATE: _("menurut jam kerja"),
                State.EARLY: _("sebelum jam pulang"),
                State.AWAITED: _("belum ada catatan"),
                State.PENDING: _("bukan tanpa keterangan"),
                State.NOT_ENROLLED: _("wajah atau PIN belum ada"),
                State.DUTY: _("ada surat tugas"),
                State.LEAVE: _("disetujui"),
                State.OFF: _("tidak ada jam kerja"),
                State.NOT_COUNTED: _("di luar masa Hadir"),
                State.ABSENT: _("hari sudah lengkap"),
            }[self]
        )


BY_NEED = (
    *(State.ABSENT, State.AWAITED, State.PENDING, State.LATE, State.EARLY, State.SEEN),
    *(State.NOT_ENROLLED, State.DUTY, State.LEAVE, State.OFF, State.NOT_COUNTED),
)
"""The order of the groups of a board: who needs somebody first."""
ALWAYS = frozenset({State.SEEN, State.LATE, State.PENDING, State.DUTY, State.LEAVE})
"""Counters that are there even when nobody is in them."""
