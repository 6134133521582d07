"""The one place where onnxruntime is set up."""

from __future__ import annotations

from pathlib import Path

import onnxruntime

from hadir.face.errors import PackDamaged


def open_session(model: Path | bytes, *, threads: int = 1) -> onnxruntime.InferenceSession:
    """Load a graph for the CPU.

    One thread by default: a server answers several people at a time, and a figure from one thread can be compared.
    Raises PackDamaged when the file is no graph that this runtime can run.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    source = model if isinstance(model, bytes) else str(model)
    try:
        return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except (RuntimeError, ValueError, OSError) as error:
        raise PackDamaged(f"{'graph' if isinstance(model, bytes) else model} cannot be loaded: {error}") from error
