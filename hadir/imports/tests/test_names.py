"""Names are compared without case, marks and titles, and kept as written."""

import pytest

from hadir.people.names import alike, name_key, school_key, split_titles


@pytest.mark.parametrize(
    ("written", "front", "name", "back"),
    [
        ("Rofi'ah", "", "Rofi'ah", ""),
        ("Siti Maḍura, S.Pd.", "", "Siti Maḍura", "S.Pd."),
        ("Drs. Moh. Hasan, M.Pd.", "Drs.", "Moh. Hasan", "M.Pd."),
        ("Dr. Hj. Nur Laila, S.Pd., M.Pd.I", "Dr. Hj.", "Nur Laila", "S.Pd., M.Pd.I"),
        ("Achmad Ba'its, S.Pd.SD., Gr.", "", "Achmad Ba'its", "S.Pd.SD., Gr."),
        ("Titin Sumarni, A.Ma.Pd", "", "Titin Sumarni", "A.Ma.Pd"),
        ("H. Abd. Rasyid", "", "H. Abd. Rasyid", ""),
        ("M. Saleh", "", "M. Saleh", ""),
        ("Ir Rofiq", "", "Ir Rofiq", ""),
        ("Rofiq, Ahmad", "", "Rofiq, Ahmad", ""),
        ("Sapa, S.Pd, Ahmad", "", "Sapa, S.Pd, Ahmad", ""),
        ("Drs.", "", "Drs.", ""),
        (", S.Pd", "", ", S.Pd", ""),
    ],
)
def test_only_what_surely_is_a_title_is_split_off(written: str, front: str, name: str, back: str):
    split = split_titles(written)
    assert (split.front, split.name, split.back) == (front, name, back)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ROFI'AH", "Rofi\u2019ah"),
        ("Rofiah", "Rofi`ah"),
        ("Siti Maḍura, S.Pd.", "SITI MADURA"),
        ("Moh. Hasan", "MOH HASAN"),
        ("Moh.Hasan", "Moh. Hasan"),
        ("Nur  Laila", "Nur Laila"),
    ],
)
def test_one_name_written_twice(one: str, other: str):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Siti Aminah", "Siti Maimunah"), ("Ahmad", "Achmadi Yusuf"), ("", "Ali")])
def test_names_of_two_people(one: str, other: str):
    assert not alike(name_key(one), name_key(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SDN Sapeken II", "SD NEGERI SAPEKEN 2"),
        ("UPT SDN Pangarangan I", "SDN Pangarangan I"),
        ("SMPN 1 Sumenep", "SMP Negeri 1 Sumenep"),
        ("SDN Satu", "SEKOLAH DASAR NEGERI SATU"),
        ("SMPN 1 Sumenep", "Sekolah  Menengah Pertama Negeri I Sumenep"),
        ("TK Pertiwi", "Taman Kanak-Kanak Pertiwi"),
        ("SDN Satu", "UPT SPF SDN SATU"),
        ("SDN Satu", "Nama Sekolah : SDN SATU"),
        ("SDN Satu", "UPTD Satuan Pendidikan SD Negeri Satu"),
    ],
)
def test_one_school_written_twice(one: str, other: str):
    assert school_key(one) == school_key(other)


def test_two_schools():
    assert school_key("SDN Sapeken I") != school_key("SDN Sapeken II")
    assert school_key("SDN Guluk-Guluk") != school_key("SMPN Guluk-Guluk")
