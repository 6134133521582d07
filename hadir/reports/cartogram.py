"""Where the tile of each kecamatan lies on the map of a region: a cartogram, not a chart of coasts.

Columns are quarters and rows are thirds of a tile. A region without a table shows its tiles in order of their names.
"""

from collections.abc import Iterable, Mapping
from typing import Final

Place = tuple[int, int]

SUMENEP: Final[Mapping[str, Place]] = {
    "Pasongsongan": (1, 1),
    "Ambunten": (5, 1),
    "Dasuk": (9, 1),
    "Batuputih": (13, 1),
    "Batang-Batang": (17, 1),
    "Guluk-Guluk": (1, 4),
    "Ganding": (5, 4),
    "Rubaru": (9, 4),
    "Manding": (13, 4),
    "Gapura": (17, 4),
    "Dungkek": (21, 4),
    "Pragaan": (1, 7),
    "Lenteng": (5, 7),
    "Batuan": (9, 7),
    "Kota Sumenep": (13, 7),
    "Kalianget": (17, 7),
    "Talango": (22, 8),
    "Bluto": (5, 10),
    "Saronggi": (9, 10),
    "Giligenting": (14, 11),
    "Masalembu": (28, 1),
    "Nonggunong": (27, 6),
    "Gayam": (27, 9),
    "Raas": (32, 11),
    "Arjasa": (36, 7),
    "Kangayan": (40, 7),
    "Sapeken": (40, 11),
}
"""The 27 kecamatan of Kabupaten Sumenep: the mainland in the order of its neighbours, the islands off it."""
WATERS: Final = (
    ("Laut Jawa", (23, 1)),
    ("Selat Madura", (1, 11)),
    ("Pulau Sapudi", (27, 5)),
    ("Pulau Kangean", (36, 6)),
)
"""Names on the water of that map."""
TABLES: Final = (SUMENEP,)


def places_of(districts: Iterable[str]) -> Mapping[str, Place]:
    """Return the table that has a place for each of these kecamatan; empty where none has."""
    names = set(districts)
    return next((table for table in TABLES if names <= set(table)), {})
