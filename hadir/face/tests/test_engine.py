"""The engine on real faces, and on everything else that people hold before a camera."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from hadir.face import BadFrame, Engine, PackDamaged, PackMissing, decide, fuse, match
from hadir.face.manifest import CHECKOUT


def resized(rgb: np.ndarray, side: int) -> np.ndarray:
    return np.asarray(Image.fromarray(rgb).resize((side, side), Image.Resampling.LANCZOS))


def on_black(rgb: np.ndarray, height: int, width: int, x: int, y: int) -> np.ndarray:
    frame = np.zeros((height, width, 3), np.uint8)
    frame[y : y + rgb.shape[0], x : x + rgb.shape[1]] = rgb
    return frame


def turned(rgb: np.ndarray, degrees: float) -> np.ndarray:
    return np.asarray(Image.fromarray(rgb).rotate(degrees, Image.Resampling.BICUBIC))


def test_a_face_is_described(engine: Engine, portrait: np.ndarray) -> None:
    (face,) = engine.analyze(portrait)
    x1, y1, x2, y2 = face.box
    assert 0 < x1 < x2 < 256
    assert 0 < y1 < y2 < 256
    assert face.landmarks.shape == (468, 2)
    assert face.landmarks.dtype == face.embedding.dtype == np.float32
    assert set(face.quality) == set(engine.manifest.quality_names)
    assert face.embedding.shape == (engine.manifest.dimension,)
    assert np.linalg.norm(face.embedding) == pytest.approx(1, abs=1e-5)
    eyes = [face.landmarks[[33, 133]].mean(0), face.landmarks[[362, 263]].mean(0)]
    assert eyes[0][0] < eyes[1][0], "the person's right eye is on the left of an unmirrored picture"
    assert face.quality["size"] == pytest.approx(np.linalg.norm(eyes[1] - eyes[0]), rel=0.1)
    assert face.landmarks[10][1] < face.landmarks[1][1] < face.landmarks[152][1], "forehead, nose, chin"


def test_a_face_cannot_be_changed(engine: Engine, portrait: np.ndarray) -> None:
    (face,) = engine.analyze(portrait)
    with pytest.raises(ValueError, match="read-only"):
        face.embedding[0] = 1
    with pytest.raises(TypeError):
        face.quality["size"] = 1  # type: ignore[index]


def test_several_photos_of_one_person_match_and_others_do_not(engine: Engine, portrait: Any, sample: Any) -> None:
    thresholds = engine.manifest.thresholds
    template = engine.analyze(sample("obama.jpg"))[0].embedding
    gallery = {"obama": [template], "collins": [engine.analyze(portrait)[0].embedding]}
    for name in ("obama2.jpg", "obama3.jpg", "obama_partial_face.jpg", "obama_partial_face2.jpg"):
        found = match(engine.analyze(sample(name))[0].embedding, gallery)
        assert found.person == "obama"
        assert decide(found.similarity, found.second, thresholds) == "recognised", name
    stranger = match(engine.analyze(sample("biden.jpg"))[0].embedding, gallery)
    assert decide(stranger.similarity, stranger.second, thresholds) == "unknown"


@pytest.mark.parametrize("side", [250, 1000, 4000])
def test_size_of_the_picture_does_not_change_the_face(engine: Engine, sample: Any, side: int) -> None:
    rgb = sample("obama.jpg")
    half = min(rgb.shape[:2]) // 2
    middle = rgb[: 2 * half, rgb.shape[1] // 2 - half : rgb.shape[1] // 2 + half]
    reference = engine.analyze(resized(middle, 640), limit=1)[0].embedding
    assert engine.analyze(resized(middle, side), limit=1)[0].embedding @ reference > 0.99


def test_several_faces_come_with_the_large_one_first(engine: Engine, portrait: np.ndarray) -> None:
    frame = on_black(resized(portrait, 400), 480, 640, 0, 0)
    frame[100:300, 420:620] = resized(portrait, 200)
    faces = engine.analyze(frame)
    assert len(faces) == 2
    widths = [face.box[2] - face.box[0] for face in faces]
    assert widths[0] > 1.5 * widths[1]
    assert faces[0].embedding @ faces[1].embedding > engine.manifest.thresholds.accept
    assert len(engine.analyze(frame, limit=1)) == 1
    assert engine.analyze(frame, limit=0) == []


def test_the_main_face_stands_in_the_middle_not_at_the_edge(engine: Engine, portrait: np.ndarray) -> None:
    """Somebody a little nearer, but at the edge of the picture, is not the one who is meant."""
    frame = on_black(portrait, 480, 640, 190, 100)
    frame[90:390, 0:190] = resized(portrait, 300)[:, 70:260]
    middle, edge = engine.analyze(frame)
    assert edge.box[2] - edge.box[0] > 1.1 * (middle.box[2] - middle.box[0])
    assert middle.box[0] > 200 > edge.box[2]


def test_a_small_face_is_found_when_there_is_no_larger_one(engine: Engine, portrait: np.ndarray) -> None:
    (face,) = engine.analyze(on_black(resized(portrait, 110), 480, 640, 500, 330))
    assert 30 < face.box[2] - face.box[0] < 60


def test_left_and_right_are_mirrored(engine: Engine, sample: Any) -> None:
    rgb = sample("obama2.jpg")
    plain, mirrored = engine.analyze(rgb)[0], engine.analyze(np.ascontiguousarray(rgb[:, ::-1]))[0]
    assert abs(plain.quality["yaw"]) > 8
    for name in ("yaw", "roll"):
        assert mirrored.quality[name] == pytest.approx(-plain.quality[name], abs=4)
    assert mirrored.quality["evenness"] == pytest.approx(-plain.quality["evenness"], abs=0.08)
    assert mirrored.quality["pitch"] == pytest.approx(plain.quality["pitch"], abs=4)


@pytest.mark.parametrize("degrees", [-25, 25])
def test_a_tilted_head_is_the_same_face(engine: Engine, sample: Any, degrees: int) -> None:
    rgb = sample("obama.jpg")
    upright, tilted = engine.analyze(rgb)[0], engine.analyze(turned(rgb, degrees))[0]
    assert tilted.quality["roll"] - upright.quality["roll"] == pytest.approx(-degrees, abs=4)
    assert tilted.embedding @ upright.embedding > engine.manifest.thresholds.accept


def test_light_and_blur_are_measured(engine: Engine, portrait: np.ndarray) -> None:
    def quality(rgb: np.ndarray) -> Any:
        return engine.analyze(rgb)[0].quality

    plain = quality(portrait)
    dark = quality((portrait * 0.4).astype(np.uint8))
    assert dark["brightness"] == pytest.approx(plain["brightness"] * 0.4, rel=0.1)
    blurred = quality(resized(resized(portrait, 64), 256))
    assert blurred["sharpness"] < 0.6 * plain["sharpness"]
    ramp = np.interp(np.arange(256), [70, 150], [1, 0.4])[None, :, None]
    side = quality((portrait * ramp).astype(np.uint8))
    assert side["evenness"] > plain["evenness"] + 0.1, "the left of the picture is the person's right"
    assert plain["inside"] == 1
    assert quality(np.ascontiguousarray(portrait[:, 95:]))["inside"] < 0.9


def test_a_fourth_channel_and_strides_do_not_matter(engine: Engine, portrait: np.ndarray) -> None:
    reference = engine.analyze(portrait)[0].embedding
    alpha = np.dstack([portrait, np.zeros(portrait.shape[:2], np.uint8)])
    assert np.array_equal(engine.analyze(alpha)[0].embedding, reference)
    assert np.array_equal(engine.analyze(np.asfortranarray(portrait))[0].embedding, reference)


@pytest.mark.parametrize("shape", [(1, 1), (1, 4000), (4000, 1), (2, 3), (127, 129), (240, 320), (6000, 8000)], ids=str)
def test_a_frame_without_a_face_is_an_empty_list(engine: Engine, shape: tuple[int, int]) -> None:
    assert engine.analyze(np.full((*shape, 3), 127, np.uint8)) == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 90), st.integers(1, 90), st.integers(0, 2**32 - 1))
def test_noise_never_breaks_it(engine: Engine, height: int, width: int, seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    for face in engine.analyze(noise):
        assert np.isfinite(face.embedding).all()


@pytest.mark.parametrize(
    "frame",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 1), np.uint8),
        np.zeros((4, 4, 5), np.uint8),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((4, 4, 3), np.float32),
        np.zeros((1, 4, 4, 3), np.uint8),
        [[0]],
        None,
        "picture",
    ],
    ids=lambda value: f"{type(value).__name__}{getattr(value, 'shape', '')}",
)
def test_what_is_no_frame_is_refused(engine: Engine, frame: Any) -> None:
    with pytest.raises(BadFrame):
        engine.analyze(frame)


def test_frames_of_one_person_agree_more_when_fused(engine: Engine, sample: Any) -> None:
    looks = [engine.analyze(sample(name))[0].embedding for name in ("obama2.jpg", "obama3.jpg")]
    template = engine.analyze(sample("obama.jpg"))[0].embedding
    assert fuse(looks) @ template > np.mean([look @ template for look in looks])


def test_a_missing_or_changed_pack_is_not_loaded(tmp_path: Any) -> None:
    with pytest.raises(PackMissing):
        Engine.load(tmp_path)
    source = CHECKOUT / "build" / "models" / "open"
    if not source.is_dir():
        pytest.skip("the default pack is not built; run `make models`")
    for file in source.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    damaged = bytearray((tmp_path / "embed.onnx").read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (tmp_path / "embed.onnx").write_bytes(damaged)
    with pytest.raises(PackDamaged):
        Engine.load(tmp_path)
