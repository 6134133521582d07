"""Bytes of a file -> pixels. The only place where a picture that somebody sent is decoded.

Everything that phones, scanners and exports do is settled here: turned pictures (EXIF), CMYK, 16 bits, palettes, alpha,
animations (their first picture), and pictures of a hundred megapixels. Nothing is written to disk.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from hadir.face.errors import ImageTooLarge, UnreadableImage

FORMATS: Final = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF", "PPM")
LONGEST: Final = 4096
"""Larger pictures are made smaller to this: no face needs more, and a scan of a wall of portraits still has enough."""
MOST_PIXELS: Final = 64_000_000
MOST_JPEG_PIXELS: Final = 120_000_000
"""JPEG can be decoded at an eighth of its size, so that more pixels cost neither time nor memory."""
MOST_BYTES: Final = 64 * 1024 * 1024

_DECODER_ERRORS: Final = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    ArithmeticError,
    TypeError,
    AttributeError,
    RuntimeError,
    AssertionError,
    MemoryError,
    struct.error,
    zlib.error,
)
"""What Pillow's readers raise on damaged files; which one depends on the byte that is wrong."""


def decode_image(data: bytes) -> NDArray[np.uint8]:
    """Decode a picture to RGB, uint8 height x width x 3, upright, at most LONGEST pixels on its longer side.

    Raises UnreadableImage, ImageTooLarge; both before any work that grows with the picture's claimed size.
    """
    if len(data) > MOST_BYTES:
        raise ImageTooLarge(f"{len(data)} bytes; at most {MOST_BYTES} are read")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Pillow warns of is a picture here, or an error below
            return _decode(data)
    except Image.DecompressionBombError as error:
        raise ImageTooLarge(str(error)) from error
    except _DECODER_ERRORS as error:
        raise UnreadableImage(f"not a picture that can be read: {error}") from error


def _decode(data: bytes) -> NDArray[np.uint8]:
    with Image.open(BytesIO(data), formats=FORMATS) as image:
        _refuse_giants(image)
        image.draft("RGB", (LONGEST, LONGEST))
        image.load()
        return np.array(_upright(_eight_bit(image), image), np.uint8)


def _refuse_giants(image: Image.Image) -> None:
    most = MOST_JPEG_PIXELS if image.format in ("JPEG", "MPO") else MOST_PIXELS
    if image.width * image.height > most:
        raise ImageTooLarge(f"{image.width} x {image.height} pixels; at most {most} are decoded")


def _eight_bit(image: Image.Image) -> Image.Image:
    """RGB with eight bits, whatever the file holds."""
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, np.float64)
        top = float(values.max(initial=0))
        full = 65535.0 if top > 255 else 255.0 if top > 1 or image.mode.startswith("I") else 1.0
        grey = np.clip(np.nan_to_num(values) * (255.0 / full), 0, 255).astype(np.uint8)
        return Image.fromarray(grey).convert("RGB")
    if image.mode in ("P", "PA", "LA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
    return image.convert("RGB")


def _upright(picture: Image.Image, source: Image.Image) -> Image.Image:
    """Made smaller if need be, and turned as the camera noted; a note that cannot be read is no note."""
    if max(picture.size) > LONGEST:
        picture.thumbnail((LONGEST, LONGEST), Image.Resampling.BILINEAR, reducing_gap=2.0)
    try:
        turn = source.getexif().get(_ORIENTATION, 1)
    except _DECODER_ERRORS:
        turn = 1
    method = _TURNS.get(turn) if isinstance(turn, int) else None
    return picture if method is None else picture.transpose(method)


_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation -> how to turn the picture upright."""
