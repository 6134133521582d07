"""Reading leave."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from hadir.leave.granted import Granted
from hadir.leave.queries_incident import technical_for


def granted_for(people: Collection[uuid.UUID], first: date, last: date) -> Mapping[uuid.UUID, Sequence[Granted]]:
    """Return the approved entries of these people that touch the dates from `first` to `last`."""
    return technical_for(people, first, last)
