"""The engine once for all tests, and pictures of real faces."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hadir.face import Engine, PackMissing, decode_image
from hadir.face.golden import FOLDER
from hadir.face.manifest import CHECKOUT

Pixels = NDArray[np.uint8]


@pytest.fixture(scope="session")
def engine() -> Engine:
    try:
        return Engine.load(CHECKOUT / "build" / "models" / "open")
    except PackMissing:
        pytest.skip("the default pack is not built; run `make models`")


@pytest.fixture(scope="session")
def portrait() -> Pixels:
    """A woman looking at the camera, 256 x 256."""
    return decode_image((FOLDER / "astronaut.png").read_bytes())


@pytest.fixture(scope="session")
def sample() -> Callable[[str], Pixels]:
    """Read one of the demo's sample portraits."""

    def read(name: str) -> Pixels:
        path: Path = CHECKOUT / "build" / "samples" / name
        if not path.is_file():
            pytest.skip("the sample portraits are not there; run `make models`")
        return decode_image(path.read_bytes())

    return read
