"""What a body says, whatever table it is for, and what of it may be kept. Pure.

Passwords, templates and photographs come unasked. They are never taken out of a body: of the tables that hold them only
the size stays, and of mixed ones only what is read (`clean`).
"""

from dataclasses import dataclass, replace

from hadir.gateways.zkteco.access_control import read_events, read_transactions
from hadir.gateways.zkteco.attlog import clean_lines, read_attlog
from hadir.gateways.zkteco.lines import read_pairs, split_lines
from hadir.gateways.zkteco.misplaced import find_misplaced
from hadir.gateways.zkteco.operlog import clean_operlog, read_operlog
from hadir.gateways.zkteco.options import clean_options, read_options, storage_used, traits_of
from hadir.terminals.reading import ListedUser, Noticed, Reading, Sent

NEARLY_FULL = 0.8
USER_TABLES = frozenset({"USER", "USERINFO"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A body after reading: what it says, the lines to be counted in the answer, and what may be kept of it."""

    reading: Reading
    lines: int
    clean: bytes


def read_upload(table: str, body: bytes) -> Upload:
    """Read a body posted for `table` (in capitals). Never an exception."""
    if table == "ATTLOG":
        return _attlog(body)
    if table in {"RTLOG", "TRANSACTION"}:
        events = read_events(body) if table == "RTLOG" else read_transactions(body)
        reading = Reading(punches=events.punches, bad=events.bad, lines=events.lines)
        return Upload(reading, events.lines, clean_lines(body))
    upload = _without_records(table, body)
    misplaced = find_misplaced(body)
    if not misplaced:
        return upload
    reading = replace(upload.reading, bad=misplaced, lines=len(misplaced))
    return replace(upload, reading=reading, clean=upload.clean + "".join(f"{line}\n" for line in misplaced).encode())


def _without_records(table: str, body: bytes) -> Upload:
    """Read a body for a table in which no record of attendance is expected."""
    if table == "OPERLOG":
        return _operlog(body)
    if table == "OPTIONS":
        return _options(body)
    if table in USER_TABLES:
        return _table_users(body)
    lines = 1 if b"\0" in body else len(split_lines(body))
    return Upload(Reading(), lines, b"# %s: %d bytes not kept\n" % (table.encode("ascii", "replace"), len(body)))


def read_sent(sent: Sent) -> Reading:
    """Read what was sent or has lain in quarantine: the reader that `terminals` calls."""
    return read_upload(sent.table, sent.body).reading


def _attlog(body: bytes) -> Upload:
    found = read_attlog(body)
    reading = Reading(punches=found.punches, bad=found.bad, lines=found.lines)
    return Upload(reading, found.lines, clean_lines(body))


def _operlog(body: bytes) -> Upload:
    found = read_operlog(body)
    noticed = tuple(act.noticed for act in found.acts if act.noticed is not None)
    return Upload(Reading(users=found.users, noticed=noticed), found.lines, clean_operlog(body))


def _options(body: bytes) -> Upload:
    options = read_options(body)
    used = storage_used(options)
    noticed: tuple[Noticed, ...] = ()
    if used is not None and used >= NEARLY_FULL:
        noticed = (Noticed("storage", f"{int(used * 10) * 10} %", f"{options['TransactionCount']} catatan"),)
    reading = Reading(options=options, traits=traits_of(options), noticed=noticed)
    return Upload(reading, 1 if options else 0, clean_options(body))


def _table_users(body: bytes) -> Upload:
    """Read users of the access-control dialect: `user uid= TAB cardno= TAB pin= TAB password= TAB ... name=`."""
    users: list[ListedUser] = []
    lines = split_lines(body)
    for line in lines:
        pairs = read_pairs(line.text.partition(" ")[2].split("\t"))
        pin = pairs.get("pin", "")
        if pin and len(pin) <= 64 and pin.isprintable() and (line.is_whole or "name" in pairs):
            name = "".join(letter for letter in pairs.get("name", "") if letter.isprintable())
            users.append(ListedUser(pin, name[:80], pairs.get("privilege", "0") == "14"))
    kept = "".join(f"user pin={user.pin}\tname={user.name}\n" for user in users).encode()
    return Upload(Reading(users=users), len(lines), kept or b"# no users\n")
