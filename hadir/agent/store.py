"""What the agent keeps on its PC: SQLite in WAL mode, flushed to the disk at each commit.

A pull is one transaction: its records, what could not be read, and how far the log was read. A batch is frozen with its
exact bytes before it is sent, and forgotten in the transaction that notes the server's receipt. So the agent may be
killed between any two instructions: what it did not commit is read from the terminal again, what was not receipted is
sent again, byte for byte.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator, Mapping

from hadir.agent.faults import AgentError
from hadir.agent.records import Oddity, Read, Record

PATIENCE = 30.0
"""Seconds to wait for another connection of this PC."""
TABLES = """
CREATE TABLE IF NOT EXISTS punch (
    id INTEGER PRIMARY KEY,
    serial TEXT NOT NULL, pin TEXT NOT NULL, local_time TEXT NOT NULL,
    state TEXT NOT NULL, verify TEXT NOT NULL, record_no TEXT NOT NULL,
    raw TEXT NOT NULL, batch INTEGER, sent_at TEXT, refused TEXT,
    UNIQUE (serial, pin, local_time, state, verify, record_no)
);
CREATE UNIQUE INDEX IF NOT EXISTS punch_once_per_raw ON punch (serial, raw) WHERE raw != '';
CREATE INDEX IF NOT EXISTS punch_unsent ON punch (serial, id) WHERE sent_at IS NULL;
CREATE INDEX IF NOT EXISTS punch_of_batch ON punch (serial, batch) WHERE batch IS NOT NULL;
CREATE TABLE IF NOT EXISTS oddity (
    serial TEXT NOT NULL, reason TEXT NOT NULL, raw TEXT NOT NULL, first_seen TEXT NOT NULL,
    PRIMARY KEY (serial, reason, raw)
);
CREATE TABLE IF NOT EXISTS held_by_uid (serial TEXT NOT NULL, uid INTEGER NOT NULL, pin TEXT NOT NULL,
    PRIMARY KEY (serial, uid));
