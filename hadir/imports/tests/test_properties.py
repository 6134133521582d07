"""Any bytes give a typed refusal or a list; nothing crashes, nothing private gets through."""

import json
import zipfile
from io import BytesIO

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hadir.core.errors import CATALOGUE
from hadir.core.tables.cells import Cell, key_of, plain_text, read_date, read_number, text_of
from hadir.imports.drafts import list_of
from hadir.imports.reader import READERS, answer
from hadir.imports.tests.made import HEADINGS, READ, SECRET, csv_file, dapodik, dapodik_rows, workbook
from hadir.people.names import alike, name_key, school_key, split_titles

MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEWER = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
GOOD = dapodik()
KINDS = sorted(READERS)
texts = st.text(max_size=40)
cells = st.one_of(st.none(), texts, st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(), st.timedeltas())


def stands(kind: str, data: bytes) -> None:
    """Hold that an answer is a list that can be read back, or a refusal with a sentence."""
    told = json.loads(json.dumps(answer(kind, data), default=str))
    if "error" in told:
        assert told["error"]["code"] in CATALOGUE
        assert str(CATALOGUE[told["error"]["code"]].message) % told["error"]["values"]
    else:
        assert list_of(kind, told["list"]).rows


@MANY
@given(st.sampled_from(KINDS), st.binary(max_size=4000))
def test_any_bytes(kind: str, data: bytes):
    stands(kind, data)


@MANY
@given(
    st.sampled_from(KINDS),
    st.sampled_from([b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"), b"\x09\x08\x10\x00", b"\xff\xfe", b"<html"]),
    st.binary(max_size=4000),
)
def test_any_bytes_behind_a_known_beginning(kind: str, head: bytes, rest: bytes):
    stands(kind, head + rest)


@FEWER
@given(st.sampled_from(KINDS), st.integers(0, len(GOOD) - 1), st.integers(0, 255), st.integers(0, 400))
def test_a_workbook_with_a_wrong_byte_or_cut_off(kind: str, place: int, value: int, cut: int):
    stands(kind, (GOOD[:place] + bytes([value]) + GOOD[place + 1 :])[: len(GOOD) - cut])


@FEWER
@given(st.sampled_from(KINDS), st.data())
def test_a_workbook_with_any_sheet_inside(kind: str, data: st.DataObject):
    """The zip is whole, the XML of the sheet is not."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(GOOD)) as good, zipfile.ZipFile(buffer, "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            if name == data.draw(
                st.sampled_from(["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"])
            ):
                place = data.draw(st.integers(0, len(content) - 1))
                content = content[:place] + data.draw(st.binary(max_size=30)) + content[place + 10 :]
            bad.writestr(name, content)
    stands(kind, buffer.getvalue())


@FEWER
@given(st.lists(st.lists(texts, max_size=8), max_size=12), st.sampled_from([";", ",", "\t"]))
def test_any_csv(rows: list[list[str]], delimiter: str):
    data = csv_file([["No", "Nama", "NIP", "JK", "Status Kepegawaian"], *rows], delimiter=delimiter, encoding="utf-16")
    for kind in KINDS:
        stands(kind, data)


@FEWER
@given(st.lists(st.sampled_from(sorted(set(HEADINGS) - READ)), min_size=1), texts, st.integers(0, 3))
def test_what_stands_in_a_dropped_column_is_nowhere_in_the_answer(columns: list[str], text: str, row: int):
    rows = dapodik_rows()
    for heading in columns:
        rows[5 + row][HEADINGS.index(heading)] = SECRET + text
    assert SECRET not in json.dumps(answer("staff", workbook(rows)), default=str)


@MANY
@given(cells)
def test_any_cell_reads_as_text_number_and_date(cell: Cell):
    text = text_of(cell)
    assert "\n" not in text
    assert plain_text(text) == text
    read_date(cell)
    number = read_number(cell, (18,))
    assert not (number.digits and number.fault)
    assert number.digits == "" or len(number.digits) == 18


@MANY
@given(st.integers(0, 10**20))
def test_a_number_is_whole_or_doubted_never_another_one(value: int):
    assert read_number(str(value), (18,)).digits in {"", str(value)}
    assert read_number(float(value), (18,)).digits == "", "18 digits never survive in a number of Excel"


@MANY
@given(texts)
def test_a_name_loses_nothing_but_titles_and_is_like_itself(name: str):
    split = split_titles(name)
    kept = key_of(split.front) + key_of(split.name) + key_of(split.back)
    assert kept == key_of(name)
    assert split.name or not key_of(name)
    assert alike(name_key(name), name_key(split.name))
    assert school_key(name) == school_key(f" {name} ")
