"""Formulas of an xlsx that were never computed: the program that wrote them left the value out, so a reader sees an
empty cell where Excel shows something.

Found by their bytes: an XML parser on a file from outside would be one more thing to trust.
"""

import html
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

SHEET_LIMIT = 64 * 1024 * 1024
"""A larger sheet is not searched; a list of people is never so large."""
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(KeyError, RuntimeError, ValueError, OSError, EOFError),
)
_SHEET = re.compile(rb"<sheet\s[^>]*>")
_RELATION = re.compile(rb"<Relationship\s[^>]*>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
# With bounds, so that no file makes the search long.
_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^<>]{0,200})>'
    rb"<f(?:[^<>]{0,500}/>|[^<>]{0,500}>[^<]{0,9000}</f>)(?:<v ?/>|<v></v>)?</c>"
)


def uncomputed_cells(data: bytes) -> dict[str, list[tuple[int, int]]]:
    """Return by sheet the cells (row, column, from 0) whose formula has no value; nothing for other kinds of file.

    A formula that gave an empty text was computed: it says so by its type.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: list(_cells(archive, path)) for name, path in _sheets(archive)}
    except _DAMAGED:
        # Whoever reads the workbook says what is wrong with it.
        return {}


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    relations = [_attributes(tag) for tag in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))]
    targets = {told.get("Id", ""): told.get("Target", "") for told in relations}
    for tag in _SHEET.findall(archive.read("xl/workbook.xml")):
        told = _attributes(tag)
        target = targets.get(told.get("r:id", ""), "")
        if target:
            yield told.get("name", ""), target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _attributes(tag: bytes) -> dict[str, str]:
    return {name.decode(): html.unescape(value.decode(errors="replace")) for name, value in _ATTRIBUTE.findall(tag)}


def _cells(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[int, int]]:
    if archive.getinfo(path).file_size > SHEET_LIMIT:
        return
    for letters, number, attributes in _FORMULA.findall(archive.read(path)):
        if b't="str"' not in attributes:
            yield int(number) - 1, _column(letters)


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1
