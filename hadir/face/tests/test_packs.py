"""Packs as slots: what is there, what may be installed, what is written down."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from hadir.face import Engine, PackDamaged, PackMissing, PackNotAllowed, SourceMismatch, SourceUnavailable, find_pack
from hadir.face.build import pack as pack_module
from hadir.face.build.foreign import ForeignNet
from hadir.face.build.registry import check_sha256, fetch_npm_members, fetch_pypi_members, read_archive
from hadir.face.manifest import CHECKOUT, Manifest
from hadir.face.packs import choices, install_pack, list_packs, pack_info, verify_pack

NOW = datetime(2026, 9, 14, 6, 58, tzinfo=UTC)
OPEN = CHECKOUT / "build" / "models" / "open"


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HADIR_DATA", str(tmp_path))
    monkeypatch.delenv("HADIR_PACK", raising=False)
    return tmp_path


def small_network(dimension: int) -> bytes:
    """A network of the foreign kind: one 112-pixel picture at a time, an old operator set, weights among its inputs."""
    weights = np.random.default_rng(3).normal(size=(dimension, 3, 28, 28)).astype(np.float32) / 100
    nodes = [
        helper.make_node("Conv", ["data", "w"], ["y"], kernel_shape=[28, 28], strides=[28, 28]),
        helper.make_node("GlobalAveragePool", ["y"], ["p"]),
        helper.make_node("Reshape", ["p", "shape"], ["out"]),
    ]
    weight, shape = numpy_helper.from_array(weights, "w"), numpy_helper.from_array(np.array([1, dimension]), "shape")
    inputs = [
        helper.make_tensor_value_info("data", TensorProto.FLOAT, [1, 3, 112, 112]),
        helper.make_tensor_value_info("w", TensorProto.FLOAT, list(weights.shape)),
        helper.make_tensor_value_info("shape", TensorProto.INT64, [2]),
    ]
    outputs = [helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, dimension])]
    graph = helper.make_graph(nodes, "small", inputs, outputs, [weight, shape])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)])
    model.ir_version = 6
    return bytes(model.SerializeToString())


@pytest.fixture
def sface(data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small network under SFace's name, and a catalogue that pins it."""
    if not OPEN.is_dir():
        pytest.skip("the default pack is not built; run `make models`")
    folder = tmp_path / "flash disk"
    folder.mkdir()
    data = small_network(128)
    (folder / "face_recognition_sface_2021dec.onnx").write_bytes(data)
    catalogue = pack_module.read_catalogue()
    catalogue["sface"]["network"]["sha256"] = hashlib.sha256(data).hexdigest()
    path = tmp_path / "models.json"
    path.write_text(json.dumps({"packs": catalogue}))
    monkeypatch.setattr(pack_module, "CATALOGUE", path)
    assert data_folder
    return folder


def test_every_pack_says_what_it_is(data_folder: Path) -> None:
    assert data_folder
    packs = {info.name: info for info in list_packs()}
    assert list(packs) == ["open", "sface", "edgeface-xs", "insightface"]
    assert all(info.licence and info.title for info in packs.values())
    assert not packs["insightface"].allowed
    assert packs["sface"].installed is None
    if OPEN.is_dir():
        assert packs["open"].installed == verify_pack("open").id


def test_a_pack_of_research_only_is_not_installed(data_folder: Path) -> None:
    with pytest.raises(PackNotAllowed, match="not allowed for offices"):
        install_pack("insightface", now=NOW, by="dinas")
    assert choices(data_folder / "models") == []


def test_an_unknown_pack_is_named(data_folder: Path) -> None:
    assert data_folder
    with pytest.raises(PackMissing, match="open, sface"):
        pack_info("best")


def test_installing_from_a_folder_is_written_down(sface: Path, data_folder: Path, portrait: np.ndarray) -> None:
    steps: list[str] = []
    manifest = install_pack("sface", source_folder=sface, now=NOW, by="dinas", progress=steps.append)
    assert manifest.dimension == 128
    assert find_pack("sface") == data_folder / "models" / "sface"
    (choice,) = choices()
    assert (choice.pack, choice.by, choice.at) == ("sface", "dinas", "2026-09-14T06:58:00+00:00")
    assert "Apache-2.0" in choice.licence
    engine = Engine.load("sface")
    faces = engine.analyze(np.concatenate([portrait, portrait[:, ::-1]], 1))
    assert [face.embedding.shape for face in faces] == [(128,), (128,)]
    assert np.linalg.norm(faces[0].embedding) == pytest.approx(1, abs=1e-5)
    assert engine.analyze(np.zeros((50, 50, 3), np.uint8)) == []
    install_pack("sface", source_folder=sface, now=NOW, by="it")
    assert [choice.by for choice in choices()] == ["dinas", "it"]
    assert sorted(path.name for path in (data_folder / "models").iterdir()) == ["choices.jsonl", "sface"]


