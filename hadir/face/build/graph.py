"""Write an ONNX graph as if it were arithmetic.

A :class:`Value` is the name of a tensor that will exist when the graph runs; operators on it append nodes.
Names are counted, so the same calls give the same bytes: a model pack can be rebuilt and compared by its sha256.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, ClassVar, TypeAlias

import numpy as np
import onnx
from numpy.typing import ArrayLike, NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 18
"""Highest operator set whose every operator used here runs on the CPU and the WASM providers alike."""
IR_VERSION = 9

FLOAT, INT64, UINT8 = TensorProto.FLOAT, TensorProto.INT64, TensorProto.UINT8
_END = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Value:
    """One tensor of a graph under construction."""

    graph: Graph
    name: str
    __array_ufunc__: ClassVar[None] = None
    """Lets `array - value` come to this class instead of to NumPy."""

    def __add__(self, other: Operand) -> Value:
        return self.graph.op("Add", self, other)

    def __radd__(self, other: Operand) -> Value:
        return self.graph.op("Add", other, self)

    def __sub__(self, other: Operand) -> Value:
        return self.graph.op("Sub", self, other)

    def __rsub__(self, other: Operand) -> Value:
        return self.graph.op("Sub", other, self)

    def __mul__(self, other: Operand) -> Value:
        return self.graph.op("Mul", self, other)

    def __rmul__(self, other: Operand) -> Value:
        return self.graph.op("Mul", other, self)

    def __truediv__(self, other: Operand) -> Value:
        return self.graph.op("Div", self, other)

    def __rtruediv__(self, other: Operand) -> Value:
        return self.graph.op("Div", other, self)

    def __neg__(self) -> Value:
        return self.graph.op("Neg", self)

    def __gt__(self, other: Operand) -> Value:
        return self.graph.op("Greater", self, other)

    def __matmul__(self, other: Operand) -> Value:
        return self.graph.op("MatMul", self, other)

    def cast(self, kind: int) -> Value:
        """The same numbers as another ONNX element type."""
        return self.graph.op("Cast", self, to=kind)

    def floats(self) -> Value:
        """The same numbers as 32-bit floats."""
        return self.cast(FLOAT)

    def integers(self) -> Value:
        """The numbers cut to 64-bit integers."""
        return self.cast(INT64)

    def part(self, axis: int, start: int | Value, stop: int | Value = _END, step: int | Value = 1) -> Value:
        """Slice along one axis; bounds may be one-element integer tensors."""
        bounds = [b if isinstance(b, Value) else [b] for b in (start, stop)]
        return self.graph.op("Slice", self, *bounds, [axis], step if isinstance(step, Value) else [step])

    def pick(self, axis: int, index: int | Sequence[int] | Value) -> Value:
        """Gather positions along an axis; one integer drops the axis, a list keeps it."""
        return self.graph.op("Gather", self, index, axis=axis)

    def reshape(self, *shape: int) -> Value:
        """Another shape of the same numbers; 0 keeps a dimension, -1 takes the rest."""
        return self.graph.op("Reshape", self, list(shape))

    def transpose(self, *order: int) -> Value:
        """Axes in another order."""
        return self.graph.op("Transpose", self, perm=list(order))

    def expand(self, *axes: int) -> Value:
        """Insert axes of size one."""
        return self.graph.op("Unsqueeze", self, list(axes))

    def squeeze(self, *axes: int) -> Value:
        """Drop axes of size one."""
        return self.graph.op("Squeeze", self, list(axes))

    def shape(self) -> Value:
        """The dimensions as a 64-bit integer vector."""
        return self.graph.op("Shape", self)

    def mean(self, *axes: int, keep: bool = False) -> Value:
        return self.graph.op("ReduceMean", self, list(axes), keepdims=int(keep))

    def sum(self, *axes: int, keep: bool = False) -> Value:
        return self.graph.op("ReduceSum", self, list(axes), keepdims=int(keep))

    def min(self, *axes: int, keep: bool = False) -> Value:
        return self.graph.op("ReduceMin", self, list(axes), keepdims=int(keep))

    def max(self, *axes: int, keep: bool = False) -> Value:
        return self.graph.op("ReduceMax", self, list(axes), keepdims=int(keep))

    def clip(self, low: float | None, high: float | None) -> Value:
        limits = [None if bound is None else np.float32(bound) for bound in (low, high)]
        return self.graph.op("Clip", self, *limits)

    def sqrt(self) -> Value:
        return self.graph.op("Sqrt", self)

    def unit(self, axis: int = -1) -> Value:
        """Scaled to length one along an axis; zeros stay zeros instead of becoming NaN."""
        length = (self * self).sum(axis, keep=True).sqrt()
        return self / self.graph.op("Max", length, 1e-6)


Operand: TypeAlias = "Value | ArrayLike"
Body: TypeAlias = "Callable[[Graph, Value], Sequence[Value]]"
Branch: TypeAlias = "Callable[[Graph], Sequence[Value]]"
TensorForm: TypeAlias = tuple[int, Sequence[int | str]]
"""Element type and shape; a word is a dimension that may vary."""


@dataclass
class Graph:
    """Nodes and weights of one graph in the order in which they were asked for."""

    nodes: list[onnx.NodeProto] = field(default_factory=list)
    weights: list[onnx.TensorProto] = field(default_factory=list)
    numbers: count[int] = field(default_factory=count)
    known: dict[tuple[str, tuple[int, ...], bytes], Value] = field(default_factory=dict)

    def input(self, name: str) -> Value:
        """Refer to an input of the graph by its promised name."""
        return Value(self, name)

    def constant(self, value: ArrayLike) -> Value:
        """A fixed tensor; Python integers become 64-bit, floats 32-bit. Equal constants are stored once."""
        array = np.asarray(value)
        if array.dtype == np.float64:
            array = array.astype(np.float32)
        key = (str(array.dtype), array.shape, array.tobytes())
        if key not in self.known:
            name = f"c{next(self.numbers)}"
            self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array).reshape(array.shape), name))
            self.known[key] = Value(self, name)
        return self.known[key]

    def half(self, value: NDArray[np.float32]) -> Value:
        """A weight stored in 16 bits and widened when the session starts (the runtime folds the cast away)."""
        return self.constant(value.astype(np.float16)).floats()

    def op(self, kind: str, *inputs: Operand | None, **attributes: Any) -> Value:
        """Append a node with one output."""
        return self.ops(kind, 1, *inputs, **attributes)[0]

    def ops(self, kind: str, outputs: int, *inputs: Operand | None, **attributes: Any) -> list[Value]:
        """Append a node with several outputs. An input of None is left out."""
        names = [self._name_of(value) for value in inputs]
        results = [f"t{next(self.numbers)}" for _ in range(outputs)]
        self.nodes.append(helper.make_node(kind, names, results, **attributes))
        return [Value(self, name) for name in results]

    def join(self, axis: int, *values: Operand) -> Value:
        """Concatenate along an axis."""
        return self.op("Concat", *values, axis=axis)

    def for_each(self, rows: Value, body: Body, results: Sequence[TensorForm]) -> list[Value]:
        """Run `body(graph, index)` for every row of `rows` and stack what it returns.

        `index` is a one-element tensor. `results` gives element type and shape of each result of one run.
        The body may use every value of the surrounding graph.
        """
        inner = Graph(numbers=self.numbers)
        step, going = f"i{next(self.numbers)}", f"i{next(self.numbers)}"
        values = body(inner, Value(inner, step).reshape(1))
        outputs = [inner.op("Identity", value) for value in values]
        more = inner.op("Identity", Value(inner, going))
        graph = helper.make_graph(
            inner.nodes,
            "body",
            [
                helper.make_tensor_value_info(step, INT64, []),
                helper.make_tensor_value_info(going, TensorProto.BOOL, []),
            ],
            [
                helper.make_tensor_value_info(more.name, TensorProto.BOOL, []),
                *(tensor(value.name, *form) for value, form in zip(outputs, results, strict=True)),
            ],
            inner.weights,
        )
        times = rows.shape().part(0, 0, 1).squeeze(0)
        return self.ops("Loop", len(values), times, self.constant(np.bool_(True)), body=graph)

    def either(self, condition: Value, then: Branch, otherwise: Branch) -> list[Value]:
        """Run only one of two branches; both give equally many values. They may use every value around them."""
        graphs = []
        for number, branch in enumerate((then, otherwise)):
            inner = Graph(numbers=self.numbers)
            outputs = [inner.op("Identity", value) for value in branch(inner)]
            infos = [onnx.ValueInfoProto(name=value.name) for value in outputs]
            graphs.append(helper.make_graph(inner.nodes, f"branch{number}", [], infos, inner.weights))
        return self.ops("If", len(graphs[0].output), condition, then_branch=graphs[0], else_branch=graphs[1])

    def inline(self, net: onnx.GraphProto, known: dict[str, Value]) -> Value:
        """Copy the nodes of another graph; `known` stands for its inputs and weights. Gives its only output."""
        names = {"": "", **{name: value.name for name, value in known.items()}}
        for source in net.node:
            node = onnx.NodeProto()
            node.CopyFrom(source)
            node.ClearField("name")
            for name in filter(None, source.output):
                names[name] = f"t{next(self.numbers)}"
            node.input[:] = [names[name] for name in source.input]
            node.output[:] = [names[name] for name in source.output]
            self.nodes.append(node)
        return Value(self, names[net.output[0].name])

    def save(
        self, name: str, inputs: Sequence[onnx.ValueInfoProto], outputs: dict[str, tuple[Value, TensorForm]]
    ) -> bytes:
        """The finished model as bytes, checked."""
        for label, (value, _) in outputs.items():
            self.nodes.append(helper.make_node("Identity", [value.name], [label]))
        infos = [tensor(label, *form) for label, (_, form) in outputs.items()]
        graph = helper.make_graph(self.nodes, name, inputs, infos, self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="hadir")
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))

    def _name_of(self, value: Operand | None) -> str:
        if value is None:
            return ""
        return value.name if isinstance(value, Value) else self.constant(value).name


def tensor(name: str, kind: int, shape: Sequence[int | str]) -> onnx.ValueInfoProto:
    """Describe an input or output; a word in `shape` is a dimension that may vary."""
    return helper.make_tensor_value_info(name, kind, shape)
