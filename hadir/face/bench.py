"""How fast is the engine on this machine? Figures for `hadir face bench` and for bench/engine.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter, thread_time
from typing import Final

import numpy as np

from hadir.face.engine import Engine, Pixels

WARM_UP: Final = 3


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one call: median and 95th percentile of the clock, least processor time of its one thread.

    The least processor time is what compares on a machine that others use too: everything else they do only adds to it.
    """

    median: float
    p95: float
    processor: float


@dataclass(frozen=True, slots=True)
class Speed:
    """What one look at a frame costs. faces: how many the frame shows."""

    pack: str
    width: int
    height: int
    faces: int
    analyze: Timing
    embed: Timing
    rounds: int


def time_call(call: Callable[[], object], rounds: int) -> Timing:
    """Time a call after a warm-up."""
    for _ in range(WARM_UP):
        call()
    clock, processor = [], []
    for _ in range(rounds):
        began, used = perf_counter(), thread_time()
        call()
        clock.append((perf_counter() - began) * 1e3)
        processor.append((thread_time() - used) * 1e3)
    return Timing(float(np.median(clock)), float(np.percentile(clock, 95)), float(min(processor)))


def measure_speed(engine: Engine, frame: Pixels, *, rounds: int = 30) -> Speed:
    """Time the engine on one frame; a frame without a face shows only what searching costs."""
    faces = engine.analyze(frame)
    landmarks = np.array([face.landmarks for face in faces], np.float32).reshape(-1, 468, 2)
    return Speed(
        pack=engine.manifest.id,
        width=frame.shape[1],
        height=frame.shape[0],
        faces=len(faces),
        analyze=time_call(lambda: engine.analyze(frame), rounds),
        embed=time_call(lambda: engine.embed(frame, landmarks), rounds),
        rounds=rounds,
    )