def test_another_file_under_that_name_is_refused(sface: Path, data_folder: Path) -> None:
    (sface / "face_recognition_sface_2021dec.onnx").write_bytes(small_network(64))
    with pytest.raises(SourceMismatch):
        install_pack("sface", source_folder=sface, now=NOW, by="dinas")
    assert not (data_folder / "models" / "sface").exists()


def test_a_folder_without_the_file_is_said_so(sface: Path) -> None:
    with pytest.raises(SourceUnavailable, match=r"face_recognition_sface_2021dec\.onnx"):
        install_pack("sface", source_folder=sface.parent, now=NOW, by="dinas")


def test_without_a_network_the_way_with_a_folder_is_named(sface: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sface
    catalogue = json.loads(pack_module.CATALOGUE.read_text())
    catalogue["packs"]["sface"]["address"] = "http://127.0.0.1:9/sface.onnx"
    pack_module.CATALOGUE.write_text(json.dumps(catalogue))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with pytest.raises(SourceUnavailable, match="--from") as caught:
        install_pack("sface", now=NOW, by="dinas")
    assert caught.value.code == "source_unavailable"


@pytest.mark.parametrize("data", [b"", b"<html>404</html>", small_network(8)[:200]], ids=["empty", "page", "cut"])
def test_what_is_no_network_is_refused(data: bytes) -> None:
    with pytest.raises(PackDamaged):
        ForeignNet.read(data, dimension=8, scale=1, shift=0)


def test_a_network_with_two_outputs_is_refused() -> None:
    model = onnx.load_model_from_string(small_network(8))
    model.graph.output.append(helper.make_tensor_value_info("p", TensorProto.FLOAT, [1, 8, 1, 1]))
    with pytest.raises(PackDamaged, match="one input and one output"):
        ForeignNet.read(model.SerializeToString(), dimension=8, scale=1, shift=0)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"format": 2}, PackDamaged),
        ({"thresholds": {}}, PackDamaged),
        ({"files": {"track": {"name": "track.onnx"}}}, PackDamaged),
        ({"gates": {"scan": {"size": 3}}}, PackDamaged),
    ],
)
def test_a_manifest_that_is_not_whole_is_refused(change: dict[str, Any], error: type[Exception]) -> None:
    if not OPEN.is_dir():
        pytest.skip("the default pack is not built; run `make models`")
    raw = json.loads((OPEN / "manifest.json").read_text("utf-8"))
    assert Manifest.parse(raw).pack == "open"
    with pytest.raises(error):
        Manifest.parse({**raw, **change})


def test_the_environment_chooses_pack_and_place(data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = data_folder / "models" / "special"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{")
    monkeypatch.setenv("HADIR_PACK", "special")
    assert find_pack() == folder
    assert find_pack(folder) == folder
    with pytest.raises(PackDamaged):
        verify_pack()
    with pytest.raises(PackMissing):
        find_pack("absent")


def test_archives_are_read_by_exact_path(tmp_path: Path) -> None:
    import io
    import tarfile

    archive = tmp_path / "a.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        for name, data in (("p/x.dat", b"one"), ("p/y.dat", b"two")):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
        link = tarfile.TarInfo("p/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    assert read_archive(archive, ["p/y.dat"]) == {"p/y.dat": b"two"}
    for wanted in ("x.dat", "p/link", "p/none"):
        with pytest.raises(SourceMismatch):
            read_archive(archive, [wanted])


def test_a_source_is_the_pinned_one() -> None:
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert check_sha256("abc", b"abc", digest) == b"abc"
    with pytest.raises(SourceMismatch, match="pinned"):
        check_sha256("abc", b"abd", digest)


def test_what_the_fetchers_say_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "npm").write_text("#!/bin/sh\necho 'npm error code EINTEGRITY' >&2\nexit 1\n")
    (tmp_path / "npm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(SourceMismatch):
        fetch_npm_members(pack_module.SOURCES, "@vladmandic/human", ["models/x"])
    (tmp_path / "npm").write_text("#!/bin/sh\necho 'npm error network ENOTFOUND' >&2\nexit 1\n")
    with pytest.raises(SourceUnavailable, match="network"):
        fetch_npm_members(pack_module.SOURCES, "@vladmandic/human", ["models/x"])
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    with pytest.raises(SourceUnavailable, match="make node"):
        fetch_npm_members(pack_module.SOURCES, "@vladmandic/human", ["models/x"])
    with pytest.raises((SourceMismatch, SourceUnavailable)):
        fetch_pypi_members(tmp_path / "absent.txt", ["x"])
