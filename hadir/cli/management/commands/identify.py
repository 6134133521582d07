"""`hadir identify`: whose faces are in these pictures? Records nothing."""

from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from hadir.cli.base import HadirCommand, add_json, decimal, find_school
from hadir.core import clock
from hadir.enrolment.engine import current_engine
from hadir.enrolment.gate import faults_of, several_faces
from hadir.enrolment.likeness import nearest_people
from hadir.enrolment.models import Pose
from hadir.enrolment.queries import active_templates
from hadir.enrolment.vault import Vector, key_ring
from hadir.face import Engine, FaceError, decide, decode_image
from hadir.people.models import Person


@dataclass(frozen=True)
class Answer:
    """What is said of one picture; `probe` is the main face's embedding where there is one to compare."""

    image: str
    verdict: str
    quality: dict[str, float]
    code: str = ""
    probe: Vector | None = None
    person: str | None = None
    similarity: float | None = None
    second: float | None = None

    def fact(self) -> dict[str, Any]:
        """Return the promised JSON object; `code` is there only where the verdict needs one."""
        fact = {
            "image": self.image,
            "person": self.person,
            "verdict": self.verdict,
            "similarity": self.similarity,
            "second": self.second,
            "quality": self.quality,
        }
        return {**fact, "code": self.code} if self.code else fact


class Command(HadirCommand):
    """Compare pictures with the gallery of a school or of everybody."""

    help = (
        "Cocokkan foto dengan wajah yang terdaftar; tidak mencatat apa pun. Hasil: recognised, unsure, unknown, "
        "no_face, several_faces, poor_quality, unreadable. Kode akhir 1 bila ada berkas yang tidak terbaca."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the pictures and the gallery."""
        parser.add_argument("images", nargs="+", metavar="FOTO", help="berkas gambar")
        parser.add_argument("--school", metavar="NPSN", help="hanya orang yang bertugas di sekolah ini hari ini")
        add_json(parser)

    def run(self, options: dict[str, Any]) -> int:
        """Answer every picture, readable or not, in the order given."""
        schools = [find_school(options["school"])] if options["school"] else None
        engine = current_engine()
        answers = [look_at(engine, name) for name in options["images"]]
        templates = active_templates(engine.manifest.id, clock.now(), schools)
        probes = [answer.probe for answer in answers if answer.probe is not None]
        matches = iter(nearest_people(np.stack(probes), templates, key_ring()) if probes else [])
        for place, answer in enumerate(answers):
            if answer.probe is None:
                continue
            found = next(matches)
            verdict = answer.verdict or str(decide(found.similarity, found.second, engine.manifest.thresholds))
            answers[place] = replace(
                answer,
                verdict=verdict,
                person=str(found.person) if verdict == "recognised" else None,
                similarity=round(found.similarity, 4) if found.person else None,
                second=None if found.second is None else round(found.second, 4),
            )
        self._print(answers, as_json=options["json"])
        return 1 if any(answer.verdict == "unreadable" for answer in answers) else 0

    def _print(self, answers: Sequence[Answer], *, as_json: bool) -> None:
        if as_json:
            for answer in answers:
                self.fact(answer.fact())
            return
        names = dict(Person.objects.in_bulk([answer.person for answer in answers if answer.person]))
        shown = {str(key): person.name for key, person in names.items()}
        rows = [
            (
                answer.image,
                shown.get(answer.person or "", "-"),
                f"{answer.verdict} ({answer.code})" if answer.code else answer.verdict,
                decimal(answer.similarity),
                decimal(answer.second),
            )
            for answer in answers
        ]
        self.table(("Gambar", "Orang", "Hasil", "Kemiripan", "Kedua"), rows, right=(3, 4))


def look_at(engine: Engine, name: str) -> Answer:
    """Return what can be said of a file before comparing: a verdict where nothing more is to be said, else none yet."""
    try:
        faces = engine.analyze(decode_image(Path(name).read_bytes()), limit=2)
    except OSError:
        return Answer(name, "unreadable", {}, code="file_missing")
    except FaceError as error:
        return Answer(name, "unreadable", {}, code=error.code)
    if not faces:
        return Answer(name, "no_face", {})
    quality = {measure: round(value, 4) for measure, value in faces[0].quality.items()}
    if several_faces(faces):
        return Answer(name, "several_faces", quality)
    faults = faults_of(faces, pose=Pose.UPLOAD, gates=engine.manifest.gates["scan"])
    if faults:
        return Answer(name, "poor_quality", quality, code=faults[0].code, probe=faces[0].embedding)
    return Answer(name, "", quality, probe=faces[0].embedding)
