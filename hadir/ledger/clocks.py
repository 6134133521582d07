"""Which records claim a time that cannot be theirs. Pure."""

from datetime import datetime, timedelta

CLOCK_AHEAD = timedelta(minutes=5)
CLOCK_OLD = timedelta(days=30)
CLOCK_BEHIND = timedelta(minutes=5)
"""How much slower than the server's a kiosk's clock may be before its records contradict what the kiosk said."""

DOUBTED_CLOCK = frozenset({"clock_ahead", "clock_old", "clock_behind"})
"""Flags of scans whose time nobody can believe unseen: no evidence until a person has accepted them."""


def clock_flags(*, captured_at: datetime, received_at: datetime, handed_in_until: datetime | None) -> dict[str, bool]:
    """Return each flag of DOUBTED_CLOCK with whether it applies.

    `handed_in_until`: the last moment, on the server's clock, at which the same browser said that nothing was unsent;
    None where nothing is known. A record made before that moment would have been handed in by then, so one that claims
    an earlier time and arrives later was made by a clock that was set back.
    """
    return {
        "clock_ahead": captured_at > received_at + CLOCK_AHEAD,
        "clock_old": captured_at < received_at - CLOCK_OLD,
        "clock_behind": handed_in_until is not None and captured_at < handed_in_until - CLOCK_BEHIND,
    }


def made_after(*, received_at: datetime, handed_in_until: datetime | None, in_use_since: datetime) -> datetime:
    """Return the moment after which a record with a doubted clock was surely made, at most 30 days before it came."""
    return max(handed_in_until or in_use_since, received_at - CLOCK_OLD)
