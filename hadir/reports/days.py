"""A judged day in the words of the office's screens. No red and no "tanpa keterangan" before a day is complete."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hadir.attendance.queries import Sentence, Story
from hadir.rules.verdict import ABSENT, DAY_OFF, NOT_COUNTED, PENDING, PRESENT, Cause, Role

MOST_SENTENCES = 4
QUIET = frozenset({"scan_outside", "pupils_off", "works_on_holiday", "band"})
"""Sentences that give way when a story has more than four."""


@dataclass(frozen=True, slots=True)
class ToldDay:
    """A story with its chip: `word`, `icon`, `chip` (a class of the style sheet), and at most four sentences."""

    story: Story
    word: str
    icon: str
    chip: str
    sentences: Sequence[Sentence]
    more: Sequence[Sentence]

    @property
    def rules(self) -> str:
        """The rules applied, each once: "R4, R7"."""
        return ", ".join(dict.fromkeys(one.rule for one in (*self.sentences, *self.more)))


def told_days(stories: Iterable[Story]) -> list[ToldDay]:
    """Return the days as the page shows them."""
    return [_told(story) for story in stories]


def _told(story: Story) -> ToldDay:
    word, icon, chip = _chip(story)
    loud = [one for one in story.sentences if one.key not in QUIET]
    shown = story.sentences if len(story.sentences) <= MOST_SENTENCES else loud[:MOST_SENTENCES]
    return ToldDay(story, word, icon, chip, shown, [one for one in story.sentences if one not in shown])


def _chip(story: Story) -> tuple[str, str, str]:
    verdict = story.judged.verdict
    fixed = {
        ABSENT: (_("Tanpa keterangan"), "square-x", "st-absent"),
        PENDING: (_("Tertunda"), "hourglass", "st-pending"),
        DAY_OFF: (_("Libur"), "calendar", "st-none"),
        NOT_COUNTED: (_("Tidak dihitung"), "info-circle", "st-none"),
    }
    if verdict.status != PRESENT:
        return fixed.get(verdict.status, (verdict.status, "file-text", "st-none"))
    words = [_minutes_late(verdict.late)] if verdict.late else []
    words += [_minutes_early(verdict.early)] if verdict.early else []
    text = ", ".join(words) or _("Hadir")
    if not verdict.final:
        text = _("%(state)s, sementara") % {"state": text}
    if not words:
        return text, "circle-check", "st-seen"
    return text, "clock" if verdict.late else "door-exit", "st-late"


def _minutes_late(minutes: int) -> str:
    return ngettext("Terlambat %(minutes)s menit", "Terlambat %(minutes)s menit", minutes) % {"minutes": minutes}


def _minutes_early(minutes: int) -> str:
    return ngettext("Pulang awal %(minutes)s menit", "Pulang awal %(minutes)s menit", minutes) % {"minutes": minutes}


def role_word(role: Role) -> str:
    """Return what a piece of evidence was taken for."""
    return {
        Role.ARRIVAL: _("datang"),
        Role.DEPARTURE: _("pulang"),
        Role.BETWEEN: _("di antaranya"),
        Role.OUTSIDE_WINDOW: _("di luar jendela"),
        Role.WAITING: _("belum diperiksa"),
        Role.SHOWN: _("ditampilkan saja"),
    }[role]


def cause_words(cause: Cause) -> str:
    """Return what a day that is not final waits for."""
    return {
        Cause.DAY_NOT_OVER: _("Hari ini belum selesai."),
        Cause.SCHOOL_NOT_HEARD: _("Menunggu catatan dari kios sekolah, atau pernyataan lengkap dari petugas."),
        Cause.SCAN_OUTSIDE_WINDOW: _("Menunggu seseorang memeriksa catatan di luar jendela."),
        Cause.FALLBACK_UNCHECKED: _("Menunggu seseorang memeriksa catatan cadangan."),
        Cause.PERSON_UNKNOWN_TO_DEVICES: _("Kios belum dapat mengenalinya. Daftarkan wajahnya."),
        Cause.NO_SCHEDULE: _("Menunggu jam kerja ditetapkan."),
        Cause.LEAVE_CODE_UNKNOWN: _("Menunggu kantor memeriksa kode ketidakhadiran."),
    }[cause]
