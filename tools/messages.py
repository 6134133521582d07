"""What the screens say: collect it, check its translation, compile it. Babel does the work; no GNU gettext is needed.

    python tools/messages.py update    # hadir/locale/en/LC_MESSAGES/django.po from the code and templates, then compile
    python tools/messages.py check     # status 1 and a list when a text has no English, or a translation no text
    python tools/messages.py compile   # django.po -> django.mo

The texts in the code are Indonesian, so only English needs a catalogue. Places are written without line numbers:
a moved line must not change the catalogue.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "hadir"
LOCALE = SOURCES / "locale"
LANGUAGES = ("en",)
KEYWORDS: Mapping[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")


def catalogue_path(language: str) -> Path:
    """Return the catalogue of a language."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def source_files() -> list[Path]:
    """Return every file that may hold a text for a screen, in a stable order."""
    files = [*SOURCES.rglob("*.py"), *SOURCES.rglob("*.html"), *SOURCES.rglob("*.txt")]
    inside = [path for path in files if not {"tests", "migrations", "static"} & set(path.relative_to(SOURCES).parts)]
    return sorted(inside)


def python_form(path: Path) -> bytes:
    """Return Python source with the texts of this file as gettext calls on their own lines."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text.encode()
    # What is left of the markup is one word a line to Python's tokenizer; its indentation would not be.
    lines = [line.strip() for line in templatize(text, origin=str(path)).split("\n")]
    return "\n".join(lines).encode()


@dataclass(frozen=True)
class Text:
    """One text of a screen: (text,) or (singular, plural), what translators are told, and its context."""

    forms: tuple[str, ...]
    comments: list[str]
    context: str | None

    @property
    def id(self) -> str | tuple[str, ...]:
        """Return what a catalogue knows it by."""
        return self.forms[0] if len(self.forms) == 1 else self.forms


def texts_in(path: Path) -> Iterator[Text]:
    """Yield the texts of one file; calls whose text is not a plain string have none."""
    source = BytesIO(python_form(path))
    for _line, function, words, comments in extract_python(source, KEYWORDS, ["Translators"], {}):
        parts: list[str | None] = [words] if isinstance(words, str) else list(words or ())
        context = parts.pop(0) if str(function).startswith(("pgettext", "npgettext")) and parts else None
        forms = tuple(part for part in parts[: 2 if "ngettext" in str(function) else 1] if part)
        if forms:
            yield Text(forms, list(comments or ()), context)


def collect() -> Catalog:
    """Return a catalogue with every text of the code and templates, without translations."""
    catalogue = Catalog(charset="utf-8")
    for path in source_files():
        place = path.relative_to(ROOT).as_posix()
        for text in texts_in(path):
            catalogue.add(text.id, locations=[(place, 1)], auto_comments=text.comments, context=text.context)
    return catalogue


def load(language: str) -> Catalog:
    """Return the catalogue of this language as it is on disk, an empty one when there is none."""
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def update(language: str) -> None:
    """Bring the catalogue on disk up to date: new texts empty, translations kept, texts that are gone removed."""
    collected, known = collect(), load(language)
    fresh = Catalog(locale=language, charset="utf-8", fuzzy=False)
    for message in sorted(collected, key=lambda message: (str(message.id), message.context or "")):
        if not message.id:
            continue
        old = known.get(message.id, message.context)
        fits = old is not None and isinstance(old.string, str) == isinstance(message.id, str)
        string = old.string if old is not None and fits else None
        places = sorted({(place, 1) for place, _line in message.locations})
        fresh.add(
            message.id,
            string,
            locations=places,
            auto_comments=message.auto_comments,
            user_comments=old.user_comments if old is not None else (),
            context=message.context,
            flags=message.flags - {"fuzzy"},
        )
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = BytesIO()
    write_po(buffer, fresh, width=110, omit_header=True, include_lineno=False)
    header = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    header += f'"Plural-Forms: {fresh.plural_forms}\\n"\n\n'
    path.write_bytes(header.encode() + buffer.getvalue().lstrip())


def placeholders(text: str) -> list[str]:
    """Return the placeholders of a text in a stable order."""
    return sorted(found[0] for found in PLACEHOLDER.finditer(text))


def strings_of(message: Message | None) -> list[str]:
    """Return the translations of a message: none, one, or one for each plural form."""
    if message is None or not message.string:
        return []
    return [message.string] if isinstance(message.string, str) else list(message.string)


def faults(language: str) -> list[str]:
    """Return what is wrong with the catalogue, one line each; empty when every text has its translation."""
    collected, known = collect(), load(language)
    wanted = {(message.id, message.context) for message in collected if message.id}
    found = []
    for text, context in sorted(wanted, key=str):
        message = known.get(text, context)
        strings = strings_of(message)
        if not strings or not all(strings):
            found.append(f"{language}: not translated: {text!r}")
        elif message is not None and message.fuzzy:
            found.append(f"{language}: marked fuzzy: {text!r}")
        else:
            original = text if isinstance(text, str) else text[-1]
            if placeholders(original) != placeholders(strings[-1]):
                found.append(f"{language}: other placeholders: {text!r} -> {strings[-1]!r}")
    found += [
        f"{language}: no longer said anywhere: {message.id!r}"
        for message in known
        if message.id and (message.id, message.context) not in wanted
    ]
    found += [f"{language}: obsolete entry: {message.id!r}" for message in known.obsolete.values()]
    return found


def compile_catalogue(language: str) -> None:
    """Write django.mo beside django.po."""
    path = catalogue_path(language)
    if path.exists():
        with path.with_suffix(".mo").open("wb") as stream:
            write_mo(stream, load(language))


def main() -> int:
    """Do what the command line asks for every language."""
    action = sys.argv[1] if len(sys.argv) == 2 else ""
    if action not in {"update", "check", "compile"}:
        sys.stderr.write("usage: messages.py update|check|compile\n")
        return 2
    found = []
    for language in LANGUAGES:
        if action == "update":
            update(language)
        if action in {"update", "check"}:
            found += faults(language)
        if action in {"update", "compile"}:
            compile_catalogue(language)
    if found:
        sys.stdout.write("\n".join(found) + "\n")
    return 1 if found and action == "check" else 0


if __name__ == "__main__":
    raise SystemExit(main())
