"""Who is who, as a table of cases."""

import datetime as dt
import uuid
from typing import Any

import pytest

from hadir.imports.matching import match_staff
from hadir.imports.plans import Assigned, Kind, Known, StaffItem
from hadir.imports.staff_list import StaffRow

START = dt.date(2026, 11, 24)
NIP, OTHER_NIP = "198502032010012011", "198502032010012029"
AWAY: dict[str, Any] = {"elsewhere": ("SDN A",), "home_elsewhere": True}
NUPTK, OTHER_NUPTK = "1535763664230123", "9535763664230999"


def work(**changed: Any) -> Assigned:
    values: dict[str, Any] = {
        "id": uuid.uuid4(),
        "duty": "Guru Kelas",
        "staff_kind": "PNS",
        "is_home": True,
        "valid_from": dt.date(2020, 7, 1),
        "valid_to": None,
    }
    return Assigned(**(values | changed))


def known(name: str = "Rofi'ah", *here: Assigned, **values: Any) -> Known:
    return Known(id=uuid.uuid4(), name=name, salutation="Ibu", here=here, **values)


def row(name: str = "Rofi'ah", number: int = 6, **values: Any) -> StaffRow:
    told = {"staff_kind": "PNS", "duty": "Guru Kelas", "salutation": "Ibu"} | values
    return StaffRow(row=number, name=name, **told)


def match(told: StaffRow, *people: Known) -> StaffItem:
    return match_staff([told], people, start=START)[0]


def outcome(item: StaffItem) -> tuple[str, ...]:
    return (item.kind.value, *item.doubts, *(f"{one.field}: {one.old} -> {one.new}" for one in item.changes))


@pytest.mark.parametrize(
    ("told", "person", "expected"),
    [
        (row(nip=NIP), known("Rofi'ah", work(), nip=NIP), ("same",)),
        (row("ROFI'AH", nip=NIP), known("Rofi\u2019ah", work(), nip=NIP), ("same",)),
        (row("Rofi'ah", nip=NIP), known("Rofiah", work(), nip=NIP), ("changed", "name: Rofiah -> Rofi'ah")),
        (row("Siti Amin", nip=NIP), known("Siti Amina", work(), nip=NIP), ("changed", "name: Siti Amina -> Siti Amin")),
        (row("Budi Hartono", nip=NIP), known("Rofi'ah", work(), nip=NIP), ("doubtful", "name_other")),
        (row(nip=NIP, nuptk=NUPTK), known("Rofi'ah", work(), nuptk=NUPTK), ("changed", f"nip:  -> {NIP}")),
        (row(nip=NIP, nuptk=NUPTK), known("Rofi'ah", work(), nuptk=NUPTK, nip=OTHER_NIP), ("doubtful", "nip_other")),
        (row(nip=NIP, nuptk=NUPTK), known("Rofi'ah", work(), nip=NIP, nuptk=OTHER_NUPTK), ("doubtful", "nuptk_other")),
        (row(), known("Rofi'ah", work()), ("same",)),
        (row("ROFIAH"), known("Rofi'ah", work()), ("same",)),
        (row("SITI MADURA"), known("Siti Maḍura", work()), ("same",)),
        (row(), known("Rofi'ah", work(), nip=NIP), ("doubtful", "same_name")),
        (row(nip=NIP), known("Rofi'ah", work()), ("doubtful", "same_name")),
        (row(nip=NIP), known("Rofi'ah", work(), nip=OTHER_NIP), ("new",)),
        (row("Rofi'atun"), known("Rofi'ah", work()), ("new",)),
        (row("Rofi'ah S"), known("Rofi'ah", work()), ("doubtful", "like_name")),
        (row(nip=NIP), known("Rofi'ah", work(valid_to=dt.date(2024, 6, 30)), nip=NIP), ("new",)),
        (row(), known("Rofi'ah", work(valid_to=dt.date(2024, 6, 30))), ("doubtful", "same_name")),
        (row(nip=NIP), known(nip=NIP, elsewhere=("SDN A",), home_elsewhere=True), ("new",)),
        (row(nip=NIP), known(nip=NIP, elsewhere=("SDN A",), ours=False), ("doubtful", "elsewhere")),
        (row(nip=NIP, staff_kind="PPPK"), known("Rofi'ah", work(), nip=NIP), ("changed", "staff_kind: PNS -> PPPK")),
        (row(nip=NIP, duty="Guru Kelas, Kepala Sekolah"), known("Rofi'ah", work(), nip=NIP),
         ("changed", "duty: Guru Kelas -> Guru Kelas, Kepala Sekolah")),
        (row(nip=NIP), known("Rofi'ah", work(duty="Guru kelas 4"), nip=NIP), ("same",)),
        (row(nip=NIP, duty=""), known("Rofi'ah", work(), nip=NIP), ("same",)),
        (row(nip=NIP, staff_kind="", doubts=("status_unknown",)), known("Rofi'ah", work(), nip=NIP), ("same",)),
        (row(staff_kind="", doubts=("status_unknown",)), known("Somebody"), ("doubtful", "status_unknown")),
        (row(nip=NIP, nuptk_text="1E+15", doubts=("nuptk_damaged",)), known("Rofi'ah", work(), nip=NIP), ("same",)),
        (row(nip_text="1E+17", doubts=("nip_damaged",)), known("Rofi'ah", work(), nip=NIP),
         ("doubtful", "same_name", "nip_damaged")),
        (row(nip=NIP), known("Rofi'ah", work(is_home=False), nip=NIP), ("changed", "is_home: tidak -> ya")),
        (row(nip=NIP), known("Rofi'ah", work(is_home=False), nip=NIP, elsewhere=("SDN A",)), ("same",)),
        (row(nip=NIP, home=False), known("Rofi'ah", work(), nip=NIP), ("changed", "is_home: ya -> tidak")),
        (row(nip=NIP, home=True), known(nip=NIP, **AWAY), ("doubtful", "home_twice")),
        (row(nip=NIP, home=True), known("Rofi'ah", work(is_home=False), nip=NIP, **AWAY), ("doubtful", "home_twice")),
        (row(nip=NIP, home=True), known("Rofi'ah", work(is_home=False), nip=NIP, homes_ours=False, **AWAY), ("same",)),
        (row(nip=NIP, home=True), known("Rofi'ah", work(), nip=NIP, **AWAY), ("same",)),
        (row(nip=NIP, duty="Guru Mapel"), known("Rofi'ah", work(), work(duty="Laboran"), nip=NIP),
         ("doubtful", "several_duties")),
        (row(nip=NIP, title_back="M.Pd."), known("Rofi'ah", work(), nip=NIP), ("changed", "title_back:  -> M.Pd.")),
        (row(nip=NIP, title_back="M.Pd."), known("Rofi'ah", work(), nip=NIP, title_back="S.Pd."), ("same",)),
    ],
)  # fmt: skip
def test_a_row_and_a_person(told: StaffRow, person: Known, expected: tuple[str, ...]):
    assert outcome(match(told, person)) == expected


