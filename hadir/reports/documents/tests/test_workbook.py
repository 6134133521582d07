"""The foot of a spreadsheet's pages: never longer than the file format holds, and the digest whole."""

import io
import re
import zipfile
from html import unescape

import pytest

from hadir.reports.documents.tests.made import NOW
from hadir.reports.documents.workbook import FOOT_LENGTH, Book

DIGEST = "sidik isi SHA-256 7c1f 09ae 7c1f 09ae 7c1f 09ae"
PRINTED = "dicetak 14 September 2026 pukul 06.58 WIB"
LONG = "Sekolah Dasar Negeri Satu Atap Terpadu Pulau Sapeken Kecamatan Sapeken Kabupaten Sumenep"


def foot(left: str, right: str) -> str:
    """Return the foot as it is in the file."""
    book = Book(title="x", now=NOW)
    book.sheet("x", paper="a4", across=True, left=left, right=right)
    page = zipfile.ZipFile(io.BytesIO(book.content())).read("xl/worksheets/sheet1.xml").decode()
    (found,) = re.findall("<oddFooter>(.*?)</oddFooter>", page)
    return unescape(found)


@pytest.mark.parametrize("packs", [1, 2, 9])
@pytest.mark.parametrize("name", ["SDN Pangarangan I", LONG, "TK Dharma & Putra " * 8, "&" * 160])
def test_a_foot_is_never_lost_and_its_digest_is_whole(name: str, packs: int):
    versions = ", ".join(["contoh-0123456789ab"] * packs)
    told = foot(
        f"Paket aturan {versions} · {PRINTED} · {DIGEST}", f"SEMENTARA · {name} · NPSN 20529999 · September 2026"
    )
    assert len(told) <= FOOT_LENGTH
    assert DIGEST in told
    assert "SEMENTARA" in told
    assert told.endswith("· NPSN 20529999 · September 2026 · halaman &P dari &N")
    assert (name in told) == (len(name) < 20 and packs < 9)


def test_an_ampersand_is_no_command():
    assert "A && B" in foot("x", "A & B")
