"""A camera made of photos: Chromium plays a file of JPEG pictures as if a camera had seen them.

A photo is shown like a person before a tablet: the face at a given size in a 640x480 picture, swaying, breathing and
under slightly changing light, so that no two frames are equal. The clip loops without a jump.

Chromium opens the file anew whenever a page asks for its camera, so a page that is loaded again sees what
`FakeCamera.show` wrote last; the browser itself goes on.
"""

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageEnhance, ImageFilter

WIDTH, HEIGHT = 640, 480
FRAMES_PER_SECOND = 30
BACKGROUND = (128, 132, 136)
MARK = 24

Rgb = npt.NDArray[np.uint8]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Portrait:
    """A photo and where its face is (x1, y1, x2, y2 in pixels of the photo)."""

    photo: Rgb
    face: Box


@dataclass(frozen=True)
class Scene:
    """Who stands before the camera, for how long (whole loops of one sway), how large (face width in pixels).

    `marked` puts a white square into the corner, by which a measurement sees when the scene has begun.
    """

    people: Sequence[Portrait] = ()
    seconds: float = 3.0
    face_width: float = 190.0
    brightness: float = 1.0
    marked: bool = False


def stand(portrait: Portrait, width: int, face_width: float, phase: float) -> Image.Image:
    """Return a picture `width` x HEIGHT of the person at this phase (0..1) of the sway."""
    turn = 2 * math.pi * phase
    x1, y1, x2, y2 = portrait.face
    scale = (x2 - x1) / (face_width * (1 + 0.02 * math.sin(turn)))
    centre_x = (x1 + x2) / 2 + 4 * scale * math.sin(turn)
    centre_y = (y1 + y2) / 2 + 3 * scale * math.cos(2 * turn)
    left, top = centre_x - scale * width / 2, centre_y - scale * HEIGHT * 0.5
    # Where the photo ends, its edge goes on, blurred: a hard black edge would be a picture of its own.
    margin = math.ceil(max(0.0, -left, -top, left + scale * width - portrait.photo.shape[1],
                           top + scale * HEIGHT - portrait.photo.shape[0])) + 8  # fmt: skip
    padded = np.pad(portrait.photo, ((margin, margin), (margin, margin), (0, 0)), mode="edge")
    window = (left + margin, top + margin, left + margin + scale * width, top + margin + scale * HEIGHT)
    picture = Image.fromarray(padded).resize((width, HEIGHT), Image.Resampling.LANCZOS, box=window)
    light = ImageEnhance.Brightness(picture).enhance(1 + 0.03 * math.sin(turn + 1))
    return light if scale > 0.4 else light.filter(ImageFilter.GaussianBlur(0.3))


def frame(scene: Scene, phase: float) -> Image.Image:
    """Return what the camera sees at this phase (0..1): nobody, one person, or several side by side."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), BACKGROUND)
    for place, portrait in enumerate(scene.people):
        width = WIDTH // len(scene.people)
        picture.paste(stand(portrait, width, scene.face_width, phase), (place * width, 0))
    if not scene.people:
        # A wall is not one colour, and a sensor is never still.
        noise = np.random.default_rng(int(phase * 10_000)).normal(0, 2, (HEIGHT, WIDTH, 1))
        shade = np.linspace(-12, 12, WIDTH)[None, :, None]
        picture = Image.fromarray(np.clip(np.asarray(picture) + noise + shade, 0, 255).astype(np.uint8))
    if scene.brightness != 1.0:
        picture = ImageEnhance.Brightness(picture).enhance(scene.brightness)
    if scene.marked:
        picture.paste((255, 255, 255), (0, 0, MARK, MARK))
    return picture


def jpegs(scenes: Sequence[Scene]) -> Iterator[bytes]:
    """Yield the pictures of the scenes one after the other."""
    for scene in scenes:
        count = max(1, round(scene.seconds * FRAMES_PER_SECOND))
        for number in range(count):
            stream = io.BytesIO()
            frame(scene, number / count).save(stream, "JPEG", quality=90)
            yield stream.getvalue()


class FakeCamera:
    """The file that Chromium takes for a camera (`--use-file-for-fake-video-capture`)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.show(Scene())

    def show(self, *scenes: Scene) -> None:
        """Put these scenes before the camera; a page sees them when it next asks for the camera."""
        fresh = self.path.with_suffix(".new")
        with fresh.open("wb") as stream:
            for picture in jpegs(scenes):
                stream.write(picture)
        fresh.replace(self.path)

    @property
    def arguments(self) -> list[str]:
        """Return the words that make Chromium use this camera and ask nobody."""
        return [
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={self.path}",
        ]
