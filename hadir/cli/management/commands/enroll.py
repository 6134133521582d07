"""`hadir enroll`: enrol a person's face from photos."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from hadir.cli.base import HadirCommand, add_json, find_person
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.enrolment.engine import current_engine
from hadir.enrolment.models import EnrolmentState, LegalBasis, TemplateSource
from hadir.enrolment.results import ImageResult, ImagesResult
from hadir.enrolment.services import enrol_images


class Command(HadirCommand):
    """Make templates from photos; the photos are not kept."""

    help = (
        "Daftarkan wajah seseorang dari foto. Foto tidak disimpan. Dengan perintah ini Anda menyatakan bahwa teks "
        "pemberitahuan yang berlaku sudah disampaikan kepada orangnya. Kode akhir 1: tidak ada foto yang cukup baik, "
        "atau wajahnya menunggu pemeriksaan."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the person and the photos."""
        parser.add_argument("person", metavar="ORANG", help="nomor, NIP, NUPTK, atau nama persis")
        parser.add_argument("images", nargs="+", metavar="FOTO", help="satu sampai lima berkas gambar")
        parser.add_argument(
            "--basis",
            default=LegalBasis.PUBLIC_TASK,
            choices=LegalBasis.values,
            help="dasar hukum; semula public_task",
        )
        add_json(parser)

    def run(self, options: dict[str, Any]) -> int:
        """Enrol and report every photo."""
        person = find_person(options["person"])
        images = [_read(name) for name in options["images"]]
        done = enrol_images(
            person=person,
            images=images,
            by=None,
            now=clock.now(),
            engine=current_engine(),
            source=TemplateSource.CLI,
            basis=options["basis"],
        )
        state = done.finish.state if done.finish else EnrolmentState.REJECTED
        if options["json"]:
            self.fact(_fact(str(person.pk), state, options["images"], done))
        else:
            self._report(person.name, options["images"], done)
        return 0 if state == EnrolmentState.ACTIVE else 1

    def _report(self, name: str, files: list[str], done: ImagesResult) -> None:
        for file, result in zip(files, done.images, strict=True):
            words = "templat disimpan" if result.accepted else " ".join(reason.text for reason in result.reasons)
            self.say(f"{file}: {words}")
        if done.finish is None:
            self.say(f"Wajah {name} belum didaftarkan: tidak ada foto yang cukup baik.")
            return
        self.say(f"Templat {name}: {done.finish.templates}.")
        for review in done.finish.reviews:
            likeness = f"kemiripan {review.similarity:.2f}".replace(".", ",")
            self.say(f"Menunggu pemeriksaan: {review.get_kind_display()} ({review.other_person.name}, {likeness}).")
        if not done.finish.reviews:
            self.say("Wajah aktif di kios sekolahnya.")
        if done.finish.templates < 3:
            self.say("Saran: tambah foto sampai tiga, dengan arah wajah yang sedikit berbeda.")


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError:
        raise HadirError("file_missing", name=name) from None


def _fact(person: str, state: EnrolmentState, files: list[str], done: ImagesResult) -> dict[str, Any]:
    return {
        "person": person,
        "state": state,
        "templates": done.finish.templates if done.finish else 0,
        "reviews": [
            {
                "id": str(review.pk),
                "kind": review.kind,
                "other": str(review.other_person_id),
                "similarity": review.similarity,
            }
            for review in (done.finish.reviews if done.finish else ())
        ],
        "images": [_image_fact(file, result) for file, result in zip(files, done.images, strict=True)],
    }


def _image_fact(file: str, result: ImageResult) -> dict[str, Any]:
    return {
        "image": file,
        "accepted": result.accepted,
        "reasons": [{"code": reason.code, "text": reason.text} for reason in result.reasons],
        "quality": result.quality,
    }