def test_nip_of_one_and_nuptk_of_another_is_doubtful():
    item = match(row(nip=NIP, nuptk=NUPTK), known("Rofi'ah", work(), nip=NIP), known("Siti", work(), nuptk=NUPTK))
    assert (item.kind, item.doubts, len(item.candidates)) == (Kind.DOUBTFUL, ("numbers_of_two",), 2)


def test_two_rows_of_one_person_are_both_doubtful():
    person = known("Rofi'ah", work(), nip=NIP, nuptk=NUPTK)
    items = match_staff([row(nip=NIP), row(number=7, nuptk=NUPTK)], [person], start=START)
    assert [(item.kind, item.doubts, item.may_be_new) for item in items] == [
        (Kind.DOUBTFUL, ("person_twice",), False),
        (Kind.DOUBTFUL, ("person_twice",), False),
    ]


def test_a_name_twice_at_the_school_is_not_decided():
    item = match(row(), known("Rofi'ah", work()), known("ROFIAH", work()))
    assert (item.doubts, len(item.candidates)) == (("same_name",), 2)


def test_who_is_claimed_by_a_number_is_no_candidate_by_name():
    person = known("Rofi'ah", work(), nip=NIP)
    first, second = match_staff([row(nip=NIP), row(number=7)], [person], start=START)
    assert (first.kind, second.kind) == (Kind.SAME, Kind.NEW)


def test_gone_are_those_assigned_here_with_no_end_and_no_row():
    people = [
        known("Present", work(), nip=NIP),
        known("Left out", work()),
        known("Ends anyway", work(valid_to=dt.date(2026, 12, 31))),
        known("Ended", work(valid_to=dt.date(2020, 12, 31))),
        known("Comes later", work(valid_from=dt.date(2027, 1, 1))),
        known("Elsewhere", nip=OTHER_NIP, elsewhere=("SDN A",)),
        known("Perhaps in the file", work(), nuptk=NUPTK),
    ]
    items = match_staff([row("Present", nip=NIP), row("Perhaps in the file", number=7)], people, start=START)
    assert [item.person.name for item in items if item.kind is Kind.GONE and item.person] == ["Left out"]


def test_an_operator_does_not_change_the_name_of_another_schools_teacher():
    person = known("Rofiah", work(is_home=False), nip=NIP, elsewhere=("SDN A",), home_elsewhere=True, ours=False)
    item = match(row("Rofi'ah", nip=NIP), person)
    assert (item.kind, item.changes, item.notes) == (Kind.SAME, (), ("kept_elsewhere",))


def test_names_written_a_little_otherwise_are_not_looked_for_among_thousands():
    people = [known(f"Orang {number}", work()) for number in range(400)]
    items = match_staff([row(f"Guru {number}", number=number) for number in range(400)], people, start=START)
    assert {item.kind for item in items} == {Kind.NEW, Kind.GONE}
