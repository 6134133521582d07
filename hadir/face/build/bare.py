"""The networks of the default pack alone, without anything before or after them: what bench/engine.py compares with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hadir.face.build import dlib_net, track
from hadir.face.build.embed import FACERES, FACERES_OUTPUTS
from hadir.face.build.graph import FLOAT, Graph, TensorForm, Value, tensor
from hadir.face.build.tfjs import TfjsModel


@dataclass(frozen=True, slots=True)
class BareNetwork:
    """A graph with one input `picture` (1,3,side,side float)."""

    graph: bytes
    side: int


def bare_networks(sources: Mapping[str, bytes]) -> dict[str, BareNetwork]:
    """Every network of the pack, name -> graph, at the size at which the pack runs it."""
    parts = {
        "blazeface": (track.HEADS, track.DETECT),
        "facemesh": (track.MESH_OUTPUTS, track.MESH),
        "faceres": (FACERES_OUTPUTS, FACERES),
    }
    networks = {}
    for name, (outputs, side) in parts.items():
        graph = Graph()
        model = TfjsModel.read(sources[f"{name}.json"], sources[f"{name}.bin"])
        networks[name] = _close(graph, name, model.emit(graph, graph.input("picture"), outputs), side)
    graph = Graph()
    layers = dlib_net.read_layers(sources["dlib_face_recognition_resnet_model_v1.dat"])
    networks["dlib"] = _close(graph, "dlib", [dlib_net.emit(graph, layers, graph.input("picture"))], dlib_net.CHIP)
    return networks


def _close(graph: Graph, name: str, values: list[Value], side: int) -> BareNetwork:
    form: TensorForm = (FLOAT, [1, "numbers"])
    flat = {f"output{number}": (value.reshape(1, -1), form) for number, value in enumerate(values)}
    return BareNetwork(graph.save(name, [tensor("picture", FLOAT, [1, 3, side, side])], flat), side)