CREATE TABLE IF NOT EXISTS position (serial TEXT PRIMARY KEY, length INTEGER NOT NULL, digest TEXT NOT NULL,
    mark TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS report (serial TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS batch (
    serial TEXT NOT NULL, sequence INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (serial, sequence)
);
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Position:
    """How far a log was read: its first `length` bytes are recognised by `digest`. `mark`: local time of the newest."""

    length: int = 0
    digest: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Batch:
    """What one request carries, frozen. Each terminal has its own row of numbers, without holes."""

    sequence: int
    serial: str
    body: bytes


@dataclass(frozen=True)
class Kept:
    """What a pull added."""

    new: int
    known: int
    odd: int


def utc_now() -> datetime:
    """Return the present moment by this PC's clock."""
    return datetime.now(timezone.utc)


OPENING = threading.Lock()
"""Two that change the journal of a new file at once wait for each other until both give up."""


def _patiently(act: Callable[[], object]) -> None:
    """Do what another program may be doing at this moment, letting go and trying again instead of waiting with a lock
    in hand."""
    deadline = time.monotonic() + PATIENCE
    while not _done(act, last=time.monotonic() > deadline):
        time.sleep(0.02)


def _done(act: Callable[[], object], *, last: bool) -> bool:
    """Tell whether it was done; False while the database is locked and this is not the last attempt."""
    try:
        act()
    except sqlite3.OperationalError as error:
        if last or "locked" not in str(error):
            raise
        return False
    return True


class Store:
    """One connection; each thread opens its own. Raises AgentError `data_folder` where the disk does not play along."""

    def __init__(self, folder: Path) -> None:
        path = folder / "agen.sqlite3"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with OPENING:
                self._db = sqlite3.connect(str(path), timeout=0.1, isolation_level=None)
                _patiently(lambda: self._db.execute("PRAGMA journal_mode=WAL"))
                self._db.execute("PRAGMA synchronous=FULL")
                _patiently(lambda: self._db.executescript(TABLES))
            self._db.execute(f"PRAGMA busy_timeout={int(PATIENCE * 1000)}")
        except (OSError, sqlite3.Error) as error:
            raise AgentError("data_folder", path=folder, cause=error) from None

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # What was read

    def position(self, serial: str) -> Position:
        """Return how far the log of a terminal was read."""
        row = self._db.execute("SELECT length, digest, mark FROM position WHERE serial = ?", (serial,)).fetchone()
        return Position(*row) if row else Position()

    def held_by_uid(self, serial: str) -> dict[int, str]:
        """Return whose PIN each uid was at the last pull."""
        return dict(self._db.execute("SELECT uid, pin FROM held_by_uid WHERE serial = ?", (serial,)))

    def keep_pull(
        self,
        serial: str,
        reads: Iterable[Read],
        *,
        position: Position,
        uids: Mapping[int, str] | None,
        report: Mapping[str, Any] | None,
        now: datetime,
        clock: Mapping[str, str] | None = None,
    ) -> Kept:
        """Keep everything that one pull brought, or nothing. `uids`: None where the log names PINs itself; `report`:
        None while more of the same pull is to come; `clock`: when the terminal's clock was looked at, what it showed.
        """
        with self._writing() as db:
            db.execute("DELETE FROM oddity WHERE serial = ? AND reason = 'layout_unclear'", (serial,))
            kept = self._add(serial, reads, now)
            if clock is not None:
                self._set_meta("clock " + serial, json.dumps(clock))
            db.execute(
                "INSERT OR REPLACE INTO position VALUES (?, ?, ?, ?)",
                (serial, position.length, position.digest, position.mark),
            )
            if uids is not None:
                db.execute("DELETE FROM held_by_uid WHERE serial = ?", (serial,))
                db.executemany(
                    "INSERT INTO held_by_uid VALUES (?, ?, ?)", [(serial, uid, pin) for uid, pin in uids.items()]
                )
            if report is not None:
                self._put_report(serial, report)
        return kept

    def keep_live(self, serial: str, record: Record, now: datetime) -> bool:
        """Keep a punch that happens now; False if it was known."""
        with self._writing():
            return self._add(serial, [record], now).new == 1

    def keep_report(self, serial: str, report: Mapping[str, Any]) -> None:
        """Keep what is to be told about a terminal, in place of an earlier report that was not sent yet."""
        with self._writing():
            self._put_report(serial, report)

    def _put_report(self, serial: str, report: Mapping[str, Any]) -> None:
        self._db.execute("INSERT OR REPLACE INTO report VALUES (?, ?)", (serial, json.dumps(report)))

    def _add(self, serial: str, reads: Iterable[Read], now: datetime) -> Kept:
        seen = odd = 0
        before = self._db.total_changes
        for read in reads:
            if isinstance(read, Oddity):
                self._db.execute(
                    "INSERT OR IGNORE INTO oddity VALUES (?, ?, ?, ?)",
                    (serial, read.reason, read.raw.hex(), now.isoformat()),
                )
                odd += self._db.execute("SELECT changes()").fetchone()[0]
            else:
                seen += 1
                self._db.execute(
                    "INSERT OR IGNORE INTO punch (serial, pin, local_time, state, verify, record_no, raw)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        serial,
                        read.pin,
                        read.local_time.isoformat(" "),
                        read.state,
                        read.verify,
                        read.record_no,
                        read.raw,
                    ),
                )
        new = self._db.total_changes - before - odd
        return Kept(new=new, known=seen - new, odd=odd)

    # What is sent

    def next_batch(self, serial: str, *, limit: int, version: int = 1) -> Batch | None:
        """Return the batch of a terminal to send next: the frozen one, else one frozen now; None if all is sent.

        The report travels with the last records of its pull, so that what it says of completeness is true on arrival.
        """
        with self._writing() as db:
            row = db.execute(
                "SELECT sequence, serial, body FROM batch WHERE serial = ? ORDER BY sequence LIMIT 1", (serial,)
            ).fetchone()
            if row:
                return Batch(*row)
            punches = db.execute(
                "SELECT id, pin, local_time, state, verify, record_no FROM punch"
                " WHERE serial = ? AND sent_at IS NULL ORDER BY id LIMIT ?",
                (serial, limit + 1),
            ).fetchall()
            whole = len(punches) <= limit
            report = self._report(serial) if whole else None
            if not punches and report is None:
                return None
            return self._freeze(serial, punches[:limit], report, version)

    def _report(self, serial: str) -> dict[str, Any] | None:
        row = self._db.execute("SELECT body FROM report WHERE serial = ?", (serial,)).fetchone()
        return dict(json.loads(row[0])) if row else None

    def _freeze(
        self, serial: str, punches: list[tuple[Any, ...]], report: dict[str, Any] | None, version: int
    ) -> Batch:
        sequence = int(self.meta("sequence " + serial, "0")) + 1
        body = {
            "v": version,
            "sequence": sequence,
            "terminal": serial,
            "punches": [list(punch[1:]) for punch in punches],
            "clock": json.loads(self.meta("clock " + serial, "null")),
            "report": report,
        }
        batch = Batch(sequence, serial, json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))
        self._set_meta("sequence " + serial, str(sequence))
        self._db.execute("INSERT INTO batch VALUES (?, ?, ?)", (serial, sequence, batch.body))
        self._db.executemany("UPDATE punch SET batch = ? WHERE id = ?", [(sequence, punch[0]) for punch in punches])
        if report is not None:
            self._db.execute("DELETE FROM report WHERE serial = ?", (serial,))
        return batch

    def receipt(self, batch: Batch, *, refused: Mapping[int, str], last_sequence: int, now: datetime) -> None:
        """Note that the server has all of a batch. `refused`: code by place, for records that it could not take.

        `last_sequence`: the highest number that the server has seen for this terminal; numbering goes on above it, also
        after this database was lost.
        """
        frozen = (batch.serial, batch.sequence)
        with self._writing() as db:
            query = "SELECT id FROM punch WHERE serial = ? AND batch = ? ORDER BY id"
            places = [row[0] for row in db.execute(query, frozen)]
            query = "UPDATE punch SET sent_at = ?, batch = NULL WHERE serial = ? AND batch = ?"
            db.execute(query, (now.isoformat(), *frozen))
            db.executemany(
                "UPDATE punch SET refused = ? WHERE id = ?",
                [(code, places[place]) for place, code in refused.items() if 0 <= place < len(places)],
            )
            db.execute("DELETE FROM batch WHERE serial = ? AND sequence = ?", frozen)
            if last_sequence > int(self.meta("sequence " + batch.serial, "0")):
                self._set_meta("sequence " + batch.serial, str(last_sequence))

    def thaw(self, batch: Batch) -> None:
        """Take a batch apart again, because the server wants it smaller; its number is given to the next."""
        report = json.loads(batch.body.decode("utf-8")).get("report")
        frozen = (batch.serial, batch.sequence)
        with self._writing() as db:
            db.execute("UPDATE punch SET batch = NULL WHERE serial = ? AND batch = ?", frozen)
            db.execute("DELETE FROM batch WHERE serial = ? AND sequence = ?", frozen)
            self._set_meta("sequence " + batch.serial, str(batch.sequence - 1))
            if report is not None and self._report(batch.serial) is None:
                self._put_report(batch.serial, report)

    # Counting and small notes

    def unsent(self, serial: str) -> int:
        """Return how many records of a terminal the server has not receipted."""
        row = self._db.execute("SELECT count(*) FROM punch WHERE serial = ? AND sent_at IS NULL", (serial,)).fetchone()
        return int(row[0])

    def count(self, serial: str) -> int:
        """Return how many records of a terminal are kept."""
        return int(self._db.execute("SELECT count(*) FROM punch WHERE serial = ?", (serial,)).fetchone()[0])

    def oddities(self, serial: str) -> dict[str, int]:
        """Return how many records could not be read, by reason."""
        rows = self._db.execute("SELECT reason, count(*) FROM oddity WHERE serial = ? GROUP BY reason", (serial,))
        return {str(reason): int(count) for reason, count in rows}

    def is_nobodys(self, serial: str, raw: str) -> bool:
        """Tell whether a record's bytes were kept as one whose person is not certain."""
        query = "SELECT 1 FROM oddity WHERE serial = ? AND raw = ? AND reason IN ('unknown_uid', 'uid_moved')"
        return self._db.execute(query, (serial, raw)).fetchone() is not None

    def is_somebodys(self, serial: str, raw: str) -> bool:
        """Tell whether a record's bytes were kept under a PIN."""
        return (
            self._db.execute("SELECT 1 FROM punch WHERE serial = ? AND raw = ?", (serial, raw)).fetchone() is not None
        )

    def meta(self, name: str, default: str) -> str:
        """Return a small note."""
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else default

    def set_meta(self, name: str, value: str) -> None:
        """Keep a small note."""
        with self._writing():
            self._set_meta(name, value)

    def _set_meta(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))
