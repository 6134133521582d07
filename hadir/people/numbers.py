"""Reading the numbers that the State gives its teachers. Nothing here rejects anybody."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

_NIP = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{4})([0-9]{2})([12])([0-9]{3})")


def plain_number(text: str) -> str:
    """Return a typed NIP or NUPTK without the blanks, dots, dashes and quotes that forms and sheets put in."""
    return re.sub(r"[\s.'\u2019-]", "", text)


def printed_nip(nip: str) -> str:
    """Return 18 digits in the groups of a NIP, "19880412 201101 2 009"; anything else unchanged.

    A spreadsheet would make a rounded number of 18 digits without blanks.
    """
    return f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}" if re.fullmatch(r"[0-9]{18}", nip) else nip


@dataclass(frozen=True, slots=True)
class NipReading:
    """What a NIP of a PNS says (Peraturan Kepala BKN 22/2007): date of birth, first month of service, sex."""

    born: date
    service_from: date
    sex: str
    serial: str


def read_nip(nip: str) -> NipReading | None:
    """Read the 18 digits of a NIP: YYYYMMDD of birth, YYYYMM of TMT CPNS, sex 1 or 2, serial of 3.

    Returns None where they make no such sense; a NI PPPK is 18 digits too, built otherwise. Never a reason to reject.
    """
    match = _NIP.fullmatch(nip)
    if match is None:
        return None
    year, month, day, service_year, service_month = (int(part) for part in match.groups()[:5])
    if not (1 <= month <= 12 and 1 <= service_month <= 12 and 1930 <= year <= 2100):
        return None
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    if not 15 <= service_year - year <= 60:
        return None
    return NipReading(
        born=date(year, month, day),
        service_from=date(service_year, service_month, 1),
        sex="L" if match[6] == "1" else "P",
        serial=match[7],
    )
