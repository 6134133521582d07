"""Building the default pack: conversions against other implementations, and the same bytes every time."""

import hashlib
import importlib.util
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from hadir.face.build import dlib_net, geometry
from hadir.face.build.bare import bare_networks
from hadir.face.build.graph import FLOAT, UINT8, Graph, TensorForm, Value, tensor
from hadir.face.build.pack import KEPT, build_open, read_catalogue
from hadir.face.build.tfjs import TfjsModel, UnknownOperatorError
from hadir.face.session import open_session


@pytest.fixture(scope="module")
def sources() -> dict[str, bytes]:
    names = read_catalogue()["open"]["sources"]
    if not all((KEPT / name).is_file() for name in names):
        pytest.skip(f"the source files are not in {KEPT}; run `make models`")
    return {name: (KEPT / name).read_bytes() for name in names}


def run(graph: Graph, inputs: dict[str, tuple[int, np.ndarray]], outputs: dict[str, tuple[Value, TensorForm]]) -> Any:
    forms = [tensor(name, kind, [None] * array.ndim) for name, (kind, array) in inputs.items()]  # type: ignore[list-item]
    session = open_session(graph.save("test", forms, outputs))
    return session.run(None, {name: array for name, (_, array) in inputs.items()})


@pytest.mark.usefixtures("sources")
def test_the_same_sources_give_the_same_bytes() -> None:
    entry = read_catalogue()["open"]
    built = [build_open(entry, source_folder=KEPT, progress=lambda _step: None) for _ in range(2)]
    assert built[0].files == built[1].files
    manifest = json.loads(built[0].files["manifest.json"])
    for file in manifest["files"].values():
        data = built[0].files[file["name"]]
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
    pinned = {name: source["sha256"] for name, source in entry["sources"].items()}
    assert {source["name"]: source["sha256"] for source in manifest["sources"]} == pinned


def test_the_graphs_never_guess_age_or_sex(sources: dict[str, bytes]) -> None:
    embed = build_open(read_catalogue()["open"], source_folder=KEPT, progress=lambda _step: None).files["embed.onnx"]
    model = TfjsModel.read(sources["faceres.json"], sources["faceres.bin"])
    for name, weight in model.weights.items():
        if name.startswith(("age", "gender")) and weight.size > 64:
            assert weight.astype(np.float16).tobytes() not in embed
            assert weight.astype(np.float32).tobytes() not in embed


@pytest.mark.skipif(importlib.util.find_spec("dlib") is None, reason="dlib is not installed (`make bench` installs it)")
def test_the_descriptor_network_agrees_with_dlib(sources: dict[str, bytes], sample: Any, tmp_path: Path) -> None:
    import dlib

    weights = tmp_path / "network.dat"
    weights.write_bytes(sources["dlib_face_recognition_resnet_model_v1.dat"])
    reference = dlib.face_recognition_model_v1(str(weights))
    session = open_session(bare_networks(sources)["dlib"].graph)
    for name in ("obama.jpg", "biden.jpg"):
        chip = np.asarray(Image.fromarray(sample(name)).resize((dlib_net.CHIP, dlib_net.CHIP)), np.uint8)
        (ours,) = session.run(None, {"picture": chip.transpose(2, 0, 1)[None].astype(np.float32)})
        theirs = np.array(reference.compute_face_descriptor(chip))
        assert np.abs(ours[0] - theirs).max() < 1e-3, "half-precision weights move it by less than a thousandth"
        assert ours[0] @ theirs / np.linalg.norm(ours[0]) / np.linalg.norm(theirs) > 0.99999


def test_a_file_that_is_not_dlibs_network_is_refused() -> None:
    for data in (b"", b"con_4", b"affine_\x01"):
        with pytest.raises((ValueError, IndexError)):
            dlib_net.read_layers(data)


def tfjs(nodes: list[dict[str, Any]], weights: list[dict[str, Any]], binary: bytes) -> TfjsModel:
    document = {"modelTopology": {"node": nodes}, "weightsManifest": [{"paths": ["x.bin"], "weights": weights}]}
    return TfjsModel.read(json.dumps(document).encode(), binary)


PICTURE = {"name": "in", "op": "Placeholder"}


def test_tfjs_weights_are_read_in_every_packing() -> None:
    binary = struct.pack("<2f", 1, -2) + np.array([3, -4], "<f2").tobytes() + bytes([0, 10]) + struct.pack("<i", 7)
    model = tfjs(
        [],
        [
            {"name": "plain", "shape": [2], "dtype": "float32"},
            {"name": "half", "shape": [2], "dtype": "float32", "quantization": {"dtype": "float16"}},
            {
                "name": "byte",
                "shape": [2],
                "dtype": "float32",
                "quantization": {"dtype": "uint8", "scale": 0.5, "min": -1},
            },
            {"name": "whole", "shape": [], "dtype": "int32"},
        ],
        binary,
    )
    read = {name: weight.tolist() for name, weight in model.weights.items()}
    assert read == {"plain": [1, -2], "half": [3, -4], "byte": [-1, 4], "whole": 7}
    with pytest.raises(ValueError, match="weights end at"):
        tfjs([], [], b"more")


