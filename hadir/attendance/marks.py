"""The status vocabulary of the screens: each meaning of a day has a word, an icon, a chip and a day cell.

No red and no "tanpa keterangan" before a day is complete: only a final `A` gets them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hadir.rules.verdict import ABSENT, DAY_OFF, NOT_COUNTED, PENDING, PRESENT, TECHNICAL

DUTY = "DL"
LATE, EARLY = "TL", "PSW"
BANDS = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """How one meaning of a day looks: `word`, `icon` and `chip` (class of the chip), `cell` (classes of the day cell),
    `letter` (stands in the cell in place of the date, empty where the date stays)."""

    word: str
    icon: str
    chip: str
    cell: str
    letter: str = ""


def leave_word(code: str) -> str:
    """Return the name of a leave code on screens; a code of the office's own stands for itself."""
    words = {
        DUTY: _("Dinas luar"),
        "S": _("Sakit"),
        "I": _("Izin"),
        "CT": _("Cuti tahunan"),
        "CB": _("Cuti besar"),
        "CS": _("Cuti sakit"),
        "CM": _("Cuti melahirkan"),
        "CAP": _("Cuti karena alasan penting"),
        "CBER": _("Cuti bersama"),
        "CLTN": _("Cuti di luar tanggungan negara"),
    }
    return words.get(code, code)


def leave_mark(code: str) -> Mark:
    """Return the mark of a whole day of leave or duty."""
    if code == DUTY:
        return Mark(leave_word(code), "briefcase", "st-duty", "dc-duty", code)
    icon = {"S": "medical-cross", "I": "file-text"}.get(code, "calendar-event")
    return Mark(leave_word(code), icon, "st-leave", "dc-leave", code[:1])


def mark_of(status: str, codes: Sequence[str] = (), late: int = 0, early: int = 0, *, final: bool = True) -> Mark:
    """Return the mark of a judged day."""
    if status == PRESENT:
        return _present(codes, late, early, final)
    fixed = {
        ABSENT: Mark(_("Tanpa keterangan"), "square-x", "st-absent", "dc-absent", "A"),
        PENDING: Mark(_("Tertunda"), "hourglass", "st-pending", "dc-pending", "T"),
        DAY_OFF: Mark(_("Libur"), "calendar", "st-none", "dc-off"),
        NOT_COUNTED: Mark(_("Tidak dihitung"), "info-circle", "st-none", "dc-none"),
    }
    return fixed.get(status) or leave_mark(status)


def awaited_mark() -> Mark:
    """Return the mark of somebody of whom nothing is known yet today."""
    return Mark(_("Belum terlihat"), "circle-dashed", "st-awaited", "dc-plain")


def _present(codes: Sequence[str], late: int, early: int, final: bool) -> Mark:
    words = [late_words(late)] if late else []
    words += [early_words(early)] if early else []
    text = ", ".join(words) or (_("Hadir, alasan teknis") if TECHNICAL in codes else _("Hadir"))
    if not final:
        text = _("%(state)s, sementara") % {"state": text}
    sides = [f"dc-{name.lower()}{_band(codes, name)}" for name, on in ((LATE, late), (EARLY, early)) if on]
    cell = " ".join(["dc-seen", *sides, *([] if final else ["dc-open"])])
    if not words:
        return Mark(text, "circle-check", "st-seen", cell)
    return Mark(text, "clock" if late else "door-exit", "st-late", cell)


def _band(codes: Sequence[str], name: str) -> int:
    """Return which band of lateness or early leaving a day has, 1 to 4."""
    for code in codes:
        if code.startswith(name) and code[len(name) :].isdecimal():
            return max(1, min(BANDS, int(code[len(name) :])))
    return 1


def late_words(minutes: int) -> str:
    """Return "Terlambat 12 menit"."""
    return ngettext("Terlambat %(minutes)s menit", "Terlambat %(minutes)s menit", minutes) % {"minutes": minutes}


def early_words(minutes: int) -> str:
    """Return "Pulang awal 20 menit"."""
    return ngettext("Pulang awal %(minutes)s menit", "Pulang awal %(minutes)s menit", minutes) % {"minutes": minutes}
