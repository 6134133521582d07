"""The gate as a table: one measure wrong, one reason; and real pictures made worse on purpose."""

from collections.abc import Callable
from types import MappingProxyType

import numpy as np
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageEnhance, ImageFilter

from hadir.enrolment.gate import POSE_YAW, REASONS, Reason, faults_of
from hadir.enrolment.models import Pose
from hadir.enrolment.tests.faces import photo, picture
from hadir.face import Engine, Face

GOOD = {
    "size": 90.0,
    "sharpness": 0.25,
    "brightness": 0.5,
    "contrast": 0.15,
    "evenness": 0.0,
    "yaw": 0.0,
    "pitch": 0.0,
    "roll": 0.0,
    "inside": 1.0,
}
GATES: dict[str, tuple[float | None, float | None]] = {
    "size": (36, None),
    "sharpness": (0.06, None),
    "brightness": (0.18, 0.9),
    "contrast": (0.04, None),
    "evenness": (-0.35, 0.35),
    "yaw": (-35, 35),
    "pitch": (-35, 25),
    "roll": (-30, 30),
    "inside": (0.98, None),
}


def face(width: float = 200.0, **changes: float) -> Face:
    """Return a face whose measures are good but for the changes."""
    return Face(
        box=np.array([0, 0, width, width], np.float32),
        score=0.99,
        presence=0.99,
        landmarks=np.zeros((468, 2), np.float32),
        quality=MappingProxyType({**GOOD, **changes}),
        embedding=np.array([1, 0], np.float32),
    )


@pytest.mark.parametrize(
    ("pose", "changes", "codes"),
    [
        ("front", {}, []),
        ("front", {"size": 30}, ["too_far"]),
        ("front", {"inside": 0.9}, ["cut_off"]),
        ("front", {"brightness": 0.1}, ["too_dark"]),
        ("front", {"brightness": 0.95}, ["too_bright"]),
        ("front", {"evenness": -0.5}, ["right_dark"]),
        ("front", {"evenness": 0.5}, ["left_dark"]),
        ("front", {"contrast": 0.01}, ["low_contrast"]),
        ("front", {"sharpness": 0.01}, ["blurred"]),
        ("front", {"pitch": 30}, ["chin_up"]),
        ("front", {"pitch": -40}, ["chin_down"]),
        ("front", {"roll": 31}, ["tilted"]),
        ("front", {"roll": -31}, ["tilted"]),
        ("front", {"yaw": 14}, []),
        ("front", {"yaw": 15}, ["turned_away"]),
        ("front2", {"yaw": -15}, ["turned_away"]),
        ("left", {"yaw": 20}, []),
        ("left", {"yaw": 5}, ["turn_left"]),
        ("left", {"yaw": -20}, ["turn_left"]),
        ("left", {"yaw": 36}, ["turned_too_far"]),
        ("right", {"yaw": -20}, []),
        ("right", {"yaw": 0}, ["turn_right"]),
        ("right", {"yaw": 20}, ["turn_right"]),
        ("right", {"yaw": -36}, ["turned_too_far"]),
        ("upload", {"yaw": 34}, []),
        ("upload", {"yaw": -36}, ["turned_away"]),
        ("front", {"size": 30, "brightness": 0.1, "sharpness": 0}, ["too_far", "too_dark", "blurred"]),
    ],
)
def test_one_face(pose: str, changes: dict[str, float], codes: list[str]):
    assert [reason.code for reason in faults_of([face(**changes)], pose=pose, gates=GATES)] == codes


def test_nobody_and_several():
    assert faults_of([], pose="front", gates=GATES) == [Reason("no_face")]
    assert faults_of([face(200), face(100)], pose="front", gates=GATES) == [Reason("several_faces")]
    assert faults_of([face(200), face(99)], pose="front", gates=GATES) == []


@given(yaw=st.floats(-90, 90))
def test_every_turn_fits_some_pose_and_never_both_sides(yaw: float):
    fits = {pose for pose in POSE_YAW if not faults_of([face(yaw=yaw)], pose=pose, gates=GATES)}
    assert bool(fits) is (-35 <= yaw <= 35)
    assert not {Pose.LEFT, Pose.RIGHT} <= fits


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_reason_has_a_calm_sentence(language: str):
    with translation.override(language):
        for code in REASONS:
            text = Reason(code).text
            assert text.endswith(".")
            assert "!" not in text


def test_camera_poses_have_a_range():
    assert set(POSE_YAW) == set(Pose) - {Pose.UPLOAD}


def darken_half(image: Image.Image) -> Image.Image:
    """Put the person's right side (left in the picture) into the dark."""
    pixels = np.asarray(image).astype(np.float32)
    pixels[:, : pixels.shape[1] // 2] *= 0.18
    return Image.fromarray(pixels.astype(np.uint8))


def beside(image: Image.Image) -> Image.Image:
    """Put a second person beside the first."""
    other = picture("biden.jpg", (300, 0, 900, 700))
    wide = Image.new("RGB", (image.width + other.width, max(image.height, other.height)))
    wide.paste(image, (0, 0))
    wide.paste(other, (image.width, 0))
    return wide


# The head of obama.jpg lies in the middle of this part.
HEAD = (240, 20, 740, 520)
MADE_WORSE: list[tuple[str, Callable[[Image.Image], Image.Image], str]] = [
    ("as it is", lambda image: image, ""),
    ("far away", lambda image: image.resize((90, 90)), "too_far"),
    ("in the dark", lambda image: ImageEnhance.Brightness(image).enhance(0.2), "too_dark"),
    ("in the glare", lambda image: Image.blend(image, Image.new("RGB", image.size, "white"), 0.93), "too_bright"),
    ("one side dark", darken_half, "right_dark"),
    ("out of focus", lambda image: image.filter(ImageFilter.GaussianBlur(9)), "blurred"),
    ("head on the shoulder", lambda image: image.rotate(40), "tilted"),
    ("two people", beside, "several_faces"),
    ("an empty wall", lambda image: Image.new("RGB", image.size, (128, 132, 136)), "no_face"),
]


@pytest.mark.parametrize(("worse", "code"), [case[1:] for case in MADE_WORSE], ids=[case[0] for case in MADE_WORSE])
def test_a_real_face_made_worse(engine: Engine, worse: Callable[[Image.Image], Image.Image], code: str):
    photo("obama.jpg")
    pixels = np.asarray(worse(picture("obama.jpg", HEAD)))
    faults = faults_of(engine.analyze(pixels, limit=2), pose=Pose.UPLOAD, gates=engine.manifest.gates["enrol"])
    codes = [fault.code for fault in faults]
    assert (code in codes) if code else (codes == [])
