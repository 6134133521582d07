"""The places of the demo: the real 27 kecamatan of Kabupaten Sumenep and some of its islands, and three schools.

Source: public lists of Kabupaten Sumenep. The NPSN have the right form, in a range that is not given out.
"""

from dataclasses import dataclass
from typing import Final

REGION: Final = "Kabupaten Sumenep (peraga)"

MAINLAND: Final = (
    "Ambunten",
    "Batang-Batang",
    "Batuan",
    "Batuputih",
    "Bluto",
    "Dasuk",
    "Dungkek",
    "Ganding",
    "Gapura",
    "Guluk-Guluk",
    "Kalianget",
    "Kota Sumenep",
    "Lenteng",
    "Manding",
    "Pasongsongan",
    "Pragaan",
    "Rubaru",
    "Saronggi",
)
ISLAND_DISTRICTS: Final = (
    "Arjasa",
    "Gayam",
    "Giligenting",
    "Kangayan",
    "Masalembu",
    "Nonggunong",
    "Raas",
    "Sapeken",
    "Talango",
)
ISLANDS: Final = (
    "Giligenting",
    "Gili Raja",
    "Giliyang",
    "Kangean",
    "Karamian",
    "Masakambing",
    "Masalembu",
    "Pagerungan Besar",
    "Pagerungan Kecil",
    "Paliat",
    "Poteran",
    "Raas",
    "Sakala",
    "Sapeken",
    "Sapudi",
    "Saobi",
    "Sepanjang",
)


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """An invented school at a real place."""

    npsn: str
    name: str
    level: str
    district: str
    island: str
    address: str


TOWN: Final = DemoSchool(
    "20599901", "SDN Kepanjin Timur 3", "SD", "Kota Sumenep", "", "Jalan Pinang 12, Kepanjin, Kota Sumenep"
)
ISLAND: Final = DemoSchool(
    "20599902",
    "SDN Pagerungan Besar 7",
    "SD",
    "Sapeken",
    "Pagerungan Besar",
    "Dusun Pasir Putih, Pagerungan Besar, Sapeken",
)
COUNTRY: Final = DemoSchool("20599903", "SMPN 4 Lenteng", "SMP", "Lenteng", "", "Jalan Raya Lenteng Timur 45, Lenteng")
SCHOOLS: Final = (TOWN, ISLAND, COUNTRY)
