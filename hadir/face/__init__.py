"""The face engine: picture -> faces -> whose. Numpy and onnxruntime only; knows no school and no database.

engine = Engine.load()
faces = engine.analyze(decode_image(data))
found = match(faces[0].embedding, {"budi": templates})
decide(found.similarity, found.second, engine.manifest.thresholds)
"""

from hadir.face.decode import decode_image
from hadir.face.engine import Engine, Face
from hadir.face.errors import (
    BadFrame,
    BadVector,
    FaceError,
    ImageTooLarge,
    PackDamaged,
    PackError,
    PackMissing,
    PackNotAllowed,
    SourceMismatch,
    SourceUnavailable,
    UnreadableImage,
)
from hadir.face.manifest import Manifest, Thresholds, find_pack
from hadir.face.match import Match, Verdict, decide, fuse, match

__all__ = [
    "BadFrame",
    "BadVector",
    "Engine",
    "Face",
    "FaceError",
    "ImageTooLarge",
    "Manifest",
    "Match",
    "PackDamaged",
    "PackError",
    "PackMissing",
    "PackNotAllowed",
    "SourceMismatch",
    "SourceUnavailable",
    "Thresholds",
    "UnreadableImage",
    "Verdict",
    "decide",
    "decode_image",
    "find_pack",
    "fuse",
    "match",
]
