"""What can go wrong in the face engine. Each error has a stable `code`; words for people are said elsewhere."""

from __future__ import annotations

from typing import ClassVar


class FaceError(Exception):
    """Base of all errors that this package raises on purpose. `str(error)` says what to do, in English, for logs."""

    code: ClassVar[str] = "face_error"


class UnreadableImage(FaceError):  # noqa: N818  # a fact about the file, named as the screens name it
    """The bytes are no picture that can be read: text, empty, cut off, damaged, or an unknown format."""

    code = "unreadable_image"


class ImageTooLarge(FaceError):  # noqa: N818
    """The picture has more pixels than is decoded; found from its header, before any work."""

    code = "image_too_large"


class BadFrame(FaceError, ValueError):  # noqa: N818
    """The array is not a frame: it must be uint8, H x W x 3 (or 4), and not empty."""

    code = "bad_frame"


class BadVector(FaceError, ValueError):  # noqa: N818
    """Embeddings that do not fit together: wrong number of dimensions, wrong length, or not finite."""

    code = "bad_vector"


class PackError(FaceError):
    """A model pack is not there, not whole, or cannot be built or installed."""

    code = "pack_error"


class PackMissing(PackError):  # noqa: N818
    """No such pack in any of the places where packs lie."""

    code = "pack_missing"


class PackDamaged(PackError):  # noqa: N818
    """A file of the pack is not the one that its manifest names by sha256, or the manifest cannot be read."""

    code = "pack_damaged"


class PackNotAllowed(PackError):  # noqa: N818
    """The pack's licence does not allow an office to use it, or the licence was not accepted."""

    code = "pack_not_allowed"


class SourceUnavailable(PackError):  # noqa: N818
    """A source could not be fetched: no network, or the address does not answer."""

    code = "source_unavailable"


class SourceMismatch(PackError):  # noqa: N818
    """A fetched file is not the pinned one: its sha256 differs."""

    code = "source_mismatch"
