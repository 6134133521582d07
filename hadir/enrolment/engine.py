"""The face engine of this process: loaded at first use, shared by all threads."""

from functools import cache
from threading import Lock

from django.conf import settings

from hadir.core.errors import HadirError
from hadir.face import Engine, Manifest, PackError, find_pack

_LOADING = Lock()


def current_engine() -> Engine:
    """Return the engine of the pack that HADIR_PACK names.

    Raises HadirError `pack_missing` when that pack is not installed or not whole.
    """
    with _LOADING:
        return _load(settings.HADIR_PACK)


def current_pack() -> str:
    """Return the id of the pack that HADIR_PACK names, without loading its graphs. Raises HadirError `pack_missing`."""
    try:
        return Manifest.read(find_pack(settings.HADIR_PACK)).id
    except PackError as error:
        raise HadirError("pack_missing") from error


@cache
def _load(pack: str) -> Engine:
    try:
        return Engine.load(pack)
    except PackError as error:
        raise HadirError("pack_missing") from error
