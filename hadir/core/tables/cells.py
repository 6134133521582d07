"""What a cell says: text, a long number, a date, as people and Excel leave them. Nothing is guessed."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Cell = str | float | bool | date | datetime | time | timedelta | None
"""Empty is None or ""."""

EXACT_DIGITS = 15
"""Excel keeps 15 significant digits of a number; what stood behind them is lost."""

UNCOMPUTED = "=?"
"""Stands where a file holds a formula without the value it gives."""

INVISIBLE = frozenset("\u00ad\u200b\u200e\u200f\u2060\ufeff")
NOTHING = {"", "-", "--", "0", "tidakada", "tdkada", "belumada", "kosong", "null", "none", "nan", "na"}
MONTHS = (
    ("januari", "jan", "january"),
    ("februari", "feb", "peb", "pebruari", "february"),
    ("maret", "mar", "march"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "jun", "june"),
    ("juli", "jul", "july"),
    ("agustus", "agu", "agt", "ags", "aug", "august"),
    ("september", "sep", "sept"),
    ("oktober", "okt", "oct", "october"),
    ("november", "nov", "nopember", "nop"),
    ("desember", "des", "dec", "december"),
)
MONTH_NUMBERS = {word: number for number, words in enumerate(MONTHS, 1) for word in words}
_SCIENTIFIC = re.compile(r"[0-9]+[.,]?[0-9]*E\+?[0-9]+", re.IGNORECASE)
_ROUNDED = re.compile(r"[0-9]+(?:[.,][0-9]+ ?E\+?|[.,]? ?E\+)[0-9]{1,3}", re.IGNORECASE)
"""A number as programs shorten it: they write a decimal mark, a plus, or both. `12E3` is a text of somebody's own."""
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ].*)?")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/. ]+([0-9]{1,2}|[A-Za-z]+)[-/. ,]+([0-9]{4})(?: .*)?")


def text_of(cell: Cell) -> str:
    """Return a cell as one line of text; a whole number without ".0", dates as ISO text, empty as ""."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 10**EXACT_DIGITS else repr(cell)
    if isinstance(cell, str):
        return plain_text(cell)
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def plain_text(text: str) -> str:
    """Return text in NFC on one line, without invisible marks and the `="..."` that exports put around numbers."""
    if "=" in text and (shielded := re.fullmatch(r'\s*="(.*)"\s*', text, re.DOTALL)):
        text = shielded[1]
    # Most cells are plain: a list has a million of them.
    if not text.isprintable():
        letters = (" " if unicodedata.category(letter) in {"Cc", "Zl", "Zp"} else letter for letter in text)
        text = "".join(letter for letter in letters if visible(letter))
    return " ".join((text if text.isascii() else unicodedata.normalize("NFC", text)).split())


def visible(letter: str) -> bool:
    """Tell whether a letter can be kept and seen: no lone surrogate, byte order or direction mark, soft hyphen."""
    return letter not in INVISIBLE and unicodedata.category(letter) != "Cs"


def key_of(text: str) -> str:
    """Return a word or heading for comparing: letters and digits only, without case and marks."""
    bare = text.lower() if text.isascii() else unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in bare if letter.isalnum())


@dataclass(frozen=True, slots=True)
class Number:
    """A long number read from a cell: `digits` when it is whole, else "" with a `fault` and the text as it stood.

    Faults: `damaged` (Excel made it a number and lost digits), `formula` (never computed), `length` (other than
    expected), `zeros` (a digit or two short: leading zeros are probably gone).
    """

    digits: str = ""
    fault: str = ""
    text: str = ""


def names_nobody(cell: Cell) -> bool:
    """Tell whether a spreadsheet made something else of a person's number, so that two people may have become one: a
    number that lost its last digits, `1.98501E+17`, a fraction, a date, a yes or no.
    """
    if isinstance(cell, str):
        return _ROUNDED.fullmatch(plain_text(cell)) is not None
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return cell is not None
    return abs(cell) >= 10**EXACT_DIGITS or not float(cell).is_integer()


def read_number(cell: Cell, lengths: tuple[int, ...]) -> Number:
    """Read NIP, NUPTK or NPSN of one of these lengths. A number that lost digits is never completed."""
    if isinstance(cell, float) and not isinstance(cell, bool):
        if not cell.is_integer() or abs(cell) >= 10**EXACT_DIGITS:
            return Number(fault="damaged", text=f"{cell:.15g}")
        cell = str(int(cell))
    text = text_of(cell)
    if text == UNCOMPUTED or _SCIENTIFIC.fullmatch(text.replace(" ", "")):
        return Number(fault="formula" if text == UNCOMPUTED else "damaged", text=text[:40])
    bare = re.sub(r"[\s.\-'\u2018\u2019`/]", "", text)
    if key_of(text) in NOTHING or (bare and not bare.strip("0")):
        return Number()
    if bare.isascii() and bare.isdecimal():
        if len(bare) in lengths:
            return Number(digits=bare)
        if max(lengths) - 2 <= len(bare) < max(lengths):
            return Number(fault="zeros", text=bare)
    return Number(fault="length", text=text[:40])


def read_date(cell: Cell) -> date | None:
    """Return a date given as one or as Indonesian text ("1 Maret 2005", "01/03/2005", "2005-03-01"); else None.

    A bare number is not taken for a date: Excel counts its days from two different years.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cell)
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    elif match := _DAY_FIRST.fullmatch(text):
        day, year = int(match[1]), int(match[3])
        month = int(match[2]) if match[2].isdecimal() else MONTH_NUMBERS.get(match[2].casefold(), 0)
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_yes(cell: Cell) -> bool | None:
    """Return yes or no, None where the cell says neither."""
    word = key_of(text_of(cell))
    if word in {"ya", "y", "1", "true", "induk", "sekolahinduk"}:
        return True
    if word in {"tidak", "t", "0", "false", "noninduk", "bukan", "bukaninduk", "nonsekolahinduk"}:
        return False
    return None


def column_letter(index: int) -> str:
    """Return the letters of a column as Excel shows them: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
