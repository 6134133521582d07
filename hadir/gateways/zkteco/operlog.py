"""OPERLOG: what was done at the terminal, and its users, mixed in one body; templates and photographs in between.

Only acts and users are read. Passwords, cards, templates and photographs are not even taken out of the body.
"""

from dataclasses import dataclass

from hadir.gateways.zkteco.lines import read_pairs, split_lines
from hadir.terminals.reading import ListedUser, Noticed

ALERTS = {
    "13": "data_cleared",
    "21": "time_set",
    "22": "reset",
    "23": "log_deleted",
    "24": "admin_cleared",
    "82": "server_changed",
    "83": "server_changed",
}
"""Operations that an operator should know of (manual, and for 82 and 83 field notes)."""

ADMIN_PRIVILEGES = frozenset({"2", "6", "10", "14"})


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the operation log: number of the operation, PIN of the operator, local time as written, objects."""

    operation: str
    operator: str
    time: str
    objects: tuple[str, ...]

    @property
    def noticed(self) -> Noticed | None:
        """Return what an operator should look at, if the act is such."""
        kind = ALERTS.get(self.operation)
        if kind is None:
            return None
        return Noticed(kind, f"{self.time} op {self.operation}", f"PIN {self.operator}" if self.operator else "")


@dataclass(frozen=True, slots=True)
class Operlog:
    """What a body says. `lines`: all its lines; `others`: those with templates, photographs or something unknown."""

    acts: tuple[Act, ...]
    users: tuple[ListedUser, ...]
    lines: int
    others: int


def read_operlog(body: bytes) -> Operlog:
    """Read a body; lines that are neither act nor user are counted and dropped. Never an exception."""
    acts: list[Act] = []
    users: list[ListedUser] = []
    lines = split_lines(body)
    for line in lines:
        word, _blank, rest = line.text.partition(" ")
        fields = [field.strip() for field in rest.split("\t")]
        if word.upper() == "OPLOG" and len(fields) >= 3 and _is_act(fields):
            acts.append(Act(fields[0], fields[1], fields[2], tuple(fields[3:7])))
        elif word.upper() == "USER" and (line.is_whole or len(fields) > 1):
            user = _read_user(fields)
            if user is not None:
                users.append(user)
    return Operlog(tuple(acts), tuple(users), len(lines), len(lines) - len(acts) - len(users))


def _is_act(fields: list[str]) -> bool:
    return (
        fields[0].isascii()
        and fields[0].isdecimal()
        and len(fields[0]) < 6
        and all(len(field) <= 40 and field.isprintable() for field in fields[1:7])
    )


def _read_user(fields: list[str]) -> ListedUser | None:
    pairs = read_pairs(fields)
    pin = pairs.get("pin", "")
    if not pin or len(pin) > 64 or not pin.isprintable():
        return None
    name = "".join(letter for letter in pairs.get("name", "") if letter.isprintable())
    return ListedUser(pin, name[:80], pairs.get("pri", pairs.get("privilege", "0")) in ADMIN_PRIVILEGES)


def clean_operlog(body: bytes) -> bytes:
    """Write acts and users anew with nothing but what may be kept; of the rest only how much it was."""
    found = read_operlog(body)
    kept = [f"OPLOG {act.operation}\t{act.operator}\t{act.time}\t" + "\t".join(act.objects) for act in found.acts]
    kept += [f"USER PIN={user.pin}\tName={user.name}\tPri={14 if user.is_admin else 0}" for user in found.users]
    return "".join(f"{line}\n" for line in kept).encode() + (b"# %d lines dropped\n" % found.others)
