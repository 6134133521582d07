"""Real pictures for the tests: the sample portraits that set-up fetches, and what can be done to them."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

SAMPLES = Path(__file__).parents[3] / "build" / "samples"


def photo(name: str) -> bytes:
    """Return a sample portrait; the test is skipped where set-up could not fetch it."""
    path = SAMPLES / name
    if not path.is_file():
        pytest.skip(f"{path} is missing: make models")
    return path.read_bytes()


def picture(name: str, box: tuple[int, int, int, int] | None = None) -> Image.Image:
    """Return a sample portrait, or a part of it, as a picture to work on."""
    image = Image.open(BytesIO(photo(name))).convert("RGB")
    return image if box is None else image.crop(box)


def encoded(image: Image.Image, kind: str = "JPEG") -> bytes:
    """Return a picture as the bytes of a file."""
    stream = BytesIO()
    image.save(stream, kind, quality=92)
    return stream.getvalue()
