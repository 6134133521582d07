"""Finding the row of headings and the column of each thing, by name and never by position."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from hadir.core.tables.cells import Cell, column_letter, key_of, text_of
from hadir.core.tables.problems import FileError
from hadir.core.tables.sheets import Table

SEARCHED_ROWS = 200
"""Headings are looked for this far down; a Dapodik list has them in row 5."""

# fmt: off
_OTHERS = frozenset({
    "suami", "istri", "isteri", "pasangan", "ibu", "ayah", "orang", "tua", "ortu", "wali", "anak", "keluarga", "waris",
    "rekening", "bank",
})
_BESIDE = frozenset({
    "data", "identitas", "informasi", "keterangan", "nama", "no", "nomor", "kandung", "tanggungan", "ahli", "dan",
    "atau", "guru", "ptk", "gtk", "pegawai",
})
# fmt: on
"""Words of a group of headings about other people or about money: a NIP below "Suami/Istri" is nobody's here."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a kind of list calls its columns.

    `wanted`: our word -> headings, as `key_of` writes them, first choice first. Without those `needed`, and at least
    one of `telling`, it is another list. `at_least`: how many wanted columns make a row of headings. `known`: headings
    that are read over, for telling so by name.
    """

    wanted: Mapping[str, tuple[str, ...]]
    needed: frozenset[str]
    telling: frozenset[str]
    at_least: int
    known: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Headings:
    """Where headings stand in a table: index of the first row after them, columns by our word, what is dropped.

    `unknown`: those of the dropped that nobody knows, as `heading_key` writes them -> the letter of the column.
    """

    row: int
    body: int
    columns: Mapping[str, int]
    dropped: tuple[str, ...]
    unknown: Mapping[str, str]


def heading_key(cell: Cell) -> str:
    """Return a heading for comparing, without what stands in brackets: "NIP (18 angka)" is "nip".

    "NIP (Suami/Istri)" is not.
    """
    text = text_of(cell)
    return key_of(re.sub(r"\(([^()]*)\)", lambda match: match[0] if _of_others(match[1]) else "", text)) or key_of(text)


def find_headings(table: Table, layout: Layout) -> Headings | None:
    """Return the first row of headings of a table, or None. Headings in two rows (merged above) are read as one."""
    for index, row in enumerate(table.rows[:SEARCHED_ROWS]):
        if not is_headings(row, layout):
            continue
        below = table.rows[index + 1] if index + 1 < len(table.rows) else []
        if _continues(below, layout):
            return _headings(index, index + 2, _both(row, below), layout)
        above = table.rows[index - 1] if index else []
        if not any(_groups(above, row)):
            return _headings(index, index + 1, [heading_key(cell) for cell in row], layout)
        names = _both(above, row)
        if _are_headings(set(names), layout):
            return _headings(index - 1, index + 1, names, layout)
    return None


def is_headings(row: Sequence[Cell], layout: Layout) -> bool:
    """Tell whether a row holds headings of this list (also again, further down)."""
    return _are_headings({heading_key(cell) for cell in row if isinstance(cell, str)}, layout)


def _are_headings(names: set[str], layout: Layout) -> bool:
    found = {word for word, headings in layout.wanted.items() if names & set(headings)}
    return layout.needed <= found and bool(layout.telling & found) and len(found) >= layout.at_least


def _continues(below: Sequence[Cell], layout: Layout) -> bool:
    """Tell whether the next row still belongs to the headings: known headings in it, and no name of a person."""
    headings = {heading for names in layout.wanted.values() for heading in names} | set(layout.known)
    if is_headings(below, layout):
        return True
    texts = [heading_key(cell) for cell in below]
    filled = [text for text in texts if text]
    return bool(filled) and len([text for text in filled if text in headings]) * 2 > len(filled) and len(filled) > 1


def _both(above: Sequence[Cell], below: Sequence[Cell]) -> list[str]:
    """Return the headings of two rows as one. What stands below a group of others gets the group's name behind it."""
    pairs = zip_longest(above, below, _groups(above, below), fillvalue="")
    return [(heading_key(low) or heading_key(high)) + group for high, low, group in pairs]


def _groups(above: Sequence[Cell], below: Sequence[Cell]) -> list[str]:
    """Return for each column the group of others above it, "" where there is none.

    A group is written over its first column and reaches as far as headings stand below it and nothing above.
    """
    groups: list[str] = []
    group = ""
    for high, low in zip_longest(above, below):
        own, under = text_of(high), heading_key(low)
        if own:
            group = key_of(own) if _of_others(own) else ""
        if not under or under == key_of(own):
            # Nothing below, or the same cell merged over both rows: a column of its own.
            group = ""
        groups.append(group)
    return groups


def _of_others(text: str) -> bool:
    words = {key_of(word) for word in re.findall(r"\w+", text)}
    return bool(words & _OTHERS) and words <= _OTHERS | _BESIDE


def _headings(index: int, body: int, names: list[str], layout: Layout) -> Headings:
    columns: dict[str, int] = {}
    for word, headings in layout.wanted.items():
        place = next((names.index(heading) for heading in headings if heading in names), None)
        if place is not None and place not in columns.values():
            columns[word] = place
    dropped = [
        layout.known.get(name) or column_letter(place)
        for place, name in enumerate(names)
        if name and place not in columns.values()
    ]
    unknown = {
        name: column_letter(place)
        for place, name in enumerate(names)
        if name and place not in columns.values() and name not in layout.known
    }
    return Headings(index, body, columns, tuple(dict.fromkeys(dropped)), unknown)


def repeats_headings(row: Sequence[Cell], headings: Headings, layout: Layout) -> bool:
    """Tell whether a row further down holds the headings again. One cell tells for most rows."""
    place = headings.columns["name"]
    if place >= len(row) or heading_key(row[place]) not in layout.wanted["name"]:
        return False
    return is_headings(row, layout)


def is_numbering(row: Sequence[Cell]) -> bool:
    """Tell whether a row only numbers the columns: 1 2 3 or (1) (2) (3)."""
    expected = count = 0
    for cell in row:
        text = text_of(cell).strip("( )")
        if not text:
            continue
        if not (text.isascii() and text.isdecimal() and len(text) < 4) or (count and int(text) != expected):
            return False
        count, expected = count + 1, int(text) + 1
    return count > 2


def refuse_without_headings(tables: Sequence[Table], other_lists: Mapping[str, frozenset[str]]) -> FileError:
    """Return the error for a file where no table has the headings; another list is told by what it is."""
    seen = {heading_key(cell) for table in tables for row in table.rows[:SEARCHED_ROWS] for cell in row}
    for code, marks in other_lists.items():
        if seen & marks:
            return FileError(code)
    return FileError("import_no_headings")
