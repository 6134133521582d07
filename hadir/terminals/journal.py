"""The journal of what terminals sent, and how long what is not in the ledger is kept."""

from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Count, Sum
from django.db.models.functions import Length

from hadir.devices.models import Device
from hadir.devices.services import printable
from hadir.terminals.models import Caller, JournalEntry, Quarantined

KEEP = timedelta(days=90)
LARGEST_KEPT = 64 * 1024
"""Of a longer body the journal keeps the beginning: its records are in the ledger whole."""
MOST_A_DAY = 64 * 1024 * 1024
"""Bytes of one terminal and day: ten full memories. Of what comes beyond, in this process, only the line is kept."""
PRUNED_EVERY = 3600
CHUNK = 500


def keep_entry(
    *, device: Device, request: str, address: str, trust: str, clean: bytes, size: int, now: datetime
) -> JournalEntry:
    """Add what came to the journal: `clean` is the body without what is secret, `size` what it was with that."""
    body = clean[:LARGEST_KEPT]
    spent = f"terminals-journal:{device.pk}:{now.date()}"
    cache.add(spent, 0, 2 * 24 * PRUNED_EVERY)
    if cache.incr(spent, len(body)) > MOST_A_DAY:
        body = b""
    return JournalEntry.objects.create(
        device=device,
        at=now,
        address=address[:45],
        request=printable(request, 120),
        trust=trust,
        bytes=min(size, 2**31 - 1),
        body=body,
        is_cut=len(body) < len(clean),
    )


def prune_if_due(*, now: datetime) -> int:
    """Call `prune_journal` once an hour and process; what comes in drives it."""
    return prune_journal(now=now) if cache.add("terminals-journal-pruned", 1, PRUNED_EVERY) else 0


def prune_journal(*, now: datetime, most: int = 5000) -> int:
    """Remove what journal and quarantine have held for 90 days, and strangers silent for as long; `most` at a time."""
    old = list(JournalEntry.objects.filter(at__lt=now - KEEP).order_by().values_list("pk", flat=True)[:most])
    for start in range(0, len(old), CHUNK):
        JournalEntry.objects.filter(pk__in=old[start : start + CHUNK]).delete()
    held = dict(Quarantined.objects.filter(received_at__lt=now - KEEP).order_by().values_list("pk", "serial")[:most])
    keys = list(held)
    for start in range(0, len(keys), CHUNK):
        Quarantined.objects.filter(pk__in=keys[start : start + CHUNK]).delete()
    for serial in set(held.values()):
        _count_again(serial)
    silent = Caller.objects.filter(last_at__lt=now - KEEP, posts=0)
    return len(old) + len(held) + silent.delete()[0]


def _count_again(serial: str) -> None:
    """Let a stranger have the room again that its pruned requests took."""
    kept = Quarantined.objects.filter(serial=serial, device__isnull=True, replayed_at__isnull=True).aggregate(
        posts=Count("pk"), bytes=Sum(Length("body")), lines=Sum("lines")
    )
    Caller.objects.filter(serial=serial).update(**{name: value or 0 for name, value in kept.items()})
