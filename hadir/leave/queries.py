"""Reading leave."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from hadir.leave.granted import Granted


def granted_for(
    people: Collection[uuid.UUID],  # noqa: ARG001
    first: date,  # noqa: ARG001
    last: date,  # noqa: ARG001
) -> Mapping[uuid.UUID, Sequence[Granted]]:
    """Return the approved entries of these people that touch the dates from `first` to `last`."""
    return {}
