"""A list of staff comes in: once, again, changed, with people gone and rows in doubt."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.apps import apps
from django.core import serializers
from django.db import models

from hadir.core.errors import HadirError
from hadir.core.models import AuditEntry
from hadir.imports.models import ImportBatch
from hadir.imports.plans import Choice, Kind, counts_of, digest_of, sure_choices
from hadir.imports.services import apply_staff, draft_of, forget_old_drafts
from hadir.imports.tests.made import ACHMAD, HEAD, ROFIAH, SECRET, SITI, dapodik
from hadir.imports.tests.world import EARLIER, NOW, TODAY, bring_in, keep, person, plan, school, work_of
from hadir.people.models import Assignment, Person

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - dt.timedelta(days=1)


def test_a_school_comes_in_and_a_second_time_brings_nothing_new():
    at = school()
    assert bring_in(dapodik(), at) == {"added": 4}
    rofiah = Person.objects.get(nip=ROFIAH.nip)
    assert (rofiah.name, rofiah.salutation, rofiah.nuptk) == ("ROFI'AH", "Ibu", ROFIAH.nuptk)
    assert work_of(rofiah) == [("Guru Kelas", "PNS", TODAY, None)]
    head = Person.objects.get(nip=HEAD.nip)
    assert head.full_name == "Drs. Moh. Hasan, M.Pd."
    assert bring_in(dapodik(), at) == {"same": 4}
    assert (Person.objects.count(), Assignment.objects.count()) == (4, 4)
    assert {item.kind for item in plan(dapodik(), at, start=TODAY + dt.timedelta(days=40))} == {Kind.SAME}


def test_what_is_dropped_is_in_no_table():
    at = school()
    bring_in(dapodik(), at)
    keep(dapodik(), at)
    tables = [serializers.serialize("json", model.objects.all()) for model in apps.get_models()]  # type: ignore[attr-defined]
    assert not any(SECRET in table for table in tables)
    drafts = [bytes(batch.draft or b"") for batch in ImportBatch.objects.exclude(draft=None)]
    assert drafts
    assert not any(b"ROFI" in draft for draft in drafts), "a draft is sealed"
    assert "NIK" in ImportBatch.objects.first().dropped  # type: ignore[union-attr]


def test_every_write_has_its_trace():
    at = school()
    bring_in(dapodik([ROFIAH]), at)
    rofiah = Person.objects.get()
    actions = AuditEntry.objects.filter(object_id=str(rofiah.pk)).values_list("action", flat=True)
    assert sorted(actions) == ["add_person", "assign_person"]
    done = AuditEntry.objects.get(action="import_staff")
    assert done.detail["counts"] == {"added": 1}
    assert done.object_id == str(ImportBatch.objects.get().pk)


def test_a_new_duty_begins_on_the_day_and_the_old_one_keeps_its_days():
    at = school()
    one = person("Rofi'ah", at, nip=str(ROFIAH.nip))
    changed = replace(ROFIAH, kind="Guru Mapel", status="PPPK")
    assert bring_in(dapodik([changed]), at) == {"changed": 1}
    assert work_of(one) == [("Guru Kelas", "PNS", EARLIER, YESTERDAY), ("Guru Mapel", "PPPK", TODAY, None)]
    assert bring_in(dapodik([changed]), at) == {"same": 1}


def test_a_correction_on_the_first_day_changes_the_assignment_itself():
    at = school()
    bring_in(dapodik([ROFIAH]), at)
    assert bring_in(dapodik([replace(ROFIAH, kind="Guru Mapel")]), at) == {"changed": 1}
    assert work_of(Person.objects.get()) == [("Guru Mapel", "PNS", TODAY, None)]
    assert AuditEntry.objects.get(action="change_assignment").detail["before"] == {"duty": "Guru Kelas"}


def test_what_is_empty_is_filled_and_nothing_is_erased():
    at = school()
    one = person("Rofi'ah", at, nuptk=str(ROFIAH.nuptk))
    assert bring_in(dapodik([ROFIAH]), at) == {"changed": 1}
    one.refresh_from_db()
    assert (one.name, one.nip, one.salutation) == ("Rofi'ah", ROFIAH.nip, "Ibu")
    assert bring_in(dapodik([replace(ROFIAH, nip="", sex="")]), at) == {"same": 1}
    before = AuditEntry.objects.get(action="change_person").detail["before"]
    assert before == {"nip": "", "salutation": ""}


def test_who_is_gone_stays_until_somebody_ticks():
    at = school()
    left, kept = person("Pindah", at), person("Tetap", at)
    assert bring_in(dapodik([ROFIAH]), at) == {"added": 1, "kept": 2}
    assert work_of(left) == [("Guru Kelas", "PNS", EARLIER, None)]
    (item,) = [one for one in plan(dapodik([ROFIAH]), at) if one.person and one.person.id == left.pk]
    assert bring_in(dapodik([ROFIAH]), at, {item.key: Choice("apply")}) == {"same": 1, "ended": 1, "kept": 1}
    assert work_of(left) == [("Guru Kelas", "PNS", EARLIER, YESTERDAY)]
    assert work_of(kept) == [("Guru Kelas", "PNS", EARLIER, None)]


def test_a_teacher_of_two_schools_is_one_person_and_keeps_her_home_school():
    first, second = school(), school("20531235", "SDN Raas I")
    bring_in(dapodik([ROFIAH]), first)
    (item,) = plan(dapodik([ROFIAH], school="SDN Raas I"), second)
    assert (item.kind, item.notes) == (Kind.NEW, ("joins",))
    assert bring_in(dapodik([ROFIAH], school="SDN Raas I"), second) == {"joined": 1}
    assert Person.objects.count() == 1
    homes = Assignment.objects.order_by("school__npsn").values_list("school__name", "is_home")
    assert list(homes) == [("SDN Sapeken II", True), ("SDN Raas I", False)]
    assert bring_in(dapodik([ROFIAH], school="SDN Raas I"), second) == {"same": 1}


def test_someone_who_comes_back_gets_a_new_assignment():
    at = school()
    one = person("Rofi'ah", at, nip=str(ROFIAH.nip))
    Assignment.objects.filter(person=one).update(valid_to=dt.date(2024, 6, 30))
    assert bring_in(dapodik([ROFIAH]), at) == {"joined": 1}
    assert [(begin, end) for _duty, _kind, begin, end in work_of(one)] == [
        (EARLIER, dt.date(2024, 6, 30)),
        (TODAY, None),
    ]


def test_doubtful_rows_wait_for_a_decision():
    at = school()
    siti = person("Siti Madura", at, nuptk="1111222233334444")
    data = dapodik([SITI, replace(ACHMAD, status="Lainnya")])
    assert bring_in(data, at) == {"left": 2}
    first, second = plan(data, at)
    assert (first.doubts, second.doubts) == (("same_name",), ("status_unknown",))
    choices = {first.key: Choice(str(siti.pk)), second.key: Choice("new", "HONORER")}
    assert bring_in(data, at, choices) == {"changed": 1, "added": 1}
    siti.refresh_from_db()
    assert siti.name == "Siti Maḍura"
    assert work_of(Person.objects.get(nip=ACHMAD.nip)) == [("Guru Kelas", "HONORER", TODAY, None)]


def test_a_doubtful_number_of_somebody_else_is_left_empty_for_the_new_person():
    at = school()
    person("Budi Hartono", at, nip=str(ROFIAH.nip))
    (item, *_) = plan(dapodik([ROFIAH]), at)
    assert item.doubts == ("name_other",)
    assert bring_in(dapodik([ROFIAH]), at, {item.key: Choice("new")}) == {"added": 1}
    added = Person.objects.get(name="ROFI'AH")
    assert (added.nip, added.nuptk) == ("", ROFIAH.nuptk)


@pytest.mark.parametrize("answer", ["apply", "", "somebody", "00000000-0000-0000-0000-000000000000"])
def test_a_doubtful_row_is_not_done_without_a_real_answer(answer: str):
    at = school()
    data = dapodik([replace(SITI, status="Lainnya")])
    (item,) = plan(data, at)
    with pytest.raises(HadirError) as caught:
        bring_in(data, at, {item.key: Choice(answer, "HONORER")})
    assert caught.value.code == "import_choice"
    assert Person.objects.count() == 0


def test_one_person_cannot_be_chosen_for_two_rows():
    at = school()
    one = person("Siti Madura", at, nuptk="1111222233334444")
    data = dapodik([SITI, replace(SITI, kind="Pustakawan")])
    items = plan(data, at)
    with pytest.raises(HadirError) as caught:
        bring_in(data, at, {item.key: Choice(str(one.pk)) for item in items})
    assert caught.value.code == "import_person_twice"
    assert len(work_of(one)) == 1


def test_a_plan_that_is_not_what_was_looked_at_is_not_done():
    at = school()
    items = plan(dapodik(), at)
    batch = keep(dapodik(), at)
    person("Baru di antaranya", at)
    with pytest.raises(HadirError) as caught:
        apply_staff(batch=batch, choices=sure_choices(items), digest=digest_of(items), now=NOW, by=None, managed=None)
    assert caught.value.code == "import_changed"
    assert Person.objects.count() == 1


def test_a_file_is_applied_once_and_its_rows_are_forgotten_then():
    at = school()
    items, batch = plan(dapodik(), at), keep(dapodik(), at)
    done = apply_staff(
        batch=batch, choices=sure_choices(items), digest=digest_of(items), now=NOW, by=None, managed=None
    )
    assert done.draft is None
    with pytest.raises(HadirError) as caught:
        apply_staff(batch=batch, choices={}, digest=digest_of(items), now=NOW, by=None, managed=None)
    assert caught.value.code == "import_applied"


def test_rows_that_were_not_applied_are_forgotten_after_a_day():
    batch = keep(dapodik(), school())
    later = NOW + dt.timedelta(days=1, seconds=1)
    with pytest.raises(HadirError) as caught:
        draft_of(batch, now=later)
    assert caught.value.code == "import_expired"
    assert forget_old_drafts(now=NOW) == 0
    assert forget_old_drafts(now=later) == 1
    kept = ImportBatch.objects.get()
    assert (kept.draft, kept.row_count) == (None, 4)


def test_a_list_with_another_schools_name_needs_a_word():
    at = school(name="SDN Raas I")
    with pytest.raises(HadirError) as caught:
        bring_in(dapodik(), at)
    assert caught.value.code == "import_other_school"
    assert bring_in(dapodik(), at, confirmed=True) == {"added": 4}


def test_the_first_day_is_not_years_away():
    with pytest.raises(HadirError) as caught:
        keep(dapodik(), school(), start=dt.date(2016, 1, 1))
    assert caught.value.code == "import_start"


def test_someone_whose_service_begins_later_is_expected_later():
    at = school()
    bring_in(dapodik([replace(SITI, begins="2026-12-01"), replace(ACHMAD, begins="2062-12-01")]), at)
    assert dict(Assignment.objects.values_list("person__name", "valid_from")) == {
        "Siti Maḍura": dt.date(2026, 12, 1),
        "Achmad Ba'its": TODAY,
    }


def test_counts_name_every_kind():
    assert counts_of(plan(dapodik(), school())) == {"new": 4, "changed": 0, "same": 0, "gone": 0, "doubtful": 0}


def test_nothing_private_is_in_what_is_kept_of_a_batch():
    batch = keep(dapodik(), school())
    told = json.dumps({field.name: str(getattr(batch, field.name)) for field in batch._meta.fields})
    assert "ROFI'AH" not in told
    assert isinstance(batch._meta.get_field("draft"), models.BinaryField)
