"""`hadir rules check FILE.csv [--pack NAME]`: try a pack on an office's own cases."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from hadir.rules.cases import CaseError, Outcome, run_cases
from hadir.rules.pack import Pack, load_pack, load_pack_file
from hadir.rules.reader import PackError

DEFAULT_PACK = "contoh"
PASSED, FAILED, UNUSABLE = 0, 1, 2


def check_file(path: Path, pack: Pack, out: TextIO) -> int:
    """Judge every case of the file, tell each that differs, then the line `N passed, M failed`.

    Returns 0 when all passed, 1 when some failed or could not be read. Raises CaseError for what is no case table.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CaseError(f"{path} tidak dapat dibaca ({error.strerror}).") from error
    passed = failed = 0
    for outcome in run_cases(data, pack):
        if outcome.passed:
            passed += 1
            continue
        failed += 1
        out.writelines(f"{line}\n" for line in describe(outcome))
    out.write(f"{passed} passed, {failed} failed\n")
    return FAILED if failed else PASSED


def describe(outcome: Outcome) -> list[str]:
    """Return the lines about a case that did not pass."""
    if outcome.error:
        return [f"{outcome.name or '(tanpa id)'}: {outcome.error}"]
    return [
        f"{outcome.name} (baris {outcome.line}): {column}: got {got or '(kosong)'}, expected {expected or '(kosong)'}"
        for column, got, expected in outcome.differences
    ]


def find_pack(name: str, folders: Sequence[Path] = ()) -> Pack:
    """Return a pack by its name, or by the path of its file where the name ends in `.toml`."""
    return load_pack_file(Path(name)) if name.endswith(".toml") else load_pack(name, folders)


def run(argv: Sequence[str], out: TextIO, err: TextIO, folders: Sequence[Path] = ()) -> int:
    """Run the command `check`: 0 all passed, 1 some failed, 2 the table or the pack can't be used."""
    parser = argparse.ArgumentParser(prog="hadir rules", description="Aturan kehadiran.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="Nilai tabel kasus dan sebutkan yang berbeda.")
    check.add_argument("file", type=Path, metavar="FILE.csv", help="tabel kasus; bentuknya ada di docs/rules.md")
    check.add_argument("--pack", default=DEFAULT_PACK, metavar="NAME", help="nama paket, atau berkas .toml")
    chosen = parser.parse_args(argv)
    try:
        return check_file(chosen.file, find_pack(chosen.pack, folders), out)
    except (CaseError, PackError) as error:
        err.write(f"{error}\n")
        return UNUSABLE


def main() -> int:
    """Run the command with the process's own arguments and streams."""
    return run(sys.argv[1:], sys.stdout, sys.stderr)
