"""One thing that can go wrong: what it is over HTTP, and the sentence for people."""

from dataclasses import dataclass
from http import HTTPStatus

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of the catalogue: HTTP status and the sentence, which may hold named places: ``%(npsn)s``."""

    status: HTTPStatus
    message: Promise
