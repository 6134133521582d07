# ruff: noqa: RUF001 - the raised comma is how such names are written
"""Thirty-one invented people of the demo, with numbers that are built as real ones are.

Every name, date and number is made up. A NIP is birth date, month of appointment, sex and a serial of three, 18 digits
in all; the number of a PPPK has 21 in place of the month. A NUPTK has 16 digits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from hadir.demo.places import COUNTRY, ISLAND, TOWN, DemoSchool

SAMPLE_PERSON: Final = "Ach. Wiraraja"
"""The person who is enrolled with the sample portrait."""

# Front title, name, back title, sex (L or P), birth, appointment (year and month), kind, duties (school: K town,
# P island, L country).
_TABLE: Final = """
Dra. | Hj. Siti Rofi’ah      | M.Pd.    | P | 1968-04-12 | 199303 | PNS     | K:Kepala sekolah
     | Ach. Wiraraja         | S.Pd.    | L | 1979-08-04 | 200604 | PNS     | K:Guru kelas 5
     | Nurul Hidayati        | S.Pd.    | P | 1984-11-23 | 200901 | PNS     | K:Guru kelas 1
     | Moh. Syafi’i          | S.Pd.SD. | L | 1976-02-17 | 200501 | PNS     | K:Guru kelas 6
     | Ummul Khoiriyah       | S.Pd.    | P | 1990-06-30 | 201903 | PNS     | K:Guru kelas 2
     | Abd. Wahid Hasyim     | S.Pd.I.  | L | 1981-09-09 | 200812 | PNS     | K:Guru PAI
     | Rizky Maulana Firdaus | S.Or.    | L | 1995-01-15 | 202221 | PPPK    | K:Guru PJOK; L:Guru PJOK
     | Farida Qomariyah      | S.Pd.    | P | 1992-03-08 | 202321 | PPPK    | K:Guru kelas 3
     | Dewi Ratna Sari       | S.Pd.    | P | 1998-12-01 | 202503 | CPNS    | K:Guru kelas 4
     | Mas’ud                |          | L | 1970-07-07 | 202521 | PPPK_PW | K:Penjaga sekolah
     | Lailatul Mukarromah   | A.Md.    | P | 1996-05-19 | -      | HONORER | K:Tenaga administrasi
Drs. | H. Sahrawi            |          | L | 1967-10-25 | 199412 | PNS     | P:Kepala sekolah
     | Jamilatun             | S.Pd.    | P | 1983-01-31 | 201004 | PNS     | P:Guru kelas 1
     | Moh. Hairul Anam      | S.Pd.    | L | 1987-08-17 | 201412 | PNS     | P:Guru kelas 6
     | Hosnol Hotimah        | S.Pd.    | P | 1991-02-14 | 202221 | PPPK    | P:Guru kelas 2
     | Ach. Zaini Dahlan     | S.Pd.I.  | L | 1989-06-06 | 202321 | PPPK    | P:Guru PAI
     | Subaidah              | S.Pd.    | P | 1994-09-27 | 202421 | PPPK    | P:Guru kelas 3
     | Abd. Latif            | S.Pd.    | L | 1993-04-03 | 202521 | PPPK_PW | P:Guru kelas 5
     | Nor Aini              |          | P | 2000-11-11 | -      | HONORER | P:Guru kelas 4
     | Sunarto               |          | L | 1974-03-20 | -      | HONORER | P:Penjaga sekolah
Dr. | Taufiqurrahman        | M.Pd.    | L | 1971-05-05 | 199803 | PNS     | L:Kepala sekolah
     | Endang Sulistyowati   | S.Pd.    | P | 1978-12-12 | 200312 | PNS     | L:Guru Matematika
     | Moh. Imam Ghazali     | S.Pd.    | L | 1982-07-29 | 200901 | PNS     | L:Guru Bahasa Indonesia
     | Rohmatul Ummah        | S.Si.    | P | 1988-10-16 | 201502 | PNS     | L:Guru IPA
     | Ach. Fauzan Adzim     | S.Kom.   | L | 1993-08-22 | 202221 | PPPK    | L:Guru Informatika
     | Sitti Maryamah        | S.Pd.    | P | 1986-01-02 | 202321 | PPPK    | L:Guru Bahasa Inggris
     | Qurratul A’yun        | S.Pd.    | P | 1997-03-26 | 202503 | CPNS    | L:Guru IPS
     | Bahrul Ulum           | S.Pd.    | L | 1990-12-09 | 202521 | PPPK_PW | L:Guru Seni Budaya
     | Abd. Rasyid Ridla     | S.Ag.    | L | 1975-06-18 | -      | GTY     | L:Guru PAI
     | Indah Wahyuningsih    | S.Pd.    | P | 1999-09-04 | -      | HONORER | L:Guru BK
     | Mistari               |          | L | 1969-02-28 | -      | HONORER | L:Penjaga sekolah
"""
_SCHOOLS: Final = {"K": TOWN, "P": ISLAND, "L": COUNTRY}


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One invented person and their duties; the first one's school is the home school."""

    title_front: str
    name: str
    title_back: str
    sex: str
    born: date
    appointed: str
    kind: str
    duties: tuple[tuple[DemoSchool, str], ...]
    serial: int

    @property
    def salutation(self) -> str:
        """How the kiosk greets this person."""
        return "Bapak" if self.sex == "L" else "Ibu"

    @property
    def nip(self) -> str:
        """The 18 digits, or nothing for those whom the State does not employ."""
        if self.appointed == "-":
            return ""
        return f"{self.born:%Y%m%d}{self.appointed}{1 if self.sex == 'L' else 2}{self.serial:03d}"

    @property
    def nuptk(self) -> str:
        """The 16 digits; half of the honorer have none yet."""
        if self.kind == "HONORER" and self.serial % 2:
            return ""
        return f"{1000 + self.serial * 1117 % 9000:04d}7{self.born:%y%m%d}{self.serial * 377 % 100000:05d}"


def demo_people() -> Sequence[DemoPerson]:
    """Return everybody, always the same."""
    return [_read(line, serial) for serial, line in enumerate(_TABLE.strip().splitlines(), start=1)]


def _read(line: str, serial: int) -> DemoPerson:
    front, name, back, sex, born, appointed, kind, duties = (part.strip() for part in line.split("|"))
    places = tuple((_SCHOOLS[duty[0]], duty[2:]) for duty in duties.split("; "))
    return DemoPerson(front, name, back, sex, date.fromisoformat(born), appointed, kind, places, serial)
