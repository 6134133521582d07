"""`hadir rules check FILE.csv [--pack NAME]`: try a pack on an office's own cases."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from hadir.rules.cases import CaseError, Outcome, run_cases
from hadir.rules.pack import Pack, load_pack, load_pack_file
from hadir.rules.reader import PackError

DEFAULT_PACK = "contoh"
PASSED, FAILED, UNUSABLE = 0, 1, 2
Say = Callable[[str], object]
"""Takes one line, without its end."""


def add_check(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `check` with its arguments `file` and `pack`."""
    check = commands.add_parser("check", help="nilai tabel kasus dan sebutkan yang berbeda")
    check.add_argument("file", type=Path, metavar="FILE.csv", help="tabel kasus; bentuknya ada di docs/rules.md")
    check.add_argument("--pack", default=DEFAULT_PACK, metavar="NAMA", help="nama paket, atau berkas .toml")


def check(path: Path, pack: str, *, say: Say, complain: Say, folders: Sequence[Path] = ()) -> int:
    """Judge a table of cases by a pack, looked for in these folders first.

    Says every case that differs, then the line `N passed, M failed`. Returns 0 when all passed, 1 when some failed or
    could not be read, 2 after a complaint that the table or the pack can't be used.
    """
    try:
        return _judge(path, find_pack(pack, folders), say)
    except (CaseError, PackError) as error:
        complain(str(error))
        return UNUSABLE


def find_pack(name: str, folders: Sequence[Path] = ()) -> Pack:
    """Return a pack by its name, or by the path of its file where the name ends in `.toml`."""
    return load_pack_file(Path(name)) if name.endswith(".toml") else load_pack(name, folders)


def describe(outcome: Outcome) -> list[str]:
    """Return the lines about a case that did not pass."""
    if outcome.error:
        return [f"{outcome.name or '(tanpa id)'}: {outcome.error}"]
    return [
        f"{outcome.name} (baris {outcome.line}): {column}: got {got or '(kosong)'}, expected {expected or '(kosong)'}"
        for column, got, expected in outcome.differences
    ]


def _judge(path: Path, pack: Pack, say: Say) -> int:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CaseError(f"{path} tidak dapat dibaca ({error.strerror}).") from error
    passed = failed = 0
    for outcome in run_cases(data, pack):
        passed += outcome.passed
        failed += not outcome.passed
        if not outcome.passed:
            for line in describe(outcome):
                say(line)
    say(f"{passed} passed, {failed} failed")
    return FAILED if failed else PASSED


def main() -> int:
    """Run the command with the process's own arguments and streams."""
    parser = argparse.ArgumentParser(prog="python -m hadir.rules", description="Aturan kehadiran.")
    add_check(parser.add_subparsers(dest="action", required=True, metavar="check"))
    chosen = parser.parse_args()
    return check(
        chosen.file,
        chosen.pack,
        say=lambda line: sys.stdout.write(f"{line}\n"),
        complain=lambda line: sys.stderr.write(f"{line}\n"),
    )
