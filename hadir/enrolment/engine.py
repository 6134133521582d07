"""The face engine of this process: loaded at first use, shared by all threads."""

from functools import cache
from threading import Lock

from django.conf import settings

from hadir.core.errors import HadirError
from hadir.face import Engine, PackError

_LOADING = Lock()


def current_engine() -> Engine:
    """Return the engine of the pack that HADIR_PACK names.

    Raises HadirError `pack_missing` when that pack is not installed or not whole.
    """
    with _LOADING:
        return _load(settings.HADIR_PACK)


@cache
def _load(pack: str) -> Engine:
    try:
        return Engine.load(pack)
    except PackError as error:
        raise HadirError("pack_missing") from error
