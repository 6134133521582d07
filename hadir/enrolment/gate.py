"""What a picture must be like before it becomes a template, and what to tell the person when it is not.

The limits are the pack's (`gates.enrol` of its manifest), because they depend on its networks; how far a head is to be
turned for each pose is decided here. Measures and units: docs/face.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hadir.enrolment.models import Pose
from hadir.face import Face

Limits = tuple[float | None, float | None]

BYSTANDER: Final = 0.5
"""Another face at least this much of the main one's width makes "several faces"; smaller ones stand behind."""

POSE_YAW: Final[Mapping[str, tuple[float, float]]] = {
    Pose.FRONT: (-14.0, 14.0),
    Pose.FRONT2: (-14.0, 14.0),
    Pose.LEFT: (9.0, 45.0),
    Pose.RIGHT: (-45.0, -9.0),
}
"""Degrees of turn for each pose, positive to the person's own left; an uploaded photo has the pack's limits only."""

REASONS: Final[Mapping[str, Promise]] = {
    "no_face": _("Wajah tidak terlihat. Hadapkan wajah ke kamera; lepas masker atau kacamata gelap."),
    "several_faces": _("Ada lebih dari satu wajah. Satu orang dulu, yang lain mohon menunggu di belakang."),
    "too_far": _("Wajah terlalu kecil. Maju sedikit, atau pilih foto yang lebih dekat."),
    "cut_off": _("Wajah terpotong tepi gambar. Geser sampai seluruh wajah terlihat."),
    "too_dark": _("Terlalu gelap. Cari tempat lebih terang, atau hadapkan wajah ke cahaya."),
    "too_bright": _("Terlalu terang. Jauhkan wajah dari cahaya langsung."),
    "left_dark": _("Sisi kiri wajah gelap. Putar sedikit sampai kedua sisi sama terang."),
    "right_dark": _("Sisi kanan wajah gelap. Putar sedikit sampai kedua sisi sama terang."),
    "low_contrast": _("Wajah kurang jelas. Bersihkan lensa dan hindari cahaya dari belakang."),
    "blurred": _("Gambar kurang tajam. Tahan sebentar, dan bersihkan lensa kamera."),
    "turned_away": _("Wajah terlalu menoleh. Hadap lurus ke kamera."),
    "turn_left": _("Menoleh sedikit ke kiri Anda."),
    "turn_right": _("Menoleh sedikit ke kanan Anda."),
    "turned_too_far": _("Menoleh terlalu jauh. Kembali sedikit ke arah kamera."),
    "chin_up": _("Dagu terlalu terangkat. Turunkan sedikit."),
    "chin_down": _("Wajah terlalu menunduk. Angkat dagu sedikit."),
    "tilted": _("Kepala miring. Tegakkan sedikit."),
    "other_person_in_set": _(
        "Wajah ini berbeda dari gambar sebelumnya. Pastikan orangnya sama; bila salah orang, mulai lagi dari awal."
    ),
    "same_image": _("Gambar ini sama dengan yang sudah ada. Ambil gambar yang lain."),
    "unreadable_image": _("Berkas ini bukan gambar yang dapat dibaca. Pilih foto JPEG, PNG, atau WebP."),
    "image_too_large": _("Gambar ini terlalu besar. Perkecil dulu, atau ambil foto baru."),
    "enrolment_full": _("Templat sudah cukup. Selesaikan, atau hapus salah satu lebih dulu."),
}
"""Every reason for refusing a picture: its code and what is said to the person."""

_MEASURES: Final = (
    ("size", "too_far", None),
    ("inside", "cut_off", None),
    ("brightness", "too_dark", "too_bright"),
    ("evenness", "right_dark", "left_dark"),
    ("contrast", "low_contrast", None),
    ("sharpness", "blurred", None),
    ("pitch", "chin_down", "chin_up"),
    ("roll", "tilted", "tilted"),
)
"""Measure, reason below its lower limit, reason above its upper limit; what helps most comes first."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a picture was refused."""

    code: str

    @property
    def text(self) -> str:
        """The sentence in the language of the moment."""
        return str(REASONS[self.code])


def faults_of(faces: Sequence[Face], *, pose: str, gates: Mapping[str, Limits]) -> list[Reason]:
    """Return why the picture is no template for this pose, the most helpful reason first; nothing when it is one.

    `faces` are the engine's, the main one first.
    """
    if not faces:
        return [Reason("no_face")]
    if several_faces(faces):
        return [Reason("several_faces")]
    quality = faces[0].quality
    return [Reason(code) for code in (*_measured(quality, gates), *_turned(quality["yaw"], pose, gates))]


def several_faces(faces: Sequence[Face]) -> bool:
    """Tell whether a second person is about as near as the first, main one; somebody small behind does not count."""
    return any(_width(other) >= BYSTANDER * _width(faces[0]) for other in faces[1:])


def _width(face: Face) -> float:
    return float(face.box[2] - face.box[0])


def _measured(quality: Mapping[str, float], gates: Mapping[str, Limits]) -> Iterator[str]:
    for measure, below, above in _MEASURES:
        low, high = gates.get(measure, (None, None))
        value = quality[measure]
        if low is not None and value < low:
            yield below
        elif above is not None and high is not None and value > high:
            yield above


def _turned(yaw: float, pose: str, gates: Mapping[str, Limits]) -> Iterator[str]:
    """Compare the turn with the pose and with the pack's limits; the narrower one holds."""
    asked = POSE_YAW.get(pose)
    low, high = gates.get("yaw", (None, None))
    lowest = max(low if low is not None else -90.0, asked[0] if asked else -90.0)
    highest = min(high if high is not None else 90.0, asked[1] if asked else 90.0)
    if lowest <= yaw <= highest:
        return
    if pose == Pose.LEFT:
        yield "turn_left" if yaw < lowest else "turned_too_far"
    elif pose == Pose.RIGHT:
        yield "turn_right" if yaw > highest else "turned_too_far"
    else:
        yield "turned_away"
