"""The engine: a picture in, faces out. All arithmetic on pixels is inside the pack's graphs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from hadir.face.errors import BadFrame, PackDamaged
from hadir.face.manifest import Manifest, find_pack, sha256_of
from hadir.face.session import open_session

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

MOST_FACES: Final = 20
"""No more faces than this are looked at in one picture (the tracker gives no more)."""


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face in a picture. Points and lengths are pixels of that picture; (0, 0) is its top left corner.

    box: float32 (4,), x1 y1 x2 y2, the face without hair; may reach over the edge of the picture.
    score: 0..1, how sure the detector is. presence: 0..1, how sure the mesh network is that its crop shows a face.
    landmarks: float32 (468, 2), x y of the MediaPipe face mesh; "right" is the person's own right.
    quality: named measures, units in docs/face.md: size sharpness brightness contrast evenness yaw pitch roll inside.
        Yaw is positive when the person turns to their own left, pitch when they look up, roll clockwise in the picture.
    embedding: float32 (dimension,), unit length; the cosine of two embeddings is their product.
    """

    box: Floats
    score: float
    presence: float
    landmarks: Floats
    quality: Mapping[str, float]
    embedding: Floats


class Engine:
    """A loaded model pack. Safe to share between threads: it holds no state but its sessions."""

    def __init__(
        self, manifest: Manifest, track: onnxruntime.InferenceSession, embed: onnxruntime.InferenceSession
    ) -> None:
        self.manifest = manifest
        self._track = track
        self._embed = embed

    @classmethod
    def load(cls, pack: str | Path | None = None, *, threads: int = 1) -> Engine:
        """Load a pack by name or folder; None is the pack of HADIR_PACK, or `open`.

        The graphs are checked against the manifest first. Raises PackMissing, PackDamaged (both PackError).
        """
        folder = find_pack(pack)
        manifest = Manifest.read(folder)
        sessions = {}
        for name in ("track", "embed"):
            file = manifest.files.get(name)
            if file is None or not (folder / file.name).is_file() or sha256_of(folder / file.name) != file.sha256:
                raise PackDamaged(f"{name} of {folder} is not the file that its manifest names; install the pack again")
            sessions[name] = open_session(folder / file.name, threads=threads)
        return cls(manifest, sessions["track"], sessions["embed"])

    def analyze(self, rgb: Pixels, limit: int | None = None) -> list[Face]:
        """Find the faces of a picture, at most `limit` of them (None: up to MOST_FACES).

        The main one comes first: large, and near the middle, where the one who is meant stands.

        `rgb` is uint8, height x width x 3 (a fourth channel is ignored), of any size. No face is an empty list.
        Raises BadFrame for anything else.
        """
        frame = _checked(rgb)
        most = MOST_FACES if limit is None else min(max(limit, 0), MOST_FACES)
        boxes, scores, landmarks, presence, quality = self._track.run(
            ["boxes", "scores", "landmarks", "presence", "quality"],
            {"frame": frame, "limit": np.array([most], np.int64)},
        )
        found = np.isfinite(landmarks).all((1, 2)) & np.isfinite(quality).all(1)
        places = np.flatnonzero(found & (presence >= self.manifest.presence))
        if not places.size:
            return []
        embeddings = self.embed(frame, landmarks[places])
        return [
            Face(
                box=_frozen(boxes[place]),
                score=float(scores[place]),
                presence=float(presence[place]),
                landmarks=_frozen(landmarks[place]),
                quality=MappingProxyType(
                    dict(zip(self.manifest.quality_names, map(float, quality[place]), strict=True))
                ),
                embedding=_frozen(embedding),
            )
            for place, embedding in zip(places, embeddings, strict=True)
        ]

    def embed(self, rgb: Pixels, landmarks: Floats) -> Floats:
        """Embeddings (faces x dimension, unit length) of faces whose landmarks (faces x 468 x 2) are known."""
        (embeddings,) = self._embed.run(["embedding"], {"frame": rgb, "landmarks": landmarks})
        return np.asarray(embeddings, np.float32)


def _checked(rgb: Pixels) -> Pixels:
    if not isinstance(rgb, np.ndarray) or rgb.dtype != np.uint8:
        raise BadFrame(f"a frame is a uint8 array, not {getattr(rgb, 'dtype', type(rgb).__name__)}")
    if rgb.ndim != 3 or rgb.shape[2] not in (3, 4) or not rgb.size:
        raise BadFrame(f"a frame is height x width x 3, not {' x '.join(map(str, rgb.shape))}")
    return np.ascontiguousarray(rgb)


def _frozen(values: Floats) -> Floats:
    values = np.array(values, np.float32)
    values.setflags(write=False)
    return values
