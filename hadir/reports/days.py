"""A judged day in the words of the office's screens. No red and no "tanpa keterangan" before a day is complete."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from hadir.attendance.marks import Mark, leave_word, mark_of
from hadir.attendance.queries import Sentence, Story, UsedScan
from hadir.devices.models import DeviceKind
from hadir.reports.daybar import DayBar, bar_of
from hadir.rules.verdict import ABSENT, DAY_OFF, NOT_COUNTED, PENDING, PRESENT, Cause, Role, Source

MOST_SENTENCES = 4
QUIET = frozenset({"scan_outside", "pupils_off", "works_on_holiday", "band"})
"""Sentences that give way when a story has more than four."""


@dataclass(frozen=True, slots=True)
class ToldDay:
    """A story with its mark, at most four sentences, and its bar. `question`: "Mengapa TL1?"; `pack`, `version`: the
    rule pack that judged; `rules`: the numbers of the rules applied, "7 dan 8"; `final_since`: None while open."""

    story: Story
    mark: Mark
    question: str
    sentences: Sequence[Sentence]
    more: Sequence[Sentence]
    pack: str
    version: str
    rules: str
    bar: DayBar | None

    @property
    def codes(self) -> str:
        """The codes of the day as on paper: "TL1, PSW2"."""
        return ", ".join(self.story.judged.verdict.codes)

    @property
    def final_since(self) -> datetime | None:
        """The end of the scan window, after which a final day was counted; None while the day is open or has none."""
        window = self.story.judged.case.window
        return window[1] if window and self.story.judged.verdict.final else None

    @property
    def contestable(self) -> bool:
        """Tell whether a correction could change anything."""
        return self.story.judged.verdict.status not in {DAY_OFF, NOT_COUNTED}


def told_days(stories: Iterable[Story]) -> list[ToldDay]:
    """Return the days as the page shows them."""
    return [_told(story) for story in stories]


def _told(story: Story) -> ToldDay:
    verdict = story.judged.verdict
    loud = [one for one in story.sentences if one.key not in QUIET]
    shown = story.sentences if len(story.sentences) <= MOST_SENTENCES else loud[:MOST_SENTENCES]
    pack, _dash, version = verdict.rules.rpartition("-")
    return ToldDay(
        story=story,
        mark=mark_of(verdict.status, verdict.codes, verdict.late, verdict.early, final=verdict.final),
        question=_question(story),
        sentences=shown,
        more=[one for one in story.sentences if one not in shown],
        pack=pack,
        version=version,
        rules=_joined(sorted({one.rule.removeprefix("R") for one in story.sentences}, key=int)),
        bar=bar_of(story.judged),
    )


def _question(story: Story) -> str:
    """Return what a reader would ask of this day."""
    verdict = story.judged.verdict
    if verdict.status == PRESENT and verdict.codes:
        return _("Mengapa %(codes)s?") % {"codes": _joined(verdict.codes)}
    words = {
        PRESENT: _("Mengapa hadir?"),
        ABSENT: _("Mengapa tanpa keterangan?"),
        PENDING: _("Mengapa tertunda?"),
        DAY_OFF: _("Mengapa libur?"),
        NOT_COUNTED: _("Mengapa tidak dihitung?"),
    }
    return words.get(verdict.status) or _("Mengapa %(codes)s?") % {"codes": leave_word(verdict.status).lower()}


def _joined(words: Sequence[str]) -> str:
    """Return "1", "1 dan 2", "1, 2 dan 3"."""
    if len(words) <= 1:
        return "".join(words)
    return _("%(first)s dan %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def way_word(piece: UsedScan) -> str:
    """Return how a piece of evidence came to be: a face, a machine, a decision."""
    if piece.evidence.source is Source.CORRECTION:
        return _("Koreksi yang disetujui")
    if piece.evidence.source is Source.DUTY:
        return _("Dinas luar yang disetujui")
    device = piece.device
    return _("Wajah") if device is None or device.kind == DeviceKind.KIOSK else _("Mesin")


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
