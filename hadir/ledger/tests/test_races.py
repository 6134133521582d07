"""Two uploads at the same moment, on real connections of a real database."""

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from hadir.conftest import NOW, World
from hadir.core.errors import HadirError
from hadir.devices.services import activate_kiosk, invite_kiosk
from hadir.ledger.models import HeldRecord, Scan
from hadir.ledger.services import record_scan

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8


@pytest.fixture(autouse=True)
def several_connections() -> None:
    """SQLite's test database is in memory and has one connection; its writers wait for each other by design."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).is_absolute():
        pytest.skip("SQLite in memory has one connection")


def all_at_once(work: Callable[[int], Any]) -> list[Any]:
    """Run the work in threads that start together; return what each returned or raised."""
    gate = threading.Barrier(THREADS)

    def run(number: int) -> Any:
        gate.wait()
        try:
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_one_id_one_content(world: World):
    record = world.record()
    data = json.dumps(record).encode()
    receipts = all_at_once(lambda _: record_scan(device=world.kiosk, claimed_id=record["id"], record=data, now=NOW))
    assert Counter(receipt.status for receipt in receipts) == {"stored": 1, "known": THREADS - 1}
    assert Scan.objects.count() == 1
    assert not HeldRecord.objects.exists()


def test_one_id_two_contents(world: World):
    record = world.record()
    contents = [json.dumps(record | {"frames": frames}).encode() for frames in (3, 4)]
    receipts = all_at_once(
        lambda n: record_scan(device=world.kiosk, claimed_id=record["id"], record=contents[n % 2], now=NOW)
    )
    assert Counter(receipt.status for receipt in receipts) == {"stored": 1, "known": 3, "held": 4}
    kept = {Scan.objects.get().digest, HeldRecord.objects.get().digest}
    assert kept == {hashlib.sha256(data).hexdigest() for data in contents}


def test_the_same_rubbish(world: World):
    receipts = all_at_once(lambda _: record_scan(device=world.kiosk, claimed_id="x", record=b"rubbish", now=NOW))
    assert {receipt.status for receipt in receipts} == {"held"}
    assert HeldRecord.objects.count() == 1


def test_two_batches_in_opposite_order(world: World):
    """As the API does it: each batch in the order of its ids."""
    records = [world.record() for _ in range(12)]
    batch = sorted((record["id"], json.dumps(record).encode()) for record in records)

    def upload(_: int) -> list[str]:
        return [
            record_scan(device=world.kiosk, claimed_id=claimed, record=data, now=NOW).status for claimed, data in batch
        ]

    statuses = Counter(status for answer in all_at_once(upload) for status in answer)
    assert statuses == {"stored": 12, "known": 12 * (THREADS - 1)}


def test_one_link_makes_one_kiosk(world: World):
    code = invite_kiosk(device=world.kiosk, by=None, now=NOW)

    def activate(_: int) -> str:
        try:
            activate_kiosk(code=code, user_agent="", app_version="", handshake=1, now=NOW)
        except HadirError as error:
            return error.code
        return "activated"

    assert Counter(all_at_once(activate)) == {"activated": 1, "code_used": THREADS - 1}