def test_tfjs_operators_that_are_not_known_are_refused() -> None:
    model = tfjs([PICTURE, {"name": "out", "op": "Tanh", "input": ["in"]}], [], b"")
    graph = Graph()
    with pytest.raises(UnknownOperatorError, match="Tanh"):
        model.emit(graph, graph.input("picture"), ["out"])


def test_tfjs_prelu_and_flattening_keep_their_meaning() -> None:
    slope = np.array([[[0.5, -1, 2]]], "<f4")
    model = tfjs(
        [
            PICTURE,
            {"name": "slope", "op": "Const"},
            {"name": "shape", "op": "Const"},
            {"name": "bent", "op": "Prelu", "input": ["in", "slope"]},
            {"name": "out", "op": "Reshape", "input": ["bent", "shape"]},
        ],
        [
            {"name": "slope", "shape": [1, 1, 3], "dtype": "float32"},
            {"name": "shape", "shape": [2], "dtype": "int32"},
        ],
        slope.tobytes() + np.array([1, -1], "<i4").tobytes(),
    )
    picture = np.random.default_rng(1).normal(size=(1, 3, 4, 5)).astype(np.float32)
    graph = Graph()
    (out,) = model.emit(graph, graph.input("picture"), ["out"])
    (flat,) = run(graph, {"picture": (FLOAT, picture)}, {"flat": (out, (FLOAT, ["n", "m"]))})
    channels_last = picture.transpose(0, 2, 3, 1)
    expected = np.where(channels_last > 0, channels_last, channels_last * slope).reshape(1, -1)
    assert np.allclose(flat, expected, atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 700), st.integers(2, 700), st.sampled_from([128, 160, 224]))
def test_letterbox_puts_the_frame_in_the_middle(height: int, width: int, side: int) -> None:
    frame = np.full((height, width, 3), 200, np.uint8)
    graph = Graph()
    picture, factor, offset = geometry.letterbox(graph, geometry.Frame(graph.input("frame")), side)
    box, scale, start = run(
        graph,
        {"frame": (UINT8, frame)},
        {
            "box": (picture, (FLOAT, [1, 3, side, side])),
            "scale": (factor, (FLOAT, [])),
            "start": (offset, (FLOAT, [2])),
        },
    )
    assert scale == pytest.approx(max(height, width) / side)
    inside = box[0, 0] > 100
    assert inside.sum() == pytest.approx(max(1, round(width / scale)) * max(1, round(height / scale)))
    assert np.abs(box[0, 0][inside] - 200).max() < 1
    x, y = start.astype(int)
    assert inside[y, x]
    assert not inside[:y].any()
    assert not inside[:, :x].any()


@settings(max_examples=40, deadline=None)
@given(
    st.floats(0.25, 9, width=32),
    st.floats(-3, 3, width=32),
    st.floats(-500, 500, width=32),
    st.floats(-500, 500, width=32),
)
def test_similarity_finds_the_turn_that_was_made(scale: float, angle: float, x: float, y: float) -> None:
    chip = np.array([[10, 20], [90, 25], [50, 70], [30, 95]], np.float32)
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = (chip @ turn.T + [x, y]).astype(np.float32)[None]
    graph = Graph()
    transform = geometry.similarity(graph, chip, graph.input("points"))
    (found,) = run(graph, {"points": (FLOAT, points)}, {"found": (transform, (FLOAT, ["n", 2, 3]))})
    assert np.allclose(found[0], np.column_stack([turn, [x, y]]), atol=2e-3 * max(1.0, abs(x), abs(y)))


def test_cut_reads_the_right_pixels_and_black_beyond_the_frame() -> None:
    frame = np.zeros((60, 80, 3), np.uint8)
    frame[..., 0], frame[..., 1] = np.arange(80)[None], np.arange(60)[:, None]
    moves = np.array([[[1, 0, 5], [0, 1, 7]], [[1, 0, -10], [0, 1, 50]], [[1, 0, 500], [0, 1, 500]]], np.float32)
    graph = Graph()
    (chips,) = geometry.cut(graph, geometry.Frame(graph.input("frame")), [(graph.input("moves"), 20)])
    (found,) = run(
        graph, {"frame": (UINT8, frame), "moves": (FLOAT, moves)}, {"found": (chips, (FLOAT, ["n", 3, 20, 20]))}
    )
    assert np.allclose(found[0, 0], np.arange(5, 25)[None], atol=1e-3)
    assert np.allclose(found[0, 1], np.arange(7, 27)[:, None], atol=1e-3)
    assert not found[1, :, :, :9].any()
    assert np.allclose(found[1, 1, :9, 12], np.arange(50, 59), atol=1e-3)
    assert not found[2].any()


def test_a_coarse_chip_is_averaged_not_picked() -> None:
    checks = (np.indices((640, 640)).sum(0) % 2 * 255).astype(np.uint8)
    frame = np.repeat(checks[..., None], 3, 2)
    graph = Graph()
    (chips,) = geometry.cut(graph, geometry.Frame(graph.input("frame")), [(graph.input("moves"), 40)])
    moves = np.array([[[16, 0, 0], [0, 16, 0]]], np.float32)
    (found,) = run(
        graph, {"frame": (UINT8, frame), "moves": (FLOAT, moves)}, {"found": (chips, (FLOAT, ["n", 3, 40, 40]))}
    )
    assert np.abs(found[0, :, 2:-2, 2:-2] - 127.5).max() < 4
