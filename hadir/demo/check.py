"""The main job once for real: enrol a sample portrait, recognise other photos, refuse strangers, find the scans again.

Goes through the enrolment service, the engine, the kiosk API over HTTP and the ledger, as an operator and a kiosk do.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from hadir.accounts.models import User
from hadir.cli.web import make_server, stop_server
from hadir.core import clock
from hadir.core.errors import HadirError
from hadir.demo.kiosk_client import KioskClient
from hadir.demo.services import CHECK_KIOSK, demo_kiosk, demo_people_in_database
from hadir.demo.staff import SAMPLE_PERSON
from hadir.devices.models import Device
from hadir.devices.services import hear_device, invite_kiosk, revoke_device
from hadir.enrolment.models import TemplateSource
from hadir.enrolment.queries import faces_of
from hadir.enrolment.services import enrol_images
from hadir.face import Engine, Face, Verdict, decide, decode_image
from hadir.ledger.models import Scan
from hadir.people.models import Person

ENROLLED_FROM: Final = ("obama.jpg",)
RECOGNISE: Final = ("obama2.jpg", "obama3.jpg", "obama_partial_face.jpg", "obama_partial_face2.jpg")
"""Two other photos, and the enrolled one with half of the face cut away on either side."""
REFUSE: Final = ("biden.jpg", "astronaut.png")

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Row:
    """One photo: what should come out, what did, the receipt of its scan. `milliseconds`: from pixels to verdict."""

    image: str
    expected: str
    verdict: str
    person: str | None
    similarity: float | None
    second: float | None
    milliseconds: float
    scan: str | None
    receipt: str | None

    @property
    def is_right(self) -> bool:
        """Tell whether it came out as it should and lies in the ledger."""
        return self.verdict == self.expected and self.receipt == "stored"


def run_check(portraits: Path, engine: Engine, tell: Tell) -> list[Row]:
    """Go the whole way and return a row per photo. Raises HadirError where a step does not work at all."""
    person = demo_people_in_database(SAMPLE_PERSON)
    _enrol(person, portraits, engine, tell)
    with _checking_kiosk() as kiosk, serving() as port:
        host = settings.ALLOWED_HOSTS[0] if settings.ALLOWED_HOSTS else "localhost"
        client = KioskClient(port, host if host != "*" else "localhost")
        client.activate(invite_kiosk(device=kiosk, by=None, now=clock.now()))
        tell(f"Kios terhubung lewat HTTP; daftar wajahnya berisi {len(client.names)} orang")
        return _show_photos(client, person, portraits, engine)


@contextmanager
def _checking_kiosk() -> Iterator[Device]:
    """Open the kiosk of the check and close it afterwards: nobody stands before it, so no day must wait for it."""
    kiosk = demo_kiosk(CHECK_KIOSK)
    Device.objects.filter(pk=kiosk.pk).update(revoked_at=None)
    kiosk.revoked_at = None
    try:
        yield kiosk
    finally:
        kiosk.refresh_from_db()
        hear_device(device=kiosk, now=clock.now(), unsent=0, app_version=kiosk.app_version)
        revoke_device(device=kiosk, by=None, now=clock.now())


@contextmanager
def serving() -> Iterator[int]:
    """Serve Hadir on a free port of this machine, in a thread, and give the port."""
    server = make_server("127.0.0.1", 0, threads=2, log_requests=False)
    thread = threading.Thread(target=server.run, name="hadir-demo-server", daemon=True)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        stop_server(server)
        thread.join(timeout=5)


def _enrol(person: Person, portraits: Path, engine: Engine, tell: Tell) -> None:
    if faces_of(person, engine.manifest.id).active is not None:
        tell(f"{person.name} sudah terdaftar dengan paket model ini")
        return
    done = enrol_images(
        person=person,
        images=[(portraits / name).read_bytes() for name in ENROLLED_FROM],
        by=User.objects.filter(username="operator").first(),
        now=clock.now(),
        engine=engine,
        source=TemplateSource.UPLOAD,
    )
    refused = [reason.text for result in done.images for reason in result.reasons]
    if done.finish is None:
        raise HadirError("demo_not_enrolled", cause=" ".join(refused))
    if done.finish.reviews:
        raise HadirError("demo_not_enrolled", cause=done.finish.reviews[0].get_kind_display())
    tell(f"{person.name} didaftarkan dari {', '.join(ENROLLED_FROM)}: {done.finish.templates} templat")


def _show_photos(client: KioskClient, person: Person, portraits: Path, engine: Engine) -> list[Row]:
    """Show every photo to the kiosk, hand in what it would record, twice, and look the scans up in the ledger."""
    looks = [
        (name, expected, *_look(client, engine, portraits / name))
        for expected, names in (("recognised", RECOGNISE), ("unknown", REFUSE))
        for name in names
    ]
    outbox = {
        name: client.record(found, verdict, face, clock.now())
        for name, _expected, face, found, verdict, _taken in looks
        if verdict is not Verdict.UNSURE
    }
    receipts = {receipt.id: receipt.status for receipt in client.upload(list(outbox.values()))}
    again = {receipt.status for receipt in client.upload(list(outbox.values()))}
    if again != {"known"}:
        raise HadirError("kiosk_refused", step="scans", cause=f"sent twice, answered {sorted(again)}")
    kept = {str(scan.pk): scan for scan in Scan.objects.filter(pk__in=list(receipts)).select_related("person")}
    rows = []
    for name, expected, _face, found, verdict, taken in looks:
        key = outbox[name][0] if name in outbox else None
        scan = kept.get(key or "")
        right_person = scan is not None and scan.person_id == (person.pk if expected == "recognised" else None)
        rows.append(
            Row(
                image=name,
                expected=expected,
                verdict=str(verdict),
                person=client.names.get(found.person or "") if verdict is Verdict.RECOGNISED else None,
                similarity=round(found.similarity, 4),
                second=None if found.second is None else round(found.second, 4),
                milliseconds=round(taken, 1),
                scan=key,
                receipt=receipts.get(key or "") if right_person else None,
            )
        )
    return rows


def _look(client: KioskClient, engine: Engine, path: Path) -> tuple[Face, Any, Verdict, float]:
    """Return the main face, whose it is, the verdict, and the milliseconds that took, from pixels."""
    pixels = decode_image(path.read_bytes())
    begun = time.perf_counter()
    faces = engine.analyze(pixels, limit=1)
    if not faces:
        raise HadirError("demo_no_face", name=path.name)
    found = client.look(faces[0])
    verdict = decide(found.similarity, found.second, engine.manifest.thresholds)
    return faces[0], found, verdict, (time.perf_counter() - begun) * 1000


def wrong(rows: Sequence[Row]) -> list[str]:
    """Return the names of the photos that did not come out right."""
    return [row.image for row in rows if not row.is_right]
