"""The school in the titles of a list. Only what has a school's word in it may be one: other titles say what is listed,
for which month, and who the office is.
"""

import re
from collections.abc import Sequence

from hadir.core.tables.cells import MONTH_NUMBERS, Cell, text_of
from hadir.people.names import school_key

_LONG = r"sekolah\s+dasar|sekolah\s+menengah\s+pertama|taman\s+kanak"
_FIRST = re.compile(rf"(?:sdn?|smpn?|tkn?|paud|kb|ra|mi|mts|slb)(?=\b|\d)|{_LONG}", re.IGNORECASE)
_WITHIN = re.compile(rf"\b(?:(?:sd|smp|tk)(?:n|it|i)?|paud|slb)(?=\b|\d)|{_LONG}", re.IGNORECASE)
"""Within a line the shortest words stand for other things as well."""
_UNIT = re.compile(r"(?:(?:upt\w*|satdik|spf|satpen|satuan\s+pendidikan(?:\s+formal)?)\W+)+", re.IGNORECASE)
_LABEL = re.compile(r"(?:nama\s+)?(?:sekolah|satuan\s+pendidikan)\s*(?::|$)\W*", re.IGNORECASE)
_MONTHS = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
_AFTER = re.compile(
    r"\s*[,(;].*|\W*\b(?:se\W*)?(?:kecamatan|kec|kabupaten|kab|provinsi|prov|gugus|tahun|thn|bulan|bln|semester|periode"
    rf"|npsn|nss|alamat|jl|telp|per\s+[0-9]|20[0-9][0-9]|(?:{_MONTHS})\W+20[0-9][0-9])\b.*",
    re.IGNORECASE,
)
_DATE_BEFORE = re.compile(rf"(?:[0-9]|\b(?:{_MONTHS}))\W*$", re.IGNORECASE)
_OFFICE = re.compile(r"\W*(?:upt\w*\W+)*(?:dinas|disdik\w*|kecamatan|kec|kabupaten|kab|korwil\w*)\b", re.IGNORECASE)
_ONLY_KINDS = frozenset({"sd", "smp", "tk", "paud", "kb", "ra", "mi", "mts", "slb", "swasta", "dan", "atau"})


def school_in_titles(rows: Sequence[Sequence[Cell]]) -> str:
    """Return the first school that lines above the headings name, "" where they name none."""
    for row in rows:
        texts = [text for cell in row if (text := text_of(cell).strip(" :"))]
        if len(texts) > 1 and _LABEL.fullmatch(texts[0]):
            # A label and its value in two cells.
            texts = [f"{texts[0]}: {texts[1]}", *texts[2:]]
        for text in texts:
            if name := school_named(text):
                return name
    return ""


def school_named(line: str) -> str:
    """Return the school's name in a line, without what is said around it; "" where the line names none."""
    if (label := _LABEL.match(line)) and (value := line[label.end() :]):
        return school_named(value) or _cut(value)
    unit = _UNIT.match(line)
    start = unit.end() if unit else 0
    if not _FIRST.match(line, start):
        within = _WITHIN.search(line)
        # "1 November sd 30 November" names no school.
        if within is None or _DATE_BEFORE.search(line[: within.start()]):
            return ""
        start = within.start()
    return _cut(line[start:])


def school_of_column(text: str) -> str:
    """Return the school that a cell of the column for it names, "" for an office ("Dinas Pendidikan")."""
    return school_named(text) or ("" if _OFFICE.match(text) else text)


def _cut(text: str) -> str:
    """Return a name without place and time behind it; "" where nothing but the kind of school is left."""
    name = _AFTER.sub("", text, count=1).strip()
    return name if set(school_key(name).split()) - _ONLY_KINDS and not _OFFICE.match(name) else ""
