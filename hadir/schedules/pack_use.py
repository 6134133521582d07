"""What a rule pack must have where it is in use: rules for its whole time, and every pattern that somebody has there.

A pack without them would be kept without a word, and then no day of the region could be judged.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TypeVar

from django.db.models import Q
from django.utils.translation import gettext as _

from hadir.core.errors import HadirError
from hadir.people.models import Assignment
from hadir.rules.pack import Pack
from hadir.rules.reader import PackError
from hadir.schedules.models import Dated, PatternOverride, RulePackChoice, WorkingHours
from hadir.schedules.queries import row_in_force
from hadir.schools.models import Region

Row = TypeVar("Row", bound=Dated)
DAY = timedelta(days=1)


def check_use(pack: Pack) -> None:
    """Refuse a content of a pack that is not enough for a region that chose it. Raises `rule_pack_lacks`."""
    for choice in RulePackChoice.objects.filter(pack=pack.name).select_related("region").order_by("valid_from", "id"):
        check_choice(pack, choice.region, choice.valid_from)


def check_choice(pack: Pack, region: Region, first: date) -> None:
    """Refuse a pack for a region from a date on, up to the region's next choice, where rules or patterns are missing
    that are in use there. Raises `rule_pack_lacks`, which names them."""
    later = RulePackChoice.objects.filter(region=region, valid_from__gt=first).order_by("valid_from")
    following = later.values_list("valid_from", flat=True).first()
    lacking = list(dict.fromkeys(_lacking(pack, region, first, following - DAY if following else date.max)))
    if lacking:
        raise HadirError(
            "rule_pack_lacks", pack=pack.name, region=region.name, day=first.isoformat(), missing="; ".join(lacking)
        )


def _lacking(pack: Pack, region: Region, first: date, last: date) -> Iterator[str]:
    """Yield what is missing, in words. A value of a pack holds for ever once it has begun, so its first day tells."""
    try:
        pack.day_rules(first)
        pack.period_rules(first)
    except PackError as error:
        yield str(error).rstrip(".")
    for day, keys in _used(region, first, last):
        for key in keys:
            series = pack.patterns.get(key)
            if series is None or series.on(day) is None:
                yield _("pola %(pattern)s, dipakai pada %(day)s") % {"pattern": key, "day": day.isoformat()}


def _used(region: Region, first: date, last: date) -> Iterator[tuple[date, tuple[str, ...]]]:
    """Yield the patterns that hours and replacements in a region name, each with the first day on which it counts."""
    here = Q(region=region) | Q(school__district__region=region)
    touching = Q(valid_to__isnull=True) | Q(valid_to__gte=first)
    people = Assignment.objects.filter(touching, school__district__region=region, valid_from__lte=last)
    hours = WorkingHours.objects.filter(here | Q(person__in=people.values("person")))
    scopes: dict[object, list[WorkingHours]] = defaultdict(list)
    for row in hours.filter(touching, valid_from__lte=last).order_by("valid_from", "id"):
        scopes[row.region_id, row.school_id, row.person_id, row.staff_kind].append(row)
    for rows in scopes.values():
        yield from ((day, (row.pattern,)) for day, row in _in_turn(rows, first, last) if row.pattern)
    replaced: dict[object, list[PatternOverride]] = defaultdict(list)
    overrides = PatternOverride.objects.filter(here, touching, valid_from__lte=last)
    for override in overrides.order_by("valid_from", "id"):
        replaced[override.region_id, override.school_id, override.pattern].append(override)
    for same in replaced.values():
        yield from ((day, (row.pattern, row.instead)) for day, row in _in_turn(same, first, last))


def _in_turn(rows: Sequence[Row], first: date, last: date) -> Iterable[tuple[date, Row]]:
    """Yield the rows of one scope that count between two dates, each with a day on which it begins to: a row that
    began later hides an earlier one while it holds."""
    turns = {first, *(row.valid_from for row in rows), *(row.valid_to + DAY for row in rows if row.valid_to)}
    for day in sorted(day for day in turns if first <= day <= last):
        row = row_in_force(rows, day)
        if row is not None:
            yield day, row
