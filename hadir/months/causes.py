"""Why a day of a closed month changed, as far as the facts that came after the signature show it."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hadir.attendance.models import PersonDay
from hadir.ledger.models import Scan
from hadir.ledger.models_terminal import TerminalScan
from hadir.months.models import Adjustment
from hadir.rules.verdict import TECHNICAL

SENTENCES: Mapping[str, str] = {
    "late_scan": gettext_noop("catatan baru diterima {received}"),
    "leave_decided": gettext_noop("{code} disetujui kemudian"),
    "leave_ended": gettext_noop("{code} tidak berlaku lagi"),
    "technical": gettext_noop("alasan teknis disetujui kemudian"),
    "corrected": gettext_noop("koreksi disetujui kemudian"),
    "rules_changed": gettext_noop("paket aturan berubah menjadi {rules}"),
    "assignment_changed": gettext_noop("penugasan berubah"),
    "settled": gettext_noop("hari yang tertunda sudah diputuskan"),
    "recomputed": gettext_noop("jadwal, kalender, atau keterangan hari itu berubah"),
}
COUNTED = frozenset({"H", "A", "T", "L", "-"})
"""Statuses that are no leave."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A key of SENTENCES with its parameters."""

    key: str
    params: Mapping[str, str]


def say_cause(key: str, params: Mapping[str, Any]) -> str:
    """Return a cause in the language of the moment."""
    words = dict(params)
    if "received" in words:
        moment = localtime(datetime.fromisoformat(str(words["received"])))
        words["received"] = f"{moment:%d-%m-%Y %H.%M}"
    return _(SENTENCES.get(key, SENTENCES["recomputed"])).format(**words)


def late_arrivals(rows: Sequence[PersonDay], since: datetime) -> Mapping[str, datetime]:
    """Return the pieces of evidence of these days that were received after `since`, with when. Two queries."""
    references = {key for row in rows for piece in row.evidence if (key := _uuid(piece.get("reference")))}
    found: dict[str, datetime] = {}
    for model in (Scan, TerminalScan):
        late = model._default_manager.filter(pk__in=references, received_at__gt=since)
        found |= {str(key): at for key, at in late.values_list("pk", "received_at")}
    return found


@dataclass(frozen=True, slots=True)
class Before:
    """What was known of a day: the rules and the moment of the signature, and the adjustments since then in order."""

    rules: Collection[str]
    signed_at: datetime
    earlier: Sequence[Adjustment]

    @property
    def since(self) -> datetime:
        """The moment up to which facts are part of what is known."""
        return self.earlier[-1].found_at if self.earlier else self.signed_at

    def knows(self, key: str, **params: str) -> bool:
        """Tell whether an earlier adjustment of the day had this cause already."""
        return any(one.cause == key and params.items() <= one.params.items() for one in self.earlier)


def cause_of(
    old: Mapping[str, Any] | None, row: PersonDay | None, *, before: Before, late: Mapping[str, datetime]
) -> Cause:
    """Name the cause that explains a changed day best: a new fact before a decision before a rule."""
    if row is None or old is None:
        return Cause("assignment_changed", {})
    arrived = [late[piece["reference"]] for piece in row.evidence if piece.get("reference") in late]
    arrived = [moment for moment in arrived if moment > before.since]
    if arrived:
        return Cause("late_scan", {"received": max(arrived).isoformat()})
    return _decision(old, row, before) or _derived(old, row, before)


def _decision(old: Mapping[str, Any], row: PersonDay, known: Before) -> Cause | None:
    """Return what people decided about the day, where its codes show it."""
    before, after = [old["status"], *old["codes"]], [row.status, *row.codes]
    if TECHNICAL in after and TECHNICAL not in before:
        return Cause("technical", {})
    given = [code for code in after if code not in before and _is_leave(code)]
    taken = [code for code in before if code not in after and _is_leave(code)]
    if given or taken:
        return Cause("leave_decided" if given else "leave_ended", {"code": (given or taken)[0]})
    if any(piece.get("source") == "correction" for piece in row.evidence) and not known.knows("corrected"):
        return Cause("corrected", {})
    return None


def _derived(old: Mapping[str, Any], row: PersonDay, known: Before) -> Cause:
    if row.rules not in known.rules and not known.knows("rules_changed", rules=row.rules):
        return Cause("rules_changed", {"rules": row.rules})
    return Cause("settled" if not old["final"] and row.final else "recomputed", {})


def _is_leave(code: str) -> bool:
    return code not in COUNTED and not code.startswith(("TL", "PSW"))


def _uuid(text: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
