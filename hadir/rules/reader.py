"""Reading TOML with errors that name the place: `pola.5hari[1].hari.senin.jam: ...`."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

T = TypeVar("T")
MOST = 10**6
"""More than any number in a file of an office."""


class PackError(Exception):
    """A rule pack that can't be used. `code` is stable: `pack_missing`, `pack_syntax`, `pack_value`,
    `pack_unknown_key`, `pack_gap`. `place` is the path to the value; the message is for the office, in Indonesian."""

    def __init__(self, code: str, place: str, message: str) -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.code = code
        self.place = place


def read_root(data: bytes, form: int) -> "Node":
    """Read the bytes of a TOML file (fractions stay exact) and return its root, whose `format` must be `form`.

    Raises PackError `pack_syntax`, `pack_value`.
    """
    try:
        table = tomllib.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    except ValueError as error:
        # Besides what is no UTF-8 and no TOML: a whole number of thousands of digits.
        raise PackError("pack_syntax", "", f"bukan TOML yang benar: {error}.") from error
    except RecursionError:
        raise PackError(
            "pack_syntax", "", "bukan TOML yang benar: daftar atau tabel bersarang terlalu dalam."
        ) from None
    root = Node("", table)
    if root.count("format") != form:
        raise PackError("pack_value", "format", f"versi Hadir ini membaca format {form}.")
    return root


@dataclass(frozen=True, slots=True)
class Node:
    """One table of the file. Every key is taken once; `done` refuses what is left."""

    place: str
    left: dict[str, object]

    def path(self, key: str) -> str:
        """Return the place of a key, for messages."""
        return f"{self.place}.{key}" if self.place else key

    def fail(self, key: str, message: str) -> PackError:
        """Return the error for a value."""
        return PackError("pack_value", self.path(key), message)

    def has(self, key: str) -> bool:
        """Say whether the key is there and not taken yet."""
        return key in self.left

    def done(self) -> None:
        """Refuse keys that nobody took: a misspelt key must not be silently without effect."""
        for key in self.left:
            raise PackError("pack_unknown_key", self.path(key), "kunci ini tidak dikenal; periksa ejaannya.")

    def text(self, key: str, default: str | None = None) -> str:
        """Take a text."""
        return self._take(key, str, "teks dalam tanda kutip", default)

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Take true or false."""
        return self._take(key, bool, "true atau false", default)

    def day(self, key: str) -> date:
        """Take a date without a time."""
        value = self._take(key, date, "tanggal seperti 2026-01-31")
        if isinstance(value, datetime):
            raise self.fail(key, "harus tanggal tanpa jam, seperti 2026-01-31.")
        return value

    def count(self, key: str, *, least: int = 0, most: int = MOST) -> int:
        """Take a whole number from `least` to `most`."""
        wanted = f"bilangan bulat mulai {least} sampai {most}"
        value = self._take(key, int, wanted)
        if isinstance(value, bool) or not least <= value <= most:
            raise self.fail(key, f"harus {wanted} (tertulis: {self._shown(value)}).")
        return value

    def number(self, key: str, *, most: int, default: Decimal | None = None) -> Decimal:
        """Take a number from 0 to `most`; fractions stay exact."""
        value = self._take(key, (int, Decimal), f"bilangan 0 sampai {most}", default)
        # A Decimal `nan` cannot even be compared.
        if isinstance(value, bool) or not Decimal(value).is_finite() or not 0 <= value <= most:
            raise self.fail(key, f"harus bilangan 0 sampai {most} (tertulis: {self._shown(value)}).")
        return Decimal(value)

    def table(self, key: str) -> "Node":
        """Take a table; an absent one is empty."""
        return Node(self.path(key), dict(self._take(key, dict, "tabel", {})))

    def tables(self, key: str) -> list["Node"]:
        """Take a list of tables."""
        rows = self._take(key, list, "daftar tabel")
        for number, row in enumerate(rows, 1):
            if not isinstance(row, dict):
                raise PackError("pack_value", f"{self.path(key)}[{number}]", "harus tabel { ... }.")
        return [Node(f"{self.path(key)}[{number}]", dict(row)) for number, row in enumerate(rows, 1)]

    def texts(self, key: str) -> list[str]:
        """Take a list of texts; an absent one is empty."""
        words = self._take(key, list, "daftar teks", [])
        for word in words:
            if not isinstance(word, str):
                raise self.fail(key, f"setiap isi harus teks dalam tanda kutip (tertulis: {self._shown(word)}).")
        return list(words)

    def read(self, key: str, read: Callable[[str], T]) -> T:
        """Take a text and read it with `read`, whose ValueError becomes the message."""
        text = self.text(key)
        try:
            return read(text)
        except ValueError as error:
            raise self.fail(key, f"{error}.") from None

    def _take(self, key: str, kind: type[T] | tuple[type, ...], wanted: str, default: T | None = None) -> T:
        if key not in self.left:
            if default is None:
                raise self.fail(key, f"belum diisi; tulis {wanted}.")
            return default
        value = self.left.pop(key)
        if not isinstance(value, kind):
            raise self.fail(key, f"harus {wanted} (tertulis: {self._shown(value)}).")
        return value  # type: ignore[return-value]

    @staticmethod
    def _shown(value: object) -> str:
        try:
            text = repr(value) if isinstance(value, str) else str(value)
        except (ValueError, RecursionError):
            # A hexadecimal number of thousands of digits, tables in tables without end.
            return "terlalu panjang"
        return text if len(text) <= 60 else text[:57] + "..."
