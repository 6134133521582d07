"""Thousands of person-days with a known truth: nobody present is absent, in whatever order the facts come."""

import random
from datetime import date

import pytest

from hadir.attendance.facts import gather
from hadir.attendance.judging import Bench, judge
from hadir.attendance.models import PersonDay
from hadir.attendance.services import compute_days, rebuild, verify_days
from hadir.attendance.tests.truth import DAY, Made, make_truth, wrong_judgements
from hadir.rules.day import judge_day

FIRST = date(2026, 8, 3)


@pytest.fixture(autouse=True)
def no_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no pack be installed: the records say which one the kiosks use."""
    monkeypatch.setattr("hadir.attendance.facts.current_manifest", lambda: {"id": "truth-1-00000000"})


def judged(made: Made) -> None:
    for _portion in rebuild(schools=made.schools, first=made.first, last=made.last, now=made.over):
        pass


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2])
def test_the_judgement_is_the_truth(seed: int):
    made = make_truth(schools=6, people=12, first=FIRST, days=21, seed=seed)
    judged(made)
    assert wrong_judgements(made)[0] == 0, "before the late uploads"
    made.hand_in()
    judged(made)
    assert wrong_judgements(made) == (0, [])
    assert PersonDay.objects.filter(status="A").count() > 20
    assert PersonDay.objects.filter(status="T").count() > 20
    outcome = verify_days(schools=made.schools, first=made.first, last=made.last, now=made.over)
    assert (outcome.different, outcome.behind) == ([], 0)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [5, 6])
def test_what_colleagues_share_is_judged_once_and_means_the_same(seed: int):
    """The quick way, which keeps what many cases share, and the slow one, every case on its own: the same answer."""
    made = make_truth(schools=4, people=10, first=FIRST, days=21, seed=seed)
    made.hand_in()
    quick, judged_twice = Bench(), 0
    gathered = gather(made.schools, made.first, made.last)
    for case in gathered.cases({school.pk for school in made.schools}, made.first, made.last, made.over):
        fast, slow = quick.judge(case), Bench().judge(case)
        assert fast.verdict == slow.verdict == judge_day(case.facts, case.rules)
        assert fast.values == slow.values
        judged_twice += 1
    assert len(quick.alike) < judged_twice / 4
    assert len({one.key for one in judge(made.schools, made.first, made.last, made.over)}) == judged_twice


@pytest.mark.django_db
def test_any_order_of_computation_gives_the_same_rows():
    made = make_truth(schools=3, people=8, first=FIRST, days=14, seed=3)
    made.hand_in()
    judged(made)
    rows = set(PersonDay.objects.values_list("person", "day", "school", "digest", "status", "late", "early"))
    PersonDay.objects.all().delete()
    pieces = [(school, made.first + number * DAY) for school in made.schools for number in range(14)]
    random.Random(4).shuffle(pieces)  # noqa: S311
    for school, day in pieces * 2:
        compute_days(schools=[school], first=day, last=day, now=made.over)
    assert set(PersonDay.objects.values_list("person", "day", "school", "digest", "status", "late", "early")) == rows
