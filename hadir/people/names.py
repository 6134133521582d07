"""Names of people and schools: compared without case, marks and titles; kept exactly as written."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from hadir.core.tables.cells import key_of

# Only what is nobody's name or initial: "H." and "M." are left where they stand.
_FRONT = re.compile(r"(prof|dr|drs|dra|drg|ir|hj|kh|k\.h|apt|ns)\.\s*", re.IGNORECASE)
_BACK_WORDS = (
    r"S\.?Pd\.?(I|SD|K|AUD|\.?I|\.?SD|\.?AUD)?",
    r"M\.?Pd\.?(I|\.?I)?",
    r"S\.?(Ag|Kom|Sos|Psi|Hum|Si|Fil|Gz|Kep|Farm|Th|Sn|IP|AP|Th\.?I|H\.?I|E\.?I|Pt|Kel|Hut|Tr|Ptk|S|E|H|T|P|M)",
    r"M\.?(Ag|Kom|Si|Sc|Psi|Hum|Sos|Kes|Kn|Sn|M|H|T|A|E|AP|P)",
    r"A\.?(Ma|Md)(\.?(Pd|Kom|Keb|Kep|Pust|Pd\.?(SD|TK|OR)))?",
    r"Amd(\.?(Kep|Keb|Kom))?",
    r"Ama(\.?Pd)?",
    r"B\.?A",
    r"B\.?Sc",
    r"Lc",
    r"Gr",
    r"Ak",
    r"Ners",
    r"Ph\.?D",
    r"M\.?B\.?A",
)
_BACK = re.compile(rf"({'|'.join(_BACK_WORDS)})\.?", re.IGNORECASE)
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
_SCHOOL_WORDS: Mapping[str, tuple[str, ...]] = {
    "sdn": ("sd",),
    "smpn": ("smp",),
    "tkn": ("tk",),
    "negeri": (),
    "neg": (),
    "upt": (),
    "uptd": (),
    "satdik": (),
    "satpen": (),
    "spf": (),
}
_SCHOOL_LABEL = re.compile(r"^\s*nama\s+(?:sekolah|satuan\s+pendidikan)\b")
_SCHOOL_LONG: Mapping[str, str] = {
    r"\bsekolah\s+dasar\b": " sd ",
    r"\bsekolah\s+menengah\s+pertama\b": " smp ",
    r"\btaman\s+kanak\W+kanak\b": " tk ",
    r"\bsatuan\s+pendidikan(?:\s+formal)?\b": " ",
    r"\bunit\s+pelaksana\s+teknis(?:\s+daerah)?\b": " ",
}
ALIKE = 0.85


@dataclass(frozen=True, slots=True)
class SplitName:
    """A name and the titles that surely are titles."""

    front: str
    name: str
    back: str


def split_titles(text: str) -> SplitName:
    """Split "Drs. Moh. Rofi'i, M.Pd." into titles and name; what might be part of the name stays in it."""
    name, _, tail = text.partition(",")
    back = [part.strip() for part in tail.split(",") if part.strip()]
    if not back or not all(_BACK.fullmatch(word) for part in back for word in part.split()):
        name, back = text, []
    front = []
    rest = name.strip()
    while (match := _FRONT.match(rest)) and rest[match.end() :].strip():
        front.append(match[0].strip())
        rest = rest[match.end() :]
    name = rest.strip(" ,")
    return SplitName(" ".join(front), name, ", ".join(back)) if name else SplitName("", text.strip(), "")


def name_key(name: str) -> str:
    """Return a person's name for comparing: ROFI'AH and Rofi`ah are one; word borders stay."""
    return " ".join(filter(None, (key_of(word) for word in split_titles(name).name.replace(".", ". ").split())))


def alike(one: str, other: str) -> bool:
    """Tell whether two keys of names may be one name written twice: a letter off, or words left out."""
    if one == other:
        return True
    words, others = set(one.split()), set(other.split())
    if words and others and (words <= others or others <= words):
        return True
    matcher = SequenceMatcher(None, one.replace(" ", ""), other.replace(" ", ""))
    # Two cheap upper bounds first.
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def school_key(name: str) -> str:
    """Return a school's name for comparing: "UPT SDN Kalianget I" and "SEKOLAH DASAR NEGERI KALIANGET 1" are one."""
    words: list[str] = []
    short = _SCHOOL_LABEL.sub("", name.casefold())
    for long, word in _SCHOOL_LONG.items():
        short = re.sub(long, word, short)
    for word in re.split(r"[^\w]+", short):
        key = key_of(word)
        words += _SCHOOL_WORDS.get(key, (_ROMAN.get(key, key),))
    return " ".join(word for word in words if word)


def spelling(name: str) -> str:
    """Return a name for telling whether it is written otherwise; only case and kinds of apostrophe are left aside."""
    return re.sub("[\u2018\u2019\u02bc\u00b4`]", "'", " ".join(name.split())).casefold()


def only_lost_marks(written: str, on_file: str) -> bool:
    """Tell whether a name is the one on file without its apostrophes and accents: ROFIAH for Rofi'ah."""
    new, old = (unicodedata.normalize("NFKD", spelling(name)) for name in (written, on_file))
    return key_of(new) == key_of(old) and _marks(new) < _marks(old)


def _marks(name: str) -> int:
    return sum(not letter.isalnum() and not letter.isspace() for letter in name)
