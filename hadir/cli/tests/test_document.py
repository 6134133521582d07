"""docs/commands.md has every command, action and option; and names none that is not there."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from django.core.management import load_command_class

from hadir.cli.base import HadirCommand
from hadir.cli.main import COMMANDS

DOCUMENT = Path(__file__).parents[3] / "docs" / "commands.md"


def leaves(name: str) -> Iterator[tuple[str, set[str]]]:
    """Yield each action of a command with the options that it takes."""
    command = load_command_class("hadir.cli", name)
    assert isinstance(command, HadirCommand)
    parser = command.create_parser("hadir", name)
    nested = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not nested:
        yield name, options(parser)
    for word, inner in (nested[0].choices if nested else {}).items():
        yield f"{name} {word}", options(inner)


def options(parser: argparse.ArgumentParser) -> set[str]:
    shown = [action for action in parser._actions if action.help != argparse.SUPPRESS]
    return {option for action in shown for option in action.option_strings if option.startswith("--")} - {"--help"}


def documented() -> dict[str, set[str]]:
    """Return the commands of the document with the options that each row names."""
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `hadir ([a-z]+(?: [a-z0-9]+)?)([^`]*)` \|", text, re.MULTILINE)
    return {name: set(re.findall(r"--[a-z-]+", rest)) for name, rest in rows}


def test_the_document_and_the_commands_agree():
    names = [name for commands in COMMANDS.values() for name in commands if name != "migrate"]
    there = {leaf: found for name in names for leaf, found in leaves(name)}
    written = documented()
    assert set(written) == {*there, "migrate"}
    assert {name: written[name] for name in there} == there
