"""Text from outside, made fit for both databases."""

import unicodedata

from hadir.core.errors import HadirError


def clean_text(text: str, *, field: str, limit: int) -> str:
    """Return text as it is kept: NFC, every run of white space one blank, none at the ends.

    Names with any letters pass. Control characters and lone surrogates (which PostgreSQL cannot store) do not.
    Raises HadirError `text_unreadable`, `text_too_long`; `field` names the field in the sentence.
    """
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    if any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in plain):
        raise HadirError("text_unreadable", field=field)
    if len(plain) > limit:
        raise HadirError("text_too_long", field=field, limit=limit)
    return plain
