"""Expressions say the same as Django's slow forms, on both databases."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import DateTimeField, Value
from hypothesis import example, given
from hypothesis import strategies as st

from hadir.core.expressions import DateInWib
from hadir.core.models import AuditEntry
from hadir.core.services import record_audit

WIB = ZoneInfo("Asia/Jakarta")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MIDNIGHT = datetime(2026, 1, 1, 17, tzinfo=UTC)
MOMENTS = st.integers(0, 4_100_000_000 * 10**6).map(lambda after: EPOCH + timedelta(microseconds=after))


@pytest.fixture
def entry() -> AuditEntry:
    record_audit(actor=None, action="uji", object_kind="uji", object_id="1", now=MIDNIGHT)
    return AuditEntry.objects.get()


def day_of(entry: AuditEntry, moment: datetime) -> date:
    """Ask the database, which needs a row to answer about."""
    day = DateInWib(Value(moment, DateTimeField()))
    found: date = AuditEntry.objects.filter(pk=entry.pk).values_list(day, flat=True).get()
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (MIDNIGHT, "2026-01-02"),
        (MIDNIGHT - timedelta(microseconds=1), "2026-01-01"),
        (MIDNIGHT - timedelta(microseconds=400), "2026-01-01"),
        (MIDNIGHT - timedelta(seconds=1), "2026-01-01"),
        (MIDNIGHT + timedelta(hours=6, minutes=59, seconds=59), "2026-01-02"),
        (MIDNIGHT + timedelta(hours=7), "2026-01-02"),
    ],
)
def test_the_date_in_wib_turns_at_its_midnight(entry: AuditEntry, moment: datetime, told: str) -> None:
    assert f"{day_of(entry, moment):%Y-%m-%d}" == told


@pytest.mark.django_db
def test_it_is_the_date_that_a_clock_in_jakarta_shows(entry: AuditEntry) -> None:
    @given(MOMENTS)
    @example(datetime(2024, 2, 28, 16, 59, 59, 999_999, UTC))
    def check(moment: datetime) -> None:
        assert day_of(entry, moment) == moment.astimezone(WIB).date()

    check()
