"""The head of a form (kop) and who signs it."""

from dataclasses import dataclass
from datetime import date, datetime

from hadir.core.clock import local_date
from hadir.months.sheet import MonthSheet, SheetSchool
from hadir.people.duties import HEAD_DUTIES
from hadir.people.numbers import printed_nip
from hadir.reports.documents import words
from hadir.reports.documents.layout import Layout, fill, fill_known

HEAD = HEAD_DUTIES[0]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Lines above the name, the name, the address in one line, and the file name of the coat of arms ("" for none)."""

    lines: tuple[str, ...]
    name: str
    address: str
    crest: str


@dataclass(frozen=True, slots=True)
class Signer:
    """The signature block. `signed_at` None: nobody has signed, the block is for a pen; `name` may be empty."""

    place_and_date: str
    position: str
    name: str
    nip: str
    signed_at: datetime | None
    signed_line: str
    second: str
    second_name: str
    second_nip: str


def letterhead(school: SheetSchool, layout: Layout) -> Letterhead:
    """Return the head of a school's forms."""
    known = words.school_words(school)
    return Letterhead(
        lines=tuple(fill_known(layout.heading, known)),
        name=fill(layout.name, known),
        address=", ".join(fill_known(layout.address, known)),
        crest=layout.crest.name if layout.crest else "",
    )


@dataclass(frozen=True, slots=True)
class Signed:
    """Who closed a month, when, over which digest, and as what: "Plt. Kepala Sekolah"; empty: not told."""

    name: str
    nip: str
    at: datetime
    digest: str
    duty: str = ""


def signer_of(sheet: MonthSheet, layout: Layout, signed: Signed | None, *, now: datetime) -> Signer:
    """Return the block for the head of the school: of the month's signature, else of the list of staff."""
    known = words.school_words(sheet.school)
    head = sheet.head
    name, nip = (signed.name, signed.nip) if signed else (head.name, head.nip) if head else ("", "")
    day: date = local_date(signed.at if signed else now, sheet.school.time_zone)
    when = words.moment_words(signed.at, sheet.school.time_zone) if signed else ""
    # What was signed is printed: an acting head signs as one. The layout's word is that of the head herself.
    usual = fill(layout.signature.position, known)
    position = usual if signed is None or not signed.duty or _is_head_herself(signed.duty) else signed.duty
    return Signer(
        place_and_date=f"{fill(layout.signature.place, known)}, {words.date_words(day)}",
        position=f"{position},",
        name=name,
        nip=printed_nip(nip),
        signed_at=signed.at if signed else None,
        signed_line=f"Ditandatangani di Hadir {when}" if signed else "",
        second=fill(layout.signature.second, known),
        second_name=fill(layout.signature.second_name, known),
        second_nip=printed_nip(layout.signature.second_nip),
    )


def _is_head_herself(duty: str) -> bool:
    """Tell whether one of the duties is that of the head, not of somebody acting for her."""
    return any(part.strip().casefold().startswith(HEAD) for part in duty.split(","))
