"""Whatever is asked for, decided and taken back: no day holds two whole absences, no limit is passed."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from hadir.attendance.tests.conftest import at
from hadir.conftest import NOW
from hadir.core.errors import HadirError
from hadir.leave.counting import balances
from hadir.leave.models_request import STANDING, LeaveRequest
from hadir.leave.queries import granted_for
from hadir.leave.services import Wish, cancel_request, decide, file_request
from hadir.people.models import Person
from hadir.people.services import add_person, assign_person
from hadir.schedules.services import set_hours
from hadir.schools.models import District, Region
from hadir.schools.services import add_school

FIRST = date(2026, 10, 5)
MOMENT = at("09:00", date(2026, 10, 1))
ACTS = st.lists(
    st.tuples(st.sampled_from(["CT", "CB", "I", "S", "cancel"]), st.integers(0, 60), st.integers(0, 8)), max_size=14
)


def somebody() -> Person:
    region = Region.objects.create(name="Uji")
    district = District.objects.create(region=region, name="Kota")
    school = add_school(npsn="20529001", name="SDN Uji", level="SD", district=district, now=NOW)
    set_hours(scope=region, pattern="6hari", valid_from=date(2020, 1, 1), now=NOW, source="uji")
    person = add_person(name="Siti", now=NOW)
    assign_person(person=person, school=school, duty="Guru", staff_kind="PNS", valid_from=date(2026, 1, 1), now=NOW)
    return person


class TestAnyRequests(TestCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts=ACTS)
    def test_days_and_limits_hold(self, acts: list[tuple[str, int, int]]) -> None:
        person = somebody()
        approved: list[LeaveRequest] = []
        for what, offset, length in acts:
            if what == "cancel":
                if approved:
                    one = approved.pop(offset % len(approved))
                    cancel_request(request=one, reason="uji", by=None, name="uji", now=MOMENT)
                continue
            first = FIRST + timedelta(days=offset)
            wish = Wish(kind=what, first=first, last=first + timedelta(days=length), reason="uji")
            try:
                made = file_request(person=person, wish=wish, by=None, name="uji", now=MOMENT)
                if what == "CT":
                    assert not LeaveRequest.objects.filter(person=person, kind="CB", state__in=STANDING).exists()
                approved.append(decide(request=made, approve=True, reason="", by=None, name="uji", now=MOMENT))
            except HadirError as refused:
                assert refused.code in {  # noqa: PT017  any other refusal is a fault
                    *("leave_overlap", "leave_over_limit", "leave_counts_nothing", "leave_document_missing"),
                    *("leave_not_beside",),
                }
        entries = granted_for([person.pk], FIRST, FIRST + timedelta(days=90)).get(person.pk, ())
        for number in range(90):
            day = FIRST + timedelta(days=number)
            assert sum(one.first <= day <= one.last for one in entries) <= 1
        for balance in balances(person, FIRST):
            assert balance.taken <= balance.limit + balance.carried
            assert balance.left >= 0
