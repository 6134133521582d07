"""Read a TensorFlow.js graph model and write it into an ONNX graph.

TensorFlow.js keeps pictures as N,H,W,C and ONNX as N,C,H,W. Everything four-dimensional is turned once, in its weights,
and stays N,C,H,W; only a Reshape (the flattening at a network's end) sees the order that its numbers were trained in.
Only the operators of the models we use are known; any other is an error, not a guess.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hadir.face.build.graph import Graph, Value

Array: TypeAlias = NDArray[Any]
_DTYPES: Final = {
    "float32": np.float32,
    "int32": np.int32,
    "float16": np.float16,
    "uint8": np.uint8,
    "uint16": np.uint16,
    "bool": np.bool_,
}


class UnknownOperatorError(ValueError):
    """The model uses something that this converter was never checked against."""


@dataclass(frozen=True)
class TfjsModel:
    """Nodes by name and weights by name of one graph model."""

    nodes: Mapping[str, dict[str, Any]]
    weights: Mapping[str, Array]
    halves: frozenset[str]
    """Weights whose source is 16-bit: stored as such they lose nothing."""

    @classmethod
    def read(cls, topology: bytes, binary: bytes) -> TfjsModel:
        """Parse the `.json` and the `.bin` of a graph model whose weights lie in one file."""
        document = json.loads(topology)
        weights: dict[str, Array] = {}
        halves: set[str] = set()
        offset = 0
        for entry in (entry for group in document["weightsManifest"] for entry in group["weights"]):
            array, offset = _read_weight(entry, binary, offset)
            weights[entry["name"]] = array
            if entry.get("quantization", {}).get("dtype") == "float16":
                halves.add(entry["name"])
        if offset != len(binary):
            raise ValueError(f"weights end at byte {offset}, file has {len(binary)}")
        nodes = {node["name"]: node for node in document["modelTopology"]["node"]}
        return cls(nodes, weights, frozenset(halves))

    def emit(self, graph: Graph, image: Value, outputs: Sequence[str]) -> list[Value]:
        """Write the part of the network that `outputs` need. `image` is N,C,H,W float."""
        order = self._in_order(outputs)
        writer = _Writer(self, graph, self._consumers(order))
        for name in order:
            writer.write(self.nodes[name], image)
        return [writer.done[name].value for name in outputs]

    def _consumers(self, names: Sequence[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {name: [] for name in names}
        for name in names:
            for source in sources(self.nodes[name]):
                found[source].append(self.nodes[name]["op"])
        return found

    def _in_order(self, outputs: Sequence[str]) -> list[str]:
        order: list[str] = []
        seen: set[str] = set()
        stack = [(name, False) for name in reversed(outputs)]
        while stack:
            name, expanded = stack.pop()
            if expanded:
                order.append(name)
            elif name not in seen:
                seen.add(name)
                stack.append((name, True))
                stack += [(source, False) for source in reversed(sources(self.nodes[name])) if source not in seen]
        return order


def sources(node: Mapping[str, Any]) -> list[str]:
    """Names of a node's inputs without output numbers and control marks."""
    return [name.split(":")[0].lstrip("^") for name in node.get("input", [])]


def attribute(node: Mapping[str, Any], key: str) -> Any:
    """An attribute as plain Python, or None."""
    found = node.get("attr", {}).get(key)
    if found is None:
        return None
    if "list" in found:
        return [_plain(kind, item) for kind, items in found["list"].items() for item in items]
    return next((_plain(kind, item) for kind, item in found.items()), None)


def _plain(kind: str, item: Any) -> Any:
    if kind == "s":
        return base64.b64decode(item).decode()
    return int(item) if kind == "i" else item


