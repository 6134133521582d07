"""What a person can be on the board of a day. Nobody is called absent: the strongest word is "belum terlihat"."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """The states of the board, in the order of its counters; the value stands in addresses and exports."""

    SEEN = "hadir", _("Hadir")
    AWAITED = "belum-terlihat", _("Belum terlihat")
    NOT_ENROLLED = "belum-didaftarkan", _("Belum didaftarkan")

    @property
    def icon(self) -> str:
        """The icon that always stands beside the word."""
        return {State.SEEN: "circle-check", State.AWAITED: "circle-dashed", State.NOT_ENROLLED: "user-scan"}[self]

    @property
    def chip(self) -> str:
        """The class of its chip in the style sheet."""
        return {State.SEEN: "st-seen", State.AWAITED: "st-awaited", State.NOT_ENROLLED: "st-none"}[self]

    @property
    def explanation(self) -> str:
        """The note below its counter."""
        return str(
            {
                State.SEEN: _("sudah terlihat kios"),
                State.AWAITED: _("belum ada catatan, bukan tanpa keterangan"),
                State.NOT_ENROLLED: _("wajah belum ada"),
            }[self]
        )
