"""Rule packs that an office edits: kept with every content they had, and judged anew when they change.

A pack is a file, so that it can be read, compared and carried; but a file can be changed by hand. `save_pack` is the
way that asks for a reason; `notice_edits` finds what was changed another way, keeps it and marks the same days.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from hadir.accounts.models import User
from hadir.core.errors import HadirError
from hadir.core.services import record_audit
from hadir.core.texts import clean_text
from hadir.people.marks import mark_schools
from hadir.rules.pack import BUILT_IN, NAME, Pack, read_pack
from hadir.rules.reader import PackError
from hadir.rules.values import Series
from hadir.schedules.models import PackVersion, RulePackChoice
from hadir.schedules.pack_use import check_use
from hadir.schedules.packs import DEFAULT, office_pack
from hadir.schools.models import Region, School

EARLIEST = date(2020, 1, 1)
"""Before Hadir; no person-day lies earlier."""
MOMENT = timedelta(microseconds=1)
LARGEST = 256 * 1024
"""Bytes of a pack file; the project's own has 10 KiB."""


@dataclass(frozen=True, slots=True)
class PackFile:
    """A pack that this office can choose. `own`: a file of the office, which it may change. `pack` is None where the
    file cannot be used, and `problem` says why."""

    name: str
    own: bool
    pack: Pack | None
    problem: str = ""


def list_packs() -> list[PackFile]:
    """Return the packs of the office and of the project, by name; an unreadable one with its problem."""
    own = {path.stem for path in _folder().glob("*.toml")}
    names = own | {path.stem for path in BUILT_IN.glob("*.toml")}
    found = []
    for name in sorted(names):
        try:
            found.append(PackFile(name, name in own, office_pack(name)))
        except HadirError as error:
            found.append(PackFile(name, name in own, None, error.message))
    return found


def pack_text(name: str) -> str:
    """Return the text of a pack as the office has it, else as the project has it. Raises `rule_pack_unusable`."""
    office_pack(name)
    return _path(name).read_text(encoding="utf-8-sig")


def read_draft(data: bytes) -> Pack:
    """Read a pack that is not saved. Raises HadirError `rule_pack_unusable`, which says the place in the file."""
    if len(data) > LARGEST:
        raise HadirError("rule_pack_unusable", pack="", cause=_("berkas terlalu besar"))
    try:
        return read_pack(data)
    except PackError as error:
        raise HadirError("rule_pack_unusable", pack="", cause=str(error).rstrip(".")) from error


def changed_keys(old: Pack, new: Pack) -> list[tuple[str, date]]:
    """Return the keys whose values differ between two packs, each with the first date on which they do.

    A source or a note that reads differently changes no judgement and is not listed.
    """
    before, after = _rows(old), _rows(new)
    found = []
    for key in sorted(before.keys() | after.keys()):
        was, will = before.get(key, {}), after.get(key, {})
        moments = [day for day in was.keys() | will.keys() if was.get(day) != will.get(day)]
        if moments:
            found.append((key, min(moments)))
    return found


@transaction.atomic
def save_pack(*, data: bytes, reason: str, now: datetime, by: User | None = None) -> Pack:
    """Keep a pack under the name that it carries, and judge anew what was judged by its earlier content.

    Raises HadirError `rule_pack_unusable` (what is wrong, and where), `rule_pack_name_taken` (a pack of the project),
    `rule_pack_lacks` (a region judges by it and needs more), `reason_missing`.
    """
    told = clean_text(reason, field="alasan", limit=300)
    if not told:
        raise HadirError("reason_missing")
    pack = read_draft(data)
    if (BUILT_IN / f"{pack.name}.toml").is_file():
        raise HadirError("rule_pack_name_taken", pack=pack.name)
    check_use(pack)
    _keep(pack, data, told, now, by)
    _write(_folder() / f"{pack.name}.toml", data)
    return pack


@transaction.atomic
def notice_edits(*, now: datetime) -> list[str]:
    """Find chosen packs whose file is not the one seen last, keep their content and mark the days judged by them.

    Returns their new versions. A pack seen for the first time is only kept. One that cannot be read is left for the
    next judgement to complain about.
    """
    names = {DEFAULT, *RulePackChoice.objects.order_by().values_list("pack", flat=True).distinct()}
    seen = dict(PackVersion.objects.filter(pack__in=names).order_by("created_at", "id").values_list("pack", "version"))
    noticed = []
    for name in sorted(names):
        try:
            pack = office_pack(name)
        except HadirError:
            continue
        if seen.get(name) != pack.version:
            known = name in seen
            why = _("berkas paket berubah tanpa lewat Hadir") if known else _("isi pertama yang dilihat Hadir")
            _keep(pack, _path(name).read_bytes(), why, now, None, mark=known)
            noticed += [pack.version] if known else []
    return noticed


def _keep(pack: Pack, data: bytes, reason: str, now: datetime, by: User | None, *, mark: bool = True) -> None:
    kept = PackVersion.objects.filter(pack=pack.name).aggregate(last=Max("created_at"))["last"]
    PackVersion.objects.create(
        pack=pack.name,
        version=pack.version,
        text=data.decode("utf-8-sig"),
        reason=reason,
        created_by=by,
        # The newest is the last also where the clock was ahead before: else it would be noticed again at every look.
        created_at=max(now, kept + MOMENT) if kept else now,
    )
    detail = {"version": pack.version, "reason": reason}
    record_audit(actor=by, action="save_rule_pack", object_kind="pack", object_id=pack.name, now=now, detail=detail)
    if mark:
        for region, first in _judged_by(pack.name):
            here = School.objects.filter(district__region=region).values_list("pk", flat=True)
            mark_schools(schools=here, first=min(first, now.date()), last=now.date(), now=now)


def _judged_by(name: str) -> Iterable[tuple[Region, date]]:
    """Return the regions that this pack judges or judged, each from when: every stored day carries its version.

    Before its first choice a region is judged by the default pack.
    """
    for region in Region.objects.all():
        choices = RulePackChoice.objects.filter(region=region, pack=name).order_by("valid_from")
        first = EARLIEST if name == DEFAULT else choices.values_list("valid_from", flat=True).first()
        if first is not None:
            yield region, first


def _rows(pack: Pack) -> dict[str, dict[date, object]]:
    """Return every dated value of a pack by its place and the date from which it holds."""
    return {one.key: {row.valid_from: row.value for row in one.rows} for one in all_series(pack)}


def all_series(pack: Pack) -> Iterator[Series[Any]]:
    """Yield every dated value of a pack, in the order of its file."""
    yield from pack.patterns.values()
    day = pack.day
    yield from (day.window, day.apart, day.side_cap, day.no_arrival, day.no_departure, day.grace)
    yield from (day.late_bands, day.early_bands, pack.conversion, pack.counts_as_present)
    yield from pack.leave.values()
    yield from pack.discipline.values()
    yield from pack.deductions.values()


def _folder() -> Path:
    return Path(settings.HADIR_DATA) / "rules"


def _path(name: str) -> Path:
    if not NAME.fullmatch(name):
        raise HadirError("rule_pack_unusable", pack=name, cause=_("nama paket tidak dikenal"))
    own = _folder() / f"{name}.toml"
    return own if own.is_file() else BUILT_IN / f"{name}.toml"


def _write(path: Path, data: bytes) -> None:
    """Put the file in its place at once, so that a reader finds the old or the new one, never a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)