def _read_weight(entry: Mapping[str, Any], binary: bytes, offset: int) -> tuple[Array, int]:
    packing = entry.get("quantization")
    kind = np.dtype(_DTYPES[(packing or entry)["dtype"]]).newbyteorder("<")
    size = int(np.prod(entry["shape"], dtype=np.int64)) * kind.itemsize
    array = np.frombuffer(binary, kind, count=size // kind.itemsize, offset=offset).reshape(entry["shape"])
    if packing and kind.kind == "u":
        array = array.astype(np.float32) * np.float32(packing["scale"]) + np.float32(packing["min"])
    elif packing:
        array = array.astype(np.float32)
    return array, offset + size


@dataclass(frozen=True)
class _Tensor:
    """A value and what is known of it: whether it is a picture (N,C,H,W), and the constant behind it."""

    value: Value
    picture: bool = False
    relu_of: Value | None = None


@dataclass
class _Writer:
    model: TfjsModel
    graph: Graph
    consumers: Mapping[str, list[str]]
    """For each node, the operators that read it."""
    done: dict[str, _Tensor] = field(default_factory=dict)

    def write(self, node: Mapping[str, Any], image: Value) -> None:
        kind, name = node["op"], node["name"]
        if kind == "Const":
            return
        if kind == "Placeholder":
            self.done[name] = _Tensor(image, picture=True)
            return
        handler = _HANDLERS.get(kind)
        if handler is None:
            raise UnknownOperatorError(f"{kind} ({name})")
        self.done[name] = handler(self, node, sources(node))

    def weight(self, name: str, array: Array | None = None) -> Value:
        """A constant, in 16 bits where its source was; `array` is the same numbers in another order."""
        array = self.model.weights[name] if array is None else array
        return self.graph.half(array) if name in self.model.halves else self.graph.constant(array)

    def operand(self, name: str, *, picture: bool) -> Value:
        """A computed value, or a constant turned so that it lines up with channels first."""
        if name in self.done:
            return self.done[name].value
        array = self.model.weights[name]
        if picture and array.ndim:
            array = np.moveaxis(array.reshape((1,) * (3 - array.ndim) + array.shape), -1, -3)
        return self.weight(name, array)


def _convolution(writer: _Writer, node: Mapping[str, Any], names: list[str]) -> _Tensor:
    kernel = writer.model.weights[names[1]]
    height, width = kernel.shape[:2]
    if "Depthwise" in node["op"]:
        groups = kernel.shape[2]
        turned = kernel.transpose(2, 3, 0, 1).reshape(-1, 1, height, width)
    else:
        groups = 1
        turned = kernel.transpose(3, 2, 0, 1)
    fused = attribute(node, "fused_ops") or []
    bias = [writer.weight(names[2], writer.model.weights[names[2]].reshape(-1))] if "BiasAdd" in fused else []
    value = writer.graph.op(
        "Conv",
        writer.done[names[0]].value,
        writer.weight(names[1], turned),
        *bias,
        kernel_shape=[height, width],
        strides=attribute(node, "strides")[1:3],
        dilations=(attribute(node, "dilations") or [1, 1, 1, 1])[1:3],
        group=groups,
        **_padding(node),
    )
    return _activate(writer, value, fused, names)


def _padding(node: Mapping[str, Any]) -> dict[str, Any]:
    kind = attribute(node, "padding")
    if kind == "EXPLICIT":
        edges = attribute(node, "explicit_paddings")
        return {"pads": [edges[2], edges[4], edges[3], edges[5]]}
    return {"auto_pad": "SAME_UPPER"} if kind == "SAME" else {}


def _activate(writer: _Writer, value: Value, fused: Sequence[str], names: Sequence[str]) -> _Tensor:
    for name in fused:
        if name == "Relu":
            value = writer.graph.op("Relu", value)
        elif name == "Relu6":
            value = value.clip(0, 6)
        elif name == "Prelu":
            value = _leaky(writer, value, names[3])
        elif name != "BiasAdd":
            raise UnknownOperatorError(name)
    return _Tensor(value, picture=True)


def _pool(writer: _Writer, node: Mapping[str, Any], names: list[str]) -> _Tensor:
    value = writer.graph.op(
        "MaxPool",
        writer.done[names[0]].value,
        kernel_shape=attribute(node, "ksize")[1:3],
        strides=attribute(node, "strides")[1:3],
        **_padding(node),
    )
    return _Tensor(value, picture=True)


def _pad(writer: _Writer, _node: Mapping[str, Any], names: list[str]) -> _Tensor:
    edges = writer.model.weights[names[1]][[0, 3, 1, 2]].astype(np.int64)
    return _Tensor(writer.graph.op("Pad", writer.done[names[0]].value, edges.T.reshape(-1)), picture=True)


def _reshape(writer: _Writer, _node: Mapping[str, Any], names: list[str]) -> _Tensor:
    source = writer.done[names[0]]
    value = source.value.transpose(0, 2, 3, 1) if source.picture else source.value
    shape = [int(size) for size in writer.model.weights[names[1]]]
    return _Tensor(value.reshape(*shape))


def _binary(kind: str) -> Callable[[_Writer, Mapping[str, Any], list[str]], _Tensor]:
    def handle(writer: _Writer, _node: Mapping[str, Any], names: list[str]) -> _Tensor:
        picture = any(name in writer.done and writer.done[name].picture for name in names)
        left, right = (writer.operand(name, picture=picture) for name in names)
        return _Tensor(writer.graph.op(kind, left, right), picture=picture)

    return handle


def _relu(writer: _Writer, node: Mapping[str, Any], names: list[str]) -> _Tensor:
    source = writer.done[names[0]]
    if writer.consumers[node["name"]] == ["Minimum"]:
        return _Tensor(source.value, source.picture, relu_of=source.value)
    return _Tensor(writer.graph.op("Relu", source.value), source.picture)


def _minimum(writer: _Writer, _node: Mapping[str, Any], names: list[str]) -> _Tensor:
    """`min(relu(x), 6)` becomes one Clip, which the runtime can fuse into the convolution before it."""
    source = writer.done[names[0]]
    if source.relu_of is None:
        raise UnknownOperatorError("Minimum without Relu before it")
    value = source.relu_of.clip(0, float(writer.model.weights[names[1]]))
    return _Tensor(value, source.picture, relu_of=source.relu_of)


def _maximum(writer: _Writer, _node: Mapping[str, Any], names: list[str]) -> _Tensor:
    """`max(relu6(x), 0)` changes nothing."""
    source = writer.done[names[0]]
    if source.relu_of is None or float(writer.model.weights[names[1]]) != 0:
        raise UnknownOperatorError("Maximum that is not the end of a Relu6")
    return _Tensor(source.value, source.picture)


def _prelu(writer: _Writer, _node: Mapping[str, Any], names: list[str]) -> _Tensor:
    return _Tensor(_leaky(writer, writer.done[names[0]].value, names[1]), picture=True)


def _leaky(writer: _Writer, value: Value, name: str) -> Value:
    """PRelu as `slope * x + (1 - slope) * relu(x)`, each product a 1 x 1 depthwise convolution.

    The same numbers, but the runtime's own PRelu takes two thirds of the mesh network's time (4.6 ms becomes 2.3, in
    WASM 31.7 ms becomes 7.3), because it breaks the blocked layout in which convolutions hand pictures on.
    """
    slope = writer.model.weights[name].reshape(-1, 1, 1, 1).astype(np.float32)
    shared: dict[str, Any] = {"group": len(slope), "kernel_shape": [1, 1]}
    positive = writer.graph.op("Conv", writer.graph.op("Relu", value), 1 - slope, **shared)
    return positive + writer.graph.op("Conv", value, slope, **shared)


def _mean(writer: _Writer, node: Mapping[str, Any], names: list[str]) -> _Tensor:
    axes = sorted(int(axis) for axis in writer.model.weights[names[1]].reshape(-1))
    if axes != [1, 2] or attribute(node, "keep_dims"):
        raise UnknownOperatorError(f"Mean over {axes}")
    pooled = writer.graph.op("GlobalAveragePool", writer.done[names[0]].value)
    return _Tensor(writer.graph.op("Flatten", pooled))


def _identity(writer: _Writer, _node: Mapping[str, Any], names: list[str]) -> _Tensor:
    return writer.done[names[0]]


def _sigmoid(writer: _Writer, _node: Mapping[str, Any], names: list[str]) -> _Tensor:
    source = writer.done[names[0]]
    return _Tensor(writer.graph.op("Sigmoid", source.value), source.picture)


_HANDLERS: Final[dict[str, Callable[[_Writer, Mapping[str, Any], list[str]], _Tensor]]] = {
    "Conv2D": _convolution,
    "_FusedConv2D": _convolution,
    "DepthwiseConv2dNative": _convolution,
    "FusedDepthwiseConv2dNative": _convolution,
    "MaxPool": _pool,
    "Pad": _pad,
    "Reshape": _reshape,
    "Add": _binary("Add"),
    "AddV2": _binary("Add"),
    "Sub": _binary("Sub"),
    "Mul": _binary("Mul"),
    "Relu": _relu,
    "Minimum": _minimum,
    "Maximum": _maximum,
    "Prelu": _prelu,
    "Mean": _mean,
    "Identity": _identity,
    "Sigmoid": _sigmoid,
}
