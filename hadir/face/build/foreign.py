"""Put a finished ONNX network (SFace, EdgeFace, ...) inside one of our graphs.

Such files are made for one picture at a time and for an older operator set: the network is brought to ours and runs
face by face, so that a fixed batch size of one in it does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass

import onnx
from google.protobuf.message import DecodeError
from onnx import numpy_helper, version_converter

from hadir.face.build.graph import FLOAT, OPSET, Graph, Value
from hadir.face.errors import PackDamaged


@dataclass(frozen=True, slots=True)
class ForeignNet:
    """A network with one picture in (1,3,side,side RGB) and one vector out, checked and in our operator set.

    Its input is (value - shift) / scale of pixel values 0..255.
    """

    model: onnx.ModelProto
    dimension: int
    scale: float
    shift: float

    @classmethod
    def read(cls, data: bytes, *, dimension: int, scale: float, shift: float) -> ForeignNet:
        """Parse and check an ONNX file. Raises PackDamaged when it is not such a network."""
        try:
            model = onnx.load_model_from_string(data)
            onnx.checker.check_model(model)
            if _opset(model) < OPSET:
                model = version_converter.convert_version(model, OPSET)
        except (onnx.checker.ValidationError, RuntimeError, ValueError, TypeError) as error:
            raise PackDamaged(f"not a usable ONNX network: {error}") from error
        except DecodeError as error:
            raise PackDamaged(f"not an ONNX file: {error}") from error
        if len(_inputs(model)) != 1 or len(model.graph.output) != 1 or _opset(model) != OPSET:
            raise PackDamaged("the network must have one input and one output, in an operator set that is known here")
        return cls(model, dimension, scale, shift)

    def emit(self, graph: Graph, chips: Value) -> Value:
        """Write the network. `chips`: N,3,side,side RGB 0..255; gives N,dimension."""
        weights = {
            weight.name: graph.constant(numpy_helper.to_array(weight)) for weight in self.model.graph.initializer
        }

        def one_face(inner: Graph, index: Value) -> list[Value]:
            chip = inner.op("Gather", chips, index, axis=0)
            picture = (chip - self.shift) / self.scale
            return [
                inner.inline(self.model.graph, {_inputs(self.model)[0]: picture, **weights}).reshape(self.dimension)
            ]

        (vectors,) = graph.for_each(chips, one_face, [(FLOAT, [self.dimension])])
        return vectors


def _opset(model: onnx.ModelProto) -> int:
    return int(next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")))


def _inputs(model: onnx.ModelProto) -> list[str]:
    """Names of the real inputs: older files list their weights among them."""
    weights = {weight.name for weight in model.graph.initializer}
    return [value.name for value in model.graph.input if value.name not in weights]
