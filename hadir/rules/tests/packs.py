"""The example pack, whole or with one passage changed."""

from hadir.rules.pack import BUILT_IN, Pack, load_pack, read_pack

CONTOH = load_pack("contoh")
TEXT = (BUILT_IN / "contoh.toml").read_text(encoding="utf-8")


def changed(*changes: tuple[str, str]) -> Pack:
    """Return the example pack with these passages replaced at their first place."""
    return read_pack(changed_text(*changes))


def changed_text(*changes: tuple[str, str]) -> bytes:
    """Return the bytes of the example pack with these passages replaced at their first place."""
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode()
