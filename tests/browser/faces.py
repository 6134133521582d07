"""Portraits for the camera: those of the test dependencies, and the folder of people where it is present."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from hadir.face import Engine
from tests.architecture.tree import ROOT
from tests.browser.fake_camera import Portrait, Rgb

SAMPLES = ROOT / "build" / "samples"
FACES = Path(os.environ.get("HADIR_TEST_DATA", ROOT.parent / "shared" / "data")) / "faces"


def read_photo(path: Path) -> Rgb:
    """Return a photo as RGB, upright."""
    with Image.open(path) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))


def portrait_of(photo: Rgb, engine: Engine) -> Portrait:
    """Return the photo with the place of its largest face."""
    faces = engine.analyze(photo, limit=1)
    if not faces:
        raise ValueError("no face in this photo")
    x1, y1, x2, y2 = (float(value) for value in faces[0].box)
    return Portrait(photo, (x1, y1, x2, y2))


def sample(name: str, engine: Engine) -> Portrait:
    """Return a portrait of build/samples; the test is skipped where set-up could not fetch them."""
    path = SAMPLES / name
    if not path.exists():
        pytest.skip(f"{path} is missing: make models")
    return portrait_of(read_photo(path), engine)


def people_with_two_photos() -> list[list[Path]]:
    """Return photos by person of the folder of people, those with at least two; skip where it is absent."""
    if not FACES.is_dir():
        pytest.skip(f"{FACES} is not on this machine (HADIR_TEST_DATA names another)")
    photos = [sorted(person.glob("*.jpg")) for person in sorted(FACES.glob("*/*")) if person.is_dir()]
    return [found for found in photos if len(found) >= 2]
